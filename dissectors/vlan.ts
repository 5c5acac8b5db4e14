import { bits, header, u16 } from '../src/bytes/field.ts';
import { type Protocol, protocol } from '../src/dissect/protocol.ts';
import { etherType, lengthTable, MAX_LENGTH, payloadLine } from './eth.ts';

function tag(name: string, title: string, types: readonly number[], summary: string): Protocol {
  const head = header(name, {
    tci: u16('Tag control information', { base: 'hex' }),
    priority: bits('tci', 0xe000, 'Priority'),
    dei: bits('tci', 0x1000, 'Drop eligible'),
    id: bits('tci', 0x0fff, 'Identifier'),
    etype: u16('Type or length', { base: 'hex' }),
  });
  return protocol(head, {
    title,
    source: 'IEEE 802.1Q',
    summary,
    link: true,
    on: { ethertype: types },
    tellsEtherType: (frame, d) => head.etype.read(frame.bytes, frame.from[d]!) > MAX_LENGTH,
    step(frame, bytes, at, end) {
      const type = head.etype.read(bytes, at);
      return type > MAX_LENGTH
        ? frame.handOn(etherType, type, at + head.$size, end)
        : frame.handOn(lengthTable, 0, at + head.$size, Math.min(end, at + head.$size + type));
    },
    line(w, frame, d) {
      const at = frame.from[d]!;
      w.label = 'vlan';
      // Ethernet has looked already; others that a tag may follow have not.
      if (!w.need(at, head.$size)) return;
      const { bytes } = frame;
      if (w.link) {
        w.str('vlan ');
        w.dec(head.id.read(bytes, at));
        w.str(', p ');
        w.dec(head.priority.read(bytes, at));
        if (head.dei.read(bytes, at) === 1) w.str(', DEI');
        w.str(', ');
      }
      payloadLine(w, frame, d, head.etype.read(bytes, at), at + head.$size, -1);
    },
  });
}
/** 802.1Q, and the types that switches used before 802.1ad. */
export const vlan = tag(
  'vlan',
  '802.1Q Virtual LAN',
  [0x8100, 0x9100, 0x9200],
  '802.1Q Virtual LAN, PRI: {vlan.priority}, DEI: {vlan.dei}, ID: {vlan.id}',
);
/** Provider bridges: the outer tag of QinQ. */
export const ieee8021ad = tag('ieee8021ad', '802.1ad Provider Bridge', [0x88a8], 'IEEE 802.1ad, ID: {ieee8021ad.id}');
