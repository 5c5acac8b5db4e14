import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Crate } from '../../src/capture/crate.ts';
import { InRing, LONG } from '../../src/capture/in-ring.ts';
import { Lane } from '../../src/capture/lane.ts';
import type { Neighbourhood } from '../../src/capture/neighbourhood.ts';
import { transcribe } from '../../src/capture/transcribe.ts';
import { LEAST_ROOM, type PacketRing, PLACE, STATUS } from '../../src/linux/packet-ring.ts';

interface Packet {
  readonly length: number;
  /** How much longer it was on the wire. */
  readonly cut: number;
  readonly device: number;
  readonly second: number;
  readonly nanos: number;
  readonly status: number;
  readonly kind: number;
}
/** Ethernet, IP without a header below it, and a device whose packets Linux has no name for: these come out cooked. */
const DEVICES = [
  { hardware: 1, header: 14 },
  { hardware: 65534, header: 0 },
  { hardware: 1, header: 14 },
  { hardware: 0x7777, header: 0 },
] as const;
/** struct tpacket_block_desc, and what lies behind the last packet: nobody may write there. */
const [DESCRIPTOR, BEHIND] = [48, 64];
const SENTINEL = 0xee;
const aligned = (value: number, to: number): number => Math.ceil(value / to) * to;

/** A block as the kernel fills it (tpacket_rcv of net/packet/af_packet.c): packets one after the other, aligned to eight. */
function blockOf(packets: readonly Packet[]): { memory: ArrayBuffer; end: number } {
  // struct tpacket3_hdr and struct sockaddr_ll; the network header after them, with room for a link-layer header, reserved bytes.
  const network = (header: number) => aligned(68 + Math.max(16, header), 16) + 6;
  const places: number[] = [];
  let end = DESCRIPTOR;
  for (const { length, device } of packets) {
    const { header } = DEVICES[device]!;
    places.push(end);
    end += aligned(network(header) - header + length, 8);
  }
  const memory = new ArrayBuffer(aligned(end, 8) + BEHIND);
  const words = new Uint32Array(memory);
  const bytes = new Uint8Array(memory).fill(SENTINEL);
  packets.forEach((packet, i) => {
    const { header, hardware } = DEVICES[packet.device]!;
    const at = places[i]!;
    const from = network(header) - header;
    words.fill(0, at >>> 2, (at + 72) >>> 2);
    const put = (place: number, value: number) => {
      words[(at >>> 2) + place] = value;
    };
    put(PLACE.next, i + 1 < packets.length ? places[i + 1]! - at : 0);
    put(PLACE.seconds, packet.second);
    put(PLACE.nanos, packet.nanos);
    put(PLACE.captured, packet.length);
    put(PLACE.wire, packet.length + packet.cut);
    put(PLACE.status, packet.status);
    put(PLACE.headers, from | (network(header) << 16));
    put(PLACE.tag, 42);
    put(PLACE.device, packet.device + 1);
    put(PLACE.kinds, hardware | (packet.kind << 16));
    for (let o = 0; o < packet.length; o++) bytes[at + from + o] = i * 31 + o;
  });
  return { memory, end };
}
function laneOver(memory: ArrayBuffer, packets: number, lost: number): Lane {
  const ring = { bytes: new Uint8Array(memory), view: new DataView(memory) } as PacketRing;
  let ports = 0;
  const lane = new Lane({} as Neighbourhood, 'any', ring, 262_144, false, { meet: () => ports++ }, undefined);
  lane.left = packets;
  lane.at = DESCRIPTOR;
  lane.lost = lost;
  return lane;
}
function crateFor(memory: ArrayBuffer, taken: number): Crate {
  const capacity = Math.ceil(memory.byteLength / LEAST_ROOM) + 1;
  const crate = new Crate(new ArrayBuffer(Crate.size(capacity, 2 * memory.byteLength + 1000)), capacity);
  crate.empty(taken);
  return crate;
}
/** Copies what is left of the block. */
function copied(lane: Lane, taken: number): Buffer {
  const crate = crateFor(lane.bytes.buffer as ArrayBuffer, taken);
  transcribe(lane, crate, Number.POSITIVE_INFINITY, 0);
  expect(lane.left).toBe(0);
  return Buffer.from(crate.bytes.slice(0, crate.used));
}
/** What comes of a block in place, by copies where that does not do; and how many packets took which way. */
function inPlace(packets: readonly Packet[], lost: number, taken: number) {
  const { memory, end } = blockOf(packets);
  const lane = laneOver(memory, packets.length, lost);
  // Devices have ports once they are known: here, all of them.
  for (const [i, { hardware }] of DEVICES.entries()) lane.meet(i + 1, hardware);
  const pieces: { from: number; length: number }[] = [];
  const inRing = new InRing({ add: (from, length) => pieces.push({ from, length }) });
  const parts: Buffer[] = [];
  let done = 0;
  let copies = 0;
  while (lane.left > 0) {
    pieces.length = 0;
    const taking = inRing.take(lane, taken + done);
    parts.push(...pieces.map(({ from, length }) => Buffer.from(memory.slice(from, from + length))));
    done += taking;
    if (lane.left === 0) break;
    const crate = crateFor(memory, taken + done);
    const { left } = lane;
    // One only, so that the ways take turns.
    lane.left = 1;
    transcribe(lane, crate, Number.POSITIVE_INFINITY, 0);
    lane.left = left - 1;
    parts.push(Buffer.from(crate.bytes.slice(0, crate.used)));
    copies++;
    done++;
  }
  const behind = Buffer.from(memory.slice(end));
  return { bytes: Buffer.concat(parts), pieces: parts.length - copies, copies, behind };
}
function byCopies(packets: readonly Packet[], lost: number, taken: number): Buffer {
  const lane = laneOver(blockOf(packets).memory, packets.length, lost);
  for (const [i, { hardware }] of DEVICES.entries()) lane.meet(i + 1, hardware);
  return copied(lane, taken);
}
const plain: Packet = { length: 64, cut: 0, device: 0, second: 1_800_000_000, nanos: 5, status: 0, kind: 0 };
const many = (count: number, packet: Partial<Packet> = {}): Packet[] =>
  Array.from({ length: count }, (_, i) => ({ ...plain, nanos: 1000 * i, ...packet }));

