import { describe, expect, test } from 'vitest';
import { protocols } from '../../dissectors/index.ts';
import { counting, hex, u16, u32 } from '../../fixtures/build/bytes.ts';
import { client, over4, over6, remote, router, server } from '../../fixtures/build/hosts.ts';
import { icmp, icmpv6 } from '../../fixtures/build/icmp.ts';
import { ipv4 } from '../../fixtures/build/ip.ts';
import { type Layer, packet } from '../../fixtures/build/layer.ts';
import { tcp, udp } from '../../fixtures/build/transport.ts';
import { Frame } from '../../src/dissect/frame.ts';
import { Registry } from '../../src/dissect/registry.ts';
import { compileDisplayFilter } from '../../src/filter/display/compile.ts';
import { Exchanges } from '../../src/flow/exchanges.ts';
import { StreamTable } from '../../src/flow/streams.ts';
import { columns } from '../../src/frame/batch.ts';
import { FieldsSink } from '../../src/sink/fields.ts';
import { JsonSink } from '../../src/sink/json.ts';
import { TreeSink } from '../../src/sink/tree.ts';
import { memory } from '../sink/printed.ts';

const registry = new Registry(protocols);
const ETHERNET = registry.linkLayer(1);
type Packet = readonly [seconds: number, nanos: number, bytes: Uint8Array];
/** Each packet under the lens, numbered from 1, as one table of streams sees them. */
function* seen(packets: readonly Packet[], flow: { see(frame: Frame): unknown } = new StreamTable(registry)) {
  const frame = new Frame(registry);
  let number = 0;
  for (const [seconds, nanos, bytes] of packets) {
    const row = columns(1);
    row.seconds[0] = seconds;
    row.nanos[0] = nanos;
    row.captured[0] = row.wire[0] = bytes.length;
    frame.load({ ...row, bytes, count: 1, envelope: undefined, release() {} }, 0);
    frame.number = ++number;
    frame.dissect(ETHERNET);
    flow.see(frame);
    yield frame;
  }
}
/** Which packet each answers; 0: none. */
function eachAnswer(
  packets: readonly Packet[],
  exchanges = new StreamTable(registry) as { see(frame: Frame): unknown },
) {
  const id = registry.id('icmp');
  const found: number[] = [];
  for (const frame of seen(packets, exchanges)) found.push(frame.asked[frame.find(id)]!);
  return found;
}
const there = over4(client, server);
const back = over4(server, client);
const count = (n: number) => u16(7, n);
const data = counting(40);
const ping = (n: number, ...path: Layer[]) => packet(...(path.length > 0 ? path : there), icmp(8, 0, count(n)), data);
const pong = (n: number, ...path: Layer[]) => packet(...(path.length > 0 ? path : back), icmp(0, 0, count(n)), data);

describe('replies to echo requests', () => {
  test('tell their request and how long it took, across a second', () => {
    const id = registry.id('icmp');
    const fields = registry.protocols[id]!.computed!;
    const value = (frame: Frame, name: string) =>
      fields.find((field) => field.name === name)!.value(frame, frame.find(id));
    const got = [];
    for (const frame of seen([
      [10, 999_000_000, ping(1)],
      [11, 250_000, pong(1)],
    ]))
      got.push([value(frame, 'icmp.resp_in'), value(frame, 'icmp.resp_to'), value(frame, 'icmp.resptime')]);
    expect(got).toEqual([
      [undefined, undefined, undefined],
      [undefined, 1, 1.25],
    ]);
  });
  test('over IPv6', () => {
    const six = (type: number, from: typeof client, to: typeof client) =>
      packet(...over6(from, to), icmpv6(type, 0, count(1)), data);
    const id = registry.id('icmpv6');
    const found: number[] = [];
    for (const frame of seen([
      [0, 0, six(128, client, server)],
      [0, 500, six(129, server, client)],
    ]))
      found.push(frame.asked[frame.find(id)]!, frame.waited[frame.find(id)]!);
    expect(found).toEqual([0, 0, 1, 500]);
  });
  test('a request is answered once, and the latest of several that are the same', () => {
    expect(eachAnswer([ping(1), ping(1), pong(1), pong(1)].map((bytes) => [0, 0, bytes]))).toEqual([0, 0, 2, 0]);
  });
  test('another number, other data, other addresses, or an error about it answer nothing', () => {
    const other = packet(...back, icmp(0, 0, count(1)), counting(39), u16(0x99));
    const quoted = packet(ipv4(server.ip, client.ip, {}), icmp(0, 0, count(1)), data);
    const error = packet(...over4(router, client), icmp(3, 1, u32(0)), quoted);
    const all = [ping(1), pong(2), other, pong(1, ...over4(remote, client)), error, pong(1)];
    expect(eachAnswer(all.map((bytes) => [0, 0, bytes]))).toEqual([0, 0, 0, 0, 0, 1]);
  });
  test('a quoted request asks nothing', () => {
    const quoted = packet(ipv4(client.ip, server.ip, {}), icmp(8, 0, count(1)), data);
    const error = packet(...over4(router, client), icmp(3, 1, u32(0)), quoted);
    expect(eachAnswer([error, pong(1)].map((bytes) => [0, 0, bytes]))).toEqual([0, 0]);
  });
  test('what is seen in front of a tunnel and in it is told apart', () => {
    const through = (from: typeof client, to: typeof client, ...inner: Layer[]) =>
      packet(
        ...over4(from, to),
        ({ bytes }) => ({ proto: 47, bytes: Buffer.concat([hex('0000 0800'), bytes]) }),
        ...inner,
      );
    const inside = [
      through(client, remote, ipv4(client.ip, server.ip, {}), icmp(8, 0, count(1)), () => ({ bytes: data })),
      through(remote, client, ipv4(server.ip, client.ip, {}), icmp(0, 0, count(1)), () => ({ bytes: data })),
    ] as const;
    expect(eachAnswer([inside[0], ping(1), inside[1], pong(1)].map((bytes) => [0, 0, bytes]))).toEqual([0, 0, 1, 2]);
  });
  test('the oldest requests make room', () => {
    const exchanges = new Exchanges(registry, 2);
    const flow = {
      see: (frame: Frame) => {
        for (let d = 0; d < frame.depth; d++) exchanges.see(frame, d);
      },
    };
    const all = [ping(1), ping(2), ping(3), pong(1), pong(2), pong(3)];
    expect(
      eachAnswer(
        all.map((bytes) => [0, 0, bytes]),
        flow,
      ),
    ).toEqual([0, 0, 0, 0, 2, 3]);
  });
});

