import { ToolError } from '../../../error.ts';
import { damaged, endsEarly } from '../../../format/damage.ts';
import type { Window } from '../../window.ts';
import { isSkippable, skippableEnd } from '../skippable.ts';
import { Xxh64 } from '../xxh64.ts';
import { Nonsense } from './bits.ts';
import { BlockDecoder } from './block.ts';

const DATA = 'its zstd data';
const MAGIC = 0xfd2fb528;
/** As much as the zstd command holds in memory unless it is told otherwise. */
const LONGEST_WINDOW = 128 << 20;
/** No block holds more. */
const MOST = 128 << 10;
const BLOCK = { stored: 0, repeated: 1, compressed: 2, reserved: 3 } as const;
const NONSENSE = 'the zstd block there makes no sense';
const CHECKSUM = 4;
/** Bytes of the content size, by the upper two bits of the flags; the first needs {@link FLAG.single}. */
const CONTENT_SIZE = [0, 2, 4, 8] as const;
const DICTIONARY = [0, 1, 2, 4] as const;
const FLAG = { checksum: 4, reserved: 8, single: 32 } as const;

/** As much as is moved at once, at least, when the room behind the window is used up. */
const STRIDE = 16 << 20;

interface Header {
  readonly length: number;
  /** How far back matches may reach. */
  readonly window: number;
  readonly checksum: boolean;
}

/**
 * What a file of zstd frames (RFC 8878) holds. A piece is valid until the next one is asked for. Ours, because the package
 * there is, fzstd, neither bounds what a block makes, so that a few forged bytes keep it busy for minutes, nor looks at the
 * checksum, and moves its whole window for each block.
 */
export async function* unzstd(input: Window): AsyncGenerator<Uint8Array> {
  for (let at = 0; await input.reach(at, 1, false); ) {
    await want(input, at, 4);
    const magic = input.view.getUint32(input.from, true);
    if (isSkippable(magic)) at = await skippableEnd(input, at, DATA);
    else if (magic === MAGIC) at = yield* blocks(input, at);
    else throw damaged(at, 'something follows the zstd data');
  }
}
async function* blocks(input: Window, start: number): AsyncGenerator<Uint8Array, number> {
  const { length: header, checksum, window } = await headerOf(input, start);
  const frame = new Frame(window);
  const sum = new Xxh64();
  for (let at = start + header; ; ) {
    await want(input, at, 3);
    const { kind, last, length, size } = blockOf(input, at);
    await want(input, at, 3 + size);
    const from = input.from + 3;
    const piece = frame.take(kind, input.bytes.subarray(from, from + size), length);
    if (piece === undefined) throw damaged(at, NONSENSE);
    if (checksum) sum.update(piece);
    yield piece;
    at += 3 + size;
    if (last) return checksum ? await checked(input, at, sum) : at;
  }
}
/** What came out of a frame, as far as matches may reach back, and what comes. */
class Frame {
  private readonly most: number;
  private readonly out: Uint8Array;
  private to = 0;
  private decoder: BlockDecoder | undefined;

  constructor(private readonly window: number) {
    this.most = Math.min(MOST, window);
    this.out = new Uint8Array(window + Math.max(MOST, Math.min(window, STRIDE)));
  }
  /** What a block holds; undefined when it is none. */
  take(kind: number, bytes: Uint8Array, length: number): Uint8Array | undefined {
    const { out, window } = this;
    if (Math.max(length, bytes.length) > this.most) return undefined;
    if (this.to + this.most > out.length) {
      out.copyWithin(0, this.to - window, this.to);
      this.to = window;
    }
    const from = this.to;
    try {
      this.to = this.place(kind, bytes, length);
    } catch (error) {
      // A RangeError is what reading behind the bits ends in.
      if (error instanceof Nonsense || error instanceof RangeError) return undefined;
      throw error;
    }
    return out.subarray(from, this.to);
  }
  private place(kind: number, bytes: Uint8Array, length: number): number {
    const { out, to } = this;
    if (kind === BLOCK.compressed) return (this.decoder ??= new BlockDecoder(this.most)).decode(bytes, out, to);
    if (kind === BLOCK.repeated) out.fill(bytes[0]!, to, to + length);
    else out.set(bytes, to);
    return to + length;
  }
}
async function checked(input: Window, at: number, sum: Xxh64): Promise<number> {
  await want(input, at, CHECKSUM);
  if (input.view.getUint32(input.from, true) === sum.digestLow()) return at + CHECKSUM;
  throw damaged(at, 'the checksum of the zstd data before it is another one');
}
/** A block's header: what it is, whether it is the last one, how long it is here, and how long it says it is. */
function blockOf({ bytes, from }: Window, at: number): { kind: number; last: boolean; length: number; size: number } {
  const word = bytes[from]! | (bytes[from + 1]! << 8) | (bytes[from + 2]! << 16);
  const kind = (word >>> 1) & 3;
  const length = word >>> 3;
  if (kind === BLOCK.reserved || length > MOST) throw damaged(at, NONSENSE);
  return { kind, last: (word & 1) === 1, length, size: kind === BLOCK.repeated ? 1 : length };
}
/** RFC 8878, section 3.1.1.1. */
async function headerOf(input: Window, at: number): Promise<Header> {
  await want(input, at, 6);
  const { view, from } = input;
  const flags = view.getUint8(from + 4);
  if ((flags & FLAG.reserved) !== 0) throw damaged(at, 'the zstd header there is of no known kind');
  const single = (flags & FLAG.single) !== 0;
  const dictionary = DICTIONARY[flags & 3]!;
  const size = flags >>> 6 === 0 && single ? 1 : CONTENT_SIZE[flags >>> 6]!;
  const length = 5 + (single ? 0 : 1) + dictionary + size;
  await want(input, at, length);
  for (let i = 0; i < dictionary; i++) {
    if (input.bytes[input.from + 5 + (single ? 0 : 1) + i] !== 0)
      throw damaged(at, 'the zstd data there wants a dictionary, which is not in the file');
  }
  const window = single ? contentSize(input, length - size, size) : windowSize(input.bytes[input.from + 5]!);
  if (window > LONGEST_WINDOW)
    throw new ToolError(
      'too-long-window',
      `the zstd data wants ${Math.ceil(window / 2 ** 20)} MiB of memory, and ${LONGEST_WINDOW >> 20} MiB is the most there may be`,
      'zstd -dc --long=31 FILE | hooktap read -',
    );
  return { length, window, checksum: (flags & FLAG.checksum) !== 0 };
}
/** The upper five bits are a power of two above 1 KiB, the others eighths to add. */
const windowSize = (byte: number): number => 2 ** (10 + (byte >>> 3)) * (1 + (byte & 7) / 8);
function contentSize({ view, from }: Window, at: number, size: number): number {
  if (size === 1) return view.getUint8(from + at);
  if (size === 2) return view.getUint16(from + at, true) + 256;
  if (size === 4) return view.getUint32(from + at, true);
  return Number(view.getBigUint64(from + at, true));
}
async function want(input: Window, at: number, length: number): Promise<void> {
  if (!(await input.reach(at, length, false))) throw endsEarly(input.end, DATA);
}
