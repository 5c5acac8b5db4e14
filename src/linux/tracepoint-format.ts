/** Where a record of a tracepoint keeps something, in bytes. */
export interface TracepointField {
  readonly offset: number;
  readonly size: number;
}
/** What a tracepoint's records have in them: it differs between kernels. */
export interface TracepointFormat {
  readonly id: number;
  readonly fields: ReadonlyMap<string, TracepointField>;
  /** What the numbers of a field are called, by its name, where the kernel prints them so. */
  readonly symbols: ReadonlyMap<string, ReadonlyMap<number, string>>;
}
const FIELD = /^\s*field:([^;]+);\s*offset:(\d+);\s*size:(\d+);/;
/** `__print_symbolic(REC->reason, { 2, "NOT_SPECIFIED" }, …)` */
const SYMBOLIC = /__print_symbolic\(REC->(\w+)((?:\s*,\s*\{[^{}]*\})*)\s*\)/g;
const SYMBOL = /\{\s*(0x[0-9a-f]+|\d+)\s*,\s*"([^"]*)"\s*\}/gi;

/** Reads the `format` file of a tracepoint (Documentation/trace/events.rst); undefined if it is none. */
export function parseTracepointFormat(text: string): TracepointFormat | undefined {
  const id = /^ID: (\d+)$/m.exec(text)?.[1];
  if (id === undefined) return undefined;
  const fields = new Map<string, TracepointField>();
  for (const line of text.split('\n')) {
    const [, declared, offset, size] = FIELD.exec(line) ?? [];
    // `char name[16]`, `__data_loc char[] name`, `void * skbaddr`
    const name = declared === undefined ? undefined : /(\w+)\s*(?:\[\w*\])?$/.exec(declared)?.[1];
    if (name !== undefined) fields.set(name, { offset: Number(offset), size: Number(size) });
  }
  const symbols = new Map<string, ReadonlyMap<number, string>>();
  for (const [, field, pairs] of text.matchAll(SYMBOLIC))
    symbols.set(field!, new Map([...pairs!.matchAll(SYMBOL)].map(([, number, name]) => [Number(number), name!])));
  return { id: Number(id), fields, symbols };
}
/** An unsigned number of a record; undefined if it has no such field, or ends in front of it. */
export function numberAt(record: DataView, field: TracepointField | undefined): number | undefined {
  if (field === undefined || field.offset + field.size > record.byteLength) return undefined;
  if (field.size === 2) return record.getUint16(field.offset, true);
  return field.size === 4 ? record.getUint32(field.offset, true) : undefined;
}
/** An address of the kernel. */
export function addressAt(record: DataView, field: TracepointField | undefined): bigint | undefined {
  if (field === undefined || field.size !== 8 || field.offset + 8 > record.byteLength) return undefined;
  return record.getBigUint64(field.offset, true);
}
/** A text of any length (`__data_loc`): the field has its place in the lower half, its length with the NUL in the upper. */
export function textAt(record: DataView, field: TracepointField | undefined): string | undefined {
  const place = numberAt(record, field);
  if (place === undefined || field!.size !== 4) return undefined;
  const [from, length] = [place & 0xffff, place >>> 16];
  if (from + length > record.byteLength) return undefined;
  const bytes = Buffer.from(record.buffer, record.byteOffset + from, length);
  const end = bytes.indexOf(0);
  return bytes.toString('latin1', 0, end < 0 ? length : end);
}
