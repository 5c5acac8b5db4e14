import { bits, type Field, header, bytes as raw, text, u8, u16, u24, u32 } from '../src/bytes/field.ts';
import { read8, read16 } from '../src/bytes/kind.ts';
import { protocol, type Visit } from '../src/dissect/protocol.ts';
import { inOrder } from './in-order.ts';

const SENDER = 200;
const RECEIVER = 201;
const DESCRIPTION = 202;
const GOODBYE = 203;
const APPLICATION = 204;
const TYPES = {
  [SENDER]: 'Sender report',
  [RECEIVER]: 'Receiver report',
  [DESCRIPTION]: 'Source description',
  [GOODBYE]: 'Goodbye',
  [APPLICATION]: 'Application-defined',
  205: 'Transport feedback',
  206: 'Payload-specific feedback',
  207: 'Extended report',
};
const ITEMS = { 0: 'END', 1: 'CNAME', 2: 'NAME', 3: 'EMAIL', 4: 'PHONE', 5: 'LOC', 6: 'TOOL', 7: 'NOTE', 8: 'PRIV' };
const rtcp = header(
  'rtcp',
  {},
  {
    flags: u8('Version, padding and count', { base: 'hex' }),
    version: bits('flags', 0xc0, 'Version'),
    padding: bits('flags', 0x20, 'Padding'),
    rc: bits('flags', 0x1f, 'Count'),
    pt: u8('Packet', { names: TYPES }),
    length: u16('Length without the first of', { unit: '32-bit words' }),
    senderssrc: u32('Sender', { base: 'hex' }),
    'timestamp.ntp.msw': u32('Time of day, seconds since 1900'),
    'timestamp.ntp.lsw': u32('Time of day, fraction', { unit: '2^-32 seconds' }),
    'timestamp.rtp': u32('RTP timestamp'),
    'sender.packetcount': u32('Packets sent'),
    'sender.octetcount': u32('Octets sent', { unit: 'bytes' }),
    'ssrc.identifier': u32('Source', { base: 'hex' }),
    'ssrc.fraction': u8('Fraction lost', { unit: '256ths' }),
    // Of 24 bits, negative when there were duplicates.
    'ssrc.cum_nr': u24('Packets lost'),
    'ssrc.ext_high': u32('Highest sequence number, with cycles'),
    'ssrc.jitter': u32('Jitter', { unit: 'timestamp units' }),
    'ssrc.lsr': u32('Last sender report'),
    'ssrc.dlsr': u32('Delay since the last sender report', { unit: '65536ths of a second' }),
    'sdes.type': u8('Item', { names: ITEMS }),
    'sdes.length': u8('Item length', { unit: 'bytes' }),
    'sdes.text': text('Text'),
    'app.name': text('Name'),
    'app.data': raw('Data'),
  },
);
const HEAD = [rtcp.flags, rtcp.version, rtcp.padding, rtcp.rc, rtcp.pt, rtcp.length] as const;
/** As Wireshark calls them. */
const MESSAGES: Readonly<Record<number, string>> = {
  [SENDER]: 'Sender Report',
  [RECEIVER]: 'Receiver Report',
  [DESCRIPTION]: 'Source description',
  [GOODBYE]: 'Goodbye',
  [APPLICATION]: 'Application specific',
  205: 'Generic RTP Feedback',
  206: 'Payload-specific Feedback',
  207: 'Extended report (RFC 3611)',
};
const HEADER = 4;
const SENT: readonly Field[] = [
  rtcp['timestamp.ntp.msw'],
  rtcp['timestamp.ntp.lsw'],
  rtcp['timestamp.rtp'],
  rtcp['sender.packetcount'],
  rtcp['sender.octetcount'],
];
const BLOCK: readonly Field[] = [
  rtcp['ssrc.identifier'],
  rtcp['ssrc.fraction'],
  rtcp['ssrc.cum_nr'],
  rtcp['ssrc.ext_high'],
  rtcp['ssrc.jitter'],
  rtcp['ssrc.lsr'],
  rtcp['ssrc.dlsr'],
];
const isPacket = (bytes: Uint8Array, at: number): boolean =>
  read8(bytes, at) >> 6 === 2 && read8(bytes, at + 1) >= SENDER && read8(bytes, at + 1) <= 207;
const sizeAt = (bytes: Uint8Array, at: number): number => HEADER + 4 * read16(bytes, at + 2);

/** The words of a report before its blocks, and of each block. */
const WORDS = { [SENDER]: 7, [RECEIVER]: 2 };
const BLOCK_WORDS = 6;
/** A report first, as long as its blocks say (RFC 3550 appendix A.2). What follows may be encrypted. */
function isReport(bytes: Uint8Array, from: number, to: number): boolean {
  if (from + 2 * HEADER > to || read8(bytes, from) >> 5 !== 4) return false;
  const before = WORDS[read8(bytes, from + 1) as keyof typeof WORDS];
  const blocks = read8(bytes, from) & 0x1f;
  return before !== undefined && sizeAt(bytes, from) === 4 * (before + blocks * BLOCK_WORDS);
}

/** What senders and receivers of media tell each other about it. */
export const realTimeControl = protocol(rtcp, {
  title: 'Real-Time Transport Control Protocol',
  source: 'RFC 3550 section 6',
  guess: { in: ['udp.port'], likes: isReport },
  fromFlow: 'expected',
  summary: { each: [rtcp.pt], text: (last) => `Real-time Transport Control Protocol (${MESSAGES[last(rtcp.pt)]})` },
  expand(frame, d, visit) {
    const { bytes } = frame;
    const end = frame.limit(d);
    for (let at = frame.from[d]!; at + HEADER <= end && isPacket(bytes, at); ) {
      inOrder(HEAD, at, end, visit);
      const to = Math.min(end, at + sizeAt(bytes, at));
      visitBody(bytes, read8(bytes, at + 1), read8(bytes, at) & 0x1f, at + HEADER, to, visit);
      at = to;
    }
  },
});
function visitBody(bytes: Uint8Array, type: number, count: number, from: number, to: number, visit: Visit): void {
  if (type === DESCRIPTION) {
    visitDescriptions(bytes, from, to, visit);
    return;
  }
  let at = inOrder([rtcp.senderssrc], from, to, visit);
  if (type === SENDER || type === RECEIVER) {
    if (type === SENDER) at = inOrder(SENT, at, to, visit);
    for (let i = 0; i < count && at < to; i++) at = inOrder(BLOCK, at, to, visit);
  } else if (type === APPLICATION && at + 4 <= to) {
    visit(rtcp['app.name'], at, at + 4);
    if (at + 4 < to) visit(rtcp['app.data'], at + 4, to);
  }
}
/** Sources with items each, which end in a zero octet and at a multiple of four. */
function visitDescriptions(bytes: Uint8Array, from: number, end: number, visit: Visit): void {
  for (let at = from; at + 4 <= end; ) {
    visit(rtcp['ssrc.identifier'], at, at + 4);
    at += 4;
    while (at < end && read8(bytes, at) !== 0) {
      if (at + 2 > end) return;
      visit(rtcp['sdes.type'], at, at + 1);
      visit(rtcp['sdes.length'], at + 1, at + 2);
      const to = Math.min(end, at + 2 + read8(bytes, at + 1));
      if (to > at + 2) visit(rtcp['sdes.text'], at + 2, to);
      at = to;
    }
    at += 4 - ((at - from) % 4);
  }
}
