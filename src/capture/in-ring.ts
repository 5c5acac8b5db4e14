import { BLOCK } from '../format/blocks.ts';
import { FLAGS_OPTION, PACKET_ID_OPTION } from '../format/packet-flags.ts';
import { PLACE, STATUS } from '../linux/packet-ring.ts';
import type { Lane } from './lane.ts';
import { manner, WORDS } from './manner.ts';
import { BEFORE, BEHIND, SHAPE, tellLoss } from './transcribe.ts';

/**
 * Packets as long as this stay where they are. Written to a file, both ways cost the same at 128 bytes; a packet of 192
 * costs twice as much when it is copied, and one of 64 when it is a piece of its own.
 */
export const LONG = 128;
/**
 * What the kernel has in front of an Ethernet packet, at least: struct tpacket3_hdr, struct sockaddr_ll, room. A block of
 * pcapng has less around its packet, also when it begins as far behind as one that stayed where it was may end.
 */
const ROOM = 88;
const WORD = 2 ** 32;
/** So many packets at a time: a loop that is left often is compiled once, with what comes behind it. */
const AT_ONCE = 256;
/**
 * Of a nanosecond, which is cut off when the time is stored: with it V8 knows from the first packet that it deals with
 * floating point, and not only in a second whose number is a large one, when it would compile everything anew.
 */
const HALF = 0.5;

/** Takes note of what is to be written: Pieces of src/linux does. */
export interface PieceList {
  add(from: number, length: number): void;
}

/**
 * Makes packet blocks of pcapng out of a block of the ring, where it lies: what the kernel wrote around each packet takes
 * more room than what a file has around it. A short packet moves up to the end of the one before; a long one stays and
 * begins a new piece, its block's beginning in front of it, its end over the header of the packet behind it, which was read
 * by then. The same blocks come out as of {@link transcribe}.
 */
export class InRing {
  /** The beginning of the second at hand, as pcapng has it: two words. */
  private second = -1;
  private high = 0;
  private low = HALF;
  /** The piece being made. */
  private start = 0;
  private end = 0;

  constructor(private readonly pieces: PieceList) {}
  /**
   * Takes the packets of the block that a lane is in, up to one that needs more than this (see {@link isPlain}), and returns
   * how many; `taken` is how many there were before, of all lanes.
   */
  take(lane: Lane, taken: number): number {
    const { pieces } = this;
    const before = lane.left;
    this.start = lane.at;
    this.end = lane.at;
    while (lane.left > 0 && isPlain(lane)) this.stretch(lane, taken + before - lane.left);
    if (this.end > this.start) pieces.add(this.start, this.end - this.start);
    return before - lane.left;
  }
  /** Takes packets of one device within one second: what changes seldom is looked at in between. */
  private stretch(lane: Lane, taken: number): void {
    const { words, lost } = lane;
    const w = lane.at >>> 2;
    const device = words[w + PLACE.device]!;
    const second = words[w + PLACE.seconds]!;
    if (device !== lane.device) lane.enter(device, words[w + PLACE.kinds]! & 0xffff);
    if (second !== this.second) this.enter(second);
    if (lost === 0) this.run(lane, taken + 1, Math.max(0, lane.left - AT_ONCE));
    else {
      const start = this.end;
      this.run(lane, taken + 1, lane.left - 1);
      this.end = tellLoss(words, start, this.end, lost);
      lane.lost = 0;
    }
  }
  private enter(second: number): void {
    const time = BigInt(second) * 1_000_000_000n;
    this.second = second;
    this.high = Number(time >> 32n);
    this.low = Number(time & 0xffff_ffffn) + HALF;
  }
  /**
   * Takes packets until so many are left, or one is of another kind. The last one always moves: the header behind it is
   * still to be read, or the ring's block ends there.
   * This is where the thread spends its time. What few packets need is not in the loop: V8 would compile it anew when one
   * comes by.
   */
  private run(lane: Lane, firstId: number, until: number): void {
    const { words, port } = lane;
    const { second, high, low } = this;
    const idHigh = Math.floor(firstId / WORD);
    let id = firstId % WORD;
    let { at, left } = lane;
    let { end } = this;
    // Of the block whose end is not written yet.
    let size = 0;
    let flags = 0;
    for (let goesOn = true; goesOn; ) {
      const w = at >>> 2;
      const nanos = words[w + PLACE.nanos]!;
      const length = words[w + PLACE.captured]!;
      const wire = words[w + PLACE.wire]!;
      const status = words[w + PLACE.status]!;
      const kinds = words[w + PLACE.kinds]!;
      const from = at + (words[w + PLACE.headers]! & 0xffff);
      at += words[w + PLACE.next]!;
      left--;
      if (size > 0) end = finish(words, end, size, flags, id++, idHigh);
      goesOn = left > until && isLike(lane, at, second);
      let to = end + BEFORE;
      if (goesOn && length >= LONG && (from & 3) === 0) to = this.stay(from, end);
      else move(lane, from, to, length);
      end = to + ((length + 3) & ~3);
      size = end - to + BEFORE + BEHIND;
      flags = WORDS[manner(kinds >>> 16, status)]!;
      header(words, to - BEFORE, size, port, high, low + nanos, length, wire);
    }
    this.end = finish(words, end, size, flags, id, idHigh);
    lane.at = at;
    lane.left = left;
  }
  /** A packet begins a new piece where it lies, behind one that ends at `end`. */
  private stay(from: number, end: number): number {
    if (end > this.start) this.pieces.add(this.start, end - this.start);
    this.start = from - BEFORE;
    return from;
  }
}
/**
 * Does a lane's next packet go out as it came? Then it has no VLAN tag to be put back, it is not cooked, its device is known,
 * so that it has a port, and the kernel cut it as it was told to.
 */
