import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { failingFixtures, fixtures } from '../../fixtures/all.ts';
import { openFile } from '../../src/capture/file.ts';
import type { CaptureSource } from '../../src/capture/source.ts';
import type { ToolError } from '../../src/error.ts';
import { FileStore } from '../../ui/model/file-store.ts';
import { LogStore } from '../../ui/model/log.ts';
import { openStore } from '../../ui/model/open-store.ts';
import type { FillingStore } from '../../ui/model/store.ts';
import { sourceContract } from '../contract/source.ts';
import { micros, type Packet, Pcapng, packet, pcap } from '../format/build.ts';
import { folder, readFile } from '../format/reading.ts';
import { project } from '../support/project.ts';
import { allOf, drained, filled, filledWith, listed, readThrough } from './made.ts';

const { path, remove } = folder();
afterAll(remove);

const KINDS: readonly [name: string, make: (source: CaptureSource) => FillingStore][] = [
  ['the index of a file', (source) => new FileStore(source, () => openFile(source.name))],
  ['the log', (source) => new LogStore(source)],
];
/** Enough for several segments, stretches and chunks, of many lengths. */
const MANY: Packet[] = Array.from({ length: 40_000 }, (_, i) =>
  packet({
    seconds: 1_700_000_000 + ((i * 7919) % 100_000),
    nanos: (i % 1000) * 1000,
    data: new Uint8Array(i % 5000 === 4999 ? 200_000 : (i * 31) % 120).fill(i),
    wire: 300_000,
  }),
);
const many = path('many.pcap');
writeFileSync(many, pcap(MANY));
const cut = path('cut.pcap');
writeFileSync(cut, pcap(MANY.slice(0, 30_000)).subarray(0, -1));

describe.each(KINDS)('%s', (_, make) => {
  const files = [...fixtures, ...failingFixtures.filter(({ path: name }) => /\.(pcap|pcapng|snoop)$/.test(name))];
  const readable = files.map(({ path: name }) => join(project, 'fixtures', name));
  test.each([...readable, many, cut].map((each) => [each.replace(`${project}/`, ''), each]))(
    '%s: the packets of the file',
    async (_, file) => {
      const { error, packets, ports, dropped } = await readFile(file);
      // Not a capture at all.
      if (error !== undefined && ports.length === 0 && packets.length === 0) return;
      await using source = await openFile(file);
      const wanted = await drained(source);
      await using made = await filledWith(file, make);
      const { store } = made;
      expect(allOf(store)).toEqual(wanted);
      expect(readThrough(store)).toEqual(wanted);
      expect(listed(store)).toEqual(
        packets.map((p) => [p.seconds, p.nanos, p.wire, p.data.length, p.port, p.direction].join(' ')),
      );
      expect([store.first, store.count, store.lost, store.ports]).toEqual([0, wanted.length, dropped, ports]);
      expect([store.state, store.progress, store.failure?.message]).toEqual(['complete', undefined, error?.message]);
    },
  );
  test('a packet that is not there is none', async () => {
    await using made = await filledWith(many, make);
    const { store } = made;
    for (const i of [-1, MANY.length, 2 ** 40, Number.NaN, 0.5].slice(0, 4)) {
      expect(store.batch(i)).toBeUndefined();
      expect(store.reader().from(i)).toBeUndefined();
    }
  });
  test('packets at random, forth and back', async () => {
    await using made = await filledWith(many, make);
    const { store } = made;
    for (let n = 0, i = 1; n < 2000; n++, i = (i * 7919 + 13) % MANY.length) {
      const { batch, row } = store.batch(i)!;
      expect(batch.captured[row]).toBe(MANY[i]!.data.length);
      expect(batch.bytes[batch.offset[row]!] ?? 0).toBe(
        MANY[i]!.data.length === 0 ? batch.bytes[batch.offset[row]!] : i & 0xff,
      );
      expect(store.seconds(i)).toBe(MANY[i]!.seconds);
    }
  });
  test('a file without packets', async () => {
    const empty = path('empty.pcap');
    writeFileSync(empty, pcap([]));
    await using made = await filledWith(empty, make);
    expect([made.store.count, made.store.state, made.store.failure]).toEqual([0, 'complete', undefined]);
    expect(made.store.batch(0)).toBeUndefined();
  });
  test('an interface that a file describes late', async () => {
    const file = path('late.pcapng');
    const first = packet({ seconds: 1000 });
    const late = packet({ seconds: 2000, port: 1 });
    writeFileSync(
      file,
      new Pcapng(true)
        .interface({ name: 'eth0' })
        .enhanced(0, micros(first), first)
        .interface({ name: 'eth1', linkType: 101 })
        .enhanced(1, micros(late), late)
        .done(),
    );
    await using made = await filledWith(file, make);
    const { store } = made;
    expect(store.ports.map(({ name, linkType }) => [name, linkType])).toEqual([
      ['eth0', 1],
      ['eth1', 101],
    ]);
    expect([store.port(0), store.port(1), store.seconds(1)]).toEqual([0, 1, 2000]);
  });
  test('a simple packet block has no options, whatever stands before it', async () => {
    const file = path('simple.pcapng');
    // Its last bytes, the length of its block and the simple block's header look like a block of 64 bytes with options.
    const before = packet({ data: Uint8Array.of(1, 2, 3, 4, 6, 0, 0, 0, 64, 0, 0, 0, 0, 0, 0, 0) });
    const simple = packet({ data: new Uint8Array(8) });
    writeFileSync(file, new Pcapng(true).interface().enhanced(0, 0n, before).simple(simple).simple(simple).done());
    await using made = await filledWith(file, make);
    const { batch, row } = made.store.batch(1)!;
    expect(batch.captured[row]).toBe(8);
    expect(batch.options?.(row)).toBeUndefined();
  });
  test('times that no 32 bits hold, far from each other', async () => {
    const file = path('times.pcapng');
    const times = [0, 2 ** 33, 5, 2 ** 40, 1_700_000_000].map((seconds) => packet({ seconds }));
    const made = new Pcapng(true).interface({ resolution: 0 });
    for (const each of times) made.enhanced(0, BigInt(each.seconds), each);
    writeFileSync(file, made.done());
    await using opened = await filledWith(file, make);
    expect(times.map((_, i) => opened.store.seconds(i))).toEqual(times.map(({ seconds }) => seconds));
    expect(allOf(opened.store).map((told) => Number(told.split(' ')[0]))).toEqual(times.map(({ seconds }) => seconds));
  });
});

