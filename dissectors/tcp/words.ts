/** Text of TCP's lines that is known in advance, as the words that {@link putWord} writes. */
import { word } from '../../src/bytes/put.ts';

const FLAG_LETTERS = ['F', 'S', 'R', 'P', '.', 'U', 'E', 'W'] as const;
/** `Flags [P.]`, for each value of the flags: two words, and how many characters of them count. */
export const FLAG_WORDS = new Float64Array(512);
export const FLAG_LENGTH = new Uint8Array(256);
const FLAG_BYTES = Buffer.from(FLAG_WORDS.buffer);
const letters = [''];
for (const letter of FLAG_LETTERS) letters.push(...letters.map((lower) => lower + letter));
for (const [flags, set] of letters.entries())
  FLAG_LENGTH[flags] = FLAG_BYTES.write(`Flags [${set === '' ? 'none' : set}]`, flags * 16, 'latin1');
/** What almost every segment carries (RFC 7323 appendix A): two no-operations and a timestamp. */
export const NOP_NOP_TIMESTAMP = 0x0101080a;
export const TIMESTAMP_ALONE = [word(', option'), word('s [nop,n'), word('op,TS va'), word('l ')] as const;
