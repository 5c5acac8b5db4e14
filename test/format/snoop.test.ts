import { afterAll, expect, test } from 'vitest';
import { Bytes, type Packet, packet } from './build.ts';
import { folder, readBytes } from './reading.ts';

const { path, remove } = folder();
afterAll(remove);
const read = (bytes: Uint8Array) => readBytes(path('in'), bytes);

const sent = [
  packet({ nanos: 999_999_000 }),
  packet({ data: new Uint8Array(0), wire: 60 }),
  packet({ seconds: 0xffff_ffff, data: Uint8Array.from({ length: 300 }, (_, i) => i), wire: 70_000 }),
];
/** RFC 1761, by code that shares nothing with the reader. */
function snoop(packets: readonly Packet[], version = 2, linkType = 4, padding = 3): Uint8Array {
  const file = new Bytes(false).add(Buffer.from('snoop\0\0\0')).u32(version).u32(linkType);
  for (const [i, { data, wire, seconds, nanos }] of packets.entries()) {
    file
      .u32(wire)
      .u32(data.length)
      .u32(24 + data.length + padding)
      .u32(2 * i);
    file
      .u32(seconds)
      .u32(nanos / 1000)
      .add(data)
      .add(new Uint8Array(padding));
  }
  return file.done();
}

test('times, lengths, bytes, and what was lost', async () => {
  const reading = await read(snoop(sent));
  expect(reading.error).toBeUndefined();
  expect(reading.packets).toEqual(sent);
  expect(reading.ports).toEqual([{ name: undefined, linkType: 1, snaplen: 0, nanos: false }]);
  expect(reading.dropped).toBe(4);
});
test('cut anywhere, the packets before and the place', async () => {
  const bytes = snoop(sent);
  const ends = [16, 16 + 32, 16 + 32 + 27];
  for (let length = 8; length < bytes.length; length++) {
    const { packets, error } = await read(bytes.subarray(0, length));
    const whole = Math.max(0, ends.filter((end) => end <= length).length - 1);
    expect(packets).toEqual(sent.slice(0, whole));
    if (ends.includes(length)) expect(error).toBeUndefined();
    else expect(error?.message).toContain(`begins at byte ${length < 16 ? 0 : ends[whole]} `);
  }
});
test.each([
  ['a record shorter than its packet', 8, 20, 'its record is 20 bytes long'],
  ['a captured length beyond the record', 4, 200, 'claims 200 captured bytes'],
  ['a record beyond all bounds', 8, 0xffff_fff0, '262144 is the most there can be'],
])('%s', async (_, at, value, what) => {
  const bytes = snoop(sent);
  new DataView(bytes.buffer).setUint32(16 + 32 + at, value);
  const { packets, error } = await read(bytes);
  expect(packets).toEqual(sent.slice(0, 1));
  expect(error?.code).toBe('damaged-file');
  expect(error?.message).toContain('byte 48: ');
  expect(error?.message).toContain(what);
});
test.each([
  [1, 4, 'of version 1'],
  [2, 99, 'with link type 99'],
])('version %i with link type %i is refused', async (version, type, what) => {
  const { error } = await read(snoop(sent, version, type));
  expect(error?.code).toBe('unknown-format');
  expect(error?.message).toContain(what);
});
