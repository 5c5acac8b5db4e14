import { bits, header, bytes as raw, u8, u16, u24 } from '../src/bytes/field.ts';
import { u8Kind } from '../src/bytes/kind.ts';
import { protocol } from '../src/dissect/protocol.ts';
import { etherType } from './eth.ts';
import { geneveText } from './geneve/text.ts';
import { BRIDGED } from './gre/text.ts';
import { ETHERTYPES } from './names/ethertypes.ts';
import { part } from './part.ts';

const head = header(
  'geneve',
  {
    first: u8('Version and length of the options', { base: 'hex' }),
    version: bits('first', 0xc0, 'Version'),
    option_words: bits('first', 0x3f, 'Length of the options', { unit: '4 bytes' }),
    flags: u8('Flags', { base: 'hex' }),
    'flags.oam': bits('flags', 0x80, 'Operations, administration and management'),
    'flags.critical': bits('flags', 0x40, 'Critical options present'),
    'flags.reserved': bits('flags', 0x3f, 'Reserved'),
    proto_type: u16('Protocol type', { base: 'hex', names: ETHERTYPES }),
    vni: u24('Virtual network identifier'),
    reserved: u8('Reserved', { base: 'hex' }),
  },
  {
    'option.class': u16('Option class', { base: 'hex' }),
    'option.type': u8('Option type', { base: 'hex' }),
    'option.type.critical': part(u8Kind, 0x80, 'Critical option'),
    'option.length': part(u8Kind, 0x1f, 'Option length', { unit: '4 bytes' }),
    'option.unknown.data': raw('Option data'),
  },
);
const SUMMARY = 'Generic Network Virtualization Encapsulation, VNI: {geneve.vni:x}';
/** Generic Network Virtualization Encapsulation: any EtherType in UDP, and options for whoever builds networks of it. */
export const geneve = protocol(head, {
  title: 'Generic Network Virtualization Encapsulation',
  source: 'RFC 8926',
  summary: (frame, d) => (head['flags.oam'].read(frame.bytes, frame.from[d]!) === 1 ? `${SUMMARY}, OAM` : SUMMARY),
  on: { 'udp.port': 6081 },
  step(frame, bytes, at) {
    const payload = at + head.$size + head.option_words.read(bytes, at) * 4;
    const claimed = frame.claim[frame.depth - 1]!;
    const type = head.proto_type.read(bytes, at);
    if (type === BRIDGED) return frame.passOn(frame.registry.id('eth'), payload, claimed);
    return frame.handOn(etherType, type, payload, claimed);
  },
  expand(frame, d, visit) {
    const { bytes } = frame;
    const from = frame.from[d]! + head.$size;
    const to = Math.min(from + head.option_words.read(bytes, frame.from[d]!) * 4, frame.limit(d));
    for (let at = from; at + 4 <= to; ) {
      visit(head['option.class'], at, at + 2);
      visit(head['option.type'], at + 2, at + 3);
      visit(head['option.type.critical'], at + 2, at + 3);
      visit(head['option.length'], at + 3, at + 4);
      const next = at + 4 + head['option.length'].read(bytes, at + 3) * 4;
      if (next > to) return;
      if (next > at + 4) visit(head['option.unknown.data'], at + 4, next);
      at = next;
    }
  },
  line: geneveText,
});
