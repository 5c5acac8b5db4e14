import { damaged, endsEarly } from '../../format/damage.ts';
import type { Window } from '../window.ts';
import { Inflate, STOP } from './inflate.ts';

const DATA = 'its gzip data';
const DEFLATE = 8;
const FIXED_HEADER = 10;
const TRAILER = 8;
const FLAG = { headerChecksum: 2, extra: 4, name: 8, comment: 16, reserved: 0xe0 } as const;

/** What a gzip file (RFC 1952) holds, of all its members. A piece is valid until the next one is asked for. */
export async function* gunzip(input: Window): AsyncGenerator<Uint8Array> {
  const inflate = new Inflate();
  let at = 0;
  while (await begins(input, at)) {
    inflate.begin(await headerEnd(input, at));
    const { crc32 } = process.getBuiltinModule('node:zlib');
    let sum = 0;
    let length = 0;
    for await (const piece of inflated(inflate, input)) {
      sum = crc32(piece, sum);
      length = (length + piece.length) >>> 0;
      yield piece;
    }
    at = inflate.at;
    if (!(await input.reach(at, TRAILER, false))) throw endsEarly(input.end, DATA);
    const wrong =
      input.view.getUint32(input.from, true) !== sum || input.view.getUint32(input.from + 4, true) !== length;
    if (wrong) throw damaged(at, 'the checksum of the gzip data before it is another one');
    at += TRAILER;
  }
}
async function* inflated(inflate: Inflate, input: Window): AsyncGenerator<Uint8Array> {
  for (;;) {
    // It counts in the window, and we in the file.
    inflate.at -= input.base;
    const stop = inflate.run(input.bytes, input.to);
    inflate.at += input.base;
    if (inflate.to > inflate.from) yield inflate.out.subarray(inflate.from, inflate.to);
    inflate.taken();
    if (stop === STOP.end) return;
    if (stop === STOP.damaged) throw damaged(inflate.at, 'the gzip data there makes no sense');
    if (stop === STOP.wantsInput && !(await input.reach(inflate.at, input.end - inflate.at + 1, false)))
      throw endsEarly(input.end, DATA);
  }
}
/** Is there another member? Zeros may fill up a tape's block behind the last one. */
async function begins(input: Window, from: number): Promise<boolean> {
  for (let at = from; await input.reach(at, 1, false); at++) {
    if (input.bytes[input.from] === 0 && from > 0) continue;
    if (at === from) return true;
    throw damaged(at, 'something follows the gzip data');
  }
  return false;
}
/** Where the header of the member there ends. */
async function headerEnd(input: Window, at: number): Promise<number> {
  const header = await bytesOf(input, at, FIXED_HEADER);
  const flags = header[3]!;
  if (header[0] !== 0x1f || header[1] !== 0x8b || header[2] !== DEFLATE || (flags & FLAG.reserved) !== 0)
    throw damaged(at, at === 0 ? 'the gzip header there is of no known kind' : 'something follows the gzip data');
  let end = at + FIXED_HEADER;
  if ((flags & FLAG.extra) !== 0) {
    const [low, high] = await bytesOf(input, end, 2);
    end += 2 + (low! | (high! << 8));
  }
  for (const text of [FLAG.name, FLAG.comment]) {
    if ((flags & text) === 0) continue;
    while ((await bytesOf(input, end, 1))[0] !== 0) end++;
    end++;
  }
  if ((flags & FLAG.headerChecksum) !== 0) end += 2;
  if (!(await input.reach(end, 0, false))) throw endsEarly(input.end, DATA);
  return end;
}
async function bytesOf(input: Window, at: number, length: number): Promise<Uint8Array> {
  if (await input.reach(at, length, false)) return input.bytes.subarray(input.from, input.from + length);
  throw endsEarly(input.end, DATA);
}
