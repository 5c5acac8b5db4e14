import { bits, header, u8, u16, u24 } from '../src/bytes/field.ts';
import type { Frame } from '../src/dissect/frame.ts';
import type { Line } from '../src/dissect/line.ts';
import { NONE, protocol } from '../src/dissect/protocol.ts';
import { nothingOf } from './announced.ts';
import { innerEthernetText } from './inner-ethernet.ts';

const PROTOCOLS = { 1: 'IPv4', 2: 'IPv6', 3: 'Ethernet', 4: 'NSH' };
const head = header('vxlan', {
  flags: u8('Flags', { base: 'hex' }),
  ver: bits('flags', 0x30, 'Version'),
  i_bit: bits('flags', 0x08, 'Network identifier is valid'),
  p_bit: bits('flags', 0x04, 'Next protocol is valid'),
  o_bit: bits('flags', 0x01, 'Operations, administration and management'),
  reserved_16: u16('Reserved', { base: 'hex' }),
  next_proto: u8('Next protocol', { names: PROTOCOLS }),
  vni: u24('Network identifier'),
  reserved8: u8('Reserved', { base: 'hex' }),
});
/** By next protocol: who reads it. */
const READERS = ['', 'ip', 'ipv6', 'eth', 'nsh'] as const;
const FLAGS = [
  [0x08, 'I'],
  [0x04, 'P'],
  [0x02, 'B'],
  [0x01, 'O'],
] as const;

/** VXLAN for more than Ethernet. */
export const vxlanGpe = protocol(
  { ...head, $name: 'vxlan_gpe' },
  {
    title: 'VXLAN Generic Protocol Extension',
    source: 'draft-ietf-nvo3-vxlan-gpe',
    on: { 'udp.port': 4790 },
    step(frame, bytes, at) {
      const reader = READERS[head.next_proto.read(bytes, at)];
      const id = reader === undefined ? NONE : frame.registry.id(reader);
      return frame.passOn(id, at + head.$size, frame.claim[frame.depth - 1]!);
    },
    line(w, frame, d) {
      const at = frame.from[d]!;
      const length = frame.claim[d]! - at;
      w.label = 'vxlan_gpe';
      w.str('VXLAN-GPE, ');
      if (length < head.$size) {
        w.str(` (len ${length} < 8)`);
        w.invalid();
        return;
      }
      const flags = w.u8(at);
      w.str('flags [');
      w.flags(FLAGS, flags, 'none', '');
      w.str('], ');
      const next = w.u8(at + 3);
      const vni = w.u24(at + 4);
      if (!w.need(at, head.$size)) return;
      w.str(`vni ${vni}`);
      w.str(w.verbose > 0 ? '\n    ' : ': ');
      nextProtocolText(w, frame, d, next, at + head.$size);
    },
  },
);
/** What follows VXLAN-GPE and NSH: 1 IPv4, 2 IPv6, 3 Ethernet, 4 NSH. */
function nextProtocolText(w: Line, frame: Frame, d: number, next: number, at: number): void {
  if (next === 3) innerEthernetText(w, frame, d, at, frame.claim[d]! - at);
  else if (next === 1 || next === 2) {
    if (!w.next(frame, d)) nothingOf(w, next === 1 ? 0x0800 : 0x86dd, at);
  } else if (next !== 4 || !w.next(frame, d)) {
    w.str('ERROR: unknown-next-protocol');
    w.invalid();
  }
}
