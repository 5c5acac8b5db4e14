import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { deflateRawSync, gunzipSync, gzipSync, constants as ZLIB } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { openBytes } from '../../src/capture/bytes.ts';
import { decompressed } from '../../src/capture/compressed/decompressed.ts';
import { Xxh32 } from '../../src/capture/compressed/xxh32.ts';
import { Xxh64 } from '../../src/capture/compressed/xxh64.ts';
import { openFile } from '../../src/capture/file.ts';
import { Window } from '../../src/capture/window.ts';
import { ToolError } from '../../src/error.ts';
import { compressionOf, TELLING } from '../../src/format/detect.ts';
import { sourceContract } from '../contract/source.ts';
import { requireAll } from '../support/project.ts';
import { Random } from '../support/random.ts';
import { Bytes, packet, pcap } from './build.ts';
import { lz4Stored, zstdStored } from './compress.ts';
import { folder, readFile } from './reading.ts';

const { path, remove } = folder();
afterAll(remove);

const randomFrom = (seed: number): ((below: number) => number) => {
  const random = new Random(seed);
  return (below) => random.below(below);
};
interface Unpacked {
  readonly data: Buffer;
  readonly error: ToolError | undefined;
}
/** What a compressed file holds, as far as it can be read; `step` bytes at a time are asked for. */
async function unpack(bytes: Uint8Array, step = 1 << 20): Promise<Unpacked> {
  writeFileSync(path('packed'), bytes);
  const packed = openBytes(path('packed'));
  const window = new Window(packed);
  await window.reach(0, TELLING, false);
  const compression = compressionOf(window.view, window.to);
  if (compression === undefined) throw new Error('not compressed');
  await using plain = await decompressed(compression, packed, window);
  const parts: Buffer[] = [];
  const into = new Uint8Array(step);
  try {
    for (;;) {
      const count = await plain.read(into, 0);
      if (count === 0) return { data: Buffer.concat(parts), error: undefined };
      parts.push(Buffer.from(into.subarray(0, count)));
    }
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    return { data: Buffer.concat(parts), error };
  }
}
/** Text-like, with near and far repetitions, and noise. */
function sample(length: number, seed: number): Buffer {
  const random = randomFrom(seed);
  const words = Array.from({ length: 200 }, () =>
    Buffer.from(Array.from({ length: 1 + random(12) }, () => random(256))),
  );
  const parts: Buffer[] = [];
  for (let size = 0; size < length; ) {
    const part =
      random(10) === 0 ? Buffer.from(Array.from({ length: random(300) }, () => random(256))) : words[random(200)]!;
    parts.push(part);
    size += part.length;
  }
  return Buffer.concat(parts).subarray(0, length);
}
const big = sample(700_000, 1);
/** Whether a program is there to make the files; without it the test says so. */
const has = (program: string): boolean => spawnSync(program, ['--version']).error === undefined;
const made = (program: string, args: readonly string[], bytes: Uint8Array): Buffer => {
  writeFileSync(path('plain'), bytes);
  return execFileSync(program, [...args, '-q', '-c', path('plain')], {
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
};

describe('gzip', () => {
  test.each([
    ['stored', { level: 0 }],
    ['quick', { level: 1 }],
    ['thorough', { level: 9 }],
    ['with fixed codes', { strategy: ZLIB.Z_FIXED }],
    ['without matches', { strategy: ZLIB.Z_HUFFMAN_ONLY }],
    ['with near matches only', { strategy: ZLIB.Z_RLE }],
    ['in short blocks', { memLevel: 1 }],
  ])('%s', async (_, options) => {
    for (const data of [big, Buffer.alloc(0), Buffer.alloc(300_000, 'ab'), big.subarray(0, 1)]) {
      const { data: found, error } = await unpack(gzipSync(data, options));
      expect(error).toBeUndefined();
      expect(found.equals(data)).toBe(true);
    }
  });
  test('whatever is compressed, in whatever steps it is taken', async () => {
    const level = fc.integer({ min: 0, max: 9 });
    const data = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      fc.nat(3000).map((n) => sample(n, n)),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(data, level), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 5000 }),
        async (members, step) => {
          const packed = Buffer.concat(members.map(([bytes, at]) => gzipSync(bytes, { level: at })));
          const { data: found, error } = await unpack(packed, step);
          expect(error).toBeUndefined();
          expect(found.equals(Buffer.concat(members.map(([bytes]) => bytes)))).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });
  test('a header with all it may have, and zeros behind', async () => {
    const body = deflateRawSync(big.subarray(0, 1000));
    const plain = gzipSync(big.subarray(0, 1000));
    const header = [
      0x1f,
      0x8b,
      8,
      0x1e,
      0,
      0,
      0,
      0,
      0,
      3,
      4,
      0,
      1,
      2,
      3,
      4,
      ...Buffer.from('name\0about\0'),
      0x12,
      0x34,
    ];
    const whole = Buffer.concat([Buffer.from(header), body, plain.subarray(-8), Buffer.alloc(512)]);
    const { data, error } = await unpack(whole);
    expect(error).toBeUndefined();
    expect(data.equals(big.subarray(0, 1000))).toBe(true);
    const followed = await unpack(Buffer.concat([whole, Buffer.from('more')]));
    expect(followed.data.length).toBe(1000);
    expect(followed.error?.message).toBe(
      `the file is damaged at byte ${whole.length}: something follows the gzip data`,
    );
  });
  test('cut anywhere, all that the bytes before tell', async () => {
    const packed = gzipSync(sample(900, 3));
    for (let length = 24; length < packed.length; length++) {
      const { data, error } = await unpack(packed.subarray(0, length));
      const theirs = gunzipSync(packed.subarray(0, length), { finishFlush: ZLIB.Z_SYNC_FLUSH });
      expect(data.equals(theirs), `cut at ${length}`).toBe(true);
      expect(error?.message).toMatch(
        new RegExp(`^the file is cut short: it ends at byte ${length}, within its gzip data`),
      );
    }
  });
  test('changed anywhere, it is what zlib makes of it, or an error', async () => {
    const random = randomFrom(7);
    const sound = sample(2000, 9);
    for (const strategy of [ZLIB.Z_DEFAULT_STRATEGY, ZLIB.Z_FIXED]) {
      const packed = gzipSync(sound, { strategy });
      for (let i = 0; i < 250; i++) {
        const changed = Buffer.from(packed);
        changed[10 + random(changed.length - 10)]! ^= 1 << random(8);
        const { data, error } = await unpack(changed);
        const theirs = whole(changed);
        expect(error === undefined).toBe(theirs !== undefined);
        if (theirs !== undefined) expect(data.equals(theirs)).toBe(true);
      }
    }
  });
});
function whole(bytes: Buffer): Buffer | undefined {
  try {
    return gunzipSync(bytes);
  } catch {
    return undefined;
  }
}

test('the checksums of xxHash, in pieces of any length', () => {
  // Of nothing, and of bytes whose sums the specification's own program prints.
  expect(new Xxh32().digest()).toBe(0x02cc5d05);
  expect(new Xxh64().digestLow()).toBe(0x51d8e999);
  const bytes = sample(500, 5);
  fc.assert(
    fc.property(fc.nat(500), fc.nat(500), (a, b) => {
      const sums = [new Xxh32(), new Xxh32()] as const;
      const wide = [new Xxh64(), new Xxh64()] as const;
      const [from, to] = [Math.min(a, b), Math.max(a, b)];
      for (const piece of [bytes.subarray(0, from), bytes.subarray(from, to), bytes.subarray(to)]) {
        sums[0].update(piece);
        wide[0].update(piece);
      }
      sums[1].update(bytes);
      wide[1].update(bytes);
      return sums[0].digest() === sums[1].digest() && wide[0].digestLow() === wide[1].digestLow();
    }),
  );
});

const PROGRAMS = [
  ['zstd', ['-1']],
  ['zstd', ['-3']],
  ['zstd', ['-19']],
  ['zstd', ['-3', '--long=27']],
  ['zstd', ['--fast=5', '--no-check']],
  ['lz4', ['-1']],
  ['lz4', ['-9']],
  ['lz4', ['-B4', '-BD']],
  ['lz4', ['-B5', '-BD', '-BX', '--content-size']],
  ['lz4', ['--no-frame-crc']],
] as const;
describe.each(PROGRAMS)('%s %j', (program, args) => {
  const missing = !has(program);
  const test_ = test.skipIf(missing && !requireAll);
  test_(`what it makes${missing ? ` (skipped: no ${program} here)` : ''}`, async () => {
    for (const data of [big, Buffer.alloc(300_000, 'ab'), big.subarray(0, 1), Buffer.alloc(0)]) {
      const packed = made(program, args, data);
      for (const bytes of [packed, Buffer.concat([packed, skippable, packed])]) {
        const { data: found, error } = await unpack(bytes, 100_001);
        expect(error).toBeUndefined();
        expect(found.equals(bytes === packed ? data : Buffer.concat([data, data]))).toBe(true);
      }
    }
  });
});
const skippable = Buffer.from([0x51, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 9, 9, 9]);

describe.each([
  ['zstd', zstdStored],
  ['lz4', lz4Stored],
] as const)('%s, stored in blocks', (name, pack) => {
  const blocks = [big.subarray(0, 100), big.subarray(100, 260), big.subarray(260, 261)];
  const packed = pack(blocks);

  test('is read, frame after frame', async () => {
    const { data, error } = await unpack(Buffer.concat([packed, packed, skippable]));
    expect(error).toBeUndefined();
    expect(data.equals(Buffer.concat([big.subarray(0, 261), big.subarray(0, 261)]))).toBe(true);
  });
  test('cut anywhere, every block before', async () => {
    for (let length = 8; length < packed.length; length++) {
      const { data, error } = await unpack(packed.subarray(0, length));
      expect(big.subarray(0, data.length).equals(data)).toBe(true);
      expect([0, 100, 260, 261]).toContain(data.length);
      expect(error?.message).toBe(`the file is cut short: it ends at byte ${length}, within its ${name} data`);
    }
    expect((await unpack(packed.subarray(0, -1))).data.length).toBe(261);
  });
  test('a byte changed is found out', async () => {
    for (let at = 4; at < packed.length; at++) {
      // Another window of zstd may be as good.
      if (at === 5 && name === 'zstd') continue;
      const changed = Buffer.from(packed);
      changed[at]! ^= 0x11;
      const { error } = await unpack(changed);
      expect(error?.code, `byte ${at}`).toMatch(/damaged-file|too-long-window/);
    }
  });
  test('something behind it', async () => {
    const { data, error } = await unpack(Buffer.concat([packed, Buffer.from('more')]));
    expect(data.length).toBe(261);
    expect(error?.message).toBe(`the file is damaged at byte ${packed.length}: something follows the ${name} data`);
  });
});
test.skipIf(!has('zstd') || !has('lz4'))('compressed files changed anywhere end with at most one error', async () => {
  const random = randomFrom(11);
  for (const program of ['zstd', 'lz4']) {
    const packed = made(program, [], big.subarray(0, 20_000));
    for (let i = 0; i < 150; i++) {
      const changed = Buffer.from(packed);
      for (let n = 1 + random(3); n > 0; n--) changed[4 + random(changed.length - 4)] = random(256);
      const { data, error } = await unpack(changed);
      expect(data.length).toBeLessThan(1 << 20);
      if (error === undefined) expect(data.equals(big.subarray(0, 20_000))).toBe(true);
    }
  }
});
test('a zstd block that claims to become long is given up at once', async () => {
  const COMPRESSED = 2;
  // No literals; a thousand sequences, each a match of 131,073 bytes, all of them of one repeated code.
  const [sequences, modes, lengths, offsets, matches] = [[0x83, 0xe8], 0x54, 0, 0, 52];
  const bits = [...new Uint8Array(2000).fill(0xff), 1];
  const block = [0, ...sequences, modes, lengths, offsets, matches, ...bits];
  const header = (length: number, kind: number) => [0, 8, 16].map((by) => (((length << 3) | (kind << 1)) >> by) & 0xff);
  const before = [0x28, 0xb5, 0x2f, 0xfd, 0, 8 << 3, ...header(100, 0), ...big.subarray(0, 100)];
  const started = process.cpuUsage();
  const { data, error } = await unpack(Uint8Array.from([...before, ...header(block.length, COMPRESSED), ...block]));
  expect(data.equals(big.subarray(0, 100))).toBe(true);
  expect(error?.message).toBe(`the file is damaged at byte ${before.length}: the zstd block there makes no sense`);
  expect(process.cpuUsage(started).user).toBeLessThan(2_000_000);
});
test('a zstd window beyond what is held is refused, with the way round', async () => {
  const { error } = await unpack(Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, 0x98, 1, 0, 0));
  expect(error?.code).toBe('too-long-window');
});

