/** The values that paths of ForCES lead to (RFC 5810 section 7.1). */
import type { Line } from '../../../src/dissect/line.ts';
import { hex, say } from '../../say.ts';
import { aligned, dump, HEAD, indent, mistake } from './record.ts';

/** Of records with 32 bits for type and length each. */
const LONG_HEAD = 8;
const [FULL_DATA, SPARSE_DATA] = [0x112, 0x113] as const;
/** RFC 5810 section 7.1.7; 255 stands for no other. */
const RESULTS = [
  'SUCCESS',
  'INVALID HEADER',
  'LENGTH MISMATCH',
  'VERSION MISMATCH',
  'INVALID DESTINATION PID',
  'LFB UNKNOWN',
  'LFB NOT FOUND',
  'LFB INSTANCE ID NOT FOUND',
  'INVALID PATH',
  'COMPONENT DOES NOT EXIST',
  'EXISTS ALREADY',
  'NOT FOUND',
  'READ ONLY',
  'INVALID ARRAY CREATION',
  'VALUE OUT OF RANGE',
  'CONTENTS TOO LONG',
  'INVALID PARAMETERS',
  'INVALID MESSAGE TYPE',
  'INVALID FLAGS',
  'INVALID TLV',
  'EVENT ERROR',
  'NOT SUPPORTED',
  'MEMORY ERROR',
  'INTERNAL ERROR',
] as const;
const UNSPECIFIED = 255;

/** Writes what is wrong. */
function wrong(w: Line, ...words: readonly (string | number)[]): false {
  say(w, ...words);
  return false;
}
function isCaptured(w: Line, at: number, size: number): boolean {
  if (w.has(at, size)) return true;
  w.trunc();
  return false;
}
export function resultText(w: Line, at: number, size: number, _mask: number, width: number): boolean {
  if (size !== HEAD + 4) return wrong(w, 'illegal RESULT-TLV: ', size - HEAD, ' bytes!\n');
  if (!isCaptured(w, at + HEAD, 4)) return false;
  const code = w.u8(at + HEAD);
  const name = code === UNSPECIFIED ? 'UNSPECIFIED ERROR' : RESULTS[code];
  if (name === undefined) return wrong(w, 'illegal reserved result code: 0x', hex(code), '!\n');
  if (w.verbose >= 3) say(w, indent(width), '  Result: ', name, ' (code 0x', hex(code), ')\n');
  return true;
}
export function wholeText(w: Line, at: number, size: number, _mask: number, width: number): boolean {
  if (!isCaptured(w, at, HEAD)) return false;
  if (w.u16(at) !== FULL_DATA) return wrong(w, 'Error: expecting FULLDATA!\n');
  if (w.verbose < 3) return true;
  const margin = indent(width + 1);
  say(w, margin, '[');
  dump(w, at + HEAD, size - HEAD, `\n${margin}`);
  say(w, '\n', margin, ']');
  return true;
}
export function sparseText(w: Line, at: number, size: number, _mask: number, width: number): boolean {
  if (!isCaptured(w, at, HEAD)) return false;
  if (w.u16(at) !== SPARSE_DATA) return wrong(w, 'Error: expecting SPARSEDATA!\n');
  const end = at + size;
  if (size - HEAD < LONG_HEAD) return wrong(w, 'Error: BAD SPARSEDATA-TLV!\n');
  for (let next = at + HEAD; next < end && !w.cut; ) {
    const length = end - next < LONG_HEAD ? 0 : w.u32(next + 4);
    const why = mistake(length, end - next, LONG_HEAD);
    if (why !== undefined) return wrong(w, 'Error: ', why, ', rlen ', end - next, '\n');
    if (w.verbose >= 3) {
      say(w, '\n', indent(width), ' ILV: type ', hex(w.u32(next)), ' length ', length, '\n');
      dump(w, next + LONG_HEAD, length - LONG_HEAD, '\t\t[');
    }
    next += aligned(length);
  }
  return true;
}
export function keyText(w: Line, at: number, size: number, mask: number, width: number): boolean {
  say(w, indent(width), 'Keyinfo: Key 0x', hex(w.u32(at + HEAD)), '\n');
  const [type, length] = [w.u16(at + 8), w.u16(at + 10)];
  const why = mistake(length, size);
  if (why !== undefined) return wrong(w, why, ' TLV type 0x', hex(type), ' len ', length, '\n');
  return wholeText(w, at + 12, length, mask, width);
}
/** The metadata of a packet: values with their IDs. Ends at the first that makes no sense. */
export function metadataText(w: Line, from: number, size: number, width: number): void {
  say(w, '\n', indent(width), ' METADATA length ', size, '\n');
  const end = from + size;
  for (let at = from; at < end && !w.cut; ) {
    const length = end - at < LONG_HEAD ? 0 : w.u32(at + 4);
    if (mistake(length, end - at, LONG_HEAD) !== undefined) return;
    say(w, indent(width + 1), 'MetaID 0x', hex(w.u32(at)), ' length ', length, '\n');
    if (w.verbose >= 3) {
      dump(w, at + LONG_HEAD, length - LONG_HEAD, '\t\t[');
      w.str(' ]\n');
    }
    at += aligned(length);
  }
}
