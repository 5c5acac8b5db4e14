import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { protocols } from '../../dissectors/index.ts';
import type { CaptureSource } from '../../src/capture/source.ts';
import { Registry } from '../../src/dissect/registry.ts';
import { TcpdumpNames } from '../../src/format/file-names.ts';
import type { FrameBatch } from '../../src/frame/batch.ts';
import { Rows } from '../../src/frame/rows.ts';
import { run } from '../../src/session.ts';
import { CopySink } from '../../src/sink/copy.ts';
import type { Limits } from '../../src/sink/rotation.ts';
import { readFile } from '../format/reading.ts';
import { withFolder } from '../support/run.ts';

const registry = new Registry(protocols);
const LENGTH = 84;
/** In a pcap file. */
const RECORD = 16 + LENGTH;

/** A capture of packets at these seconds, so many in a batch. */
function captureAt(seconds: readonly number[], together = 3): CaptureSource {
  const port = { name: 'veth0', linkType: 1, snaplen: 262_144, nanos: true };
  async function* batches(): AsyncGenerator<FrameBatch> {
    for (let from = 0; from < seconds.length; from += together) {
      const some = seconds.slice(from, from + together);
      const rows = new Rows(some.length);
      const bytes = new Uint8Array(LENGTH * some.length);
      rows.over(bytes, new DataView(bytes.buffer));
      for (const [i, second] of some.entries()) {
        bytes.fill(from + i, i * LENGTH, (i + 1) * LENGTH);
        rows.offset[i] = i * LENGTH;
        rows.captured[i] = LENGTH;
        rows.wire[i] = LENGTH;
        rows.seconds[i] = second;
        rows.count++;
      }
      yield rows;
    }
  }
  return {
    name: 'veth0',
    format: 'live',
    ports: [port],
    size: undefined,
    position: 0,
    batches,
    counts: () => ({ captured: 0, dropped: 0 }),
    [Symbol.asyncDispose]: async () => {},
  };
}
const pattern = (text: string, seconds: number) => text.replace('%s', String(seconds));

describe('one file after the other', () => {
  async function written(seconds: readonly number[], limits: Limits, name = 'trace.pcap', files?: number) {
    return withFolder(async (folder) => {
      const path = join(folder, name);
      const timed = limits.seconds !== undefined;
      const numbered = limits.bytes !== undefined || limits.packets !== undefined;
      const names = new TcpdumpNames(path, { numbered, pattern: timed ? pattern : undefined, files, force: false });
      const finished: string[] = [];
      const notices: string[] = [];
      const sink = new CopySink({
        path,
        format: 'pcap',
        force: false,
        rotation: { names, limits },
        finished: (each) => finished.push(each.slice(folder.length + 1)),
        notice: (text) => notices.push(text.replaceAll(`${folder}/`, '')),
      });
      const { packets } = await run({ source: captureAt(seconds), registry, sinks: [sink] });
      const contents: Record<string, number[]> = {};
      for (const each of readdirSync(folder).sort())
        contents[each] = (await readFile(join(folder, each))).packets.map(({ data }) => data[0]!);
      return { contents, finished, notices, packets };
    });
  }
  const same = Array.from({ length: 10 }, () => 5);

  test('by size: a file takes packets until it is longer than that', async () => {
    const { contents, finished, packets } = await written(same, { bytes: 24 + 3 * RECORD });
    expect(contents).toEqual({ 'trace.pcap': [0, 1, 2, 3], 'trace.pcap1': [4, 5, 6, 7], 'trace.pcap2': [8, 9] });
    expect(finished).toEqual(['trace.pcap', 'trace.pcap1', 'trace.pcap2']);
    expect(packets).toBe(10);
  });
  test('by size, round and round', async () => {
    const { contents } = await written(same, { bytes: 24 + RECORD }, 't', 2);
    expect(contents).toEqual({ t0: [8, 9], t1: [6, 7] });
  });
  test('by time, that of the packets', async () => {
    const now = Math.floor(Date.now() / 1000);
    const times = [0, 1, 4, 5, 9, 15, 16].map((second) => now + second);
    const { contents } = await written(times, { seconds: 5 }, 't-%s');
    const [first, ...others] = Object.keys(contents);
    expect(Number(first!.slice(2))).toBeLessThanOrEqual(now + 1);
    expect(others).toEqual([`t-${now + 5}`, `t-${now + 15}`]);
    expect(Object.values(contents)).toEqual([
      [0, 1, 2],
      [3, 4],
      [5, 6],
    ]);
  });
  test('a clock that is set back loses nothing: no file is written over', async () => {
    const now = Math.floor(Date.now() / 1000);
    const times = [0, 5, 10, -3600, -3599, -3595, 5, 10].map((second) => now + second);
    const { contents, notices } = await written(times, { seconds: 5 }, 't-%s');
    const all = Object.values(contents).flat();
    expect(all.toSorted((a, b) => a - b)).toEqual(times.map((_, i) => i));
    expect(Object.keys(contents)).toContain(`t-${now + 5}.1`);
    expect(notices).toContain(`t-${now + 5} is there already: writing t-${now + 5}.1`);
  });
  test('stops after so many files, or when the last is full', async () => {
    const some = await written(same, { bytes: 24 + RECORD, files: 2 });
    expect(some.contents).toEqual({ 'trace.pcap': [0, 1], 'trace.pcap1': [2, 3] });
    expect(some.packets).toBe(4);
    expect(some.notices).toEqual(['that was file 2, the last one']);
    const { contents } = await written(same, { lastBytes: 24 + 3 * RECORD });
    expect(contents).toEqual({ 'trace.pcap': [0, 1, 2] });
  });
  test('refuses beforehand what it would run into later', async () => {
    await withFolder(async (folder) => {
      const path = join(folder, 'trace.pcap');
      writeFileSync(`${path}7`, 'precious');
      const names = new TcpdumpNames(path, { numbered: true, force: false });
      const options = { path, format: 'pcap', force: false, rotation: { names, limits: { bytes: 1000 } } } as const;
      const done = run({ source: captureAt(same), registry, sinks: [new CopySink(options)] });
      await expect(done).rejects.toThrow(`${path}7 is there already`);
      expect(readdirSync(folder)).toEqual(['trace.pcap7']);
      expect(readFileSync(`${path}7`, 'utf8')).toBe('precious');
    });
  });
});
