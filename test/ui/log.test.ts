import { readdirSync, readlinkSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { LogStore } from '../../ui/model/log.ts';
import { SEGMENT_BYTES, type Segment } from '../../ui/model/segment.ts';
import { NoSource, numbered, numberOf } from './made.ts';

const MIB = 1 << 20;
const BATCH = 1000;
const LENGTH = 1000;

/** Appends so many MiB, giving the disk its turns. */
async function appendTo(store: LogStore, mebibytes: number): Promise<void> {
  for (let n = 0; n < (mebibytes * MIB) / (BATCH * LENGTH); n++) {
    store.append(numbered(store.count, BATCH, LENGTH));
    await setImmediate();
  }
}
/** The disk has done what was asked of it. */
async function settled(): Promise<void> {
  for (let n = 0; n < 50; n++) await new Promise((resolve) => setTimeout(resolve, 5));
}
/** The packets that are not what they were. */
function wrong(store: LogStore): number[] {
  const found: number[] = [];
  const every = Math.max(1, Math.floor((store.count - store.first) / 3000));
  for (let i = store.first; i < store.count; i += every) {
    const place = store.batch(i);
    const sound = place !== undefined && numberOf(place) === i && place.batch.wire[place.row] === LENGTH + 1;
    if (!sound || store.seconds(i) !== 1_700_000_000 + Math.floor(i / 1000)) found.push(i);
  }
  return found;
}
/** Bytes of the segments that are in memory. Those that were read back have no room left. */
function inMemory(store: LogStore): number {
  const found = new Set<Segment>();
  for (let i = store.first; i < store.count; i += 100) found.add(store.batch(i)!.batch as Segment);
  return [...found].reduce((sum, each) => sum + (each.bytes.length === SEGMENT_BYTES ? each.size : 0), 0);
}

describe('a log with bounds', () => {
  test('what memory does not hold goes to the disk, and is there when it is looked at', async () => {
    await using store = new LogStore(new NoSource(), { memory: 8 * MIB, disk: 200 * MIB });
    await appendTo(store, 60);
    await settled();
    expect(store.first).toBe(0);
    expect(store.memoryUsed).toBeLessThanOrEqual(8 * MIB);
    expect(wrong(store)).toEqual([]);
    // From the end, and to and fro: segments are read back more than once.
    for (let i = store.count - 1; i >= 0; i -= 997) expect(numberOf(store.batch(i)!)).toBe(i);
    for (let n = 0; n < 300; n++)
      expect(numberOf(store.batch((n * 7919) % store.count)!)).toBe((n * 7919) % store.count);
  });
  test('what the disk does not hold either goes, the oldest first, and is counted', async () => {
    await using store = new LogStore(new NoSource(), { memory: 8 * MIB, disk: 16 * MIB });
    await appendTo(store, 80);
    await settled();
    expect(store.count).toBe(84_000);
    const kept = ((store.count - store.first) * LENGTH) / MIB;
    expect(kept).toBeGreaterThan(16);
    expect(kept).toBeLessThan(26);
    expect(store.batch(store.first - 1)).toBeUndefined();
    expect(wrong(store)).toEqual([]);
  });
  test('without a disk only memory counts', async () => {
    await using store = new LogStore(new NoSource(), { memory: 8 * MIB, disk: 0 });
    await appendTo(store, 40);
    expect(store.memoryUsed).toBeLessThanOrEqual(8 * MIB);
    expect(store.first).toBeGreaterThan(20_000);
    expect(wrong(store)).toEqual([]);
  });
  test('a disk that never answers in time does not let memory grow without end', async () => {
    await using store = new LogStore(new NoSource(), { memory: 8 * MIB, disk: 200 * MIB });
    // No turn of the event loop: no write is ever done.
    for (let n = 0; n < 150; n++) {
      store.append(numbered(store.count, BATCH, LENGTH));
      expect(store.memoryUsed).toBeLessThan(80 * MIB);
    }
    expect(store.first).toBeGreaterThan(0);
    await settled();
    await appendTo(store, 20);
    await settled();
    expect(store.memoryUsed).toBeLessThanOrEqual(8 * MIB);
    expect(store.memoryUsed).toBeGreaterThan(4 * MIB);
    expect(wrong(store)).toEqual([]);
  });
  test('what goes while it is being written leaves its place on the disk to others', async () => {
    await using store = new LogStore(new NoSource(), { memory: 8 * MIB, disk: 16 * MIB });
    for (let round = 0; round < 4; round++) {
      for (let n = 0; n < 90; n++) store.append(numbered(store.count, BATCH, LENGTH));
      await settled();
    }
    await appendTo(store, 40);
    await settled();
    const kept = ((store.count - store.first) * LENGTH) / MIB;
    expect(kept).toBeGreaterThan(16);
    expect(kept).toBeLessThan(26);
    expect(wrong(store)).toEqual([]);
    expect(store.memoryUsed).toBe(inMemory(store));
  });
  test('memory stays flat however long it goes on', async () => {
    await using store = new LogStore(new NoSource(), { memory: 16 * MIB, disk: 32 * MIB });
    await appendTo(store, 100);
    const before = process.memoryUsage().rss;
    await appendTo(store, 400);
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * MIB);
    expect(store.count - store.first).toBeLessThan(60_000);
  });
  test('memory is used again, but not what somebody goes through', async () => {
    await using store = new LogStore(new NoSource(), { memory: 8 * MIB, disk: 200 * MIB });
    await appendTo(store, 1);
    const held = store.reader().from(0)!;
    const used = new Set<ArrayBufferLike>();
    for (let n = 0; n < 60; n++) {
      await appendTo(store, 1);
      used.add(store.batch(store.count - 1)!.batch.bytes.buffer);
      while (store.memoryUsed > 8 * MIB) await setImmediate();
    }
    expect(used.size).toBeLessThan(12);
    expect(numberOf(held)).toBe(0);
    expect(numberOf({ ...held, row: 999 })).toBe(999);
    expect(wrong(store)).toEqual([]);
  });
  test('a packet longer than a segment is kept', async () => {
    await using store = new LogStore(new NoSource(), { memory: 8 * MIB, disk: 200 * MIB });
    store.append(numbered(0, 10, 100));
    store.append(numbered(10, 1, 5 * MIB));
    store.append(numbered(11, 10, 100));
    for (let i = 0; i < 21; i++) expect(numberOf(store.batch(i)!)).toBe(i);
    expect(store.captured(10)).toBe(5 * MIB);
  });
  test('its version tells of what came and what went; it is live until it ends', async () => {
    await using store = new LogStore(new NoSource());
    const { version } = store;
    expect([store.state, store.lost, store.progress]).toEqual(['live', 7, undefined]);
    store.append(numbered(0, 1, 4));
    expect(store.version).not.toBe(version);
    store.end();
    expect(store.state).toBe('ended');
  });
  test('its file has no name, and goes with it', async () => {
    await settled();
    const store = new LogStore(new NoSource(), { memory: 4 * MIB, disk: 200 * MIB });
    await appendTo(store, 10);
    expect(spilled()).toHaveLength(1);
    expect(spilled()[0]).toMatch(/\(deleted\)$/);
    await store[Symbol.asyncDispose]();
    await settled();
    expect(spilled()).toEqual([]);
  });
});
/** Files that are open for packets. */
function spilled(): string[] {
  const names = readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)];
    } catch {
      return [];
    }
  });
  return names.filter((name) => name.includes('/packets'));
}
