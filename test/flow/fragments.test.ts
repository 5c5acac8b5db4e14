import { describe, expect, test } from 'vitest';
import { protocols } from '../../dissectors/index.ts';
import { fold16, sum16 } from '../../src/bytes/checksum.ts';
import { Frame } from '../../src/dissect/frame.ts';
import { Registry } from '../../src/dissect/registry.ts';
import { Fragments } from '../../src/flow/fragments.ts';
import { columns } from '../../src/frame/batch.ts';

const registry = new Registry(protocols);
const RAW = registry.id('raw');
const u16 = (value: number): number[] => [value >> 8, value & 0xff];
/** A datagram to a port that nobody reads. */
const DATA = Array.from({ length: 40 }, (_, i) => i);
const UDP = [...u16(1024), ...u16(9), ...u16(48), 0, 0, ...DATA];

interface Given {
  readonly id?: number;
  readonly offset: number;
  readonly more: boolean;
  readonly payload: readonly number[];
}
function ipv4({ id = 7, offset, more, payload }: Given): Uint8Array {
  const place = (more ? 0x2000 : 0) | (offset / 8);
  const head = [
    0x45,
    0,
    ...u16(20 + payload.length),
    ...u16(id),
    ...u16(place),
    64,
    17,
    0,
    0,
    192,
    0,
    2,
    1,
    192,
    0,
    2,
    2,
  ];
  const bytes = Uint8Array.from([...head, ...payload]);
  bytes.set(u16(fold16(sum16(bytes, 0, 20))), 10);
  return bytes;
}
function ipv6({ id = 7, offset, more, payload }: Given): Uint8Array {
  const address = (last: number) => [0x20, 1, 0xd, 0xb8, ...new Array(11).fill(0), last];
  const fragment = [17, 0, ...u16(offset | (more ? 1 : 0)), 0, 0, ...u16(id)];
  return Uint8Array.from([
    0x60,
    0,
    0,
    0,
    ...u16(8 + payload.length),
    44,
    64,
    ...address(1),
    ...address(2),
    ...fragment,
    ...payload,
  ]);
}
const frame = new Frame(registry);
/** The layers of a packet, and what its UDP carries. */
function seen(fragments: Fragments, packet: Uint8Array, seconds = 0, captured = packet.length): string {
  const row = columns(1);
  // Not at the start of the buffer.
  const bytes = new Uint8Array(packet.length + 5);
  bytes.set(packet, 5);
  row.offset[0] = 5;
  row.captured[0] = captured;
  row.wire[0] = packet.length;
  row.seconds[0] = seconds;
  frame.load({ ...row, bytes, count: 1, envelope: undefined, release() {} }, 0);
  frame.dissect(RAW);
  fragments.join(frame);
  expect(frame.captured).toBe(captured);
  const names = Array.from({ length: frame.depth }, (_, d) => registry.protocols[frame.layer[d]!]!.name);
  const rest = frame.restFrom < 0 ? '' : [...frame.bytes.subarray(frame.restFrom, frame.restTo)].join(',');
  return `${names.join(':')} ${rest}`;
}
const WHOLE = `raw:ip:udp ${DATA.join(',')}`;
const piece = (from: number, to: number, rest: Partial<Given> = {}): Uint8Array =>
  ipv4({ offset: from, more: to < UDP.length, payload: UDP.slice(from, to), ...rest });
const part = (from: number, to: number): string => `raw:ip ${UDP.slice(from, to).join(',')}`;

