/** The library: what programs and plug-ins may use. */
export * from './bytes/field.ts';
export type { Kind, Matcher, Read } from './bytes/kind.ts';
export { type Literal, literal, Text } from './bytes/text.ts';
export { openFile } from './capture/file.ts';
export type { CaptureSource, Port, SourceCounts } from './capture/source.ts';
export { Frame, MARK } from './dissect/frame.ts';
export { Line, type LineOptions, PLAIN } from './dissect/line.ts';
export { NONE, type Protocol, protocol, type Step, type Table, table, type Visit } from './dissect/protocol.ts';
export { Registry } from './dissect/registry.ts';
export { ToolError } from './error.ts';
export { computedAsFilter, fieldAsFilter } from './filter/display/as-filter.ts';
export { compileDisplayFilter, type DisplayFilter, type DisplayFilterOptions } from './filter/display/compile.ts';
export { DisplayFilterError } from './filter/display/error.ts';
export { columns, DIRECTION, type Envelope, FLAG, type FrameBatch } from './frame/batch.ts';
export { run, type SessionOptions, type Summary } from './session.ts';
export { NEEDS, type Sink } from './sink/sink.ts';
export { type TextOptions, TextSink } from './sink/text.ts';
