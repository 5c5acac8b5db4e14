/** Paths to what is to be read or set (RFC 5810 section 7.1.7), as tcpdump writes them. */
import type { Line } from '../../../src/dissect/line.ts';
import { hex, say } from '../../say.ts';
import { aligned, dump, HEAD, indent, messyText, mistake, recordName } from './record.ts';
import { keyText, resultText, sparseText, wholeText } from './values.ts';

/** Bits for what a path may lead to, and how. */
const [FULL, SPARSE, RESULT, KEY, APPEND, RANGE] = [1, 2, 4, 8, 0x10, 0x20] as const;
const PATH = 0x110;
/** `size` counts the head of the record and its padding; false when it makes no sense. */
type Value = (w: Line, at: number, size: number, mask: number, width: number, depth: number) => boolean;
const DATA: Readonly<Record<number, readonly [name: string, mask: number, value: Value]>> = {
  [PATH]: ['Inner PATH-DATA TLV', 0, (w, at, size, mask, width, depth) => pathsText(w, at, size, mask, width, depth)],
  273: ['KEYINFO TLV', 0, keyText],
  274: ['FULLDATA TLV', FULL, wholeText],
  275: ['SPARSEDATA TLV', SPARSE, sparseText],
  276: ['RESULT TLV', RESULT, resultText],
};
/** Paths within paths: tcpdump follows any number of them. */
const MAX_DEPTH = 200;
const KEY_INFO = 273;
const SELECT = { key: 1, range: 2, append: 4 } as const;
const WITH_RANGE = 12;

/** Records of paths; false when they make no sense. */
export function pathsText(w: Line, from: number, size: number, mask: number, width: number, depth = 0): boolean {
  let at = from;
  let left = size;
  if (depth > MAX_DEPTH) w.cutHere();
  while (left > 0 && !w.cut) {
    const length = w.u16(at + 2);
    if (mistake(length, left) !== undefined) break;
    if (w.verbose >= 3) {
      say(w, indent(width), recordName(w.u16(at)), ', length ', length);
      say(w, ' (data encapsulated ', length - HEAD, ' Bytes)');
    }
    if (!pathText(w, at + HEAD, length - HEAD, mask, width + 1, depth)) return false;
    at += aligned(length);
    left -= aligned(length);
  }
  if (left > 0) messyText(w, 'PATHDATA', at, left);
  return left === 0;
}
/** A path: flags, the IDs of the way, and what is there. */
export function pathText(w: Line, at: number, size: number, given: number, width: number, depth: number): boolean {
  if (!w.has(at, HEAD) || size < HEAD) {
    w.trunc();
    return false;
  }
  const [flags, count] = [w.u16(at), w.u16(at + 2)];
  if (w.verbose >= 3) say(w, '\n', indent(width), 'Pathdata: Flags 0x', hex(flags), ' ID count ', count, '\n');
  const key = (flags & SELECT.key) === 0 ? 0 : KEY;
  const range = (flags & SELECT.range) === 0 ? 0 : RANGE;
  const mask = given | key | range | ((flags & SELECT.append) === 0 ? 0 : APPEND);
  const left = size - HEAD;
  if (left < count * 4) {
    say(w, '\t\t\ttruncated IDs expected ', count * 4, 'B got ', left, 'B\n');
    dump(w, at + HEAD, left, '\t\t\tID Data[');
    w.str(']\n');
    return false;
  }
  if ((mask & RANGE) !== 0 && (mask & KEY) !== 0) {
    w.str('\t\t\tIllegal to have both Table ranges and keys\n');
    return false;
  }
  const rest = targetText(w, at + HEAD, left, count, mask, width, depth);
  if (rest > 0) return pathsText(w, at + HEAD + left - rest, rest, mask, width + 1, depth + 1);
  return rest === 0;
}
/** The IDs and what they lead to; tells how many bytes are left, -1 when they make no sense. */
function targetText(w: Line, from: number, size: number, count: number, mask: number, width: number, depth: number) {
  const margin = indent(width);
  let at = from;
  if ((mask & APPEND) !== 0 && w.verbose >= 3) say(w, margin, 'TABLE APPEND\n');
  for (let i = 0; i < count && !w.cut; i++, at += 4) {
    if (!w.has(at, 4)) {
      w.trunc();
      return -1;
    }
    if (w.verbose >= 3) say(w, margin, 'ID#', String(i + 1).padStart(2, '0'), ': ', w.u32(at), '\n');
  }
  const to = from + size;
  if ((mask & RANGE) !== 0) at = rangeEnd(w, at, to, margin);
  if ((mask & KEY) !== 0 && at >= 0) at = keyEnd(w, at, to);
  if (at < 0) return -1;
  return at < to ? dataText(w, at, to - at, mask, width, depth) : 0;
}
function isLong(w: Line, size: number): boolean {
  if (size < WITH_RANGE) say(w, 'pathlength ', size, ' with key/range too short ', WITH_RANGE, '\n');
  return size >= WITH_RANGE;
}
/** Where a range of a table ends; -1: it makes no sense. */
function rangeEnd(w: Line, at: number, to: number, margin: string): number {
  if (!isLong(w, to - at)) return -1;
  const [first, last] = [w.u32(at + HEAD), w.u32(at + HEAD + 4)];
  if (w.verbose >= 3) say(w, margin, 'Table range: [', first, ',', last, ']\n');
  return at + WITH_RANGE;
}
/** Where a key ends, of which nothing is told; -1: it makes no sense. */
function keyEnd(w: Line, at: number, to: number): number {
  if (!isLong(w, to - at)) return -1;
  const length = w.u16(at + 6);
  const end = at + 4 + length;
  if (length < HEAD) say(w, 'key content length ', length, ' < ', HEAD, '\n');
  else if (end > to) w.str('key content too short\n');
  else return end;
  return -1;
}
/** The record that a path leads to; tells how many bytes are left behind it, -1 when it makes no sense. */
function dataText(w: Line, at: number, left: number, mask: number, width: number, depth: number): number {
  const [type, length] = [w.u16(at), w.u16(at + 2)];
  const wrong = mistake(length, left);
  const known = DATA[type];
  if (wrong !== undefined || known === undefined) {
    const named = `TLV type 0x${hex(type)} TLV len ${length}\n`;
    if (wrong !== undefined) say(w, wrong, ' Outstanding bytes ', left, ' for ', named);
    else say(w, 'Invalid path data content type 0x', hex(type), ' len ', length, '\n');
    if (length === 0) return left;
    dump(w, at, left, 'Bad Data val\n\t  [');
    w.str(']\n');
    return -1;
  }
  const [name, allowed, value] = known;
  const pad = aligned(length) - length;
  if (w.verbose >= 3 && type !== PATH) {
    say(w, indent(width), '  ', name, ' (Length ', length, ' DataLen ', length - HEAD);
    say(w, pad > 0 ? ` pad ${pad}` : '', ' Bytes)\n');
  }
  if (type !== PATH) fitText(w, type, mask, allowed);
  if (!value(w, at, length + pad, mask, width + 2, depth + 1)) return -1;
  return left - length - pad;
}
/** Says what does not belong there. */
function fitText(w: Line, type: number, mask: number, allowed: number): void {
  if ((mask & KEY) !== 0) {
    if (type !== KEY_INFO) w.str('Based on flags expected KEYINFO TLV!\n');
  } else if ((mask & allowed) === 0)
    say(w, 'Illegal DATA encoding for type 0x', hex(type), ' programmed ', hex(allowed), ' got ', hex(mask), '\n');
}
/** The operations' bits. */
export const TARGET = { full: FULL, sparse: SPARSE, result: RESULT } as const;