function isPlain(lane: Lane): boolean {
  const { words, at } = lane;
  const device = words[(at >>> 2) + PLACE.device]!;
  const known = device === lane.device ? lane.shape !== SHAPE.cooked : lane.knowsPlain(device);
  return known && asItCame(lane, at >>> 2);
}
function asItCame({ words, snaplen }: Lane, w: number): boolean {
  return (
    (words[w + PLACE.status]! & STATUS.tagValid) === 0 &&
    (words[w + PLACE.headers]! & 0xffff) >= ROOM &&
    words[w + PLACE.captured]! <= snaplen
  );
}
/** The same of a packet behind it, which is also to be of that device and of that second. */
function isLike(lane: Lane, at: number, second: number): boolean {
  const { words, device } = lane;
  const w = at >>> 2;
  return words[w + PLACE.seconds]! === second && words[w + PLACE.device]! === device && asItCame(lane, w);
}
/** Moves a packet towards the beginning, to a place that is a multiple of four. Short ones are quicker word by word. */
function move(lane: Lane, from: number, to: number, length: number): void {
  if (length >= LONG || (from & 3) !== 0) {
    lane.bytes.copyWithin(to, from, from + length);
    return;
  }
  const { words } = lane;
  const end = (to + length + 3) >>> 2;
  let w = to >>> 2;
  let v = from >>> 2;
  for (; w + 8 <= end; w += 8, v += 8) {
    words[w] = words[v]!;
    words[w + 1] = words[v + 1]!;
    words[w + 2] = words[v + 2]!;
    words[w + 3] = words[v + 3]!;
    words[w + 4] = words[v + 4]!;
    words[w + 5] = words[v + 5]!;
    words[w + 6] = words[v + 6]!;
    words[w + 7] = words[v + 7]!;
  }
  for (; w < end; w++, v++) words[w] = words[v]!;
}
/** Writes an enhanced packet block up to its packet, and what fills that one's last word up. */
function header(
  words: Uint32Array,
  at: number,
  size: number,
  port: number,
  high: number,
  low: number,
  length: number,
  wire: number,
): void {
  const w = at >>> 2;
  words[w] = BLOCK.packet;
  words[w + 1] = size;
  words[w + 2] = port;
  words[w + 3] = high + (low >= WORD ? 1 : 0);
  words[w + 4] = low;
  words[w + 5] = length;
  words[w + 6] = wire;
  const last = w + 6 + ((length + 3) >>> 2);
  words[last] = words[last]! & (0xffff_ffff >>> (8 * (-length & 3)));
}
/** Writes the options behind a packet, and the length of its block; returns where that ends. */
function finish(words: Uint32Array, at: number, size: number, flags: number, id: number, idHigh: number): number {
  const w = at >>> 2;
  words[w] = FLAGS_OPTION | (4 << 16);
  words[w + 1] = flags;
  words[w + 2] = PACKET_ID_OPTION | (8 << 16);
  words[w + 3] = id;
  words[w + 4] = idHigh + (id >= WORD ? 1 : 0);
  words[w + 5] = 0;
  words[w + 6] = size;
  return at + BEHIND;
}
