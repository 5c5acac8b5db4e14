import { u64Kind } from '../../src/bytes/kind.ts';
import type { Line } from '../../src/dissect/line.ts';
import { handleText } from './handle-text.ts';

/** "Something is missing": in place of where a value ends. */
export const MISSING = -1;
const V2_HANDLE = 32;
const V2_WORDS = V2_HANDLE / 4;
const QUOTE = 0x22;

/** A file handle: of version 3 with its length in front. Returns where it ends. */
export function fileHandle(w: Line, at: number, isV3: boolean): number {
  const words = isV3 ? Math.floor(w.u32(at) / 4) : V2_WORDS;
  const from = isV3 ? at + 4 : at;
  if (w.cut || !w.has(from, words * 4)) return MISSING;
  handleText(w, from, words);
  return from + words * 4;
}
/** A name in quotes, with its length in front and filled up to a multiple of four. */
export function fileName(w: Line, at: number): number {
  const length = w.u32(at);
  if (w.cut) return MISSING;
  if (length > 0xffff_fffc) {
    w.str('[cannot pad to 32-bit boundaries]');
    w.invalid();
    return MISSING;
  }
  const rounded = Math.ceil(length / 4) * 4;
  if (!w.has(at + 4, rounded)) return MISSING;
  w.char(QUOTE);
  w.textAt(at + 4, length);
  w.char(QUOTE);
  return at + 4 + rounded;
}
/** A handle, and a name in the folder that it stands for. */
export function handleAndName(w: Line, at: number, isV3: boolean): number {
  const name = fileHandle(w, at, isV3);
  if (name === MISSING) return MISSING;
  w.char(0x20);
  return fileName(w, name);
}
/** 64 bits in decimal, behind words that are not written without them. */
export function long(w: Line, at: number, before = ''): void {
  if (!w.need(at, 8)) return;
  w.str(before);
  u64Kind.write(w, w.frame.bytes, at, at + 8, at);
}
/** 64 bits that may be negative. */
export function signedLong(w: Line, at: number): void {
  if (w.need(at, 8)) w.str(((BigInt(w.u32(at) | 0) << 32n) | BigInt(w.u32(at + 4))).toString());
}
/** 64 bits in hexadecimal, without leading zeros, behind words that are not written without them. */
export function longHex(w: Line, at: number, before = ''): void {
  if (w.need(at, 8)) w.str(before + ((BigInt(w.u32(at)) << 32n) | BigInt(w.u32(at + 4))).toString(16));
}
/** 8 bytes in hexadecimal. */
export function verifier(w: Line, at: number): void {
  if (!w.need(at, 8)) return;
  w.str(' verf ');
  w.hexAt(at, 8);
}
/** `1.000002`: a number and one of at least six digits. */
export function time(w: Line, at: number): void {
  w.dec(w.u32(at));
  w.char(0x2e);
  w.decPadded(w.u32(at + 4), 6);
}
