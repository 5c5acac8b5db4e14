import { describe, expect, test } from 'vitest';
import { protocols } from '../../dissectors/index.ts';
import { counting, u32 } from '../../fixtures/build/bytes.ts';
import { client, type Host, left, over4, over6, remote, right, server } from '../../fixtures/build/hosts.ts';
import { icmp } from '../../fixtures/build/icmp.ts';
import { ipv4 } from '../../fixtures/build/ip.ts';
import { packet } from '../../fixtures/build/layer.ts';
import { eth } from '../../fixtures/build/link.ts';
import { tcp, udp } from '../../fixtures/build/transport.ts';
import { vxlan } from '../../fixtures/build/tunnel.ts';
import { Registry } from '../../src/dissect/registry.ts';
import { type ConversationKind, Conversations } from '../../src/flow/conversations.ts';
import { START, Timed } from '../support/timed.ts';

const registry = new Registry(protocols);
const watcher = (most?: number) => {
  const seen = new Conversations(registry, most);
  return { seen, packets: new Timed(registry, (frame) => seen.see(frame)) };
};
const rows = (seen: Conversations, kind: ConversationKind) =>
  seen
    .of(kind)
    .sorted('first', true)
    .map((slot) => seen.of(kind).row(slot));
const datagram = (from: Host, to: Host, ports: [number, number], length = 10, over: typeof over4 = over4) =>
  packet(...over(from, to), udp(...ports), counting(length));

describe('conversations', () => {
  test('count both directions apart, at every layer that has ends', () => {
    const { seen, packets } = watcher();
    packets.at(0, datagram(client, server, [4000, 9000]));
    packets.at(250.000001, datagram(server, client, [9000, 4000], 30));
    packets.at(1500, datagram(client, server, [4000, 9000]), { wire: 1400 });
    for (const [kind, a, b] of [
      ['eth', client.mac, server.mac],
      ['ip', client.ip, server.ip],
      ['udp', client.ip, server.ip],
    ] as const) {
      expect(rows(seen, kind), kind).toMatchObject([
        { a, b, packetsAB: 2, packetsBA: 1, bytesAB: 52 + 1400, bytesBA: 72, first: START, last: START + 1.5 },
      ]);
      expect(rows(seen, kind)[0]!.lastAt).toEqual({ seconds: START + 1, nanos: 500_000_000 });
    }
    expect(rows(seen, 'udp')[0]).toMatchObject({ portA: 4000, portB: 9000, stream: 0, tcp: undefined });
    expect(rows(seen, 'ip')[0]).toMatchObject({ portA: undefined, stream: undefined });
    expect(seen.of('tcp').length + seen.of('ipv6').length).toBe(0);
    expect(seen.of('udp').version).toBe(3);
  });
  test('of IPv6 tell the same two hosts from others, either way', () => {
    const { seen, packets } = watcher();
    packets.at(0, datagram(client, server, [9000, 9000], 10, over6));
    packets.at(1, datagram(server, client, [9000, 9000], 10, over6));
    packets.at(2, datagram(client, remote, [9000, 9000], 10, over6));
    const expected = [
      { a: client.ip6, b: server.ip6, packetsAB: 1, packetsBA: 1 },
      { a: client.ip6, b: remote.ip6, packetsAB: 1, packetsBA: 0 },
    ];
    expect(rows(seen, 'ipv6')).toMatchObject(expected);
    expect(rows(seen, 'udp')).toMatchObject(expected);
  });
  test('inside a tunnel count for themselves', () => {
    const { seen, packets } = watcher();
    const inner = datagram(client, server, [4000, 9000]);
    packets.at(0, packet(...over4(left, right), udp(50_000, 4789), vxlan(7), inner));
    expect(rows(seen, 'eth').map(({ a }) => a)).toEqual([left.mac, client.mac]);
    expect(rows(seen, 'ip').map(({ b }) => b)).toEqual([right.ip, server.ip]);
    expect(rows(seen, 'udp').map(({ portB, stream }) => [portB, stream])).toEqual([
      [4789, 0],
      [9000, 1],
    ]);
    expect(new Set(rows(seen, 'ip').map(({ bytesAB }) => bytesAB)).size).toBe(1);
  });
  test('that an ICMP error quotes did not happen again', () => {
    const { seen, packets } = watcher();
    const refused = packet(ipv4(client.ip, server.ip), udp(4000, 9000), counting(10));
    packets.at(0, packet(...over4(server, client), icmp(3, 3, u32(0)), refused));
    expect(rows(seen, 'ip')).toMatchObject([{ a: server.ip, packetsAB: 1, packetsBA: 0 }]);
    expect(rows(seen, 'udp')).toEqual([]);
  });
  test('are two where a port is used again', () => {
    const { seen, packets } = watcher();
    for (const seq of [1000, 2000])
      packets.at(seq, packet(...over4(client, server), tcp(4000, 80, { flags: 'S', seq })));
    expect(rows(seen, 'tcp').map(({ stream }) => stream)).toEqual([0, 1]);
    expect(rows(seen, 'ip')).toMatchObject([{ packetsAB: 2 }]);
  });
  test('do not begin with headers that contradict themselves', () => {
    const { seen, packets } = watcher();
    const bytes = datagram(client, server, [4000, 9000]);
    bytes[14] = 0x42;
    packets.at(0, bytes);
    packets.at(1, datagram(client, server, [4000, 9000]).subarray(0, 30));
    expect(seen.of('eth').length).toBe(1);
    expect(seen.of('ip').length).toBe(0);
  });
});