const packet: fc.Arbitrary<Packet> = fc.record({
  length: fc.oneof(fc.integer({ min: 1, max: LONG }), fc.integer({ min: LONG - 4, max: LONG + 4 }), fc.nat(3000)),
  cut: fc.oneof(fc.constant(0), fc.nat(70_000)),
  device: fc.constantFrom(0, 0, 0, 0, 0, 0, 1, 2, 3),
  second: fc.constantFrom(...Array<number>(20).fill(1_800_000_000), 1_800_000_001, 1_799_999_997),
  nanos: fc.nat(999_999_999),
  status: fc.constantFrom(
    ...[0, 0, 0, 0, STATUS.checksumNotReady, STATUS.checksumValid, STATUS.toBeSplit],
    STATUS.tagValid | STATUS.tagProtocolValid,
  ),
  kind: fc.nat(6),
});

describe('packets made into blocks of pcapng where they lie in the ring', () => {
  test('any packets: the same blocks as by copies, and nothing behind them is touched', () => {
    const before = fc.constantFrom(0, 7, 2 ** 32 - 3, 2 ** 33);
    const lost = fc.constantFrom(0, 0, 3, 2 ** 32 + 1);
    fc.assert(
      fc.property(fc.array(packet, { minLength: 1, maxLength: 40 }), lost, before, (packets, missing, taken) => {
        const { bytes, behind } = inPlace(packets, missing, taken);
        expect(bytes.equals(byCopies(packets, missing, taken))).toBe(true);
        expect(behind.every((byte) => byte === SENTINEL)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
  test.each([1, 60, 64, 65, LONG - 1, LONG, LONG + 1, 350, 1400, 1514])('many of %i bytes', (length) => {
    const packets = many(700, { length });
    const { bytes, copies } = inPlace(packets, 2, 100);
    expect(bytes.equals(byCopies(packets, 2, 100))).toBe(true);
    expect(copies).toBe(0);
  });
  test('short packets come out in one piece, long ones each in its own', () => {
    expect(inPlace(many(1000), 0, 0).pieces).toBe(1);
    const { pieces } = inPlace(many(1000, { length: 1400 }), 0, 0);
    expect(pieces).toBeGreaterThan(990);
    expect(pieces).toBeLessThanOrEqual(1000);
  });
  test('what needs more than that is left to others: a tag to be put back, a header to be made, a device without a port', () => {
    const tagged = { status: STATUS.tagValid };
    for (const other of [tagged, { device: 3 }]) {
      const packets = [...many(3, { length: 1400 }), ...many(1, other), ...many(3)];
      expect(inPlace(packets, 0, 0)).toMatchObject({ copies: 1, bytes: byCopies(packets, 0, 0) });
    }
    const lane = laneOver(blockOf([...many(2), ...many(2, { device: 2 })]).memory, 4, 0);
    lane.meet(1, 1);
    expect(new InRing({ add: () => {} }).take(lane, 0)).toBe(2);
    expect(lane.left).toBe(2);
  });
});
