import { header, bytes as raw, u8, u16 } from '../src/bytes/field.ts';
import { read8 } from '../src/bytes/kind.ts';
import { protocol } from '../src/dissect/protocol.ts';
import { startsTls } from './tls/start.ts';

/** Nothing has a fixed place: a segment may begin in the middle of a packet. */
const tpkt = header(
  'tpkt',
  {},
  {
    version: u8('Version'),
    reserved: u8('Reserved', { base: 'hex' }),
    length: u16('Length', { unit: 'bytes' }),
    continuation_data: raw('Data'),
  },
);
const HEADER = 4;
const VERSION = 3;

/** ISO transport over TCP: lengths in front of packets, as of remote desktops (3389), MMS and S7 (102). */
export const isoTransport = protocol(tpkt, {
  title: 'ISO Transport Service on top of TCP',
  source: 'RFC 2126, RFC 1006',
  on: { 'tcp.port': [102, 3389] },
  summary: { each: [tpkt.length], text: 'TPKT, Version: {tpkt.version}, Length: {tpkt.length}' },
  // Remote desktops change to TLS in the same connection, without TPKT around it.
  ...startsTls((frame, d, visit) => {
    const { bytes } = frame;
    const end = frame.limit(d);
    for (let at = frame.from[d]!; at < end; ) {
      if (at + HEADER > end || read8(bytes, at) !== VERSION || tpkt.length.read(bytes, at + 2) < HEADER) {
        visit(tpkt.continuation_data, at, end);
        return;
      }
      visit(tpkt.version, at, at + 1);
      visit(tpkt.reserved, at + 1, at + 2);
      visit(tpkt.length, at + 2, at + HEADER);
      const to = Math.min(end, at + tpkt.length.read(bytes, at + 2));
      if (to > at + HEADER) visit(tpkt.continuation_data, at + HEADER, to);
      at = to;
    }
  }),
});
