import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { DIRECTION, FLAG } from '../../src/frame/batch.ts';
import { Bytes, micros, type Packet, Pcapng, packet } from './build.ts';
import { folder, readBytes } from './reading.ts';

const { path, remove } = folder();
afterAll(remove);
const read = (file: Pcapng | Uint8Array) => readBytes(path('in'), file instanceof Uint8Array ? file : file.done());

const first = packet({ nanos: 123_456_000 });
const second = packet({ seconds: 1_700_000_001, nanos: 999_999_000, data: Uint8Array.of(9, 8, 7, 6), wire: 1500 });
const orders = [true, false];

describe.each(orders)('little-endian: %j', (littleEndian) => {
  const begun = () => new Pcapng(littleEndian).interface({ name: 'veth0', snaplen: 96 });

  test('all three packet blocks', async () => {
    const file = begun().enhanced(0, micros(first), first).old(0, micros(second), second);
    file.simple(first).simple(packet({ data: new Uint8Array(96), wire: 200 }));
    const { packets, ports, error } = await read(file);
    expect(error).toBeUndefined();
    const untimed = { seconds: 0, nanos: 0 };
    const cut = packet({ ...untimed, data: new Uint8Array(96), wire: 200 });
    expect(packets).toEqual([first, second, { ...first, ...untimed }, cut]);
    expect(ports).toMatchObject([{ name: 'veth0', linkType: 1, snaplen: 96, nanos: false, section: 1, id: 0 }]);
    expect(ports[0]!.block).toBeInstanceOf(Uint8Array);
  });
  test('direction and checksum flags', async () => {
    const flags = (word: number) =>
      new Bytes(littleEndian)
        .option(1, Buffer.from('hm'))
        .option(2, new Bytes(littleEndian).u32(word).done())
        .option(0, [])
        .done();
    const file = begun();
    for (const word of [0, 1, 2, 3, 1 << 9, (1 << 10) | 2]) file.enhanced(0, micros(first), first, flags(word));
    file.old(0, micros(first), first, flags(1)).enhanced(0, micros(first), first);
    const { packets } = await read(file);
    const { unknown, inbound, outbound } = DIRECTION;
    expect(packets.map((p) => p.direction)).toEqual([
      unknown,
      inbound,
      outbound,
      unknown,
      unknown,
      outbound,
      inbound,
      unknown,
    ]);
    expect(packets.map((p) => p.flags)).toEqual([0, 0, 0, 0, FLAG.checksumNotReady, FLAG.checksumValid, 0, 0]);
  });
  test('packets that the file says were lost', async () => {
    const u64 = (n: bigint) => new Bytes(littleEndian).u64(n).done();
    const lost = (id: number, byInterface: bigint, bySystem: bigint) =>
      new Bytes(littleEndian).u32(id).u32(0).u32(0).option(5, u64(byInterface)).option(7, u64(bySystem)).option(0, []);
    const file = begun()
      .interface()
      .block(5, lost(0, 1n, 2n))
      .block(5, lost(1, 10n, 0n));
    // Totals: the later one replaces the earlier one.
    expect((await read(file.block(5, lost(0, 5n, 6n)).block(5, lost(7, 99n, 0n)))).dropped).toBe(21);
  });
  test('unknown blocks are passed over, also those longer than the window', async () => {
    const file = begun().block(0x7777, new Bytes(littleEndian).u32(1)).enhanced(0, micros(first), first);
    const start = file.length;
    const length = 3 << 20;
    const head = new Bytes(littleEndian).u32(0x8888).u32(length).done();
    const tail = new Bytes(littleEndian).u32(length).done();
    const after = new Pcapng(littleEndian).interface().enhanced(0, micros(second), second).done();
    const whole = Buffer.concat([file.done(), head, new Uint8Array(length - 12), tail, after]);
    const { packets, error } = await read(whole);
    expect(error).toBeUndefined();
    expect(packets).toEqual([first, { ...second, port: 1 }]);

    const wrong = Buffer.from(whole);
    wrong[start + length - 1]! ^= 1;
    wrong[start + length - 4]! ^= 1;
    expect((await read(wrong)).error?.message).toContain(
      `damaged at byte ${start}: the block there is ${length} bytes long at its start`,
    );
    for (const cut of [start + 100, start + length - 2]) {
      const { packets: before, error: short } = await read(whole.subarray(0, cut));
      expect(before).toEqual([first]);
      expect(short?.message).toContain(
        `a block begins at byte ${start} and takes ${length} bytes, of which ${cut - start} are there`,
      );
    }
  });
  test('cut anywhere gives the packets before the cut and its place', async () => {
    const file = new Pcapng(littleEndian);
    const starts = [0, file.length];
    for (const add of [
      () => file.interface({ name: 'a', resolution: 6 }),
      () => file.enhanced(0, micros(first), first),
      () => file.old(0, micros(second), second, new Bytes(littleEndian).option(0, []).done()),
      () => file.simple({ ...first, data: Uint8Array.of(1) }),
    ]) {
      add();
      starts.push(file.length);
    }
    const bytes = file.done();
    for (let length = 4; length < bytes.length; length++) {
      const { packets, error } = await read(bytes.subarray(0, length));
      const block = starts.findLastIndex((start) => start <= length);
      expect(packets.length).toBe(Math.max(0, block - 2));
      if (starts.includes(length)) expect(error, `cut at ${length}`).toBeUndefined();
      else expect(error?.message, `cut at ${length}`).toContain(`cut short: a block begins at byte ${starts[block]} `);
    }
  });
  test('whatever bytes are changed, it ends with packets and at most one error', async () => {
    const file = begun()
      .interface({ resolution: 0x94, offset: -5n })
      .enhanced(1, 1n << 40n, first);
    const bytes = file
      .section(!littleEndian)
      .interface()
      .old(0, 5n, second)
      .simple(first)
      .block(4, new Bytes(littleEndian))
      .done();
    const change = fc.tuple(fc.nat(bytes.length - 1), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async (changes) => {
        const changed = bytes.slice();
        for (const [at, value] of changes) changed[at] = value;
        const { packets, error } = await read(changed);
        for (const { data } of packets) expect(data.length).toBeLessThanOrEqual(bytes.length);
        if (error?.code === 'damaged-file') expect(error.message).toMatch(/byte \d+/);
      }),
      { numRuns: 400 },
    );
  });
});

