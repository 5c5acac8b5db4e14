/** The library: what programs and plug-ins may use. */
export * from './bytes/field.ts';
export type { Kind, Matcher, Read } from './bytes/kind.ts';
export { type Literal, literal, Text } from './bytes/text.ts';
export { openFile } from './capture/file.ts';
export { merge } from './capture/merge.ts';
export type { CaptureSource, Port, SourceCounts } from './capture/source.ts';
export { type TapOptions, type TapSource, tap } from './capture/tap.ts';
export { tee } from './capture/tee.ts';
export { Frame, MARK } from './dissect/frame.ts';
export { Line, type LineOptions, PLAIN } from './dissect/line.ts';
export {
  type Computed,
  type Expect,
  NONE,
  type Place,
  type Protocol,
  protocol,
  type Step,
  type Table,
  table,
  type Value,
  type Visit,
} from './dissect/protocol.ts';
export { type Meaning, Registry } from './dissect/registry.ts';
export { checkLayers, isWhole, visitRows } from './dissect/rows.ts';
export { ToolError } from './error.ts';
export { computedAsFilter, fieldAsFilter } from './filter/display/as-filter.ts';
export { compileDisplayFilter, type DisplayFilter, type DisplayFilterOptions } from './filter/display/compile.ts';
export { DisplayFilterError } from './filter/display/error.ts';
export { columns, DIRECTION, type Envelope, FLAG, type FrameBatch, type PacketOptions } from './frame/batch.ts';
export { run, type SessionOptions, type Summary } from './session.ts';
export { FIELDS_DEFAULT, type FieldsOptions, FieldsSink } from './sink/fields.ts';
export { JsonSink } from './sink/json.ts';
export { NEEDS, type Sink } from './sink/sink.ts';
export { type TextOptions, TextSink } from './sink/text.ts';
export { TreeSink } from './sink/tree.ts';
export { type Rates, ratesBetween } from './topology/rates.ts';
export { readTopology } from './topology/read.ts';
export type { Device, Edge, NamespaceNode, Topology } from './topology/topology.ts';
