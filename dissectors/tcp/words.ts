/** Text of TCP's lines that is known in advance, as the words that {@link putWord} writes. */
import { word } from '../../src/bytes/put.ts';

const FLAG_LETTERS = ['F', 'S', 'R', 'P', '.', 'U', 'E', 'W'] as const;
/** `Flags [P.]`, for each value of the flags: two words, and how many characters of them count. */
export const FLAG_WORDS = new Float64Array(512);
export const FLAG_LENGTH = new Uint8Array(256);
for (let flags = 0; flags < 256; flags++) {
  const letters = FLAG_LETTERS.filter((_letter, bit) => (flags >> bit) & 1).join('');
  const text = `Flags [${letters === '' ? 'none' : letters}]`;
  FLAG_WORDS[2 * flags] = word(text.slice(0, 8));
  FLAG_WORDS[2 * flags + 1] = word(text.slice(8));
  FLAG_LENGTH[flags] = text.length;
}
/** What almost every segment carries (RFC 7323 appendix A): two no-operations and a timestamp. */
export const NOP_NOP_TIMESTAMP = 0x0101080a;
export const TIMESTAMP_ALONE = [word(', option'), word('s [nop,n'), word('op,TS va'), word('l ')] as const;
