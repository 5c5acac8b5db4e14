import { fixed, header, u16 } from '../src/bytes/field.ts';
import { NONE, protocol } from '../src/dissect/protocol.ts';
import { headerRows, MESSAGE_SIZE, message, messagesOf, typeAt } from './netlink/message.ts';
import { unsupportedText } from './unsupported.ts';

const FAMILIES = {
  0: 'Routing and devices',
  4: 'Sockets',
  6: 'IPsec',
  12: 'Netfilter',
  15: 'Kernel events',
  16: 'Generic',
};
const cooked = header('netlink', {
  pkttype: u16('Packet type', { names: { 0: 'To us', 4: 'By us', 6: 'To the kernel', 7: 'To a program' } }),
  hatype: u16('Device type'),
  unused: fixed(10, 'Reserved'),
  family: u16('Family', { base: 'hex', names: FAMILIES }),
});
/** By family: who reads the messages. */
const READERS: Readonly<Record<number, string>> = { 0: 'netlink-route', 12: 'netlink-netfilter' };
/** Types below this are netlink's own. */
const FIRST_TYPE = 16;

/** What Linux and its programs say to each other, as nlmon devices show it. */
export const netlink = protocol(
  { ...cooked, $all: [...cooked.$all, ...message.$all] },
  {
    title: 'Linux netlink',
    summary: 'Linux netlink (cooked header)',
    source: 'LINKTYPE_NETLINK, linux/netlink.h',
    link: true,
    on: { link: 253 },
    step(frame, bytes, at, end) {
      const first = at + cooked.$size;
      const reader = READERS[cooked.family.read(bytes, at)];
      if (reader === undefined || first + MESSAGE_SIZE > Math.min(end, frame.end)) return NONE;
      if (typeAt(bytes, first) < FIRST_TYPE) return NONE;
      return frame.passOn(frame.registry.id(reader), first + MESSAGE_SIZE, end);
    },
    expand(frame, d, visit) {
      const from = frame.from[d]! + cooked.$size;
      for (const one of messagesOf(frame.bytes, from, frame.limit(d))) headerRows(one, visit);
    },
    line: unsupportedText,
  },
);
