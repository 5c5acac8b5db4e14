import { describe, expect, test } from 'vitest';
import { Drops } from '../../src/trace/packets/drops.ts';
import { Sighting } from '../../src/trace/packets/sighting.ts';
import type { KernelEvent } from '../../src/trace/packets/tracepoints.ts';

const IP = 0x0800;
const LENGTH = 60;
/** A packet that a ring has; its journey's branch has this number, or 0 if nobody asked for it. */
function sighting(at: number, skb: number, name = 'b0', hook: 'receive' | 'transmit' = 'receive'): Sighting {
  const bytes = new Uint8Array(LENGTH);
  new DataView(bytes.buffer).setUint16(12, IP);
  const where = { at, hook, netns: 1, device: 2, name };
  const made = new Sighting({ ...where, bytes, hasLinkHeader: true, tag: undefined, length: LENGTH, matched: true });
  made.skb = skb;
  return made;
}
const receive = (at: number, skb: bigint, name = 'b0'): KernelEvent => ({
  kind: 'receive',
  at,
  skb,
  name,
  length: LENGTH - 14,
});
const transmit = (at: number, skb: bigint, name: string): KernelEvent => ({
  kind: 'transmit',
  at,
  skb,
  name,
  length: LENGTH,
});
const drop = (at: number, skb: bigint, protocol = IP): KernelEvent => ({
  kind: 'drop',
  at,
  skb,
  reason: 'IP_RPFILTER',
  place: 5n,
  protocol,
});
const reasonsOf = (drops: Drops, ...seen: Sighting[]) => seen.map(({ skb, at }) => drops.of(skb, at)?.reason);
const made = () => new Drops(() => ({ symbol: (place) => `f${place}` }));

describe('drops that the tracepoints tell', () => {
  test('are of the packet that was seen there just before', () => {
    const drops = made();
    const packet = sighting(100_000, 7);
    drops.meet([receive(105_000, 1n), drop(110_000, 1n)], [packet, sighting(100_000, 8, 'c0')]);
    expect(drops.of(7, 100_000)).toMatchObject({ reason: 'IP_RPFILTER', symbol: 'f5', meaning: expect.any(String) });
    expect(drops.of(8, 100_000)).toBeUndefined();
    // It went on since: that is another place.
    expect(drops.of(7, 200_000)).toBeUndefined();
  });
  test('no guess where two may be meant', () => {
    const drops = made();
    const two = [sighting(100_000, 7), sighting(101_000, 8)];
    drops.meet([receive(105_000, 1n), receive(106_000, 2n), drop(110_000, 1n), drop(111_000, 2n)], two);
    expect(reasonsOf(drops, ...two)).toEqual([undefined, undefined]);
  });
  test('one after the other each is known, also by an address that it had before', () => {
    const drops = made();
    const first = sighting(100_000, 7, 'a0', 'transmit');
    const second = sighting(106_000, 8, 'a0', 'transmit');
    drops.meet([transmit(105_000, 1n, 'a0'), transmit(107_000, 2n, 'a0'), drop(108_000, 2n)], [first, second]);
    expect(reasonsOf(drops, first, second)).toEqual([undefined, 'IP_RPFILTER']);
    const sent = [sighting(200_000, 9, 'a0', 'transmit'), sighting(210_000, 10, 'a0', 'transmit')];
    const came = [sighting(220_000, 9), sighting(221_000, 10)];
    const onTheWay = [
      transmit(201_000, 3n, 'a0'),
      transmit(211_000, 4n, 'a0'),
      receive(230_000, 3n),
      receive(231_000, 4n),
    ];
    drops.meet([...onTheWay, drop(240_000, 4n)], [...sent, ...came]);
    expect(reasonsOf(drops, ...came)).toEqual([undefined, 'IP_RPFILTER']);
  });
  test('an address says nothing any more when its packet was freed, seen elsewhere, or is of another protocol', () => {
    const drops = made();
    const packets = [1, 2, 3].map((i) => sighting(i * 5_000_000, i));
    const events = packets.map(({ at, skb }) => receive(at + 1000, BigInt(skb)));
    drops.meet([events[0]!, { kind: 'consume', at: 5_002_000, skb: 1n }, drop(5_003_000, 1n)], [packets[0]!]);
    drops.meet([events[1]!, receive(10_002_000, 2n, 'unseen'), drop(10_003_000, 2n)], [packets[1]!]);
    drops.meet([events[2]!, drop(15_003_000, 3n, 0x86dd)], [packets[2]!]);
    expect(reasonsOf(drops, ...packets)).toEqual([undefined, undefined, undefined]);
  });
  test('nor when records were lost, or its sighting is of long ago', () => {
    const drops = made();
    const packets = [sighting(5_000_000, 1), sighting(20_000_000, 2)];
    drops.meet([receive(5_001_000, 1n)], [packets[0]!]);
    drops.lose();
    drops.meet([drop(5_003_000, 1n), receive(22_000_000, 2n), drop(22_001_000, 2n)], [packets[1]!]);
    expect(reasonsOf(drops, ...packets)).toEqual([undefined, undefined]);
  });
});