const sent = Array.from({ length: 5000 }, (_, i) =>
  packet({ seconds: i, data: Uint8Array.from(sample(10 + (i % 50), i)), wire: 99 }),
);
const capture = Buffer.from(pcap(sent));
const packed = {
  gzip: gzipSync(capture),
  zstd: zstdStored([capture.subarray(0, 99_999), capture.subarray(99_999, 200_000), capture.subarray(200_000)]),
  lz4: lz4Stored([capture.subarray(0, 60_000), ...pieces(capture.subarray(60_000), 60_000)]),
};
function pieces(bytes: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
}
for (const [name, bytes] of Object.entries(packed)) {
  const file = path(`contract.${name}`);
  writeFileSync(file, bytes);
  sourceContract(`a file compressed with ${name}`, { open: () => openFile(file), packets: sent });
}
test('a capture cut within its compressed data gives every packet before, then one error', async () => {
  writeFileSync(path('cut'), packed.gzip.subarray(0, 60_000));
  const { packets, error } = await readFile(path('cut'));
  const there = gunzipSync(packed.gzip.subarray(0, 60_000), { finishFlush: ZLIB.Z_SYNC_FLUSH }).length;
  let at = 24;
  const complete = sent.findIndex(({ data }) => (at += 16 + data.length) > there);
  expect(packets).toEqual(sent.slice(0, complete));
  expect(error?.message).toBe('the file is cut short: it ends at byte 60000, within its gzip data');
});
test('a capture whose checksum is wrong still gives every packet', async () => {
  const bytes = Buffer.from(gzipSync(pcap(sent.slice(0, 3))));
  bytes[bytes.length - 8]! ^= 1;
  writeFileSync(path('sum'), bytes);
  const { packets, error } = await readFile(path('sum'));
  expect(packets).toEqual(sent.slice(0, 3));
  expect(error?.message).toContain('the checksum of the gzip data before it is another one');
});
test('how far it is, is told in bytes of the compressed file', async () => {
  await using source = await openFile(path('contract.gzip'));
  expect(source.size).toBe(packed.gzip.length);
  for await (const batch of source.batches()) batch.release();
  expect(source.position).toBeGreaterThan(packed.gzip.length - 20);
});
test('too little for a header', async () => {
  writeFileSync(path('tiny'), gzipSync(new Bytes(true).u32(0xa1b2c3d4).done()));
  expect((await readFile(path('tiny'))).error?.message).toContain('header begins at byte 0');
  writeFileSync(path('tiny'), Uint8Array.of(0x1f, 0x8b));
  expect((await readFile(path('tiny'))).error?.message).toContain('it ends at byte 2, within its gzip data');
});
