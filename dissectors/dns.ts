import { type Frame, MARK } from '../src/dissect/frame.ts';
import { NONE, type Protocol, protocol } from '../src/dissect/protocol.ts';
import { dnsComputed, dnsExchange } from './dns/exchange.ts';
import { llmnr as conflictFlags, dns as message, mdns as multicastClass, prefix } from './dns/fields.ts';
import { messageText, streamText } from './dns/line.ts';
import { MULTICAST, UNICAST, visitMessage } from './dns/message.ts';
import { segment } from './tcp/header.ts';

/** What the protocols that share the format of the message share of its reading. */
const reading = (classes: typeof UNICAST): Pick<Protocol, 'expand' | 'check'> => ({
  expand(frame, d, visit) {
    visitMessage(frame, d, visit, classes);
  },
  check(frame, d) {
    // Where the capture ends first, nobody can say.
    if (frame.to[d]! <= frame.end && !visitMessage(frame, d, () => {}, classes)) frame.mark(d, MARK.malformed);
  },
});
const asks = (protocol: string) => (frame: Frame, d: number) =>
  `${protocol} (${message['flags.response'].read(frame.bytes, frame.from[d]!) === 1 ? 'response' : 'query'})`;

/** Domain Name System. */
export const dns = protocol(message, {
  title: 'Domain Name System',
  source: 'RFC 1035',
  summary: asks('Domain Name System'),
  on: { 'udp.port': 53 },
  computed: dnsComputed,
  exchange: dnsExchange,
  ...reading(UNICAST),
  line(w, frame, d) {
    w.label = 'domain';
    messageText(w, frame.from[d]!, frame.claim[d]! - frame.from[d]!, false);
  },
});

const DOMAIN = 53;
/** The length in front of each message in a TCP connection. */
export const dnsOverTcp = protocol(
  { ...prefix, $name: 'dns.tcp' },
  {
    title: 'Domain Name System over TCP',
    source: 'RFC 7766 section 8',
    framing: true,
    on: { 'tcp.port': [DOMAIN, 5353] },
    step(frame, bytes, at, end) {
      const next = at + prefix.$size;
      const to = next + prefix.length.read(bytes, at);
      // The rest of the message is in other segments.
      return to > end ? NONE : frame.passOn(frame.registry.id('dns'), next, to);
    },
    line(w, frame, d) {
      const below = frame.from[d - 1]!;
      const { srcport, dstport } = segment;
      if (srcport.read(frame.bytes, below) !== DOMAIN && dstport.read(frame.bytes, below) !== DOMAIN) return;
      w.label = 'domain';
      streamText(w, frame.from[d]!, frame.claim[d - 1]! - frame.from[d]!);
    },
  },
);

/** The parts of the class, which as a whole is no field of multicast DNS. */
const parts = multicastClass.$all.filter((field) => field !== multicastClass.class);
const shared = message.$all.filter((field) => parts.every((part) => part.name !== field.name));

/** Multicast DNS. */
export const mdns = protocol(
  { ...message, $name: 'mdns', $all: [...shared, ...parts] },
  {
    title: 'Multicast Domain Name System',
    source: 'RFC 6762',
    summary: asks('Multicast Domain Name System'),
    on: { 'udp.port': 5353 },
    ...reading(MULTICAST),
    line(w, frame, d) {
      w.label = 'domain';
      messageText(w, frame.from[d]!, frame.claim[d]! - frame.from[d]!, true);
    },
  },
);

/** Link-local multicast name resolution, which tcpdump has no words for. */
export const llmnr = protocol(
  { ...message, $name: 'llmnr', $all: [...conflictFlags.$all, ...message.$all.filter((field) => field.distance < 0)] },
  {
    title: 'Link-Local Multicast Name Resolution',
    source: 'RFC 4795',
    summary: asks('Link-local Multicast Name Resolution'),
    on: { 'udp.port': 5355 },
    ...reading(UNICAST),
  },
);