describe('times', () => {
  const time = async (units: bigint, resolution: number | undefined, offset?: bigint) => {
    const given = { ...(resolution === undefined ? {} : { resolution }), ...(offset === undefined ? {} : { offset }) };
    const { packets, ports } = await read(new Pcapng(true).interface(given).enhanced(0, units, first));
    return [packets[0]!.seconds, packets[0]!.nanos, ports[0]!.nanos];
  };
  test.each([
    [0, 1_700_000_000n, 1_700_000_000, 0, false],
    [3, 1_700_000_000_123n, 1_700_000_000, 123_000_000, false],
    [6, 1_700_000_000_123_456n, 1_700_000_000, 123_456_000, false],
    [9, 1_700_000_000_999_999_999n, 1_700_000_000, 999_999_999, true],
    [9, 1_700_000_001_000_000_000n, 1_700_000_001, 0, true],
    [10, 17_000_000_001_234_567_899n, 1_700_000_000, 123_456_789, true],
    [19, 12_345_678_901_234_567_890n, 1, 234_567_890, true],
    [0x80 | 10, (1_700_000_000n << 10n) | 1023n, 1_700_000_000, 999_023_437, false],
    [0x80 | 20, (1_700_000_000n << 20n) | 1n, 1_700_000_000, 953, true],
    [0x80 | 32, (1_700_000_000n << 32n) | 0x8000_0000n, 1_700_000_000, 500_000_000, true],
    [0x80 | 63, (1n << 63n) | (1n << 62n), 1, 500_000_000, true],
  ])('in units of resolution %i', async (resolution, units, seconds, nanos, fine) => {
    expect(await time(units, resolution)).toEqual([seconds, nanos, fine]);
  });
  test('in microseconds unless the interface says otherwise', async () => {
    expect(await time(1_700_000_000_123_456n, undefined)).toEqual([1_700_000_000, 123_456_000, false]);
  });
  test.each([-7n, 0n, 1_000_000_000n])('with an offset of %i seconds', async (offset) => {
    expect(await time(10_000_001n, 6, offset)).toEqual([10 + Number(offset), 1000, false]);
  });
  test.each([0, 1, 3, 6, 7, 9])('any count of 10^-%i seconds, exactly', async (resolution) => {
    const unit = 10n ** BigInt(resolution);
    const near = fc.tuple(fc.bigInt({ min: 0n, max: (1n << 64n) / unit - 1n }), fc.constantFrom(-1n, 0n, 1n));
    const edges = near.map(([s, by]) => BigInt.asUintN(64, s * unit + by));
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), edges), async (units) => {
        const [seconds, nanos] = await time(units, resolution);
        expect([seconds, nanos]).toEqual([Number(units / unit), Number(((units % unit) * 1_000_000_000n) / unit)]);
      }),
      { numRuns: 100 },
    );
  });
});

