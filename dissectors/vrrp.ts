import { fold16, sum16 } from '../src/bytes/checksum.ts';
import { bits, header, ipv4, ipv6, text, u8, u16 } from '../src/bytes/field.ts';
import type { Frame } from '../src/dissect/frame.ts';
import type { Line } from '../src/dissect/line.ts';
import { protocol } from '../src/dissect/protocol.ts';
import { checksumStatus } from './checksum-status.ts';
import { ip } from './ip.ts';
import { ipv6Header } from './ipv6/header.ts';
import { networkBelow, pseudoChecksum } from './pseudo-header.ts';
import { hex, nameOf, paddedText, say } from './say.ts';
import { isFragment } from './udp.ts';

const TYPES = { 1: 'Advertisement' };
const AUTHENTICATION = { 0: 'none', 1: 'simple', 2: 'ah' };
const head = header(
  'vrrp',
  {
    typever: u8('Version and type', { base: 'hex' }),
    version: bits('typever', 0xf0, 'Version'),
    type: bits('typever', 0x0f, 'Type', { names: TYPES }),
    virt_rtr_id: u8('Virtual router'),
    prio: u8('Priority'),
    addr_count: u8('Number of addresses'),
    interval: u16('Authentication type and advertisement interval', { base: 'hex' }),
    auth_type: bits('interval', 0xff00, 'Authentication type (version 2)', { names: AUTHENTICATION }),
    adver_int: bits('interval', 0x00ff, 'Advertisement interval (version 2)', { unit: 'seconds' }),
    short_adver_int: bits('interval', 0x0fff, 'Advertisement interval (version 3)', { unit: 'centiseconds' }),
    checksum: u16('Checksum', { base: 'hex' }),
  },
  { ip_addr: ipv4('Address'), ipv6_addr: ipv6('Address'), auth_string: text('Password') },
);
const VRRP = 112;
const SIMPLE = 1;
/** Forwarded packets are not obeyed (RFC 5798 section 5.1.1.3). */
const TTL = 255;

/** Virtual Router Redundancy Protocol, versions 2 and 3. */
export const routerRedundancy = protocol(head, {
  title: 'Virtual Router Redundancy Protocol',
  source: 'RFC 5798, RFC 3768',
  on: { 'ip.proto': VRRP },
  expand(frame, d, visit) {
    const at = frame.from[d]!;
    const end = frame.limit(d);
    const address = isV4(frame, d) ? head.ip_addr : head.ipv6_addr;
    let next = at + head.$size;
    for (let i = head.addr_count.read(frame.bytes, at); i > 0 && next + address.size <= end; i--) {
      visit(address, next, next + address.size);
      next += address.size;
    }
    const simple = head.version.read(frame.bytes, at) === 2 && head.auth_type.read(frame.bytes, at) === SIMPLE;
    if (simple && next < end) visit(head.auth_string, next, end);
  },
  computed: [checksumStatus('vrrp')],
  check(frame, d) {
    const length = frame.claim[d]! - frame.from[d]!;
    if (frame.limit(d) < frame.claim[d]! || isFragment(frame, d)) return;
    const version = head.version.read(frame.bytes, frame.from[d]!);
    const sum = checksum(frame, d, version, length);
    if (sum !== undefined) frame.verified(d, sum === 0);
  },
  line: vrrpText,
});
const isV4 = (frame: Frame, d: number): boolean => frame.layer[networkBelow(frame, d)] === frame.registry.id('ip');
/** Version 3 covers the addresses of the packet, too. */
const checksum = (frame: Frame, d: number, version: number, length: number): number | undefined =>
  version === 2
    ? fold16(sum16(frame.bytes, frame.from[d]!, frame.from[d]! + length))
    : pseudoChecksum(frame, d, VRRP, length);

function vrrpText(w: Line, frame: Frame, d: number): void {
  const at = frame.from[d]!;
  const length = frame.claim[d]! - at;
  w.label = 'vrrp';
  w.str('VRRP');
  const version = w.u8(at) >> 4;
  const type = w.u8(at) & 0x0f;
  say(w, 'v', version, ', ', nameOf(TYPES, type, 'unknown type (%)'));
  const ttl = hopsOf(frame, d);
  if (ttl !== TTL) say(w, ', (ttl ', ttl, ')');
  if (version < 2 || version > 3 || type !== 1) return;
  say(w, ', vrid ', w.u8(at + 1), ', prio ', w.u8(at + 2));
  if (version === 2) {
    say(w, ', authtype ', nameOf(AUTHENTICATION, w.u8(at + 4), '#%'));
    say(w, ', intvl ', w.u8(at + 5), 's, length ', length);
  } else say(w, ', intvl ', w.u16(at + 4) & 0x0fff, 'cs, length ', length);
  if (w.verbose > 0) addressesText(w, frame, d, version, length);
}
function hopsOf(frame: Frame, d: number): number {
  const network = networkBelow(frame, d);
  if (network < 0) return TTL;
  return (isV4(frame, d) ? ip.ttl : ipv6Header.hlim).read(frame.bytes, frame.from[network]!);
}
function addressesText(w: Line, frame: Frame, d: number, version: number, length: number): void {
  const at = frame.from[d]!;
  const count = w.u8(at + 3);
  if (w.has(at, length) && (checksum(frame, d, version, length) ?? 0) !== 0)
    say(w, ', (bad vrrp cksum ', hex(w.u16(at + 6)), ')');
  say(w, ', addrs', count > 1 ? `(${count}):` : ':');
  const v4 = isV4(frame, d);
  let next = at + head.$size;
  for (let i = 0; i < count && !w.cut; i++) {
    w.char(i === 0 ? 0x20 : 0x2c);
    if (v4) w.ipv4At(next);
    else w.ipv6At(next);
    next += v4 ? 4 : 16;
  }
  if (version !== 2 || w.u8(at + 4) !== SIMPLE) return;
  w.str(' auth "');
  paddedText(w, next, 8);
  w.char(0x22);
}
