import { writeFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { openFile } from '../../src/capture/file.ts';
import { merge } from '../../src/capture/merge.ts';
import type { CaptureSource } from '../../src/capture/source.ts';
import { tee } from '../../src/capture/tee.ts';
import { sourceContract } from '../contract/source.ts';
import { type Packet, packet, pcap } from '../format/build.ts';
import { drain, folder } from '../format/reading.ts';

const { path, remove } = folder();
afterAll(remove);

const ALL: Packet[] = Array.from({ length: 30_000 }, (_, i) =>
  packet({
    seconds: 1_700_000_000 + Math.floor(i / 7),
    nanos: (i % 7) * 1_000_000,
    data: Uint8Array.of(i, i >> 8, i >> 16, 7, ...new Uint8Array(i % 90)),
    wire: 100,
  }),
);
/** Each packet is in one of three files, in runs of different lengths. */
const partOf = (i: number): number => (i % 11 < 3 ? 0 : i % 1000 < 400 ? 1 : 2);
const files = [0, 1, 2].map((part) => {
  const file = path(`part${part}`);
  writeFileSync(file, pcap(ALL.filter((_, i) => partOf(i) === part)));
  return file;
});
const packets = ALL.map(({ seconds, nanos, wire, data }) => ({ seconds, nanos, wire, data }));
const opened = async (some = files): Promise<CaptureSource> =>
  merge(await Promise.all(some.map((each) => openFile(each))));

sourceContract('merge', { open: () => opened(), packets });
sourceContract('merge of nothing', { open: async () => merge([]), packets: [] });

describe('merge', () => {
  test('a damaged source does not keep the others from their end', async () => {
    const cut = path('cut');
    writeFileSync(cut, pcap(ALL.filter((_, i) => partOf(i) === 0)).subarray(0, -1));
    await using source = await opened([cut, files[1]!, files[2]!]);
    const { packets: found, error } = await drain(source);
    expect([found.length, error?.code]).toEqual([ALL.length - 1, 'damaged-file']);
  });
  test('packets tell which source they came from', async () => {
    await using source = await opened();
    const { packets: found, ports } = await drain(source);
    expect(ports).toHaveLength(3);
    expect(found.map(({ port }) => port)).toEqual(ALL.map((_, i) => partOf(i)));
  });
  test('packets longer than all the room come through', async () => {
    const long = packet({ data: new Uint8Array(200_000).fill(5), wire: 200_000 });
    writeFileSync(path('long'), pcap([long, packet({}), long]));
    await using source = await opened([path('long'), path('long')]);
    expect((await drain(source)).packets.map(({ data }) => data.length)).toHaveLength(6);
  });
});

/** One branch of a tee, while the others are read to their end beside it. */
async function branch(): Promise<CaptureSource> {
  const [first, ...others] = tee(await openFile(files[2]!), 3);
  for (const other of others) void drain(other).finally(() => other[Symbol.asyncDispose]());
  return first!;
}
const third = packets.filter((_, i) => partOf(i) === 2);
sourceContract('tee', { open: branch, packets: third });

describe('tee', () => {
  test('each branch gets everything', async () => {
    const branches = tee(await openFile(files[0]!), 3);
    const found = await Promise.all(branches.map(drain));
    const wanted = packets.filter((_, i) => partOf(i) === 0).length;
    expect(found.map((each) => each.packets.length)).toEqual([wanted, wanted, wanted]);
    for (const each of branches) await each[Symbol.asyncDispose]();
  });
  test('a failure reaches every branch, behind the packets before it', async () => {
    writeFileSync(path('cut'), pcap(ALL.slice(0, 100)).subarray(0, -1));
    const found = await Promise.all(tee(await openFile(path('cut'))).map(drain));
    for (const { packets: some, error } of found) expect([some.length, error?.code]).toEqual([99, 'damaged-file']);
  });
  test('a branch that is left or never read, but closed, holds up nobody', async () => {
    const [left, closed, read] = tee(await openFile(files[1]!), 3);
    await closed![Symbol.asyncDispose]();
    const all = drain(read!);
    for await (const batch of left!.batches()) {
      batch.release();
      break;
    }
    expect((await all).packets.length).toBe(packets.filter((_, i) => partOf(i) === 1).length);
  });
});