describe('sections', () => {
  test('each has its byte order and its interfaces', async () => {
    const file = new Pcapng(true).interface({ name: 'a' }).interface({ name: 'b', linkType: 113 });
    file.enhanced(1, micros(first), first).section(false).interface({ name: 'c', resolution: 9 });
    file
      .enhanced(0, 1_700_000_000_000_000_001n, second)
      .section(true, [1, 2])
      .interface({ name: 'd', linkType: 101 })
      .simple(second);
    const { packets, ports, error } = await read(file);
    expect(error).toBeUndefined();
    expect(packets.map((p) => p.port)).toEqual([1, 2, 3]);
    expect(packets.map((p) => p.nanos)).toEqual([first.nanos, 1, 0]);
    expect(ports.map((p) => [p.name, p.linkType])).toEqual([
      ['a', 1],
      ['b', 113],
      ['c', 1],
      ['d', 101],
    ]);
  });
  test('an interface may be described after packets of others', async () => {
    const file = new Pcapng(true).interface().enhanced(0, micros(first), first).interface({ linkType: 113 });
    expect((await read(file.enhanced(1, micros(second), second))).packets).toEqual([first, { ...second, port: 1 }]);
  });
  test.each([[2, 0] as const, [0, 1] as const])('not version %i.%i', async (major, minor) => {
    const file = new Pcapng(true).interface().enhanced(0, micros(first), first);
    const at = file.length;
    const { packets, error } = await read(file.section(true, [major, minor]));
    expect(packets).toEqual([first]);
    expect(error?.message).toContain(`byte ${at}: the section there is of version ${major}`);
  });
});

describe('damage, after every packet before it', () => {
  const u32s = (...words: number[]) => words.reduce((bytes, word) => bytes.u32(word), new Bytes(true));
  const cases: [string, (file: Pcapng) => Pcapng, string][] = [
    ['a block of no length', (f) => f.add(u32s(6, 0, 0, 0).done()), 'claims to be 0 bytes long'],
    ['a length that is no multiple of four', (f) => f.add(u32s(6, 33, 0, 0).done()), 'claims to be 33 bytes long'],
    [
      'another length at its end',
      (f) => f.add(u32s(0x99, 16, 0, 20).done()),
      '16 bytes long at its start, and 20 at its end',
    ],
    [
      'a packet of an unknown interface',
      (f) => f.enhanced(3, 0n, first),
      'interface 3, which the section does not describe',
    ],
    [
      'a captured length beyond the block',
      (f) => f.block(6, u32s(0, 0, 0, 99, 99, 1)),
      'claims 99 captured bytes, and its block has room for 4',
    ],
    ['a packet block without room for its header', (f) => f.block(6, u32s(0, 0)), 'too short for its header'],
    ['a simple packet block without room for its header', (f) => f.block(3, u32s()), 'too short for its header'],
    ['an interface block without room', (f) => f.block(1, u32s(1)), 'too short'],
    ['an option beyond its block', (f) => f.block(1, u32s(1, 0).u16(2).u16(500)), 'reaches beyond its block'],
    ['a resolution beyond 64 bits', (f) => f.interface({ resolution: 20 }), 'too fine for 64 bits'],
    ['a packet block of absurd length', (f) => f.add(u32s(6, 0x7fff_fff0, 0, 0).done()), 'the most there can be'],
    ['a section without byte order', (f) => f.block(0x0a0d0d0a, u32s(0, 0, 0, 0)), 'no byte order mark'],
  ];
  test.each(cases)('%s', async (_, add, what) => {
    const file = new Pcapng(true).interface().enhanced(0, micros(first), first);
    const at = file.length;
    const { packets, error } = await read(add(file));
    expect(packets).toEqual([first]);
    expect(error?.code).toBe('damaged-file');
    expect(error?.message).toContain(`damaged at byte ${at}: `);
    expect(error?.message).toContain(what);
  });
  test('a simple packet before any interface', async () => {
    expect((await read(new Pcapng(true).simple(first))).error?.message).toContain('before any interface');
  });
  test('interfaces without end', async () => {
    const one = new Pcapng(true);
    const header = one.done();
    const idb = one.interface().done().subarray(header.length);
    const many = Buffer.alloc(65_540 * idb.length);
    for (let at = 0; at < many.length; at += idb.length) many.set(idb, at);
    expect((await read(Buffer.concat([header, many]))).error?.message).toContain('more than 65536 interfaces');
  });
});

test('packets with and without options, more than a batch holds', async () => {
  const options = new Bytes(true).option(2, new Bytes(true).u32(1).done()).option(0, []).done();
  const file = new Pcapng(true).interface();
  const sent: Packet[] = [];
  for (let i = 0; i < 3000; i++)
    sent.push(packet({ seconds: i, data: new Uint8Array(i % 40).fill(i), direction: i % 3 === 0 ? 1 : 0 }));
  const chunks: Uint8Array[] = [file.done()];
  for (const p of sent) {
    const block = new Pcapng(true);
    const before = block.length;
    chunks.push(
      block
        .enhanced(0, micros(p), p, p.direction === 1 ? options : [])
        .done()
        .subarray(before),
    );
  }
  const many = Buffer.concat([chunks[0]!, ...Array.from({ length: 8 }, () => chunks.slice(1)).flat()]);
  const { packets, error } = await read(many);
  expect(error).toBeUndefined();
  expect(packets.length).toBe(8 * sent.length);
  for (let i = 0; i < packets.length; i++) expect(packets[i]).toEqual(sent[i % sent.length]);
});
