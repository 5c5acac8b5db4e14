import { type Field, header, ipv4, ipv6, mac, bytes as raw, text, u8, u16, u32 } from '../src/bytes/field.ts';
import { read8 } from '../src/bytes/kind.ts';
import type { Frame } from '../src/dissect/frame.ts';
import type { Line } from '../src/dissect/line.ts';
import { protocol, type Visit } from '../src/dissect/protocol.ts';
import { durationText } from './duration.ts';
import { inOrder } from './in-order.ts';
import { recordRows } from './records.ts';
import { nameOf, paddedText, say } from './say.ts';
import { datagram } from './udp.ts';

const OPCODES = { 0: 'hello', 1: 'coup', 2: 'resign', 3: 'advertise' };
const STATES = { 0: 'initial', 1: 'learn', 2: 'listen', 4: 'speak', 8: 'standby', 16: 'active' };
const STATES_V2 = { 0: 'disabled', 1: 'initial', 2: 'learn', 3: 'listen', 4: 'speak', 5: 'standby', 6: 'active' };

const v1 = header(
  'hsrp',
  {},
  {
    version: u8('Version'),
    opcode: u8('Operation', { names: OPCODES }),
    state: u8('State', { names: STATES }),
    hellotime: u8('Hello time', { unit: 'seconds' }),
    holdtime: u8('Hold time', { unit: 'seconds' }),
    priority: u8('Priority'),
    group: u8('Group'),
    reserved: u8('Reserved'),
    auth_data: text('Authentication data'),
    virt_ip: ipv4('Virtual address'),
    'adv.tlvtype': u16('Advertisement type'),
    'adv.tlvlength': u16('Advertisement length', { unit: 'bytes' }),
    'adv.state': u8('Advertised state'),
    'adv.reserved1': u8('Reserved'),
    'adv.activegrp': u16('Active groups'),
    'adv.passivegrp': u16('Passive groups'),
    'adv.reserved2': u32('Reserved'),
  },
);
const v2 = header(
  'hsrp2',
  {},
  {
    type: u8('Record type', { names: { 1: 'Group state', 2: 'Interface state', 3: 'Text password', 4: 'MD5 digest' } }),
    length: u8('Record length', { unit: 'bytes' }),
    version: u8('Version'),
    opcode: u8('Operation', { names: OPCODES }),
    state: u8('State', { names: STATES_V2 }),
    ipversion: u8('Version of the virtual address'),
    group: u16('Group'),
    identifier: mac('Identifier'),
    priority: u32('Priority'),
    hellotime: u32('Hello time', { unit: 'milliseconds' }),
    holdtime: u32('Hold time', { unit: 'milliseconds' }),
    virt_ip: ipv4('Virtual address'),
    virt_ip_v6: ipv6('Virtual address'),
    active_groups: u16('Active groups'),
    passive_groups: u16('Passive groups'),
    auth_data: text('Password'),
    md5_algorithm: u8('Algorithm of the digest'),
    md5_padding: u8('Padding'),
    md5_flags: u16('Flags', { base: 'hex' }),
    md5_key_id: u32('Key'),
    md5_auth_data: raw('Digest'),
  },
);
const PORT = 1985;
const ADVERTISE = 3;
const SIZE = 20;
const HEADER = [v1.version, v1.opcode, v1.state, v1.hellotime, v1.holdtime, v1.priority, v1.group, v1.reserved];
const ADVERTISEMENT = ['tlvtype', 'tlvlength', 'state', 'reserved1', 'activegrp', 'passivegrp', 'reserved2'] as const;
const GROUP = [
  ...[v2.version, v2.opcode, v2.state, v2.ipversion, v2.group, v2.identifier],
  ...[v2.priority, v2.hellotime, v2.holdtime],
];
const VALUES: Readonly<Record<number, readonly Field[]>> = {
  2: [v2.active_groups, v2.passive_groups],
  3: [v2.auth_data],
  4: [v2.md5_algorithm, v2.md5_padding, v2.md5_flags, v1.virt_ip, v2.md5_key_id, v2.md5_auth_data],
};
const IPV6 = 6;

/** Cisco's way to share a router's address, version 1 and version 2, which consists of records. */
export const hotStandby = protocol(
  { ...v1, $all: [...v1.$all, ...v2.$all] },
  {
    title: 'Hot Standby Router Protocol',
    source: 'RFC 2281',
    on: { 'udp.port': [PORT, 2029] },
    expand(frame, d, visit) {
      const { bytes } = frame;
      const at = frame.from[d]!;
      const end = frame.limit(d);
      if (at === end) return;
      if (read8(bytes, at) !== 0) stateRows(bytes, at, end, visit);
      else if (at + 2 <= end && read8(bytes, at + 1) === ADVERTISE) {
        const fields = ADVERTISEMENT.map((name) => v1[`adv.${name}`]);
        inOrder([v1.version, v1.opcode, ...fields], at, end, visit);
      } else {
        inOrder(HEADER, at, end, visit);
        if (at + SIZE > end) return;
        visit(v1.auth_data, at + 8, at + 16);
        visit(v1.virt_ip, at + 16, at + SIZE);
      }
    },
    line: hsrpText,
  },
);
function stateRows(bytes: Uint8Array, at: number, end: number, visit: Visit): void {
  recordRows({ type: v2.type, length: v2.length }, bytes, at, end, visit, (type, from, to) => {
    if (type !== 1) {
      inOrder(VALUES[type] ?? [], from, to, visit);
      return;
    }
    const address = inOrder(GROUP, from, to, visit);
    if (address < to) inOrder([read8(bytes, from + 3) === IPV6 ? v2.virt_ip_v6 : v2.virt_ip], address, to, visit);
  });
}
/** tcpdump knows the port of IPv4 only, and there both versions, which it takes for version 1. */
function hsrpText(w: Line, frame: Frame, d: number): boolean {
  if (datagram.dstport.read(frame.bytes, frame.from[d - 1]!) !== PORT) return false;
  stateText(w, frame.from[d]!, frame.claim[d]! - frame.from[d]!);
  return true;
}
function stateText(w: Line, at: number, length: number): void {
  w.label = 'hsrp';
  const version = w.u8(at);
  say(w, 'HSRPv', version);
  if (version !== 0) return;
  const opcode = w.u8(at + 1);
  say(w, '-', opcode < ADVERTISE ? nameOf(OPCODES, opcode, '') : `unknown (${opcode})`, ' ');
  say(w, length, ': ');
  say(w, 'state=', nameOf(STATES, w.u8(at + 2), 'Unknown (%)'), ' ');
  say(w, 'group=', w.u8(at + 6), ' ');
  const reserved = w.u8(at + 7);
  if (reserved !== 0) say(w, '[reserved=', reserved, '!] ');
  if (!w.need(at + 16, 4)) return;
  w.str('addr=');
  w.ipv4At(at + 16);
  if (w.verbose === 0) return;
  w.str(' hellotime=');
  durationText(w, w.u8(at + 3));
  w.str(' holdtime=');
  durationText(w, w.u8(at + 4));
  say(w, ' priority=', w.u8(at + 5), ' auth="');
  paddedText(w, at + 8, 8);
  w.char(0x22);
}
