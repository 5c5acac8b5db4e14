/** tcpdump's text of the options of an OPT record. */
import { read8 } from '../../src/bytes/kind.ts';
import type { Line } from '../../src/dissect/line.ts';
import { CUT, nameText } from './name-text.ts';
import { ALGORITHMS } from './types.ts';

/** tcpdump's names, which are not always IANA's. */
const OPTIONS: Readonly<Record<number, string>> = {
  1: 'LLQ',
  2: 'UL',
  3: 'NSID',
  5: 'DAU',
  6: 'DHU',
  7: 'N3U',
  8: 'ECS',
  9: 'EXPIRE',
  10: 'COOKIE',
  11: 'KEEPALIVE',
  12: 'PADDING',
  13: 'CHAIN',
  14: 'KEY-TAG',
  16: 'CLIENT-TAG',
  17: 'SERVER-TAG',
};
/** It calls algorithm 3 otherwise, and has no names for two that came later. */
const { 17: _sm2, 23: _gost12, ...older } = ALGORITHMS;
const ALGORITHMS_KNOWN: Readonly<Record<number, string>> = { ...older, 3: 'DS' };
const DIGESTS: Readonly<Record<number, string>> = { 1: 'SHA-1', 2: 'SHA-256', 3: 'GOST_R_34.11-94', 4: 'SHA-384' };
const NSEC3_HASHES: Readonly<Record<number, string>> = { 1: 'SHA-1' };
const SPACE = 0x20;

/** One option at `at`; the place behind it, or {@link CUT}. */
export function optionText(w: Line, at: number): number {
  if (!w.has(at, 2)) return CUT;
  const code = w.u16(at);
  w.named(OPTIONS, code, 'Opt%u');
  if (!w.has(at + 2, 2)) return CUT;
  const length = w.u16(at + 2);
  const from = at + 4;
  if (!w.has(from, length)) return CUT;
  if (length > 0) {
    w.char(SPACE);
    (VALUES[code] ?? hexText)(w, from, length);
  }
  return w.cut ? CUT : from + length;
}

/** Prints a value of at least one octet, all of which was captured. */
type ValueText = (w: Line, at: number, length: number) => void;
const hexText: ValueText = (w, at, length) => w.hexAt(at, length);

const address = new Uint8Array(16);
/** Of addresses, in bits, by family. */
const WIDTHS: Readonly<Record<number, number>> = { 1: 32, 2: 128 };
/** `192.0.2.0/24/0` (RFC 7871 section 6). */
const subnetText: ValueText = (w, at, length) => {
  const octets = length - 4;
  const family = octets < 0 ? 0 : w.u16(at);
  const width = WIDTHS[family];
  const source = width === undefined ? 0 : w.u8(at + 2);
  const scope = width === undefined ? 0 : w.u8(at + 3);
  if (width === undefined || source > width || scope > width || (source + 7) >> 3 !== octets) {
    w.invalid();
    return;
  }
  for (let i = 0; i < 16; i++) address[i] = i < octets ? read8(w.frame.bytes, at + 4 + i) : 0;
  if (family === 1) w.ipv4(address, 0);
  else w.ipv6(address, 0);
  w.char(0x2f);
  w.dec(source);
  w.char(0x2f);
  w.dec(scope);
};
/** The client's part, and the server's behind a space (RFC 7873 section 4). */
const cookieText: ValueText = (w, at, length) => {
  if (length !== 8 && (length < 16 || length > 40)) {
    w.invalid();
    return;
  }
  w.hexAt(at, 8);
  if (length === 8) return;
  w.char(SPACE);
  w.hexAt(at + 8, length - 8);
};
/** In tenths of a second (RFC 7828 section 3.1). */
const keepaliveText: ValueText = (w, at, length) => {
  if (length !== 2) {
    w.invalid();
    return;
  }
  const tenths = w.u16(at);
  w.dec(Math.floor(tenths / 10));
  w.char(0x2e);
  w.dec(tenths % 10);
  w.str(' sec');
};
const expireText: ValueText = (w, at, length) => {
  if (length !== 4) {
    w.invalid();
    return;
  }
  w.dec(w.u32(at));
  w.str(' sec');
};
const paddingText: ValueText = (w, _at, length) => {
  w.char(0x28);
  w.dec(length);
  w.char(0x29);
};
const keyTagText: ValueText = (w, at, length) => {
  if (length % 2 !== 0) {
    w.invalid();
    return;
  }
  for (let i = 0; i < length; i += 2) {
    if (i > 0) w.char(SPACE);
    w.dec(w.u16(at + i));
  }
};
const numbersText =
  (names: Readonly<Record<number, string>>): ValueText =>
  (w, at, length) => {
    for (let i = 0; i < length; i++) {
      if (i > 0) w.char(SPACE);
      w.named(names, w.u8(at + i), 'Alg_%u');
    }
  };
/** tcpdump lets pointers in this name count from behind the option. */
const trustPointText: ValueText = (w, at, length) => {
  nameText(w, at, at + length);
};

const VALUES: Readonly<Record<number, ValueText>> = {
  5: numbersText(ALGORITHMS_KNOWN),
  6: numbersText(DIGESTS),
  7: numbersText(NSEC3_HASHES),
  8: subnetText,
  9: expireText,
  10: cookieText,
  11: keepaliveText,
  12: paddingText,
  13: trustPointText,
  14: keyTagText,
};
