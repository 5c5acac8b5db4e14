import { type Field, header, bytes as raw, text, u32, u64 } from '../src/bytes/field.ts';
import { read32 } from '../src/bytes/kind.ts';
import type { Frame } from '../src/dissect/frame.ts';
import { protocol, type Visit } from '../src/dissect/protocol.ts';
import { PROCEDURE, procedureOf, STATUSES, VERSION_3 } from './nfs/names.ts';
import { isOverTcp } from './tcp.ts';

const nfs = header(
  'nfs',
  {},
  {
    'fh.length': u32('File handle length', { unit: 'bytes' }),
    fhandle: raw('File handle'),
    name: text('Name'),
    offset3: u64('Offset', { unit: 'bytes' }),
    count3: u32('Count', { unit: 'bytes' }),
    status: u32('Status', { names: { 0: 'OK', ...STATUSES } }),
  },
);
const NAMED: ReadonlySet<number> = new Set([
  PROCEDURE.lookup,
  PROCEDURE.create,
  PROCEDURE.mkdir,
  PROCEDURE.symlink,
  PROCEDURE.mknod,
  PROCEDURE.remove,
  PROCEDURE.rmdir,
  PROCEDURE.rename,
]);
const V2_HANDLE = 32;
const CALL = 0;

/** Network File System, versions 2 and 3. */
export const networkFiles = protocol(nfs, {
  title: 'Network File System',
  source: 'RFC 1813, RFC 1094',
  expand(frame, d, visit) {
    const at = frame.from[d]!;
    const end = frame.limit(d);
    const call = callBelow(frame, d);
    if (call !== undefined) visitCall(frame.bytes, call, at, end, visit);
    // Every reply but that of the null procedure begins with it.
    else if (at + 4 <= end) visit(nfs.status, at, at + 4);
  },
});
interface Call {
  readonly version: number;
  readonly procedure: number;
}
/** What RPC says of this message; undefined for replies. */
function callBelow(frame: Frame, d: number): Call | undefined {
  if (d === 0 || frame.registry.protocols[frame.layer[d - 1]!]!.name !== 'rpc') return undefined;
  const at = frame.from[d - 1]! + (isOverTcp(frame, d - 1) ? 4 : 0);
  if (read32(frame.bytes, at + 4) !== CALL) return undefined;
  const version = read32(frame.bytes, at + 16);
  return { version, procedure: procedureOf(version, read32(frame.bytes, at + 20)) };
}
function visitCall(bytes: Uint8Array, { version, procedure }: Call, from: number, end: number, visit: Visit): void {
  if (procedure === PROCEDURE.null || version > VERSION_3) return;
  const isV3 = version === VERSION_3;
  const at = isV3
    ? visitOpaque(nfs['fh.length'], nfs.fhandle, bytes, from, end, visit)
    : visitWhole(nfs.fhandle, from, from + V2_HANDLE, end, visit);
  if (NAMED.has(procedure)) visitOpaque(undefined, nfs.name, bytes, at, end, visit);
  else if (isV3 && (procedure === PROCEDURE.read || procedure === PROCEDURE.write) && at + 12 <= end) {
    visit(nfs.offset3, at, at + 8);
    visit(nfs.count3, at + 8, at + 12);
  }
}
function visitWhole(field: Field, from: number, to: number, end: number, visit: Visit): number {
  if (to > end) return end;
  if (to > from) visit(field, from, to);
  return to;
}
/** A length and so many bytes, filled up to a multiple of four (RFC 4506 section 4.10). */
function visitOpaque(
  length: Field | undefined,
  content: Field,
  bytes: Uint8Array,
  at: number,
  end: number,
  visit: Visit,
): number {
  if (at + 4 > end) return end;
  const size = read32(bytes, at);
  if (length !== undefined) visit(length, at, at + 4);
  visitWhole(content, at + 4, at + 4 + size, end, visit);
  return Math.min(end, at + 4 + Math.ceil(size / 4) * 4);
}
