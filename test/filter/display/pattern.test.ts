import { describe, expect, it } from 'vitest';
import { Pattern } from '../../../src/filter/display/pattern/match.ts';
import { PatternError } from '../../../src/filter/display/pattern/tree.ts';
import { Random } from '../../support/random.ts';

function matches(pattern: string, text: string): boolean {
  // Somewhere inside a buffer, whose other bytes must not matter.
  const bytes = Buffer.from(`aa${text}zz`, 'latin1');
  return new Pattern(pattern).matches(bytes, 2, bytes.length - 2);
}
function refusal(pattern: string): PatternError {
  try {
    new Pattern(pattern);
  } catch (error) {
    if (error instanceof PatternError) return error;
    throw error;
  }
  throw new Error(`accepted: ${pattern}`);
}

describe("Perl's patterns on bytes", () => {
  it.each([
    ['abc', 'xxABCxx', true],
    ['(?-i)abc', 'xxABCxx', false],
    ['a(?i:B)c', 'aBC', true],
    ['(?-i)a(?i:B)c', 'aBC', false],
    ['^ab$', 'ab', true],
    ['^ab$', 'ab\n', true],
    ['^ab\\z', 'ab\n', false],
    ['^ab\\Z', 'ab\n', true],
    ['^b', 'a\nb', false],
    ['(?m)^b$', 'a\nb\nc', true],
    ['a.b', 'a\nb', false],
    ['(?s)a.b', 'a\nb', true],
    ['a\\Nb', 'a\nb', false],
    ['(?x) a b # both', 'ab', true],
    ['\\bfoo\\b', 'a foo.', true],
    ['\\bfoo\\b', 'afoo', false],
    ['\\Bfoo', 'afoo', true],
    ['[[:digit:]]{3}', 'a123', true],
    ['[^[:^digit:]]{3}', 'a12x', false],
    ['[]a]+$', ']a]', true],
    ['[^]]', ']]', false],
    ['[a\\-c]', 'b', false],
    ['[\\d_]', '_', true],
    ['[a-]', '-', true],
    ['\\x41\\x{42}\\103', 'abc', true],
    ['\\Qa.b\\E+', 'a.bbb', true],
    ['\\Qa.b', 'axb', false],
    ['a{2}', 'aa', true],
    ['a{,2}', 'a{,2}', true],
    ['^a{2,3}$', 'aaaa', false],
    ['^(?:ab|c)*$', 'abcab', true],
    ['^(?<name>x+?)y', 'xxy', true],
    ['a|', '', true],
    ['^$', '', true],
    ['\\R', '\r\n', true],
    ['\\h\\v\\s\\S\\w\\W', ' \n\tx1-', true],
    ['(?#nothing)a', 'a', true],
    ['\\xff', '\xff', true],
    ['é', '\xe9', true],
  ])('%s on %j: %s', (pattern, text, wanted) => expect(matches(pattern, text)).toBe(wanted));

  it.each([
    ['(a', 0, /"\)" of this "\(" is missing/],
    ['a)', 1, /closes nothing/],
    ['[a', 0, /"\]" of this "\["/],
    ['[b-a]', 4, /backwards/],
    ['*a', 0, /repeats nothing/],
    ['a{3,2}', 0, /fewer/],
    ['a\\', 1, /nothing follows/],
    ['(a)\\1', 3, /reference/],
    ['(?=a)', 0, /ahead/],
    ['(?<!a)', 0, /behind/],
    ['a++', 2, /never gives back/],
    ['(?>a)', 0, /never gives back/],
    ['\\p{L}', 0, /not understood/],
    ['(a{500}){500}', 0, /more than 2000 steps/],
    ['('.repeat(500), 101, /levels/],
  ])('refuses %s', (pattern, at, why) => {
    const error = refusal(pattern);
    expect(error.message).toMatch(why);
    expect(error.at).toBe(at);
  });

  it('agrees with the engine of JavaScript', () => {
    const random = new Random(11);
    const piece = (depth: number): string => {
      const inner = () => piece(depth + 1);
      const simple = () => random.of(['a', 'b', 'c', '.', '[ab]', '[^a]', '\\w', '\\d', '1', '-', '\\b', '^', '$']);
      if (depth > 3) return simple();
      const repeat = () => random.of(['*', '+', '?', '{2}', '{1,2}', '*?', '+?']);
      return random.of([
        simple,
        () => `${inner()}${inner()}`,
        () => `(?:${inner()}|${inner()})`,
        () => `(${inner()})${repeat()}`,
      ])();
    };
    for (let i = 0; i < 3000; i++) {
      const pattern = piece(0);
      const text = Array.from({ length: random.below(8) }, () => random.of([...'abcAB1-'])).join('');
      expect(matches(pattern, text), `${pattern} on ${text}`).toBe(new RegExp(pattern, 'i').test(text));
    }
  });
  it('takes no longer for patterns that make others explode', () => {
    const text = Buffer.from('a'.repeat(20_000));
    const before = process.cpuUsage();
    for (const pattern of [
      '(a+)+$b',
      '(a|a)*c',
      '(a|aa)+$c',
      '(.*)(.*)(.*)(.*)(.*)[^a]',
      '(x+x+)+y',
      '(?:a?){30}a{30}b',
    ])
      expect(new Pattern(pattern).matches(text, 0, text.length)).toBe(false);
    // As many states as there are ways to have met an "a" within the last twelve letters.
    const random = new Random(1);
    const mixed = Buffer.from(Array.from({ length: 20_000 }, () => random.of(['a', 'b'])).join(''));
    expect(new Pattern('a.{12}c').matches(mixed, 0, mixed.length)).toBe(false);
    expect(process.cpuUsage(before).user).toBeLessThan(30_000_000);
  });
});
