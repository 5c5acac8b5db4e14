import { describe, expect, test } from 'vitest';
import { AddressWords } from '../../src/flow/address-words.ts';

/** Addresses of 2001:db8::/32 that differ in few bits, one behind the other. */
const addresses = (count: number): Uint8Array => {
  const bytes = new Uint8Array(16 * count);
  const view = new DataView(bytes.buffer);
  for (let n = 0; n < count; n++) {
    view.setUint32(16 * n, 0x20010db8);
    view.setUint32(16 * n + 12, n);
  }
  return bytes;
};
const wordsOf = (words: AddressWords, bytes: Uint8Array, a: number, b: number): [number, number] => {
  words.look(bytes, 16 * a, 16 * b);
  return [words.source, words.destination];
};

describe('the words of two addresses', () => {
  test('are exchanged on the way back', () => {
    const words = new AddressWords();
    const bytes = addresses(50);
    for (let a = 0; a < 50; a++)
      for (let b = 0; b < 50; b++) {
        const [source, destination] = wordsOf(words, bytes, a, b);
        expect(wordsOf(words, bytes, b, a)).toEqual([destination, source]);
        expect(source === destination).toBe(a === b);
        expect([source | 0, destination | 0]).toEqual([source, destination]);
      }
  });
  test('tell every pair from every other', () => {
    const words = new AddressWords();
    const bytes = addresses(300);
    const seen = new Set<string>();
    for (let a = 0; a < 300; a++) for (let b = 0; b < 300; b++) seen.add(wordsOf(words, bytes, a, b).join());
    expect(seen.size).toBe(300 * 300);
  });
  test('cannot be foreseen', () => {
    const bytes = addresses(2);
    const seen = new Set(Array.from({ length: 8 }, () => wordsOf(new AddressWords(), bytes, 0, 1).join()));
    expect(seen.size).toBe(8);
  });
});
