import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { MAGIC } from '../../src/format/pcap.ts';
import { type Packet, packet, pcap } from './build.ts';
import { folder, readBytes } from './reading.ts';

const { path, remove } = folder();
afterAll(remove);
const read = (bytes: Uint8Array) => readBytes(path('in'), bytes);

const three: Packet[] = [
  packet({ nanos: 123_456_000 }),
  packet({ data: new Uint8Array(0), wire: 60 }),
  packet({
    seconds: 0xffff_ffff,
    nanos: 999_999_000,
    data: Uint8Array.from({ length: 300 }, (_, i) => i),
    wire: 70_000,
  }),
];
const variants = (Object.keys(MAGIC) as (keyof typeof MAGIC)[]).flatMap((magic) => [
  { magic, littleEndian: true },
  { magic, littleEndian: false },
]);

describe.each(variants)('$magic, little-endian: $littleEndian', (variant) => {
  test('gives times, lengths and bytes', async () => {
    const nanos = variant.magic === 'nano';
    const sent = nanos ? [...three, packet({ nanos: 999_999_999 })] : three;
    const reading = await read(pcap(sent, variant));
    expect(reading.error).toBeUndefined();
    expect(reading.packets).toEqual(sent);
    expect(reading.ports).toEqual([{ name: undefined, linkType: 1, snaplen: 262_144, nanos }]);
  });
  test('cut anywhere gives the packets before the cut and its place', async () => {
    const bytes = pcap(three, variant);
    const head = variant.magic === 'modified' ? 24 : 16;
    const starts = [24, 24 + head + 5, 24 + 2 * head + 5];
    for (let length = 1; length < bytes.length; length++) {
      const { packets, error } = await read(bytes.subarray(0, length));
      const whole = starts.filter((start, i) => length >= start + head + three[i]!.data.length).length;
      expect(packets).toEqual(three.slice(0, whole));
      if (starts.includes(length)) expect(error, `cut at ${length}`).toBeUndefined();
      else if (length < 4) expect(error?.code).toBe('unknown-format');
      else {
        expect(error?.code, `cut at ${length}`).toBe('damaged-file');
        expect(error?.message).toContain(`begins at byte ${length < 24 ? 0 : starts[whole]} `);
      }
    }
  });
});

describe('what libpcap accepts', () => {
  test.each([
    [[2, 0], true],
    [[2, 2], true],
    [[2, 3], true],
    [[2, 3], false],
    [[543, 0], true],
  ] as const)('lengths the other way round in version %j: %j', async (version, swapped) => {
    const sent = [packet({ wire: 100 })];
    expect((await read(pcap(sent, { version, swapped }))).packets).toEqual(sent);
  });
  test.each([[1, 2] as const, [2, 5] as const, [3, 0] as const])('not version %i.%i', async (major, minor) => {
    const { error } = await read(pcap(three, { version: [major, minor] }));
    expect(error?.code).toBe('unknown-format');
    expect(error?.message).toContain(`${major}.${minor}`);
  });
  test('bits about the frame check sequence above the link type', async () => {
    expect((await read(pcap(three, { linkType: 0x5400_0071 }))).ports[0]!.linkType).toBe(0x71);
  });
  test('a packet longer than the snaplen is cut to it, and the next one is found', async () => {
    const { packets } = await read(pcap([packet({ wire: 9 }), three[0]!], { snaplen: 3 }));
    expect(packets.map((p) => [...p.data])).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ]);
    expect(packets.map((p) => p.wire)).toEqual([9, 5]);
  });
  test.each([0, 0xffff_ffff])('no snaplen: %i', async (snaplen) => {
    expect((await read(pcap(three, { snaplen }))).packets).toEqual(three);
  });
  test('the modified format had an Ethernet header put before the snaplen', async () => {
    const sent = [packet({ data: new Uint8Array(24), wire: 50 })];
    expect((await read(pcap(sent, { magic: 'modified', snaplen: 10 }))).packets).toEqual(sent);
  });
  test('a fraction of a second and more is carried over', async () => {
    const sent = packet({ seconds: 5, nanos: 4_000_000_000 });
    for (const magic of ['micro', 'nano'] as const) {
      expect((await read(pcap([sent], { magic }))).packets).toEqual([{ ...sent, seconds: 9, nanos: 0 }]);
    }
  });
});

test('a length beyond the most there can be ends it, and names its place', async () => {
  const bytes = pcap([three[0]!, three[0]!]);
  new DataView(bytes.buffer).setUint32(45 + 8, 262_145, true);
  const { packets, error } = await read(bytes);
  expect(packets).toEqual([three[0]]);
  expect(error?.message).toBe(
    'the file is damaged at byte 45: the packet there claims 262145 captured bytes, and 262144 is the most there can be',
  );
});
test('link types with long packets may have them, and memory is taken only for what is there', async () => {
  const USB = 220;
  const header = pcap([], { linkType: USB, snaplen: 0 });
  const long = pcap([packet({ data: new Uint8Array(0), wire: 3 << 20 })]).subarray(24);
  new DataView(long.buffer, long.byteOffset).setUint32(8, 3 << 20, true);
  const data = new Uint8Array(3 << 20).fill(7);
  const { packets } = await read(Buffer.concat([header, long, data, pcap([three[0]!]).subarray(24)]));
  expect(packets.length).toBe(2);
  expect(Buffer.compare(packets[0]!.data, data)).toBe(0);
  expect(packets[1]).toEqual(three[0]);
  const claims = pcap([packet()], { linkType: USB, snaplen: 0 });
  new DataView(claims.buffer).setUint32(24 + 8, 128 << 20, true);
  const before = process.memoryUsage().arrayBuffers;
  expect((await read(claims)).error?.message).toContain('cut short');
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 << 20);
});
test('more packets than a batch holds, and than a window holds', async () => {
  const sent = Array.from({ length: 70_000 }, (_, i) =>
    packet({ seconds: i, data: Uint8Array.of(i, i >> 8, i >> 16) }),
  );
  const { packets, error } = await read(pcap(sent));
  expect(error).toBeUndefined();
  expect(packets.length).toBe(sent.length);
  expect(packets.every((p, i) => p.seconds === i && p.data[0] === (i & 0xff) && p.data[2] === i >> 16)).toBe(true);
});
test('whatever bytes are changed, it ends with packets and at most one error', async () => {
  const bytes = pcap(three);
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