describe('in every output', () => {
  const packets: Packet[] = [
    [0, 0, ping(1)],
    [0, 1_234_500, pong(1)],
  ];
  async function printed(make: (output: ReturnType<typeof memory>['output']) => FieldsSink | JsonSink | TreeSink) {
    const { output, text } = memory();
    const sink = make(output);
    for (const frame of seen(packets)) sink.frame(frame);
    await sink.flush();
    return text();
  }
  test('fields', async () => {
    const names = ['icmp.type', 'icmp.resp_in', 'icmp.resp_to', 'icmp.resptime'];
    expect(await printed((output) => new FieldsSink(output, names, registry))).toBe('8\t\t\t\n0\t\t1\t1.2345\n');
    expect(new FieldsSink(memory().output, ['icmp.resptime'], registry).needs).toBe(3);
  });
  test('JSON and trees', async () => {
    const json = await printed((output) => new JsonSink(output));
    expect(json.match(/"icmp\.resp[^,}]*/g)).toEqual(['"icmp.resp_to":1', '"icmp.resptime":1.2345']);
    const tree = await printed((output) => new TreeSink(output, false));
    expect(tree.match(/.*icmp\.resp.*/g)).toEqual([
      '  Packet with the request: 1 icmp.resp_to',
      '  Time since the request: 1.2345 ms icmp.resptime',
    ]);
  });
  test.each([
    ['icmp.resptime', [2]],
    ['icmp.resptime > 1.2 && icmp.resptime < 1.25', [2]],
    ['icmp.resptime == 1.2345', [2]],
    ['icmp.resptime > 2', []],
    ['icmp.resp_to == 1', [2]],
    ['icmp.resp_in', []],
  ])('display filter %s', (filter, wanted) => {
    const { matches, flow } = compileDisplayFilter(filter, registry);
    expect(flow).toBe(true);
    const found = [];
    for (const frame of seen(packets)) if (matches(frame)) found.push(frame.number);
    expect(found).toEqual(wanted);
  });
});

describe('DNS', () => {
  const DNS_ID = registry.id('dns');
  const message = (flags: number, id = 7): Uint8Array => u16(id, flags, 1, 0, 0, 0, 0x0161, 0, 1, 1);
  const query = (port: number, id?: number) => packet(...over4(client, server), udp(port, 53), message(0x0100, id));
  const response = (port: number, id?: number) => packet(...over4(server, client), udp(53, port), message(0x8180, id));
  const asked = (...packets: readonly Uint8Array[]): number[] => {
    const rows = packets.map((bytes, i): Packet => [i, 0, bytes]);
    return Array.from(seen(rows), (frame) => frame.asked[frame.find(DNS_ID)]!);
  };
  test('a response tells its query, by number and ports', () => {
    expect(asked(query(1000), query(1001), query(1000, 8), response(1001), response(1000), response(1000, 8))).toEqual([
      0, 0, 0, 2, 1, 3,
    ]);
  });
  test('what is asked again is the same query, until it was answered', () => {
    expect(asked(query(1000), query(1000), response(1000), query(1000), response(1000))).toEqual([0, 1, 1, 0, 4]);
  });
  test('what is quoted in an error asks nothing', () => {
    const quoted = packet(ipv4(client.ip, server.ip, {}), udp(1000, 53), message(0x0100));
    const error = packet(...over4(server, client), icmp(3, 3, u32(0)), quoted);
    expect(asked(error, response(1000))).toEqual([0, 0]);
  });
});
test("a connection's handshake took from its last SYN to the ACK", () => {
  const from = (flags: string, seq: number, ack = 0) =>
    packet(...over4(client, server), tcp(1000, 80, { flags, seq, ack }));
  const to = (flags: string, seq: number, ack = 0) =>
    packet(...over4(server, client), tcp(80, 1000, { flags, seq, ack }));
  const rows: readonly Packet[] = [
    [0, 0, from('S', 99)],
    [1, 0, from('S', 99)],
    [1, 4, to('S.', 499, 100)],
    [1, 9, from('.', 100, 500)],
    [2, 0, to('.', 500, 100)],
  ];
  const id = registry.id('tcp');
  const found = Array.from(seen(rows), (frame) => frame.handshake[frame.find(id)]);
  expect(found).toEqual([Number.NaN, Number.NaN, Number.NaN, 9, 9]);
});
