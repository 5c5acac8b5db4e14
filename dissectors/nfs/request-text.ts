import type { Frame } from '../../src/dissect/frame.ts';
import type { Line } from '../../src/dissect/line.ts';
import { newAttributes, readNewAttributes } from './attributes-text.ts';
import { enterCall } from './calls.ts';
import { FILE_TYPES, PROCEDURE, PROCEDURES, procedureOf, VERSION_3, WRITE_MODES } from './names.ts';
import { fileHandle, fileName, handleAndName, long, MISSING, signedLong, verifier } from './xdr-text.ts';

/** Places in a call (RFC 5531 section 9). */
const VERSION = 16;
const PROCEDURE_AT = 20;
const CREDENTIALS = 24;

/** tcpdump's text of a call of `length` bytes, which nobody knows to be whole. */
export function requestText(w: Line, frame: Frame, d: number, at: number, length: number): void {
  w.label = 'nfs';
  w.dec(length);
  if (!w.has(at + PROCEDURE_AT, 4)) {
    w.trunc();
    return;
  }
  const version = w.u32(at + VERSION);
  const called = w.u32(at + PROCEDURE_AT);
  enterCall(w, frame, d, w.u32(at), { procedure: called, version });
  const procedure = procedureOf(version, called);
  w.char(0x20);
  w.named(PROCEDURES, procedure, 'proc-%u');
  const text = REQUESTS[procedure];
  if (text === undefined) return;
  const from = arguments_(w, at + CREDENTIALS, length);
  if (from === MISSING || !text(w, from, version === VERSION_3)) w.trunc();
}
/** Behind credentials and verifier, each a kind, a length, and so many bytes filled up to a multiple of four. */
function arguments_(w: Line, from: number, length: number): number {
  let at = from;
  let rest = length;
  for (const isLast of [false, true]) {
    if (rest < 8) return MISSING;
    const rounded = Math.ceil(w.u32(at + 4) / 4) * 4;
    if (w.cut || !w.has(at + 8, rounded)) return MISSING;
    if (isLast ? 8 + rounded >= rest : 8 + rounded > rest) return MISSING;
    at += 8 + rounded;
    rest -= 8 + rounded;
  }
  return at;
}
/** What is asked for; false when some of it is missing. */
type Request = (w: Line, at: number, isV3: boolean) => boolean;
const handle: Request = (w, at, isV3) => fileHandle(w, at, isV3) !== MISSING;
const named: Request = (w, at, isV3) => handleAndName(w, at, isV3) !== MISSING;
/** Something behind a handle. */
const withHandle =
  (text: (w: Line, at: number, isV3: boolean) => boolean | undefined): Request =>
  (w, at, isV3) => {
    const next = fileHandle(w, at, isV3);
    return next !== MISSING && text(w, next, isV3) !== false;
  };
/** A handle and a name, then something else. */
const withName =
  (text: (w: Line, at: number, isV3: boolean) => boolean): Request =>
  (w, at, isV3) => {
    const next = handleAndName(w, at, isV3);
    return next !== MISSING && text(w, next, isV3);
  };
const RIGHTS = ['READ', 'LOOKUP', 'MODIFY', 'EXTEND', 'DELETE', 'EXECUTE'] as const;
const ALL_RIGHTS = 0x3f;
function access(w: Line, at: number): undefined {
  const rights = w.u32(at);
  if (w.cut) return;
  w.char(0x20);
  if (rights > ALL_RIGHTS) w.hexPadded(rights, 4);
  else if (rights === ALL_RIGHTS) w.str('NFS_ACCESS_FULL');
  else {
    const names = RIGHTS.filter((_, i) => (rights & (1 << i)) !== 0).map((name) => `NFS_ACCESS_${name}`);
    if (names.length === 0) w.at--;
    w.str(names.join('|'));
  }
}
/** ` 512 bytes @ 1024`, the numbers at their places. */
function bytesAt(w: Line, count: number, offset: () => void): void {
  const value = w.u32(count);
  w.str(` ${value} bytes @ `);
  offset();
}
function read(w: Line, at: number, isV3: boolean): undefined {
  if (isV3) bytesAt(w, at + 8, () => long(w, at));
  else bytesAt(w, at + 4, () => w.dec(w.u32(at)));
}
function write(w: Line, at: number, isV3: boolean): undefined {
  if (isV3) {
    w.str(` ${w.u32(at + 16)} (${w.u32(at + 8)}) bytes @ `);
    long(w, at);
    if (w.verbose === 0) return;
    w.str(' <');
    w.named(WRITE_MODES, w.u32(at + 12), '#%u');
    w.char(0x3e);
  } else w.str(` ${w.u32(at + 12)} (${w.u32(at + 8)}) bytes @ ${w.u32(at + 4)} (${w.u32(at)})`);
}
function symlink(w: Line, at: number, isV3: boolean): boolean {
  w.str(' ->');
  const attributes = isV3 ? readNewAttributes(w, at) : undefined;
  if (fileName(w, attributes?.end ?? at) === MISSING) return false;
  if (attributes !== undefined && w.verbose > 0) newAttributes(w, attributes);
  return true;
}
const BLOCK = 3;
const CHARACTER = 4;
function mknod(w: Line, at: number): boolean {
  const type = w.u32(at);
  const attributes = readNewAttributes(w, at + 4);
  w.char(0x20);
  w.named(FILE_TYPES, type, 'unk-ft %u');
  if (w.verbose === 0) return true;
  if (type === BLOCK || type === CHARACTER) w.str(` ${w.u32(attributes.end)}/${w.u32(attributes.end + 4)}`);
  newAttributes(w, attributes);
  return true;
}
function arrow(w: Line, at: number, isV3: boolean): boolean {
  w.str(' ->');
  return handleAndName(w, at, isV3) !== MISSING;
}
function readdir(w: Line, at: number, isV3: boolean): undefined {
  if (!isV3) {
    bytesAt(w, at + 4, () => w.dec(w.u32(at)));
    return;
  }
  bytesAt(w, at + 16, () => signedLong(w, at));
  if (w.verbose > 0) verifier(w, at + 8);
}
function readdirplus(w: Line, at: number): undefined {
  bytesAt(w, at + 16, () => signedLong(w, at));
  if (w.verbose === 0) return;
  w.str(` max ${w.u32(at + 20)}`);
  verifier(w, at + 8);
}
function commit(w: Line, at: number): undefined {
  bytesAt(w, at + 8, () => long(w, at));
}
const REQUESTS: Readonly<Record<number, Request>> = {
  [PROCEDURE.getattr]: handle,
  [PROCEDURE.setattr]: handle,
  [PROCEDURE.readlink]: handle,
  [PROCEDURE.fsstat]: handle,
  [PROCEDURE.fsinfo]: handle,
  [PROCEDURE.pathconf]: handle,
  [PROCEDURE.lookup]: named,
  [PROCEDURE.create]: named,
  [PROCEDURE.mkdir]: named,
  [PROCEDURE.remove]: named,
  [PROCEDURE.rmdir]: named,
  [PROCEDURE.access]: withHandle(access),
  [PROCEDURE.read]: withHandle(read),
  [PROCEDURE.write]: withHandle(write),
  [PROCEDURE.symlink]: withName(symlink),
  [PROCEDURE.mknod]: withName(mknod),
  [PROCEDURE.rename]: withName(arrow),
  [PROCEDURE.link]: withHandle(arrow),
  [PROCEDURE.readdir]: withHandle(readdir),
  [PROCEDURE.readdirplus]: withHandle(readdirplus),
  [PROCEDURE.commit]: withHandle(commit),
};
