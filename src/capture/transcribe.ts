import { BLOCK } from '../format/blocks.ts';
import { DROP_COUNT_OPTION, FLAGS_OPTION, PACKET_ID_OPTION } from '../format/packet-flags.ts';
import { PLACE, STATUS } from '../linux/packet-ring.ts';
import type { Crate } from './crate.ts';
import type { Lane } from './lane.ts';
import { DIRECTIONS, FLAGS, manner, WORDS } from './manner.ts';
import type { Offload } from './on-wire.ts';
import { rebuild } from './rebuild.ts';

/** An enhanced packet block up to the packet. */
export const BEFORE = 28;
/** The options with its flags and its number, the end of the options, the block's length again. */
export const BEHIND = 28;
/** The option that tells how many are missing before the packet. */
const LOSS = 12;

/** How packets of a port begin. */
export const SHAPE = { plain: 0, ethernet: 1, cooked: 2 } as const;

/**
 * Copies packets of the block that a lane is in, as long as they are not later than a moment and the crate has room.
 * This is where the thread spends its time: words at fixed places are read, and nothing is allocated for short packets.
 */
export function transcribe(lane: Lane, crate: Crate, untilSeconds: number, untilNanos: number): void {
  const { words, snaplen } = lane;
  const { clock } = crate;
  while (lane.left > 0) {
    const { at } = lane;
    const w = at >>> 2;
    const seconds = words[w + PLACE.seconds]!;
    const nanos = words[w + PLACE.nanos]!;
    if (seconds > untilSeconds || (seconds === untilSeconds && nanos > untilNanos)) return;
    const kept = words[w + PLACE.captured]!;
    if (!crate.hasRoom(kept)) return;
    let status = words[w + PLACE.status]!;
    const device = words[w + PLACE.device]!;
    const kinds = words[w + PLACE.kinds]!;
    if (device !== lane.device) lane.enter(device, kinds & 0xffff);
    const to = crate.used + BEFORE;
    let length = kept;
    if (lane.shape === SHAPE.cooked || (status & STATUS.tagValid) !== 0) length = rebuild(lane, crate, at, to);
    else copy(lane, at + (words[w + PLACE.headers]! & 0xffff), crate, to, kept);
    if (seconds !== clock.second) clock.enter(seconds);
    if (lane.offload?.isNeeded(lane, at) === true) {
      const done = asOnWire(lane, lane.offload, crate, to, length, kinds, status);
      if (done === NO_ROOM) return;
      if (done === SPLIT) continue;
      status = done;
    }
    const wire = words[w + PLACE.wire]! + length - kept;
    if (length > snaplen) length = snaplen;
    column(crate, seconds, nanos, to, length, wire, lane.port, manner(kinds >>> 16, status));
    missing(lane, crate);
    lane.at = at + words[w + PLACE.next]!;
    lane.left--;
  }
}
const SPLIT = -1;
const NO_ROOM = -2;
/**
 * Does to a packet that was just copied what its device would have done: fills in its checksum, and returns its status as it
 * is then; or writes its pieces, and goes on to the next.
 */