describe('opening', () => {
  test('a file that can be read anywhere is not copied; what is compressed is', async () => {
    const packed = path('many.gz');
    writeFileSync(packed, gzipSync(readFileSync(many)));
    await using plain = await filled(many);
    await using compressed = await filled(packed);
    expect(plain.store).toBeInstanceOf(FileStore);
    expect(compressed.store).toBeInstanceOf(LogStore);
    expect(allOf(compressed.store)).toEqual(allOf(plain.store));
  });
  test('it tells how far it is, and has its first packets before it is done', async () => {
    const { source, store } = await openStore(many);
    await using _ = store;
    const seen: number[] = [];
    for await (const batch of source.batches()) {
      store.append(batch);
      seen.push(store.progress!);
      expect(store.state).toBe('filling');
      batch.release();
    }
    expect(store.count).toBe(MANY.length);
    expect(seen[0]).toBeLessThan(0.6);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  });
  test('a file that somebody made shorter has lost its end, and nothing else happens', async () => {
    const file = path('shorter.pcap');
    writeFileSync(file, pcap(MANY.slice(0, 1000)));
    await using made = await filled(file);
    truncateSync(file, 20_000);
    expect(made.store.batch(0)).toBeDefined();
    expect(made.store.batch(999)).toBeUndefined();
    expect(made.store.reader().from(999)).toBeUndefined();
  });
  test('when it is closed, its packets are gone', async () => {
    const made = await filled(many);
    await made.store[Symbol.asyncDispose]();
    expect(made.store.batch(1)).toBeUndefined();
    expect(made.store.reader().from(1)).toBeUndefined();
    expect(made.store.seconds(0)).toBe(MANY[0]!.seconds);
  });
  test('what is no capture is refused', async () => {
    writeFileSync(path('text'), 'no capture at all, but a text');
    await expect(openStore(path('text'))).rejects.toThrow(/text/);
    await expect(openStore(path('nothing'))).rejects.toSatisfy((e: ToolError) => e.code === 'no-such-file');
  });
});

const expected = MANY.map(({ seconds, nanos, wire, data }) => ({ seconds, nanos, wire, data }));
sourceContract('a log as a source', {
  open: async () => {
    const { store } = await filledWith(many, (source) => new LogStore(source, { memory: 4 << 20 }));
    return store.source();
  },
  packets: expected,
});
sourceContract('an index as a source', {
  open: async () => (await filledWith(many, KINDS[0]![1])).store.source(),
  packets: expected,
});
