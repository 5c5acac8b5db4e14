import { Decompress } from 'fzstd';
import { ToolError } from '../../error.ts';
import { damaged, endsEarly } from '../../format/damage.ts';
import type { Window } from '../window.ts';
import { isSkippable, skippableEnd } from './skippable.ts';
import { Xxh64 } from './xxh64.ts';

const DATA = 'its zstd data';
const MAGIC = 0xfd2fb528;
/** As much as the zstd command holds in memory unless it is told otherwise. */
const LONGEST_WINDOW = 128 << 20;
/** No block holds more. */
const MOST = 128 << 10;
const BLOCK = { stored: 0, repeated: 1, reserved: 3 } as const;
const CHECKSUM = 4;
/** Bytes of the content size, by the upper two bits of the flags; the first needs {@link FLAG.single}. */
const CONTENT_SIZE = [0, 2, 4, 8] as const;
const DICTIONARY = [0, 1, 2, 4] as const;
const FLAG = { checksum: 4, reserved: 8, single: 32 } as const;

interface Header {
  readonly length: number;
  readonly checksum: boolean;
}

/**
 * What a file of zstd frames (RFC 8878) holds. fzstd undoes them; it is handed one block at a time, so that no more than
 * one block comes out at once. A piece is valid until the next one is asked for.
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
  const { length: header, checksum } = await headerOf(input, start);
  const made: Uint8Array[] = [];
  const frame = new Decompress((piece) => made.push(piece));
  const sum = new Xxh64();
  for (let at = start, before = header; ; ) {
    await want(input, at, before + 3);
    const { last, length } = blockOf(input, input.from + before, at + before);
    await want(input, at, before + 3 + length);
    // Zeros stand for the checksum, which fzstd passes over.
    const block = new Uint8Array(before + 3 + length + (checksum && last ? CHECKSUM : 0));
    block.set(input.bytes.subarray(input.from, input.from + before + 3 + length));
    undo(frame, block, last, at + before);
    for (const piece of made.splice(0)) {
      if (checksum) sum.update(piece);
      yield piece;
    }
    at += before + 3 + length;
    before = 0;
    if (last) return checksum ? await checked(input, at, sum) : at;
  }
}
async function checked(input: Window, at: number, sum: Xxh64): Promise<number> {
  await want(input, at, CHECKSUM);
  if (input.view.getUint32(input.from, true) === sum.digestLow()) return at + CHECKSUM;
  throw damaged(at, 'the checksum of the zstd data before it is another one');
}
/** Nothing that a block holds is to end in anything but one error. */
function undo(frame: Decompress, bytes: Uint8Array, last: boolean, at: number): void {
  try {
    frame.push(bytes, last);
  } catch {
    throw damaged(at, 'the zstd block there makes no sense');
  }
}
function blockOf({ bytes }: Window, from: number, at: number): { last: boolean; length: number } {
  const word = bytes[from]! | (bytes[from + 1]! << 8) | (bytes[from + 2]! << 16);
  const kind = (word >>> 1) & 3;
  const length = word >>> 3;
  if (kind === BLOCK.reserved || length > MOST) throw damaged(at, 'the zstd block there makes no sense');
  return { last: (word & 1) === 1, length: kind === BLOCK.repeated ? 1 : length };
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
  return { length, checksum: (flags & FLAG.checksum) !== 0 };
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
