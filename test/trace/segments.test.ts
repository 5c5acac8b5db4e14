import { describe, expect, test } from 'vitest';
import { conclude } from '../../src/trace/conclude.ts';
import type { HookEvent } from '../../src/trace/event.ts';
import { Joiner } from '../../src/trace/joiner.ts';
import type { LocalAddresses } from '../../src/trace/local-addresses.ts';
import { Sighting } from '../../src/trace/packets/sighting.ts';
import { FLAG, type HookName } from '../../src/trace/record.ts';

const nowhere = { has: () => false } as unknown as LocalAddresses;
const names = { symbol: () => 'validate_xmit_skb', reason: String };
/** A packet of TCP from 10.0.0.1:1000 to 10.0.0.2:80. */
function segment(id: number, sequence: number, data: number): Uint8Array {
  const bytes = new Uint8Array(54);
  const view = new DataView(bytes.buffer);
  view.setUint16(12, 0x0800);
  bytes.set([0x45, 0, 0, 0, 0, 0, 0x40, 0, 64, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2], 14);
  view.setUint16(16, 40 + data);
  view.setUint16(18, id);
  view.setUint16(34, 1000);
  view.setUint16(36, 80);
  view.setUint32(38, sequence);
  bytes.set([0x50, 0x10], 46);
  return bytes;
}
let time = 0;
function event(hook: HookName, device: string, skb: number, bytes: Uint8Array, segments = 1): HookEvent {
  const length = new DataView(bytes.buffer).getUint16(16) + 14;
  const where = { at: ++time, hook, netns: device.startsWith('a') ? 1 : 2, device: 2, name: device };
  const seen = new Sighting({ ...where, bytes, hasLinkHeader: true, tag: undefined, length, matched: true });
  return Object.assign(seen, { skb, head: skb + 1000, segments, flags: FLAG.matched });
}
function journeysOf(events: readonly HookEvent[]) {
  const joiner = new Joiner(
    names,
    () => 0,
    nowhere,
    () => time,
  );
  for (const each of events) joiner.add(each);
  const around = { lost: 0, sockets: joiner.sockets, addresses: nowhere };
  return joiner.finished(1e12, true).map((path) => conclude(path, around));
}

describe('segments', () => {
  test('of different senders are joined into the packet of the first, and say so', () => {
    const parts = [0, 1, 2].map((i) => segment(10 + i, 0xffff_ff00 + i * 200, 200));
    const sent = parts.map((bytes, i) => event('transmit', 'a0', i + 1, bytes));
    // They come in another order than they were sent.
    const come = [1, 0, 2].map((i) => event('gro', 'b0', i + 1, parts[i]!));
    const journeys = journeysOf([...sent, ...come, event('receive', 'b0', 1, segment(10, 0xffff_ff00, 600), 3)]);
    expect(journeys.length).toBe(3);
    const [first, second, third] = journeys;
    expect(first!.steps.at(-1)).toMatchObject({ hook: 'receive', note: 'joined into a packet of 3 segments' });
    expect(second!.ending).toMatchObject({ outcome: 'consumed', where: { device: 'b0' } });
    expect(second!.ending.meaning).toMatch(/^joined into the packet of #1: bytes 201 to 400 of 600/);
    // The sequence number has gone round.
    expect(third!.ending.meaning).toMatch(/bytes 401 to 600 of 600, sequence 144$/);
  });
  test('that come alone are left alone', () => {
    const [one, other] = [segment(10, 100, 200), segment(11, 300, 200)];
    const events = [one, other].flatMap((bytes, i) => [
      event('transmit', 'a0', i + 1, bytes),
      event('gro', 'b0', i + 1, bytes),
      event('receive', 'b0', i + 1, bytes),
    ]);
    expect(journeysOf(events).map(({ steps }) => steps.map(({ note }) => note))).toEqual([
      [undefined, undefined],
      [undefined, undefined],
    ]);
  });
  test('of a packet that was cut are its copies; the same data sent once more is not', () => {
    const whole = segment(10, 100, 400);
    const events = [
      event('queue', 'a0', 1, whole, 2),
      event('consume', 'a0', 1, whole, 2),
      event('transmit', 'a0', 2, segment(10, 100, 200)),
      event('transmit', 'a0', 3, segment(11, 300, 200)),
      event('queue', 'a0', 4, segment(12, 100, 200)),
      event('transmit', 'a1', 5, segment(13, 300, 200)),
    ];
    const [cut, ...others] = journeysOf(events);
    expect(cut!.steps.map(({ copy, note }) => [copy, note])).toEqual([
      [0, 'split into 2 segments'],
      [1, 'segment: bytes 1 to 200 of 400, sequence 100'],
      [2, 'segment: bytes 201 to 400 of 400, sequence 300'],
    ]);
    expect(others.length).toBe(2);
  });
});
