import type { Random } from '../support/random.ts';

const PCAP_HEADER = 24;
const RECORD_HEADER = 16;
const SECTION = 0x0a0d0d0a;
/** Where a capture file says how long things are: its file header, record headers and block lengths. */
export function lengthPlaces(bytes: Uint8Array): number[] {
  if (bytes.length < PCAP_HEADER) return [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return view.getUint32(0) === SECTION ? blockPlaces(view) : recordPlaces(view);
}
function recordPlaces(view: DataView): number[] {
  const places = [0, 4, 8, 12, 16, 20];
  const little = [0xd4, 0x4d].includes(view.getUint8(0));
  for (let at = PCAP_HEADER; at + RECORD_HEADER <= view.byteLength; ) {
    places.push(at, at + 4, at + 8, at + 12);
    at += RECORD_HEADER + view.getUint32(at + 8, little);
  }
  return places;
}
function blockPlaces(view: DataView): number[] {
  const places: number[] = [];
  const little = view.getUint8(8) === 0x4d;
  for (let at = 0; at + 12 <= view.byteLength; ) {
    const length = view.getUint32(at + 4, little);
    // Type, both lengths, and the words that the body begins with.
    for (const place of [at, at + 4, at + 8, at + 12, at + 16, at + 20, at + 24, at + length - 4])
      if (place >= 0 && place + 4 <= view.byteLength) places.push(place);
    if (length < 12) break;
    at += length;
  }
  return places;
}

const EDGES = [
  0, 1, 3, 4, 8, 11, 12, 13, 16, 20, 28, 65_535, 65_536, 262_144, 262_145, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff,
];
type Mutation = (random: Random, bytes: Uint8Array) => Uint8Array;

const flipBits: Mutation = (random, bytes) => {
  for (let n = random.between(1, 16); n > 0; n--) bytes[random.below(bytes.length)]! ^= 1 << random.below(8);
  return bytes;
};
const forge: Mutation = (random, bytes) => {
  const places = lengthPlaces(bytes);
  if (places.length === 0) return flipBits(random, bytes);
  const at = random.of(places);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const old = view.getUint32(at, true);
  const value = random.chance(0.4) ? old + random.between(-8, 8) : random.of(EDGES);
  view.setUint32(at, value >>> 0, random.chance(0.8));
  return bytes;
};
const cut: Mutation = (random, bytes) => bytes.slice(0, random.below(bytes.length + 1));
const duplicate: Mutation = (random, bytes) => {
  const from = random.below(bytes.length);
  const to = Math.min(bytes.length, from + random.between(1, 512));
  return Uint8Array.from(Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)]));
};
const remove: Mutation = (random, bytes) => {
  const from = random.below(bytes.length);
  const to = Math.min(bytes.length, from + random.between(1, 128));
  return Uint8Array.from(Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]));
};
const MUTATIONS = [forge, forge, forge, flipBits, flipBits, cut, duplicate, remove];

/** A capture file with a few things wrong. */
export function mutateFile(random: Random, original: Uint8Array): Uint8Array {
  let bytes: Uint8Array = original.slice();
  for (let n = random.between(1, 4); n > 0 && bytes.length > 0; n--) bytes = random.of(MUTATIONS)(random, bytes);
  return bytes;
}
