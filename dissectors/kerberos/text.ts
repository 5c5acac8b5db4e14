import type { Line } from '../../src/dissect/line.ts';

/** Version 4's messages (Athena Technical Plan section E.2.1), by tcpdump's names. */
const TYPES = {
  2: 'KDC_REQUEST',
  4: 'KDC_REPLY',
  6: 'APPL_REQUEST',
  8: 'APPL_REQUEST_MUTUAL',
  10: 'ERR_REPLY',
  12: 'PRIVATE',
  14: 'SAFE',
  16: 'APPL_ERR',
  126: 'DIE',
};
const ERRORS = {
  ...(
    'OK NAME_EXP SERVICE_EXP AUTH_EXP PKT_VER NAME_MAST_KEY_VER SERV_MAST_KEY_VER BYTE_ORDER PRINCIPAL_UNKNOWN ' +
    'PRINCIPAL_NOT_UNIQUE NULL_KEY'
  ).split(' '),
};
const LITTLE_ENDIAN = 0x01;
const DOT = 0x2e;

export function kerberosText(w: Line, at: number): void {
  w.label = 'krb';
  if (!w.has(at, 1)) {
    w.trunc();
    return;
  }
  const version = w.u8(at);
  if (version >= 1 && version <= 4) w.str(` v${version}`);
  // ASN.1's tags of the first two messages of version 5.
  else if (version === 106 || version === 107) w.str(' v5');
  if (version === 4 && !version4Text(w, at)) w.trunc();
}
/** False where the capture ends inside a name. */
function version4Text(w: Line, start: number): boolean {
  const first = w.u8(start + 1);
  const isLittle = (first & LITTLE_ENDIAN) !== 0;
  const type = first & ~LITTLE_ENDIAN;
  const number = (at: number): number => (isLittle ? ((w.u16(at) & 0xff) << 8) | (w.u16(at) >> 8) : w.u16(at));
  w.str(isLittle ? ' le ' : ' be ');
  w.named(TYPES, type, '#%u');
  w.str(': ');
  if (type === 6) return requestText(w, start + 2);
  if (type !== 2 && type !== 4 && type !== 10) {
    w.str('(unknown)');
    return true;
  }
  const at = principalText(w, start + 2);
  if (at === 0) return false;
  if (type === 4) {
    w.str(` (${number(at + 10)})`);
    return true;
  }
  if (type === 2) {
    w.str(` ${w.u8(at + 4) * 5}min `);
    const instance = nameText(w, at + 5);
    if (instance === 0) return false;
    w.char(DOT);
    return nameText(w, instance) !== 0;
  }
  const error = number(at + 4);
  w.char(0x20);
  w.named(ERRORS, error, '#%u');
  w.char(0x20);
  return nameText(w, at + 8) !== 0;
}
function requestText(w: Line, at: number): boolean {
  w.str(`v${w.u8(at)} `);
  const next = nameText(w, at + 1);
  if (next === 0) return false;
  w.str(` (${w.u8(next)})`);
  w.str(` (${w.u8(next + 1)})`);
  return true;
}
/** `name.instance@realm`; returns where it ends, 0 when it does not. */
function principalText(w: Line, from: number): number {
  let at = nameText(w, from);
  for (const separator of [DOT, 0x40]) {
    if (at === 0) return 0;
    w.char(separator);
    at = nameText(w, at);
  }
  return at;
}
function nameText(w: Line, from: number): number {
  for (let at = from; at < w.limit; at++) {
    const byte = w.u8(at);
    if (byte === 0) return at + 1;
    w.printableChar(byte);
  }
  return 0;
}
