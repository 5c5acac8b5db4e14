import { read8 } from '../src/bytes/kind.ts';

/** One element of ASN.1's basic encoding rules (ITU-T X.690). */
export interface Element {
  /** The identifier octet: class, constructed or not, number. */
  readonly tag: number;
  /** Where it begins, its tag and length counted. */
  readonly start: number;
  readonly from: number;
  /** Where its contents end, or the place that was read up to, whichever comes first. */
  readonly to: number;
  /** Does it end where its length says? */
  readonly whole: boolean;
}
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  objectId: 0x06,
  utf8String: 0x0c,
  printableString: 0x13,
  utcTime: 0x17,
  generalizedTime: 0x18,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;
/** Tags of their own meaning: `[3]`, with elements inside or without. */
export const context = (number: number, constructed = true): number => 0x80 | (constructed ? 0x20 : 0) | number;

const LONG_TAG = 0x1f;
const LONG_LENGTH = 0x80;
/** Octets of a length: more than any buffer here needs. */
const MOST_OCTETS = 4;

/** The element at `at`; undefined when its head is cut, its tag is longer than an octet, or its length is not said. */
export function elementAt(bytes: Uint8Array, at: number, end: number): Element | undefined {
  if (at + 2 > end || (read8(bytes, at) & LONG_TAG) === LONG_TAG) return undefined;
  const first = read8(bytes, at + 1);
  let length = first;
  let from = at + 2;
  if (first >= LONG_LENGTH) {
    const octets = first - LONG_LENGTH;
    if (octets === 0 || octets > MOST_OCTETS || from + octets > end) return undefined;
    length = 0;
    for (const last = from + octets; from < last; from++) length = length * 256 + read8(bytes, from);
  }
  const whole = from + length <= end;
  return { tag: read8(bytes, at), start: at, from, to: whole ? from + length : end, whole };
}
/** The elements that lie one after the other in `[from, end)`, as far as they can be told. */
export function* elements(bytes: Uint8Array, from: number, end: number): Generator<Element> {
  for (let at = from; at < end; ) {
    const element = elementAt(bytes, at, end);
    if (element === undefined) return;
    yield element;
    at = element.to;
  }
}

/** An object identifier as `1.3.6.1` (X.690 section 8.19). */
export function objectId(bytes: Uint8Array, from: number, to: number): string {
  const parts: number[] = [];
  let value = 0;
  for (let at = from; at < to; at++) {
    const octet = read8(bytes, at);
    value = value * 128 + (octet & 0x7f);
    if (octet >= 0x80) continue;
    if (parts.length > 0) parts.push(value);
    else {
      const first = Math.min(2, Math.floor(value / 40));
      parts.push(first, value - first * 40);
    }
    value = 0;
  }
  return parts.join('.');
}
