import { Frame } from '../../src/dissect/frame.ts';
import type { Registry } from '../../src/dissect/registry.ts';
import type { Random } from '../support/random.ts';
import { poke, underLens } from '../support/stack.ts';

/** A packet as it is handed to the dissectors. */
export interface Packet {
  readonly linkType: number;
  readonly bytes: Uint8Array;
  /** Its length on the wire: more than `bytes` when the capture cut it. */
  readonly wire: number;
}
type Mutation = (random: Random, packet: Packet) => Packet;

/** Numbers that lengths and counts go wrong with. */
const EDGES = [
  0,
  1,
  2,
  3,
  4,
  7,
  8,
  19,
  20,
  21,
  39,
  40,
  63,
  64,
  127,
  128,
  255,
  256,
  1500,
  32_767,
  32_768,
  65_534,
  65_535,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - 1,
];

function changed(packet: Packet, change: (bytes: Uint8Array) => void): Packet {
  const bytes = packet.bytes.slice();
  if (bytes.length > 0) change(bytes);
  return { ...packet, bytes };
}
const flipBits: Mutation = (random, packet) =>
  changed(packet, (bytes) => {
    for (let n = random.between(1, 8); n > 0; n--) bytes[random.below(bytes.length)]! ^= 1 << random.below(8);
  });
const noise: Mutation = (random, packet) =>
  changed(packet, (bytes) => {
    const from = random.below(bytes.length);
    random.fill(bytes, from, Math.min(bytes.length, from + random.between(1, 16)));
  });
/** An edge value of one, two or four bytes somewhere, in either byte order. */
const forgeAnywhere: Mutation = (random, packet) =>
  changed(packet, (bytes) => {
    const size = random.of([1, 2, 4]);
    const at = random.below(Math.min(bytes.length, random.chance(0.7) ? 128 : bytes.length));
    const value = random.chance(0.3) ? Math.max(0, bytes.length - at + random.between(-4, 4)) : random.of(EDGES);
    const little = random.chance(0.3);
    for (let i = 0; i < size && at + i < bytes.length; i++)
      bytes[at + i] = Math.floor(value / 256 ** (little ? i : size - 1 - i)) & 0xff;
  });
const cut: Mutation = (random, packet) => {
  const bytes = packet.bytes.slice(0, random.below(packet.bytes.length + 1));
  return { ...packet, bytes, wire: random.chance(0.5) ? packet.wire : bytes.length };
};
const duplicateBlock: Mutation = (random, packet) => {
  const from = random.below(packet.bytes.length + 1);
  const to = Math.min(packet.bytes.length, from + random.between(1, 64));
  const bytes = Buffer.concat([packet.bytes.subarray(0, to), packet.bytes.subarray(from)]);
  return { ...packet, bytes, wire: Math.max(packet.wire, bytes.length) };
};
const removeBlock: Mutation = (random, packet) => {
  const from = random.below(packet.bytes.length + 1);
  const to = Math.min(packet.bytes.length, from + random.between(1, 32));
  const bytes = Buffer.concat([packet.bytes.subarray(0, from), packet.bytes.subarray(to)]);
  return { ...packet, bytes, wire: bytes.length };
};
const grow: Mutation = (random, packet) => {
  const bytes = Buffer.concat([packet.bytes, random.bytes(random.between(1, 200))]);
  return { ...packet, bytes, wire: Math.max(packet.wire, bytes.length) };
};
/** The wire length says something else than the bytes. */
const lieAboutWire: Mutation = (random, packet) => ({
  ...packet,
  wire: random.chance(0.5) ? random.below(262_144) : random.of(EDGES),
});

/** Changes packets, a little or a lot, in ways that break dissectors. */
export class FrameMutator {
  private readonly frame: Frame;
  private readonly mutations: readonly Mutation[];

  constructor(private readonly registry: Registry) {
    this.frame = new Frame(registry);
    const forge: Mutation = (random, packet) => this.forgeField(random, packet);
    const nest: Mutation = (random, packet) => this.nest(random, packet);
    this.mutations = [
      forge,
      forge,
      forge,
      forgeAnywhere,
      forgeAnywhere,
      flipBits,
      flipBits,
      noise,
      cut,
      duplicateBlock,
      removeBlock,
      grow,
      lieAboutWire,
      nest,
    ];
  }
  mutate(random: Random, packet: Packet): Packet {
    let result = packet;
    for (let n = random.between(1, 4); n > 0; n--) result = random.of(this.mutations)(random, result);
    return result;
  }
  private layersOf(packet: Packet): Frame {
    return underLens(this.frame, packet.bytes, 0, packet.bytes.length, packet.wire);
  }
  /** An edge value in a declared field of one of the layers: that is where lengths and types are. */
  private forgeField(random: Random, packet: Packet): Packet {
    const { frame, registry } = this;
    this.layersOf(packet).dissect(registry.linkLayer(packet.linkType));
    if (frame.depth === 0) return packet;
    const d = random.below(frame.depth);
    const { fields, size } = registry.protocols[frame.layer[d]!]!;
    const base = frame.from[d]!;
    const fixed = fields.filter((f) => f.distance >= 0);
    if (fixed.length === 0 || base + size > packet.bytes.length) return packet;
    const left = packet.bytes.length - base;
    const value = random.chance(0.4) ? Math.max(0, left + random.between(-9, 9)) : random.of(EDGES);
    return changed(packet, (bytes) => poke(bytes, base, random.of(fixed), value));
  }
  /** Repeats the packet from one of its layers on inside itself: tunnels in tunnels. */
  private nest(random: Random, packet: Packet): Packet {
    const { frame } = this;
    this.layersOf(packet).dissect(this.registry.linkLayer(packet.linkType));
    if (frame.depth < 2) return packet;
    const outer = random.below(frame.depth - 1);
    const inner = random.between(outer + 1, frame.depth - 1);
    const bytes = Buffer.concat([
      packet.bytes.subarray(0, frame.from[inner]!),
      packet.bytes.subarray(frame.from[outer]!),
    ]);
    return bytes.length > 65_536 ? packet : { ...packet, bytes, wire: Math.max(packet.wire, bytes.length) };
  }
}
