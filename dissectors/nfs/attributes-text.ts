import type { Line } from '../../src/dissect/line.ts';
import { FILE_TYPES } from './names.ts';
import { long, longHex, MISSING, time } from './xdr-text.ts';

const V2_SIZE = 68;
const V3_SIZE = 84;
/** Type, mode, links, user and group, which both versions begin with. */
const HEAD = 20;
const octal = (w: Line, value: number): void => w.str(value.toString(8));

/** What is known of a file (RFC 1813 section 2.6, RFC 1094 section 2.3.5); `detail` 0 to 2. */
export function fileAttributes(w: Line, at: number, detail: number, isV3: boolean): number {
  if (!w.has(at, HEAD)) return MISSING;
  if (detail > 0) {
    w.char(0x20);
    w.named(FILE_TYPES, w.u32(at), 'unk-ft %u ');
    w.char(0x20);
    octal(w, w.u32(at + 4));
    w.str(' ids ');
    w.signed(w.u32(at + 12) | 0);
    w.char(0x2f);
    w.signed(w.u32(at + 16) | 0);
    if (isV3) long(w, at + HEAD, ' sz ');
    else w.str(` sz ${w.u32(at + HEAD)}`);
  }
  const size = isV3 ? V3_SIZE : V2_SIZE;
  if (detail > 1) {
    if (!w.has(at, size)) return MISSING;
    w.str(` nlink ${w.u32(at + 8)} rdev `);
    if (isV3) moreV3(w, at);
    else moreV2(w, at);
    for (let i = 0, next = at + size - 24; i < 3; i++, next += 8) {
      w.char(0x20);
      time(w, next);
    }
  }
  return at + size;
}
function moreV3(w: Line, at: number): void {
  w.str(`${w.u32(at + 36)}/${w.u32(at + 40)} fsid `);
  longHex(w, at + 44);
  w.str(' fileid ');
  longHex(w, at + 52);
  w.str(' a/m/ctime');
}
function moreV2(w: Line, at: number): void {
  for (const [name, distance] of [
    ['0x', 28],
    [' fsid 0x', 36],
    [' nodeid 0x', 40],
  ] as const) {
    w.str(name);
    w.hex(w.u32(at + distance));
  }
  w.str(' a/m/ctime');
}
/** Attributes that may be there or not: a number says it. */
export function optionalAttributes(w: Line, at: number, detail: number): number {
  if (w.u32(at) === 0) return at + 4;
  return detail > 0 ? fileAttributes(w, at + 4, detail, true) : at + 4 + V3_SIZE;
}
/** Before and after an operation (RFC 1813 section 2.6, wcc_data). */
export function changedAttributes(w: Line, at: number, detail: number): number {
  if (detail > 1) w.str(' PRE:');
  let next = at + 4;
  if (w.u32(at) !== 0) {
    if (!w.has(next, 24)) return MISSING;
    if (detail > 1) {
      w.str(' sz ');
      long(w, next);
      w.str(' mtime ');
      time(w, next + 8);
      w.str(' ctime ');
      time(w, next + 16);
    }
    next += 24;
  }
  if (detail > 0) w.str(' POST:');
  return optionalAttributes(w, next, detail);
}

/** Attributes to set: each with a number that says whether it is there (RFC 1813 section 2.5.3). */
export interface NewAttributes {
  readonly end: number;
  /** As text, by how much detail it takes to be written. */
  readonly texts: readonly (readonly [detail: number, text: string])[];
}
const NAMES = [' mode ', ' uid ', ' gid ', ''] as const;
const GIVEN = 2;
export function readNewAttributes(w: Line, from: number): NewAttributes {
  let at = from;
  const texts: [number, string][] = [];
  for (const [i, name] of NAMES.entries()) {
    const isSet = w.u32(at) !== 0;
    at += 4;
    if (!isSet) continue;
    const value = w.u32(at);
    at += 4;
    if (name !== '') texts.push([1, name + (i === 0 ? value.toString(8) : value)]);
  }
  for (const name of [' atime ', ' mtime ']) {
    const how = w.u32(at);
    at += 4;
    if (how !== GIVEN) continue;
    texts.push([2, `${name}${w.u32(at)}.${String(w.u32(at + 4)).padStart(6, '0')}`]);
    at += 8;
  }
  return { end: at, texts };
}
export function newAttributes(w: Line, { texts }: NewAttributes): void {
  for (const [detail, text] of texts) if (w.verbose >= detail) w.str(text);
}
