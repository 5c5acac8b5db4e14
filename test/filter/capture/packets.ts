import { openFile } from '../../../src/capture/file.ts';
import type { Random } from '../../support/random.ts';

/** A packet with space around it, so that reads outside of it would be seen. */
export interface Packet {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly captured: number;
  readonly wire: number;
}

export interface Packets {
  readonly linkType: number;
  readonly packets: readonly Packet[];
}

/** The packets of a capture, at most so many, by link type. Damage ends the reading. */
export async function packetsOf(path: string, most = Number.POSITIVE_INFINITY): Promise<Packets[]> {
  const found = new Map<number, Packet[]>();
  let count = 0;
  try {
    await using source = await openFile(path);
    for await (const batch of source.batches()) {
      for (let i = 0; i < batch.count && count < most; i++, count++) {
        const linkType = source.ports[batch.port[i]!]!.linkType;
        const list = found.get(linkType) ?? [];
        found.set(linkType, list);
        const [from, captured] = [batch.offset[i]!, batch.captured[i]!];
        list.push(packet(batch.bytes.subarray(from, from + captured), batch.wire[i]!));
      }
      batch.release();
      if (count >= most) break;
    }
  } catch {
    // What was read before the damage counts.
  }
  return [...found].map(([linkType, packets]) => ({ linkType, packets }));
}

const MARGIN = 8;

export function packet(content: Uint8Array, wire = content.length): Packet {
  const bytes = new Uint8Array(content.length + 2 * MARGIN).fill(0xa5);
  bytes.set(content, MARGIN);
  return { bytes, start: MARGIN, captured: content.length, wire };
}

/** Values that filters ask for: what random bytes would almost never have. */
const TELLING: readonly (readonly number[])[] = [
  [8, 0],
  [0x86, 0xdd],
  [8, 6],
  [0x80, 0x35],
  [0x81, 0],
  [0x88, 0xa8],
  [0x88, 0x47],
  [0x88, 0x64],
  [0x60, 3],
  [0, 0x21],
  [0, 0x57],
  [0, 0x23],
  [2, 0x81],
  [0, 4],
  [0, 2],
  [0, 0x20],
  [0xaa, 0xaa, 3, 0, 0, 0, 8, 0],
  [0xfe, 0xfe, 3, 0x83],
  [0x45, 0, 0, 60, 1, 1, 0, 0, 64, 6],
  [0x46, 0, 0, 60, 1, 1, 0, 0, 64, 17],
  [0x60, 0, 0, 0, 0, 40, 6, 64],
  [0x60, 0, 0, 0, 0, 40, 44, 64],
  [6],
  [17],
  [1],
  [58],
  [132],
  [51],
  [0xff, 0xff, 0xff, 0xff],
  [0],
];

/** A packet of random bytes and telling ones, sometimes cut, sometimes longer on the wire. */
export function randomPacket(random: Random): Packet {
  const content = random.bytes(random.chance(0.3) ? random.below(40) : random.between(40, 250));
  for (let times = random.below(12); times > 0; times--) {
    const piece = random.of(TELLING);
    const at = random.below(random.chance(0.5) ? 30 : 120);
    for (const [i, byte] of piece.entries()) if (at + i < content.length) content[at + i] = byte;
  }
  return packet(content, content.length + (random.chance(0.2) ? random.below(1000) : 0));
}

/**
 * A packet for this very program: wherever it compares bytes at a fixed place with a constant, the constant is there, or
 * nearly so. Random bytes alone would all leave a filter at its first test.
 */
export function fittingPacket(random: Random, wanted: readonly { at: number; size: number; value: number }[]): Packet {
  const base = randomPacket(random);
  const content = base.bytes.slice(base.start, base.start + base.captured);
  for (const { at, size, value } of wanted) {
    if (random.chance(0.15)) continue;
    for (let i = 0; i < size; i++) {
      const byte = (value >>> (8 * (size - 1 - i))) & 0xff;
      if (at + i < content.length) content[at + i] = random.chance(0.03) ? byte ^ (1 << random.below(8)) : byte;
    }
  }
  return packet(content, base.wire);
}
