import { describe, expect, test } from 'vitest';
import { protocols } from '../../dissectors/index.ts';
import { counting } from '../../fixtures/build/bytes.ts';
import { client, over4, server } from '../../fixtures/build/hosts.ts';
import { packet } from '../../fixtures/build/layer.ts';
import { udp } from '../../fixtures/build/transport.ts';
import { Registry } from '../../src/dissect/registry.ts';
import { TimeBuckets } from '../../src/flow/time-buckets.ts';
import { Traffic } from '../../src/flow/traffic.ts';
import { START, Timed } from '../support/timed.ts';

describe('buckets that grow wider', () => {
  const count = 8;
  test('hold what came, whenever it came', () => {
    const seconds = [100, 103, 103, 101, 107, 90, 1000, 5, 1_000_000, 1001];
    const buckets = new TimeBuckets(count, 'widen');
    for (const [i, second] of seconds.entries()) {
      buckets.add(0, second, 10 + i);
      const { from, width, packets, bytes } = buckets.read(0);
      expect(packets.length, String(second)).toBeLessThanOrEqual(count);
      // As a model counts those so far, in buckets of this width.
      const expected = packets.map(() => 0);
      const sums = packets.map(() => 0);
      for (const [k, past] of seconds.slice(0, i + 1).entries()) {
        expected[Math.floor((past - from) / width)]! += 1;
        sums[Math.floor((past - from) / width)]! += 10 + k;
      }
      expect([...packets], String(second)).toEqual([...expected]);
      expect([...bytes], String(second)).toEqual([...sums]);
    }
  });
  test('are no wider than they must be', () => {
    const buckets = new TimeBuckets(count, 'widen');
    buckets.add(0, 64, 1);
    buckets.add(0, 71, 1);
    expect(buckets.read(0)).toMatchObject({ from: 64, width: 1 });
    buckets.add(0, 72, 1);
    expect(buckets.read(0)).toMatchObject({ from: 64, width: 2 });
    expect(buckets.read(0).packets).toEqual(Float64Array.of(1, 0, 0, 1, 1));
  });
});

describe('buckets that slide', () => {
  const count = 5;
  const packetsOf = (buckets: TimeBuckets, now: number) => [...buckets.read(0, now).packets];
  test('forget what is older, and show silence', () => {
    const buckets = new TimeBuckets(count, 'slide');
    for (const second of [10, 10, 12]) buckets.add(0, second, 1);
    expect(buckets.read(0, 12)).toMatchObject({ from: 8, width: 1 });
    expect(packetsOf(buckets, 12)).toEqual([0, 0, 2, 0, 1]);
    expect(packetsOf(buckets, 14)).toEqual([2, 0, 1, 0, 0]);
    buckets.add(0, 15, 1);
    expect(packetsOf(buckets, 15)).toEqual([0, 1, 0, 0, 1]);
    // Late, but not too late.
    buckets.add(0, 11, 1);
    expect(packetsOf(buckets, 15)).toEqual([1, 1, 0, 0, 1]);
    buckets.add(0, 400, 1);
    expect(packetsOf(buckets, 400)).toEqual([0, 0, 0, 0, 1]);
    expect(packetsOf(buckets, 500)).toEqual([0, 0, 0, 0, 0]);
  });
  test('begin anew when the clock was set back', () => {
    const buckets = new TimeBuckets(count, 'slide');
    for (const second of [100, 101]) buckets.add(0, second, 1);
    for (const second of [50, 51, 52]) buckets.add(0, second, 1);
    expect(packetsOf(buckets, 52)).toEqual([0, 0, 1, 1, 1]);
    buckets.add(0, 101, 1);
    expect(packetsOf(buckets, 101)).toEqual([0, 0, 0, 0, 1]);
  });
});

describe('traffic', () => {
  const bytes = packet(...over4(client, server), udp(1, 2), counting(10));
  const watch = (traffic: Traffic) => new Timed(new Registry(protocols), (frame) => traffic.see(frame));
  test('is counted in all and by port, on one axis', () => {
    const traffic = new Traffic('latest', 4);
    const packets = watch(traffic);
    packets.at(0, bytes);
    packets.at(2100, bytes, { port: 3, wire: 1000 });
    packets.at(2900, bytes, { port: 3 });
    const now = START + 3;
    expect(traffic.series(undefined, now)).toEqual({
      from: START,
      width: 1,
      packets: Float64Array.of(1, 0, 2, 0),
      bytes: Float64Array.of(bytes.length, 0, 1000 + bytes.length, 0),
    });
    expect([...traffic.series(0, now).packets]).toEqual([1, 0, 0, 0]);
    expect([...traffic.series(3, now).packets]).toEqual([0, 0, 2, 0]);
    expect([...traffic.series(7, now).packets]).toEqual([0, 0, 0, 0]);
    expect(traffic.ports).toEqual([0, 3]);
    expect([traffic.packets, traffic.bytes]).toEqual([3, 1000 + 2 * bytes.length]);
  });
  test('of days fits into as many buckets', () => {
    const traffic = new Traffic('whole');
    const packets = watch(traffic);
    for (let hour = 0; hour < 72; hour++) packets.at(hour * 3_600_000, bytes, { port: hour % 2 });
    const { packets: sums, width } = traffic.series();
    expect(sums.length).toBeLessThanOrEqual(300);
    expect(sums.length).toBeGreaterThan(100);
    expect(sums.length * width).toBeGreaterThan(71 * 3600);
    expect(sums.reduce((sum, n) => sum + n, 0)).toBe(72);
    expect(traffic.series(1).packets.length).toBe(sums.length);
  });
  test('of more ports than anybody looks at counts in all', () => {
    const traffic = new Traffic('latest');
    const packets = watch(traffic);
    for (let port = 0; port < 1000; port++) packets.at(port, bytes, { port });
    expect(traffic.ports.length).toBe(256);
    expect(traffic.packets).toBe(1000);
    expect([...traffic.series(999, START).packets].every((n) => n === 0)).toBe(true);
  });
});
