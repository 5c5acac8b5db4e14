import { literal } from '../../src/bytes/text.ts';
import type { Frame } from '../../src/dissect/frame.ts';
import type { Line } from '../../src/dissect/line.ts';
import { hex, say } from '../say.ts';
import { ATTRIBUTES } from './attributes.ts';
import { UNKNOWN_FROM, valueText } from './value-text.ts';
import { CODES } from './values.ts';

const HEADER = 20;
const UNASSIGNED: ReadonlySet<number> = new Set([17, 21, 54, 93]);
/** Names of what {@link ATTRIBUTES} leaves out, because tshark knows them under other numbers. */
const DIGEST = 103;
const DIGEST_NAMES = [
  ...['Response', 'Realm', 'Nonce', 'Response-Auth', 'Nextnonce', 'Method', 'URI', 'Qop', 'Algorithm'],
  ...[
    'Entity-Body-Hash',
    'CNonce',
    'Nonce-Count',
    'Username',
    'Opaque',
    'Auth-Param',
    'AKA-Auts',
    'Domain',
    'Stale',
    'HA1',
  ],
];

export function radiusText(w: Line, frame: Frame, d: number): void {
  const at = frame.from[d]!;
  w.label = 'radius';
  const claimed = w.has(at, HEADER) ? w.u16(at + 2) : 0;
  if (claimed < HEADER) {
    w.trunc();
    return;
  }
  const length = Math.min(claimed, frame.claim[d]! - at);
  const code = w.u8(at);
  const name = `${CODES[code] ?? 'Unknown Command'} (${code}), id: 0x${hex(w.u8(at + 1), 2)}`;
  if (w.verbose === 0) {
    say(w, 'RADIUS, ', name, ' length: ', length);
    return;
  }
  say(w, 'RADIUS, length: ', length, '\n\t', name, ', Authenticator: ');
  w.hexAt(at + 4, 16);
  attributesText(w, at + HEADER, length - HEADER);
}
function nameOf(code: number): string {
  if (UNASSIGNED.has(code)) return 'Unassigned';
  if (code === 26) return 'Vendor-Specific';
  if (code === 122) return 'SIP-AOR';
  const digest = DIGEST_NAMES[code - DIGEST];
  if (digest !== undefined) return `Digest-${digest}`;
  return (code < UNKNOWN_FROM ? ATTRIBUTES[code]?.name : undefined) ?? 'Unknown';
}
function attributesText(w: Line, start: number, room: number): void {
  let at = start;
  for (let left = room; left > 0 && !w.cut; ) {
    if (left < 2 || !w.has(at, 2)) {
      w.trunc();
      return;
    }
    const code = w.u8(at);
    const length = w.u8(at + 1);
    say(w, '\n\t  ', nameOf(code), ' Attribute (', code, '), length: ', length);
    if (length < 2 || length > left) {
      w.str(length < 2 ? ' (bogus, must be >= 2)' : ' (bogus, goes past end of packet)');
      return;
    }
    w.str(', Value: ');
    if (length > 2) valueText(code)?.(w, at + 2, length - 2, code);
    if (w.verbose > 1) w.hexDump(at + 2, Math.min(at + length, w.limit), false, INDENT);
    left -= length;
    at += length;
  }
}
const INDENT = literal('\n\t    ');