function asOnWire(
  lane: Lane,
  offload: Offload,
  crate: Crate,
  to: number,
  length: number,
  kinds: number,
  status: number,
): number {
  const { at, words, snaplen } = lane;
  const split = offload.splitOf(lane, at, crate, to, length);
  if (split === undefined) {
    const filled = !offload.isSegment(lane, at) && offload.fillIn(lane, at, crate, to, length);
    return filled ? status & ~STATUS.checksumNotReady : status;
  }
  const pieces = Math.ceil((length - split.payload) / split.size);
  // What does not even fit alone is left as it is.
  if (!crate.hasRoom(length, pieces)) return crate.count > 0 ? NO_ROOM : status;
  offload.keep(crate, to, length);
  const w = at >>> 2;
  const as = manner(kinds >>> 16, status & ~(STATUS.checksumNotReady | STATUS.toBeSplit));
  for (let i = 0; i < pieces; i++) {
    const next = crate.used + BEFORE;
    const wire = offload.piece(split, i, length, crate, next);
    column(
      crate,
      words[w + PLACE.seconds]!,
      words[w + PLACE.nanos]!,
      next,
      Math.min(wire, snaplen),
      wire,
      lane.port,
      as,
    );
    missing(lane, crate);
  }
  lane.at = at + words[w + PLACE.next]!;
  lane.left--;
  return SPLIT;
}
function column(
  crate: Crate,
  seconds: number,
  nanos: number,
  to: number,
  length: number,
  wire: number,
  port: number,
  as: number,
): void {
  const n = crate.count++;
  crate.seconds[n] = seconds;
  crate.nanos[n] = nanos;
  crate.offset[n] = to;
  crate.captured[n] = length;
  crate.wire[n] = wire;
  crate.port[n] = port;
  crate.direction[n] = DIRECTIONS[as]!;
  crate.flags[n] = FLAGS[as]!;
  crate.start[n] = to - BEFORE;
  block(crate, nanos, to, length, wire, port, WORDS[as]!);
}
/** Writes the enhanced packet block around a packet. */
function block(
  crate: Crate,
  nanos: number,
  to: number,
  length: number,
  wire: number,
  port: number,
  flags: number,
): void {
  const { ints, clock, count } = crate;
  const padded = (length + 3) & ~3;
  const size = BEFORE + padded + BEHIND;
  const low = clock.low + nanos;
  const w = (to - BEFORE) >>> 2;
  ints[w] = BLOCK.packet;
  ints[w + 1] = size;
  ints[w + 2] = port;
  ints[w + 3] = low > 0xffff_ffff ? clock.high + 1 : clock.high;
  ints[w + 4] = low;
  ints[w + 5] = length;
  ints[w + 6] = wire;
  const end = (to + padded) >>> 2;
  const rest = length & 3;
  if (rest !== 0) ints[end - 1] = ints[end - 1]! & ((1 << (8 * rest)) - 1);
  ints[end] = FLAGS_OPTION | (4 << 16);
  ints[end + 1] = flags;
  const id = crate.idLow + count - 1;
  ints[end + 2] = PACKET_ID_OPTION | (8 << 16);
  ints[end + 3] = id;
  ints[end + 4] = id > 0xffff_ffff ? crate.idHigh + 1 : crate.idHigh;
  ints[end + 5] = 0;
  ints[end + 6] = size;
  crate.used = to - BEFORE + size;
}
/** Puts into the block `[start, end)` how many packets are missing before it, and returns where it ends then. */
export function tellLoss(words: Int32Array | Uint32Array, start: number, end: number, lost: number): number {
  const size = end - start + LOSS;
  const w = (end >>> 2) - 2;
  words[(start >>> 2) + 1] = size;
  words[w] = DROP_COUNT_OPTION | (8 << 16);
  words[w + 1] = lost;
  words[w + 2] = Math.floor(lost / 2 ** 32);
  words[w + 3] = 0;
  words[w + 4] = size;
  return end + LOSS;
}
/** The same for the packet last put into a crate, if some are missing before it. */
function missing(lane: Lane, crate: Crate): void {
  const { lost } = lane;
  if (lost === 0) return;
  crate.used = tellLoss(crate.ints, crate.start[crate.count - 1]!, crate.used, lost);
  lane.lost = 0;
}
/** From here on making a view for `set`, which copies as fast as memory is, pays. */
const LONG = 224;
/**
 * Copies to a place that is a multiple of four. Up to three bytes behind the last one are written, too: there is room.
 * Four words at a time: the loop itself takes longer than what it does.
 */
export function copy(lane: Lane, from: number, crate: Crate, to: number, length: number): void {
  if (length >= LONG) {
    crate.bytes.set(lane.bytes.subarray(from, from + length), to);
    return;
  }
  const { ints } = crate;
  const end = (to + length + 3) >>> 2;
  let w = to >>> 2;
  if ((from & 3) === 0) {
    const { words } = lane;
    let v = from >>> 2;
    for (; w + 4 <= end; w += 4, v += 4) {
      ints[w] = words[v]!;
      ints[w + 1] = words[v + 1]!;
      ints[w + 2] = words[v + 2]!;
      ints[w + 3] = words[v + 3]!;
    }
    for (; w < end; w++, v++) ints[w] = words[v]!;
    return;
  }
  const { view } = lane;
  for (let at = from; w < end; w++, at += 4) ints[w] = view.getInt32(at, true);
}
