import { appendFileSync, renameSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { openFile } from '../../src/capture/file.ts';
import { packet, pcap } from './build.ts';
import { folder } from './reading.ts';

const { path, remove } = folder();
afterAll(remove);
const sent = Array.from({ length: 6 }, (_, i) => packet({ seconds: i }));
const bytes = pcap(sent);
/** Where packet `i` begins. */
const start = (i: number): number => 24 + 21 * i;

/** Reads a growing file; tells how many packets there were, and what ended it. */
function following(name: string) {
  const controller = new AbortController();
  const seen = { count: 0, code: undefined as string | undefined };
  const done = (async () => {
    await using source = await openFile(path(name), { follow: true });
    for await (const batch of source.batches(controller.signal)) {
      seen.count += batch.count;
      batch.release();
    }
  })().catch((error: { code: string }) => {
    seen.code = error.code;
  });
  const until = async (count: number) => {
    for (let i = 0; i < 1000 && seen.count < count; i++) await setTimeout(20);
    expect(seen.count).toBe(count);
  };
  return { seen, done, until, stop: () => controller.abort() };
}

test('a file is read on as it grows, however it is cut into pieces, until it is told to stop', async () => {
  writeFileSync(path('a'), bytes.subarray(0, 10));
  const { seen, done, until, stop } = following('a');
  await setTimeout(150);
  appendFileSync(path('a'), bytes.subarray(10, start(2) + 5));
  await until(2);
  appendFileSync(path('a'), bytes.subarray(start(2) + 5, start(3) + 17));
  await until(3);
  renameSync(path('a'), path('b'));
  appendFileSync(path('b'), bytes.subarray(start(3) + 17, start(5)));
  await until(5);
  stop();
  await done;
  expect(seen.code).toBeUndefined();
});
test('it ends when the file is deleted, with all that was written', async () => {
  writeFileSync(path('c'), bytes.subarray(0, start(2)));
  const { seen, done, until } = following('c');
  await until(2);
  appendFileSync(path('c'), bytes.subarray(start(2)));
  unlinkSync(path('c'));
  await done;
  expect(seen).toEqual({ count: 6, code: undefined });
});
test('a file that is written anew is told from one that grows', async () => {
  writeFileSync(path('d'), bytes);
  const { seen, done, until } = following('d');
  await until(6);
  truncateSync(path('d'), 24);
  await done;
  expect(seen.code).toBe('truncated-file');
});
test('a compressed file, too', async () => {
  const packed = gzipSync(bytes, { level: 0 });
  writeFileSync(path('e'), packed.subarray(0, 60));
  const { seen, done, until, stop } = following('e');
  await until(1);
  appendFileSync(path('e'), packed.subarray(60));
  await until(6);
  stop();
  await done;
  expect(seen.code).toBeUndefined();
});
