import { expect, test } from 'vitest';
import { eachInOrder } from '../../src/trace/hooks.ts';
import { AT, clockOf, DeviceNames, HOOKS, Record } from '../../src/trace/record.ts';

const START = 5_000_000_000n;
/** A record begins with what every event has. */
const PART = AT.hook - 4;
const SIZE = AT.bytes - PART + 8;

/** Events of the kernel, one record after the other: where each begins. */
function recordsOf(events: readonly { at: number; skb: number; name: string; bytes?: number[] }[]) {
  const memory = new Uint8Array(events.length * SIZE);
  const view = new DataView(memory.buffer);
  const places = events.map(({ at, skb, name, bytes = [] }, i) => {
    const from = i * SIZE - PART;
    view.setUint32(i * SIZE, PART, true);
    view.setUint16(from + AT.hook, HOOKS.indexOf('receive'), true);
    view.setBigUint64(from + AT.at, START + BigInt(at), true);
    view.setBigUint64(from + AT.skb, 0xffff_8880_0000_0000n + BigInt(skb), true);
    view.setUint16(from + AT.captured, bytes.length, true);
    memory.set(Buffer.from(name), from + AT.name);
    memory.set(bytes, from + AT.bytes);
    return i * SIZE;
  });
  return { record: new Record(memory, clockOf(START), new DeviceNames()), places };
}

test('events are visited in the order of their times, those of one time as they were told', () => {
  const { record, places } = recordsOf([
    { at: 30, skb: 1, name: 'a0' },
    { at: 10, skb: 2, name: 'b0' },
    { at: 30, skb: 3, name: 'a0' },
    { at: 20, skb: 4, name: 'bridge-of-a' },
  ]);
  const seen: unknown[] = [];
  eachInOrder(record, places, ({ at, skb, name }) => seen.push([at, skb - 0x8880_0000_0000, name]));
  expect(seen).toEqual([
    [10, 2, 'b0'],
    [20, 4, 'bridge-of-a'],
    [30, 1, 'a0'],
    [30, 3, 'a0'],
  ]);
});
test('the bytes of an event stay when the next one is visited', () => {
  const { record, places } = recordsOf([
    { at: 1, skb: 1, name: 'a', bytes: [1, 2, 3] },
    { at: 2, skb: 2, name: 'a', bytes: [4, 5] },
  ]);
  const kept: Uint8Array[] = [];
  eachInOrder(record, places, ({ bytes }) => kept.push(bytes));
  expect(kept.map((each) => [...each])).toEqual([
    [1, 2, 3],
    [4, 5],
  ]);
});
