import { writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { openFile } from '../../src/capture/file.ts';
import type { Port } from '../../src/capture/source.ts';
import type { PacketOptions } from '../../src/frame/batch.ts';
import { Bytes, micros, Pcapng, packet } from './build.ts';
import { folder, readBytes } from './reading.ts';

const { path, remove } = folder();
afterAll(remove);
const one = packet();

/** What each packet of a file has besides its bytes, and the blocks that stand between them. */
async function read(file: Pcapng): Promise<{ options: (PacketOptions | undefined)[]; ports: readonly Port[] }> {
  writeFileSync(path('in'), file.done());
  await using source = await openFile(path('in'));
  const options: (PacketOptions | undefined)[] = [];
  for await (const batch of source.batches()) {
    for (let i = 0; i < batch.count; i++) options.push(batch.options?.(i));
    batch.release();
  }
  return { options, ports: source.ports };
}

describe.each([true, false])('little-endian: %j', (littleEndian) => {
  const body = () => new Bytes(littleEndian);
  const u64 = (value: bigint) => body().u64(value).done();
  const u32 = (value: number) => body().u32(value).done();

  test('of packets: comments, flags, drops, number, queue, hashes, verdicts', async () => {
    const all = body()
      .option(1, Buffer.from('one'))
      .option(1, Buffer.from('zwei \u2713\0'))
      .option(2, u32(0x8000_0001))
      .option(3, [2, 1, 2, 3, 4])
      .option(4, u64(7n))
      .option(5, u64(2n ** 64n - 1n))
      .option(6, u32(3))
      .option(7, [1, ...u64(2n)])
      .option(7, [0, 0xff])
      .option(0x8123, [1])
      .option(0, []);
    const file = new Pcapng(littleEndian).interface().enhanced(0, 1n, one, all.done()).enhanced(0, 2n, one).simple(one);
    const { options } = await read(file.old(0, 3n, one, body().option(1, Buffer.from('old')).done()));
    expect(options).toEqual([
      {
        comments: ['one', 'zwei \u2713'],
        flags: 0x8000_0001,
        hashes: [{ kind: 2, bytes: Uint8Array.of(1, 2, 3, 4) }],
        dropCount: 7n,
        packetId: 2n ** 64n - 1n,
        queue: 3,
        verdicts: [
          { kind: 1, bytes: u64(2n) },
          { kind: 0, bytes: Uint8Array.of(0xff) },
        ],
      },
      undefined,
      undefined,
      { comments: ['old'], hashes: [], verdicts: [] },
    ]);
  });
  test('the old packet block counts what was lost itself', async () => {
    const file = new Pcapng(littleEndian).interface();
    const old = body().u16(0).u16(5).u32(0).u32(1).u32(4).u32(4).add([1, 2, 3, 4]);
    expect((await read(file.block(2, old))).options).toEqual([
      { comments: [], hashes: [], verdicts: [], dropCount: 5n },
    ]);
  });
  test('of another length than theirs, or beyond the block, say nothing', async () => {
    const wrong = body().option(4, [1, 2]).option(5, u32(1)).option(6, []).option(7, []).u16(1).u16(900);
    const { options } = await read(new Pcapng(littleEndian).interface().enhanced(0, 1n, one, wrong.done()));
    expect(options).toEqual([{ comments: [], hashes: [], verdicts: [] }]);
  });
  test('of interfaces', async () => {
    const options = body()
      .u16(1)
      .u16(0)
      .u32(96)
      .option(2, Buffer.from('veth0\0'))
      .option(3, Buffer.from('inner end'))
      .option(6, [2, 0, 0, 0, 0, 0xab])
      .option(8, u64(10_000_000_000n))
      .option(11, [0, ...Buffer.from('tcp port 80')])
      .option(12, Buffer.from('Linux 6.18'))
      .option(15, Buffer.from('veth'))
      .option(0, []);
    const plain = new Bytes(!littleEndian).u16(1).u16(0).u32(0).option(6, [1]).option(8, [1]).option(11, [1, 2, 3, 4]);
    const { ports } = await read(
      new Pcapng(littleEndian).block(1, options).section(!littleEndian).block(1, plain).interface(),
    );
    expect(ports).toMatchObject([
      {
        name: 'veth0',
        description: 'inner end',
        mac: '02:00:00:00:00:ab',
        speed: 10_000_000_000,
        filter: 'tcp port 80',
        system: 'Linux 6.18',
        hardware: 'veth',
        section: 1,
        id: 0,
      },
      { name: undefined, mac: undefined, speed: undefined, filter: undefined, section: 2, id: 0 },
      { section: 2, id: 1 },
    ]);
  });
  test('whatever stands there, it is read', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), async (bytes) => {
        const { options } = await read(new Pcapng(littleEndian).interface().enhanced(0, 1n, one, bytes));
        expect(options.length).toBe(1);
      }),
      { numRuns: 100 },
    );
  });
});

test('what stands before any packet is handed out even when none follows, and before damage', async () => {
  const asides = async (bytes: Uint8Array) => {
    writeFileSync(path('in'), bytes);
    await using source = await openFile(path('in'));
    const found: number[] = [];
    let code: string | undefined;
    try {
      for await (const { envelope, release } of source.batches()) {
        if (envelope?.format !== 'pcapng') throw new Error('no pcapng');
        found.push(...envelope.asides.map(({ bytes: block }) => block[0]!));
        void release;
      }
    } catch (error) {
      code = (error as { code?: string }).code;
    }
    return [found, code];
  };
  const file = new Pcapng(true).interface().block(4, new Bytes(true).u32(0)).block(10, new Bytes(true).u32(1).u32(0));
  expect(await asides(file.done())).toEqual([[1, 4, 10], undefined]);
  expect(await asides(Buffer.concat([file.done(), Uint8Array.of(6, 0, 0, 0)]))).toEqual([[1, 4, 10], 'damaged-file']);
  expect(await asides(file.add([6, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0]).done())).toEqual([[1, 4, 10], 'damaged-file']);
  const sections = new Pcapng(true)
    .interface()
    .section(false)
    .section(true)
    .interface()
    .block(4, new Bytes(true).u32(0));
  expect(await asides(sections.done())).toEqual([[1, 1, 4], undefined]);
});
test('interfaces that would fill the memory are refused', async () => {
  const name = Buffer.alloc(65_000, 'n');
  const header = new Pcapng(true);
  const from = header.length;
  const block = header.block(1, new Bytes(true).u16(1).u16(0).u32(0).option(2, name)).done().subarray(from);
  const many = Buffer.concat([new Pcapng(true).done(), ...Array.from({ length: 1100 }, () => block)]);
  expect((await readBytes(path('many'), many)).error?.message).toContain('the interfaces take more than 64 MiB');
});
test('a section header that is longer than it says, or endless', async () => {
  const section = (length: number, again = length) =>
    new Bytes(true)
      .u32(0x0a0d0d0a)
      .u32(length)
      .u32(0x1a2b3c4d)
      .u16(1)
      .u16(0)
      .u64(0n)
      .u32(again)
      .add(new Uint8Array(40))
      .done();
  const before = new Pcapng(true).interface().enhanced(0, micros(one), one).done();
  const message = async (bytes: Uint8Array) =>
    (await readBytes(path('in'), Buffer.concat([before, bytes]))).error?.message;
  expect(await message(section(24))).toContain('claims to be 24 bytes long');
  expect(await message(section(28, 32))).toContain('28 bytes long at its start, and 32 at its end');
  expect(await message(section(1 << 30))).toContain('the most there can be');
});
