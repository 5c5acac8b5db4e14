import type { Frame } from '../../src/dissect/frame.ts';
import type { Line } from '../../src/dissect/line.ts';
import { flagNames, hex, nameOf, say } from '../say.ts';
import { LINE, unknownData } from '../unknown-data.ts';

export const DIAGNOSTICS: Readonly<Record<number, string>> = {
  0: 'No Diagnostic',
  1: 'Control Detection Time Expired',
  2: 'Echo Function Failed',
  3: 'Neighbor Signaled Session Down',
  4: 'Forwarding Plane Reset',
  5: 'Path Down',
  6: 'Concatenated Path Down',
  7: 'Administratively Down',
  8: 'Reverse Concatenated Path Down',
};
export const STATES: Readonly<Record<number, string>> = { 0: 'AdminDown', 1: 'Down', 2: 'Init', 3: 'Up' };
export const AUTHENTICATION: Readonly<Record<number, string>> = {
  1: 'Simple Password',
  2: 'Keyed MD5',
  3: 'Meticulous Keyed MD5',
  4: 'Keyed SHA1',
  5: 'Meticulous Keyed SHA1',
};
/** Control packets over one hop, over several, and on members of a link aggregation (RFC 5881, 5883, 7130). */
const PORTS: Readonly<Record<number, string>> = { 3784: 'Control', 4784: 'Multihop', 6784: 'Lag' };
const SIZE = 24;
const AUTH = 0x04;
/** Of the drafts, before version 1. */
const OLD_FLAGS = [
  [0x80, 'I Hear You'],
  [0x40, 'Demand'],
  [0x20, 'Poll'],
  [0x10, 'Final'],
  [0x08, 'Control Plane Independent'],
  [AUTH, 'Authentication Present'],
  [0x02, 'Reserved'],
  [0x01, 'Reserved'],
] as const;
const FLAGS = [
  [0x20, 'Poll'],
  [0x10, 'Final'],
  [0x08, 'Control Plane Independent'],
  [AUTH, 'Authentication Present'],
  [0x02, 'Demand'],
  [0x01, 'Multipoint'],
] as const;

/** tcpdump's text of a control packet. False for ports that are no destination of them. */
export function bfdText(w: Line, frame: Frame, d: number, port: number): boolean {
  const kind = PORTS[port];
  if (kind === undefined) return false;
  const at = frame.from[d]!;
  const length = frame.claim[d]! - at;
  w.label = 'bfd';
  if (!w.need(at, SIZE)) return true;
  const version = w.u8(at) >> 5;
  const flags = w.u8(at + 1);
  if (version > 1) {
    say(w, 'BFDv', version, ', Control, length: ', length);
    if (w.verbose > 0) unknownData(w, at, length, LINE);
    return true;
  }
  const names = version === 0 ? flagNames(OLD_FLAGS, flags, 'none') : flagNames(FLAGS, flags & 0x3f, 'none');
  const what = version === 0 ? 'Control' : `${kind}, State ${STATES[flags >> 6]!}`;
  if (w.verbose === 0) say(w, 'BFDv', version, ', ', what, ', Flags: [', names, '], length: ', length);
  else {
    say(w, 'BFDv', version, ', length: ', length, '\n\t', what, ', Flags: [', names, '], Diagnostic: ');
    const diagnostic = w.u8(at) & 0x1f;
    say(w, nameOf(DIAGNOSTICS, diagnostic, 'unknown'), ' (0x', hex(diagnostic, 2), ')');
    sessionText(w, at);
    if ((flags & AUTH) !== 0) authText(w, at + SIZE);
  }
  return true;
}
function sessionText(w: Line, at: number): void {
  const multiplier = w.u8(at + 2);
  const detection = Math.floor(((multiplier * w.u32(at + 12)) % 2 ** 32) / 1000);
  say(
    w,
    '\n\tDetection Timer Multiplier: ',
    multiplier,
    ' (',
    detection,
    ' ms Detection time), BFD Length: ',
    w.u8(at + 3),
  );
  say(w, '\n\tMy Discriminator: 0x', hex(w.u32(at + 4), 8), ', Your Discriminator: 0x', hex(w.u32(at + 8), 8));
  for (const [name, place] of INTERVALS) {
    w.str(name);
    w.decAligned(Math.floor(w.u32(at + place) / 1000), 4);
    w.str(' ms');
  }
}
const INTERVALS = [
  ['\n\t  Desired min Tx Interval:    ', 12],
  ['\n\t  Required min Rx Interval:   ', 16],
  ['\n\t  Required min Echo Interval: ', 20],
] as const;
/** RFC 5880 section 4.1: by type, how long the section is and what the digest is called. */
const DIGESTS: Readonly<Record<number, readonly [size: number, name: string]>> = {
  2: [24, 'Digest'],
  3: [24, 'Digest'],
  4: [28, 'Hash'],
  5: [28, 'Hash'],
};
function authText(w: Line, at: number): void {
  if (!w.need(at, 4)) return;
  const type = w.u8(at);
  const length = w.u8(at + 1);
  say(w, '\n\tAuthentication: ', nameOf(AUTHENTICATION, type, 'Unknown'), ' (', type, '), length: ', length);
  say(w, '\n\t  Auth Key ID: ', w.u8(at + 2));
  const digest = DIGESTS[type];
  if (type !== 1 && digest === undefined) return;
  if (digest === undefined ? length < 4 || length > 19 : length !== digest[0]) say(w, '[invalid length ', length, ']');
  else if (digest === undefined) {
    w.str(', Password: ');
    w.textAt(at + 3, length - 3);
  } else {
    say(w, ', Sequence Number: 0x', hex(w.u32(at + 4), 8));
    if (!w.need(at + 8, length - 8)) return;
    say(w, '\n\t  ', digest[1], ': ');
    w.hexAt(at + 8, length - 8);
  }
}
