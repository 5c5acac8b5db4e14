import { describe, expect, test } from 'vitest';
import { protocols } from '../../dissectors/index.ts';
import { counting, hex, join, text, u8, u16, u32 } from '../../fixtures/build/bytes.ts';
import { Connection } from '../../fixtures/build/connection.ts';
import { lines } from '../../fixtures/build/dialog.ts';
import { client, over4, over6, remote, server } from '../../fixtures/build/hosts.ts';
import { packet } from '../../fixtures/build/layer.ts';
import { udp } from '../../fixtures/build/transport.ts';
import { chain } from '../../src/dissect/chain.ts';
import { Frame } from '../../src/dissect/frame.ts';
import { Registry } from '../../src/dissect/registry.ts';
import { compileDisplayFilter } from '../../src/filter/display/compile.ts';
import { Expectations } from '../../src/flow/expectations.ts';
import { StreamTable } from '../../src/flow/streams.ts';
import { underLens } from '../support/stack.ts';

const registry = new Registry(protocols);
const ETHERNET = registry.linkLayer(1);
/** What stands behind the ports of each packet, as one table of streams sees them. */
function payloads(...packets: readonly Uint8Array[]): string[] {
  const frame = new Frame(registry);
  const streams = new StreamTable(registry);
  return packets.map((bytes) => {
    underLens(frame, bytes).dissect(ETHERNET);
    streams.see(frame);
    return chain(frame).replace(/^.*:(udp|tcp):?/, '');
  });
}
type Over = typeof over4;
const datagram = (
  from: typeof client,
  to: typeof client,
  ports: [number, number],
  data: Uint8Array,
  over: Over = over4,
) => packet(...over(from, to), udp(...ports), data);
const media = join(u8(0x80, 0), u16(1), u32(160, 0x1234), counting(20));
const report = join(u8(0x80, 207), u16(1), u32(0x1234));
const NOBODY = 'data';

describe('payloads of which earlier packets told', () => {
  const request = join(u16(1), text('dump.txt\0octet\0'));
  const block = join(u16(3, 1), counting(16));
  for (const [name, over] of [
    ['IPv4', over4],
    ['IPv6', (from, to) => over6(from, to)],
  ] as const satisfies readonly (readonly [string, Over])[])
    test(`TFTP goes on with another port of the server, over ${name}`, () => {
      expect(
        payloads(
          datagram(server, client, [40_000, 50_000], block, over),
          datagram(client, server, [50_000, 69], request, over),
          datagram(server, client, [40_000, 50_000], block, over),
          datagram(client, server, [50_000, 40_000], u16(4, 1), over),
          datagram(server, client, [40_000, 50_001], block, over),
          datagram(server, remote, [40_000, 50_000], block, over),
        ),
      ).toEqual([NOBODY, 'tftp', 'tftp:data', 'tftp', NOBODY, NOBODY]);
    });
  test('short headers belong to QUIC where a long one was seen', () => {
    const long = join(hex('c0 00000001 04 01020304 00'), u8(0, 0x14), counting(20));
    const short = join(u8(0x41), counting(30));
    const there = (data: Uint8Array, port = 50_443) => datagram(client, remote, [port, 443], data);
    expect(
      payloads(
        there(short),
        there(long),
        there(short),
        datagram(remote, client, [443, 50_443], short),
        there(short, 1),
      ),
    ).toEqual([NOBODY, 'quic', 'quic', 'quic', NOBODY]);
  });
  test('SDP in SIP announces media and reports', () => {
    const invite = lines('INVITE sip:bob@example.com SIP/2.0', 'c: application/sdp', '', 'v=0', 'c=IN IP4 192.0.2.20');
    const offer = join(
      invite,
      lines('m=audio 49170 RTP/AVP 0', 'm=image 49180 udptl t38', 'm=video 49190 RTP/AVPF 96'),
    );
    expect(
      payloads(
        datagram(client, server, [5060, 5060], offer),
        datagram(client, server, [5004 + 2, 49_170], media),
        datagram(server, client, [49_170, 5006], media),
        datagram(client, server, [5007, 49_171], report),
        datagram(client, server, [5008, 49_180], media),
        datagram(client, server, [5009, 49_190], media),
      ),
    ).toEqual(['sip:sdp', 'rtp', 'rtp', 'rtcp', NOBODY, 'rtp']);
  });
  test('a reply of RTSP announces both ends', () => {
    const camera = new Connection(over4, [client, 40_554], [server, 554]);
    const transport = 'Transport: RTP/AVP;unicast;client_port=6000-6001;server_port=7000-7001';
    expect(
      payloads(
        camera.fromClient(lines('SETUP rtsp://192.0.2.20/door RTSP/1.0', transport, '')),
        datagram(server, client, [9000, 6000], media),
        camera.fromServer(lines('RTSP/1.0 200 OK', transport, '')),
        datagram(server, client, [9000, 6000], media),
        datagram(client, server, [9001, 7001], report),
      ),
    ).toEqual(['rtsp', NOBODY, 'rtsp', 'rtp', 'rtcp']);
  });
  for (const [how, reply, over] of [
    ['PASV', '227 Entering Passive Mode (192,0,2,20,156,64)', over4],
    ['EPSV', '229 Entering Extended Passive Mode (|||40000|)', (from, to) => over6(from, to)],
  ] as const satisfies readonly (readonly [string, string, Over])[])
    test(`FTP announces its data connection by ${how}`, () => {
      const dialog = new Connection(over, [client, 50_021], [server, 21]);
      const file = new Connection(over, [client, 50_022], [server, 40_000]);
      const other = new Connection(over, [client, 50_023], [server, 40_001]);
      expect(
        payloads(
          dialog.fromServer(lines(reply)),
          file.fromServer(counting(8)),
          file.fromClient(counting(8)),
          other.fromServer(counting(8)),
        ),
      ).toEqual(['ftp', 'ftp-data', 'ftp-data', NOBODY]);
    });
  test('nonsense announces nothing', () => {
    const dialog = new Connection(over4, [client, 50_021], [server, 21]);
    const bad = ['227 (192,0,2,999,1,1)', '229 (|||99999|)', 'PORT 1,2,3', 'EPRT |2|::::|5|', '227 (0,0,0,0,0,0)'];
    for (const line of bad) expect(payloads(dialog.fromServer(lines(line)))).toEqual(['ftp']);
  });
});

test('the oldest expectation makes room', () => {
  const expectations = new Expectations(registry, 2);
  const frame = new Frame(registry);
  for (const port of [50_000, 50_001, 50_002]) {
    underLens(frame, datagram(client, server, [port, 69], join(u16(1), text('a\0octet\0')))).dissect(ETHERNET);
    for (let d = 0; d < frame.depth; d++) expectations.hear(frame, d);
  }
  const asked = [50_000, 50_001, 50_002].map((port) => {
    underLens(frame, datagram(server, client, [40_000, port], counting(8))).dissect(ETHERNET);
    return expectations.of(frame, 2, 1, 'udp') === registry.id('tftp');
  });
  expect(asked).toEqual([false, true, true]);
});
test('only what may come from such memory costs it', () => {
  expect(compileDisplayFilter('quic', registry).flow).toBe(true);
  expect(compileDisplayFilter('rtp.ssrc == 1', registry).flow).toBe(true);
  expect(compileDisplayFilter('udp.port == 53 or dns', registry).flow).toBe(false);
});