describe('IPv4', () => {
  test('in order', () => {
    const fragments = new Fragments(registry);
    expect(seen(fragments, piece(0, 16))).toBe(part(0, 16));
    expect(seen(fragments, piece(16, 32))).toBe(part(16, 32));
    expect(seen(fragments, piece(32, 48))).toBe(WHOLE);
  });
  test('in any order, and more than once', () => {
    const fragments = new Fragments(registry);
    expect(seen(fragments, piece(32, 48))).toBe(part(32, 48));
    expect(seen(fragments, piece(0, 16))).toBe(part(0, 16));
    expect(seen(fragments, piece(0, 16))).toBe(part(0, 16));
    expect(seen(fragments, piece(16, 32))).toBe(WHOLE);
    // What comes now begins another datagram.
    expect(seen(fragments, piece(16, 32))).toBe(part(16, 32));
  });
  test('where fragments overlap, the one that begins before counts', () => {
    const fragments = new Fragments(registry);
    seen(fragments, piece(0, 24));
    seen(fragments, ipv4({ offset: 16, more: true, payload: [...new Array(8).fill(99), ...UDP.slice(24, 32)] }));
    expect(seen(fragments, piece(32, 48))).toBe(WHOLE);
  });
  test('datagrams are told apart', () => {
    const fragments = new Fragments(registry);
    seen(fragments, piece(0, 24));
    expect(seen(fragments, piece(24, 48, { id: 8 }))).toBe(part(24, 48));
    expect(seen(fragments, piece(24, 48))).toBe(WHOLE);
  });
  test('what was cut is left as it is', () => {
    const fragments = new Fragments(registry);
    expect(seen(fragments, piece(0, 24), 0, 40)).toBe(`raw:ip:udp ${UDP.slice(8, 20).join(',')}`);
    expect(seen(fragments, piece(24, 48))).toBe(part(24, 48));
  });
  test('what comes too late is not waited for', () => {
    const fragments = new Fragments(registry);
    seen(fragments, piece(0, 24), 1000);
    expect(seen(fragments, piece(24, 48), 1061)).toBe(part(24, 48));
    expect(fragments.expired).toBe(1);
  });
  test('longer than a packet can be', () => {
    const fragments = new Fragments(registry);
    seen(fragments, ipv4({ offset: 0, more: true, payload: new Array(8).fill(0) }));
    expect(seen(fragments, ipv4({ offset: 65_528, more: false, payload: new Array(16).fill(0) }))).toMatch(/^raw:ip /);
  });
});
test('IPv6', () => {
  const fragments = new Fragments(registry);
  expect(seen(fragments, ipv6({ offset: 0, more: true, payload: UDP.slice(0, 24) }))).toBe(
    `raw:ipv6:ipv6.fraghdr ${UDP.slice(0, 24).join(',')}`,
  );
  expect(seen(fragments, ipv6({ offset: 24, more: false, payload: UDP.slice(24) }))).toBe(
    `raw:ipv6:ipv6.fraghdr:udp ${DATA.join(',')}`,
  );
  // A fragment alone is a whole packet.
  expect(seen(fragments, ipv6({ offset: 0, more: false, payload: UDP }))).toMatch(/fraghdr:udp /);
});
test('a packet in fragments inside a packet in fragments', () => {
  const fragments = new Fragments(registry);
  const outer = (inner: Uint8Array, id: number): Uint8Array[] =>
    [0, 24].map((from) => {
      const payload = [...inner.subarray(from, from === 0 ? 24 : undefined)];
      const packet = ipv4({ id, offset: from, more: from === 0, payload });
      packet[9] = 4;
      packet.set([0, 0], 10);
      packet.set(u16(fold16(sum16(packet, 0, 20))), 10);
      return packet;
    });
  const [a, b, c, d] = [...outer(piece(0, 24), 1), ...outer(piece(24, 48), 2)];
  seen(fragments, a!);
  expect(seen(fragments, b!)).toBe(`raw:ip:ip ${UDP.slice(0, 24).join(',')}`);
  seen(fragments, c!);
  expect(seen(fragments, d!)).toBe(`raw:ip:ip:udp ${DATA.join(',')}`);
});
test('memory is bounded, and what is given up is counted', () => {
  const fragments = new Fragments(registry, { bytes: 4000, datagrams: 10 });
  for (let id = 0; id < 100; id++) seen(fragments, piece(0, 24, { id }));
  expect(fragments.crowdedOut).toBe(90);
  for (let i = 0; i < 100; i++)
    seen(fragments, ipv4({ id: 99, offset: 8 * i, more: true, payload: new Array(800).fill(i) }));
  expect(fragments.crowdedOut).toBeGreaterThan(99);
});
