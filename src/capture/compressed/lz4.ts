import { damaged, endsEarly } from '../../format/damage.ts';
import type { Window } from '../window.ts';
import { lz4Block } from './lz4-block.ts';
import { isSkippable, skippableEnd } from './skippable.ts';
import { Xxh32, xxh32 } from './xxh32.ts';

const DATA = 'its lz4 data';
const MAGIC = 0x184d2204;
const HISTORY = 64 << 10;
const FLAG = { dictionary: 1, contentChecksum: 4, contentSize: 8, blockChecksum: 16, independent: 32 } as const;
/** Of a block's length: it is stored as it is. */
const STORED = 0x8000_0000;

interface Frame {
  readonly flags: number;
  /** No block holds more. */
  readonly most: number;
  /** Where its blocks begin. */
  readonly at: number;
}

/** What a file of LZ4 frames (lz4_Frame_format.md) holds. A piece is valid until the next one is asked for. */
export async function* unlz4(input: Window): AsyncGenerator<Uint8Array> {
  for (let at = 0; await input.reach(at, 1, false); ) {
    await want(input, at, 4);
    const magic = input.view.getUint32(input.from, true);
    if (isSkippable(magic)) at = await skippableEnd(input, at, DATA);
    else if (magic === MAGIC) at = yield* blocks(input, await header(input, at));
    else throw damaged(at, 'something follows the lz4 data');
  }
}
async function header(input: Window, at: number): Promise<Frame> {
  await want(input, at, 7);
  const flags = input.bytes[input.from + 4]!;
  const size = input.bytes[input.from + 5]! >>> 4;
  const length = 6 + ((flags & FLAG.contentSize) !== 0 ? 8 : 0) + ((flags & FLAG.dictionary) !== 0 ? 4 : 0);
  await want(input, at, length + 1);
  const { bytes, from } = input;
  if (((xxh32(bytes.subarray(from + 4, from + length)) >>> 8) & 0xff) !== bytes[from + length])
    throw damaged(at, 'the checksum of the lz4 header there is another one');
  if (flags >>> 6 !== 1 || size < 4 || size > 7) throw damaged(at, 'the lz4 header there is of no known kind');
  if ((flags & FLAG.dictionary) !== 0)
    throw damaged(at, 'the lz4 data there wants a dictionary, which is not in the file');
  return { flags, most: 1 << (8 + 2 * size), at: at + length + 1 };
}
/** The blocks of a frame; returns where the frame ends. */
async function* blocks(input: Window, { flags, most, at: first }: Frame): AsyncGenerator<Uint8Array, number> {
  const out = new Uint8Array(HISTORY + most);
  const sum = new Xxh32();
  const more = (flags & FLAG.blockChecksum) !== 0 ? 4 : 0;
  let start = 0;
  for (let at = first; ; ) {
    await want(input, at, 4);
    const word = input.view.getUint32(input.from, true);
    at += 4;
    if (word === 0) return await frameEnd(input, at, (flags & FLAG.contentChecksum) !== 0 ? sum : undefined);
    const length = word % STORED;
    if (length > most)
      throw damaged(at - 4, `the lz4 block there claims ${length} bytes, and ${most} is the most there can be`);
    await want(input, at, length + more);
    const { bytes, view, from } = input;
    if (more > 0 && xxh32(bytes.subarray(from, from + length)) !== view.getUint32(from + length, true))
      throw damaged(at, 'the checksum of the lz4 block there is another one');
    const end =
      word >= STORED ? stored(bytes, from, length, out, start) : lz4Block(bytes, from, from + length, out, start, most);
    if (end < 0) throw damaged(at, 'the lz4 block there makes no sense');
    const piece = out.subarray(start, end);
    sum.update(piece);
    yield piece;
    at += length + more;
    start = (flags & FLAG.independent) !== 0 ? 0 : keep(out, end);
  }
}
function stored(bytes: Uint8Array, from: number, length: number, out: Uint8Array, start: number): number {
  out.set(bytes.subarray(from, from + length), start);
  return start + length;
}
/** What the next block may reach back to, moved to the front. */
function keep(out: Uint8Array, end: number): number {
  const kept = Math.min(end, HISTORY);
  out.copyWithin(0, end - kept, end);
  return kept;
}
async function frameEnd(input: Window, at: number, sum: Xxh32 | undefined): Promise<number> {
  if (sum === undefined) return at;
  await want(input, at, 4);
  if (input.view.getUint32(input.from, true) !== sum.digest())
    throw damaged(at, 'the checksum of the lz4 data before it is another one');
  return at + 4;
}
async function want(input: Window, at: number, length: number): Promise<void> {
  if (!(await input.reach(at, length, false))) throw endsEarly(input.end, DATA);
}
