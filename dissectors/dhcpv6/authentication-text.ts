import type { Line } from '../../src/dissect/line.ts';

const DELAYED = 2;
const RECONFIGURE = 3;
const PROTOCOLS = { [DELAYED]: 'delayed', [RECONFIGURE]: 'reconfigure' };
/** Protocol, algorithm, method and value of the replay detection. */
const HEADER = 11;

/** RFC 3315 section 22.11, of a body that has at least its fixed part. */
export function authenticationText(w: Line, from: number, to: number): void {
  const protocol = w.u8(from);
  w.str(' proto: ');
  w.named(PROTOCOLS, protocol, '%u');
  w.str(', alg: ');
  w.named({ 1: 'HMAC-MD5' }, w.u8(from + 1), '%u');
  w.str(', RDM: ');
  w.named({ 0: 'mono' }, w.u8(from + 2), '%u');
  w.str(', RD:');
  for (let i = 0; i < 4; i++) {
    w.str(' ');
    w.hexPadded(w.u16(from + 3 + 2 * i), 4);
  }
  const rest = from + HEADER;
  const size = to - rest;
  if (protocol === DELAYED) {
    if (size >= 20) delayedText(w, rest, size - 20);
    else if (size > 0) w.str(' ??');
  } else if (protocol === RECONFIGURE && size === 17) {
    const type = w.u8(rest);
    w.str(type === 1 ? ' reconfig-key' : type === 2 ? ' type: HMAC-MD5' : ' type: ??');
    w.str(' value:');
    words(w, rest + 1);
  } else w.str(' ??');
}
function delayedText(w: Line, at: number, realm: number): void {
  if (realm > 0) w.str(', realm: ');
  w.hexAt(at, realm);
  w.str(', key ID: ');
  w.hexPadded(w.u32(at + realm), 8);
  w.str(', HMAC-MD5:');
  words(w, at + realm + 4);
}
/** Sixteen bytes. */
function words(w: Line, at: number): void {
  for (let i = 0; i < 4; i++) {
    w.str(' ');
    w.hexPadded(w.u32(at + 4 * i), 8);
  }
}
