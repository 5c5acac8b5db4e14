import { bits, header, u8, u16, u24 } from '../src/bytes/field.ts';
import { protocol } from '../src/dissect/protocol.ts';
import { vxlanText } from './vxlan/text.ts';

const head = header('vxlan', {
  flags: u16('Flags', { base: 'hex' }),
  flag_g: bits('flags', 0x8000, 'Group policy extension'),
  flag_i: bits('flags', 0x0800, 'Network identifier is valid'),
  flag_d: bits('flags', 0x0040, "Don't learn"),
  flag_a: bits('flags', 0x0008, 'Policy applied'),
  gbp: u16('Group policy ID'),
  vni: u24('Network identifier'),
  reserved8: u8('Reserved', { base: 'hex' }),
});
/** Ethernet in UDP. Before IANA gave it a port, Linux used 8472. */
export const vxlan = protocol(head, {
  title: 'Virtual eXtensible Local Area Network',
  source: 'RFC 7348',
  on: { 'udp.port': [4789, 8472] },
  step: (frame, _bytes, at) => frame.passOn(frame.registry.id('eth'), at + head.$size, frame.claim[frame.depth - 1]!),
  line: vxlanText,
});
