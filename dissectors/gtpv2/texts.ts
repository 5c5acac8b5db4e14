/** Texts that GTPv2-C packs in its own way. */
import type { FieldSpec } from '../../src/bytes/field.ts';
import { type Kind, read8, textKind } from '../../src/bytes/kind.ts';
import { writePrintable } from '../../src/bytes/utf8.ts';

const FILLER = 0x0f;
const SYMBOLS = '0123456789*#abc';
const DOT = 0x2e;

/** Digits of telephony, the lower half of each byte first (3GPP TS 29.002 section 17.7.8, TBCD-STRING). */
const digitsKind: Kind = {
  name: 'digits',
  size: 0,
  parse: textKind.parse,
  write(w, bytes, from, to) {
    for (let at = from; at < to; at++) {
      const octet = read8(bytes, at);
      for (const digit of [octet & 0x0f, octet >> 4]) if (digit !== FILLER) w.str(SYMBOLS[digit]!);
    }
  },
};
export const digits = (label: string): FieldSpec => ({ kind: digitsKind, label });

/** Labels as in the DNS, each behind its length, without an end of their own (3GPP TS 23.003 section 9.1). */
const accessPointKind: Kind = {
  name: 'access point',
  size: 0,
  parse: textKind.parse,
  write(w, bytes, from, to) {
    for (let at = from; at < to; ) {
      const end = Math.min(at + 1 + read8(bytes, at), to);
      if (at > from) w.char(DOT);
      writePrintable(w, bytes, at + 1, end);
      at = end;
    }
  },
};
export const accessPoint = (label: string): FieldSpec => ({ kind: accessPointKind, label });
