import type { Line } from '../../src/dissect/line.ts';

const SYN = 0x02;
const ACK = 0x10;
const ADDRESS_SIZE = { 4: 4, 6: 16 } as const;

/** Writes one subtype's option of `length` bytes at `at`; `flags` are the segment's. False when it is bad. */
type Subtype = (w: Line, at: number, length: number, flags: number) => boolean;

/** Multipath TCP (RFC 8684 section 3). False when the option is bad. */
export function mptcpText(w: Line, at: number, length: number, flags: number): boolean {
  w.label = 'mptcp';
  if (length < 3) return false;
  const subtype = SUBTYPES[w.u8(at + 2) >> 4];
  number(w, ' ', length);
  w.char(0x20);
  w.str(subtype?.[0] ?? 'unknown');
  return subtype === undefined || subtype[1](w, at, length, flags);
}
function number(w: Line, label: string, value: number): void {
  w.str(label);
  w.dec(value);
}
function hex(w: Line, label: string, value: number): void {
  w.str(label);
  w.hex(value);
}
/** Keys and codes of eight bytes are written without leading zeros. */
function hex64(w: Line, label: string, at: number): void {
  const high = w.u32(at);
  hex(w, label, high > 0 ? high : w.u32(at + 4));
  if (high > 0) w.hexPadded(w.u32(at + 4), 8);
}
function number64(w: Line, label: string, at: number): void {
  const value = (BigInt(w.u32(at)) << 32n) | BigInt(w.u32(at + 4));
  w.str(label);
  w.str(value.toString());
}

const capable: Subtype = (w, at, length, flags) => {
  const opening = (length === 12 || length === 4) && (flags & SYN) !== 0;
  const third = (length === 20 || length === 22) && (flags & (SYN | ACK)) === ACK;
  if (!opening && !third) return false;
  const version = w.u8(at + 2) & 0xf;
  if (version > 1) {
    number(w, ' Unknown Version (', version);
    w.char(0x29);
    return true;
  }
  number(w, ' v', version);
  if ((w.u8(at + 3) & 0x80) !== 0) w.str(' csum');
  if (length === 4) return true;
  hex64(w, ' {0x', at + 4);
  if (length >= 20) hex64(w, ',0x', at + 12);
  w.char(0x7d);
  return true;
};
const join: Subtype = (w, at, length, flags) => {
  const opening = length === 12 && (flags & SYN) !== 0;
  const answer = length === 16 && (flags & (SYN | ACK)) === (SYN | ACK);
  const third = length === 24 && (flags & ACK) !== 0;
  if (!opening && !answer && !third) return false;
  if (third) {
    w.str(' hmac 0x');
    w.hexAt(at + 4, 20);
    return true;
  }
  if ((w.u8(at + 2) & 1) !== 0) w.str(' backup');
  number(w, ' id ', w.u8(at + 3));
  if (opening) hex(w, ' token 0x', w.u32(at + 4));
  else hex64(w, ' hmac 0x', at + 4);
  hex(w, ' nonce 0x', w.u32(at + length - 4));
  return true;
};
const DATA_ACK = 0x01;
const DATA_ACK_64 = 0x02;
const MAPPING = 0x04;
const SEQUENCE_64 = 0x08;
const DATA_FIN = 0x10;
const sequenceSignal: Subtype = (w, at, length, flags) => {
  if (length < 4 || (flags & SYN) !== 0) return false;
  const present = w.u8(at + 3);
  const end = at + length;
  let next = at + 4;
  if ((present & DATA_FIN) !== 0) w.str(' fin');
  if ((present & DATA_ACK) !== 0) {
    next = sequenceText(w, ' ack ', next, end, (present & DATA_ACK_64) !== 0);
    if (next < 0) return false;
  }
  if ((present & MAPPING) !== 0) {
    next = sequenceText(w, ' seq ', next, end, (present & SEQUENCE_64) !== 0);
    if (next < 0) return false;
    next = mappingText(w, next, end);
  }
  return next === end;
};
/** Where what follows begins; -1: it does not fit. */
function sequenceText(w: Line, label: string, at: number, end: number, long: boolean): number {
  const size = long ? 8 : 4;
  if (at + size > end) {
    w.str(label);
    return -1;
  }
  if (long) number64(w, label, at);
  else number(w, label, w.u32(at));
  return at + size;
}
/** What of the subflow the data sequence number stands for, with a checksum if that was agreed upon. */
function mappingText(w: Line, at: number, end: number): number {
  if (at + 4 > end) return -1;
  number(w, ' subseq ', w.u32(at));
  if (at + 6 > end) return -1;
  number(w, ' len ', w.u16(at + 4));
  if (at + 8 > end) return at + 6;
  hex(w, ' csum 0x', w.u16(at + 6));
  return at + 8;
}
const ECHO: Readonly<Record<number, string>> = { 0: 'v1', 1: 'v1-echo', 4: 'v0-ip4', 6: 'v0-ip6' };
const addAddress: Subtype = (w, at, length) => {
  // An address, with or without a port of 2 bytes and a code of 8.
  const size = length < 20 ? ADDRESS_SIZE[4] : ADDRESS_SIZE[6];
  const extra = length - 4 - size;
  if (extra !== 0 && extra !== 2 && extra !== 8 && extra !== 10) return false;
  w.char(0x20);
  w.named(ECHO, w.u8(at + 2) & 0xf, '[bad version/echo]');
  number(w, ' id ', w.u8(at + 3));
  w.char(0x20);
  if (size === ADDRESS_SIZE[4]) w.ipv4At(at + 4);
  else w.ipv6At(at + 4);
  const port = extra === 2 || extra === 10;
  if (port) number(w, ':', w.u16(at + 4 + size));
  if (extra >= 8) hex64(w, ' hmac 0x', at + length - 8);
  return true;
};
const removeAddress: Subtype = (w, at, length) => {
  if (length < 4) return false;
  w.str(' id');
  for (let i = 3; i < length; i++) number(w, ' ', w.u8(at + i));
  return true;
};
const priority: Subtype = (w, at, length) => {
  if (length !== 3 && length !== 4) return false;
  w.str((w.u8(at + 2) & 1) !== 0 ? ' backup' : ' non-backup');
  if (length === 4) number(w, ' id ', w.u8(at + 3));
  return true;
};
const fail: Subtype = (w, at, length) => {
  if (length !== 12) return false;
  number64(w, ' seq ', at + 4);
  return true;
};
const fastClose: Subtype = (w, at, length) => {
  if (length !== 12) return false;
  hex64(w, ' key 0x', at + 4);
  return true;
};
const SUBTYPES: readonly (readonly [string, Subtype])[] = [
  ['capable', capable],
  ['join', join],
  ['dss', sequenceSignal],
  ['add-addr', addAddress],
  ['rem-addr', removeAddress],
  ['prio', priority],
  ['fail', fail],
  ['fast-close', fastClose],
];
