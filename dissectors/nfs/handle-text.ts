import { read8, read16, read24, read32, read32le } from '../../src/bytes/kind.ts';
import type { Line } from '../../src/dissect/line.ts';

/** What a file handle tells when it is of a system that tcpdump knows: device, and number of the file. */
interface Handle {
  readonly major: number;
  readonly minor: number;
  readonly inode: number;
}
const deviceAt = (b: Uint8Array, major: number, minor: number, inode: number): Handle => ({
  major: read8(b, major),
  minor: read8(b, minor),
  inode,
});
const auspex = (b: Uint8Array, at: number): Handle => deviceAt(b, at + 6, at + 7, read32(b, at + 12));
const bsd = (b: Uint8Array, at: number): Handle => deviceAt(b, at + 1, at, read32le(b, at + 12));
const ultrix = (b: Uint8Array, at: number): Handle => deviceAt(b, at + 1, at, read32le(b, at + 4));
const irix4 = (b: Uint8Array, at: number): Handle => deviceAt(b, at + 2, at + 3, read32(b, at + 8));
const sunos4 = (b: Uint8Array, at: number): Handle => deviceAt(b, at + 2, at + 3, read32(b, at + 12));
const osf = (b: Uint8Array, at: number): Handle => {
  const device = read32le(b, at);
  return { major: device >>> 20, minor: device & 0xf_ffff, inode: read32le(b, at + 12) };
};
const sunos5 = (b: Uint8Array, at: number): Handle => ({
  major: read16(b, at) >> 2,
  minor: read24(b, at + 1) & 0x3_ffff,
  inode: read32(b, at + 12),
});
const hpux9 = (b: Uint8Array, at: number): Handle => ({
  major: read8(b, at),
  minor: read24(b, at + 1),
  inode: read32(b, at + 12),
});
type Layout = typeof bsd;

/** By the places of zeros, which systems tell apart; only servers of the nineties have these. */
function layoutOf(b: Uint8Array, at: number, words: number): Layout | 'vms' | undefined {
  const byte = (i: number): number => read8(b, at + i);
  const zero = (from: number, to: number): boolean => {
    for (let i = from; i <= to; i++) if (byte(i) !== 0) return false;
    return true;
  };
  if (words < 4) return undefined;
  if (zero(0, 1)) {
    if (zero(2, 3)) return auspex;
    if (byte(4) !== 0 && byte(5) === 0 && byte(8) === 12 && byte(9) === 0) return osf;
    return byte(4) === 0 && byte(5) === 8 && zero(6, 7) ? irix4 : sunos4;
  }
  if (zero(2, 3)) {
    if (zero(6, 7)) return bsd;
    if (words >= 6 && byte(21) === 0 && byte(23) === 0) return ultrix;
    return byte(9) === 10 ? sunos5 : undefined;
  }
  if (byte(8) === 12 && byte(9) === 0) return osf;
  if (byte(8) === 0 && byte(9) === 10) return zero(4, 7) ? hpux9 : sunos5;
  return words >= 7 && isName(b, at + 1) ? 'vms' : undefined;
}
const isPlain = (byte: number): boolean => byte >= 0x20 && byte < 0x7f;
const NAME = 13;
/** Printable characters, then zeros. */
function isName(b: Uint8Array, from: number): boolean {
  let at = from;
  while (at < from + NAME && isPlain(read8(b, at))) at++;
  while (at < from + NAME && read8(b, at) === 0) at++;
  return at === from + NAME;
}
/** So much of a handle that nobody knows is written. */
const MOST = 32;
const UNKNOWN = 'Unknown';

/** ` fh 0,1/2345`, of a handle of so many words that were all captured. */
export function handleText(w: Line, at: number, words: number): void {
  const { bytes } = w.frame;
  w.str(' fh ');
  const layout = layoutOf(bytes, at, words);
  if (typeof layout === 'function') {
    const { major, minor, inode } = layout(bytes, at);
    w.str(`${major},${minor}/`);
    // A minor number that tcpdump also uses for "unknown".
    if (minor !== 257) w.dec(inode);
    return;
  }
  if (layout === 'vms') {
    // At most as many characters as the handle has words.
    for (let i = 1; i <= Math.min(words, NAME) && read8(bytes, at + i) > 0x20; i++) w.char(read8(bytes, at + i));
    const low = read8(bytes, at + 22) | (read8(bytes, at + 23) << 8);
    w.char(0x2f);
    w.dec(read8(bytes, at + 26) * 0x100_0000 + (read8(bytes, at + 27) << 16) + low);
    return;
  }
  w.str(`${UNKNOWN.slice(0, words)}/`);
  for (let i = 0; i < Math.min(words * 4, MOST); i++)
    w.str(
      read8(bytes, at + i)
        .toString(16)
        .toUpperCase()
        .padStart(2, '0'),
    );
}