describe('a table of conversations', () => {
  const between = (i: number) =>
    packet(eth(client.mac, server.mac), ipv4(`10.0.${i >> 8}.${i & 255}`, server.ip), udp(1000, 2000));
  test('forgets the one not seen for the longest time, and counts it', () => {
    const { seen, packets } = watcher(4);
    for (let i = 0; i < 4; i++) packets.at(i, between(i));
    packets.at(5, between(0));
    packets.at(6, between(9));
    const table = seen.of('ip');
    expect(rows(seen, 'ip').map(({ a }) => a)).toEqual(['10.0.0.0', '10.0.0.2', '10.0.0.3', '10.0.0.9']);
    expect(table.evicted).toBe(1);
    expect(seen.of('udp').evicted).toBe(1);
    // Back again it begins anew, in the row of another.
    packets.at(7, between(1));
    expect(rows(seen, 'ip').find(({ a }) => a === '10.0.0.1')).toMatchObject({ packetsAB: 1, id: 5 });
    expect(table.length).toBe(4);
  });
  test('stays true to a model whatever comes', () => {
    const most = 700;
    const { seen, packets } = watcher(most);
    // A map remembers the order in which its keys were set.
    const model = new Map<string, number>();
    let evicted = 0;
    for (let n = 0; n < 8000; n++) {
      // Few often, many now and then.
      const i = n % 3 === 0 ? n % 50 : (n * 7919) % 2000;
      packets.at(n, between(i));
      const key = `10.0.${i >> 8}.${i & 255}`;
      const count = model.get(key) ?? 0;
      model.delete(key);
      model.set(key, count + 1);
      if (model.size > most) {
        model.delete(model.keys().next().value!);
        evicted++;
      }
    }
    const table = seen.of('ip');
    expect(table.evicted).toBe(evicted);
    expect(new Map(rows(seen, 'ip').map(({ a, packetsAB }) => [a, packetsAB]))).toEqual(new Map([...model]));
  });
  test('gives the greatest of a column, of equal ones the lower row first', () => {
    const { seen, packets } = watcher();
    for (const [i, times] of [3, 9, 1, 9, 4].entries()) for (let n = 0; n < times; n++) packets.at(n, between(i));
    const table = seen.of('ip');
    expect(table.top(3, 'packets')).toEqual([1, 3, 4]);
    expect(table.top(2, 'packets', true)).toEqual([2, 0]);
    expect(table.top(2, 'bytes', false, (slot) => table.row(slot).a !== '10.0.0.1')).toEqual([3, 4]);
    expect(table.sorted('packetsAB')).toEqual([1, 3, 4, 0, 2]);
    expect(table.top(0, 'packets')).toEqual([]);
    // Rows without a value stand last, either way.
    expect(table.top(5, 'serverRtt', true)).toEqual([0, 1, 2, 3, 4]);
  });
  test('keeps the rates of rows that are watched, for a minute', () => {
    const { seen, packets } = watcher(3);
    const table = seen.of('ip');
    packets.at(0, between(0));
    packets.at(0, between(1));
    expect(table.rates(0, 'bytes', START)).toBeUndefined();
    table.watch([0]);
    const size = between(0).length;
    packets.at(1000, between(0));
    packets.at(1500, between(0));
    packets.at(4000, between(0));
    packets.at(4000, between(1));
    expect([...table.rates(0, 'packets', START + 5)!.slice(-6)]).toEqual([0, 2, 0, 0, 1, 0]);
    expect([...table.rates(0, 'bytes', START + 4)!.slice(-4)]).toEqual([2 * size, 0, 0, size]);
    // An older packet still counts.
    packets.at(66_000, between(0));
    packets.at(65_000, between(0));
    expect([...table.rates(0, 'packets', START + 66)!]).toEqual([...Array(58).fill(0), 1, 1]);
    expect([...table.rates(0, 'packets', START + 200)!]).toEqual(Array(60).fill(0));
    table.watch([0, 1]);
    expect(table.rates(0, 'packets', START + 66)![59]).toBe(1);
    // The row of another from now on.
    for (const i of [2, 1, 3]) packets.at(70_000, between(i));
    expect(table.row(0).a).toBe('10.0.0.3');
    expect(table.rates(0, 'packets', START + 66)).toBeUndefined();
    expect(table.rates(1, 'packets', START + 70)![59]).toBe(1);
  });
});

describe('half-open connections without end', () => {
  const syn = packet(...over4(client, server), tcp(1, 80, { flags: 'S', seq: 1 }));
  test('cost the same from first to last, and bounded memory', () => {
    const most = 1024;
    const { seen, packets } = watcher(most);
    const send = (from: number, count: number): number => {
      const before = process.cpuUsage().user;
      for (let i = from; i < from + count; i++) {
        new DataView(syn.buffer).setUint32(syn.byteOffset + 26, 0x0a00_0000 + i);
        packets.at(i / 1000, syn);
      }
      return process.cpuUsage().user - before;
    };
    const part = 6000;
    // The compiler is done by then, and every row in use.
    send(0, part);
    const held = process.memoryUsage().arrayBuffers;
    const first = send(part, part);
    for (let i = 2; i < 5; i++) send(i * part, part);
    let last = Number.POSITIVE_INFINITY;
    // An outlier is run again before it counts.
    for (let i = 5; i < 8; i++) last = Math.min(last, send(i * part, part));
    expect(seen.of('tcp').length).toBe(most);
    expect(seen.of('tcp').evicted).toBe(8 * part - most);
    expect(last / first).toBeLessThan(6);
    // Also of the table of streams, which knows its own bound.
    expect(process.memoryUsage().arrayBuffers - held).toBeLessThan(64 << 20);
  });
});
