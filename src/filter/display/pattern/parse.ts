import { ALL, bothCases, ESCAPED_SETS, NAMED_SETS, NOT_NEWLINE, negated, setOf, single } from './sets.ts';
import { type Assertion, type ByteSet, PatternError, type Tree } from './tree.ts';

/** `(?i)`, `(?s)`, `(?m)`, `(?x)`: case does not matter, `.` is any byte, `^` and `$` know lines, blanks say nothing. */
interface Modes {
  readonly i: boolean;
  readonly s: boolean;
  readonly m: boolean;
  readonly x: boolean;
}
/** Parentheses inside each other. */
const DEEPEST = 100;
const MOST_REPEATS = 65_535;
const EMPTY: Tree = { kind: 'sequence', parts: [] };
const CONTROLS: Readonly<Record<string, number>> = { a: 7, e: 27, f: 12, n: 10, r: 13, t: 9 };
const ASSERTIONS: Readonly<Record<string, Assertion>> = {
  A: 'start',
  G: 'start',
  z: 'very-end',
  Z: 'end',
  b: 'word-edge',
  B: 'no-word-edge',
};
const LOOKS: readonly (readonly [start: string, what: string])[] = [
  ['(?=', 'looking ahead'],
  ['(?!', 'looking ahead'],
  ['(?<=', 'looking behind'],
  ['(?<!', 'looking behind'],
  ['(?>', 'a group that never gives back'],
  ['(?(', 'a condition'],
  ['(?|', 'a choice of numbers'],
  ['(?R', 'recursion'],
  ['(?&', 'recursion'],
  ['(?P>', 'recursion'],
  ['(?P=', 'a reference to a group'],
  ['(*', 'a verb'],
];

/** Perl's regular expressions on bytes, as far as they can be followed without going back. Throws a {@link PatternError}. */
export function parsePattern(pattern: string): Tree {
  const parser = new PatternParser(pattern);
  const tree = parser.choice({ i: true, s: false, m: false, x: false });
  parser.expectEnd();
  return tree;
}

class PatternParser {
  private at = 0;
  private depth = 0;
  constructor(private readonly text: string) {}

  expectEnd(): void {
    if (this.at < this.text.length) this.fail('")" closes nothing');
  }
  private fail(message: string, at = this.at): never {
    throw new PatternError(message, at);
  }
  private accept(piece: string): boolean {
    if (!this.text.startsWith(piece, this.at)) return false;
    this.at += piece.length;
    return true;
  }
  private take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found !== null) this.at = pattern.lastIndex;
    return found;
  }
  choice(modes: Modes): Tree {
    let now = modes;
    const choices: Tree[][] = [[]];
    while (this.at < this.text.length && this.text[this.at] !== ')') {
      if (this.accept('|')) choices.push([]);
      else if (now.x && this.take(/\s+|#[^\n]*/y) !== null) continue;
      else {
        const set = this.take(/\(\?([imsxnJU]*)(?:-([imsxnJU]*))?\)/y);
        if (set !== null) now = changed(now, set[1]!, set[2] ?? '');
        else choices.at(-1)!.push(this.repeated(now));
      }
    }
    const parts = choices.map((sequence): Tree => ({ kind: 'sequence', parts: sequence }));
    return parts.length === 1 ? parts[0]! : { kind: 'choice', parts };
  }
  private repeated(modes: Modes): Tree {
    const start = this.at;
    let tree = this.single(modes);
    for (;;) {
      if (modes.x) this.take(/(?:\s+|#[^\n]*)*/y);
      const found = this.take(/([*+?])|\{(\d+)(?:(,)(\d*))?\}/y);
      if (found === null) return tree;
      const least = found[1] === undefined ? Number(found[2]) : found[1] === '+' ? 1 : 0;
      const most = mostOf(found, least);
      if (least > MOST_REPEATS || (most > MOST_REPEATS && most !== Number.POSITIVE_INFINITY))
        this.fail(`more than ${MOST_REPEATS} repetitions`, start);
      if (most < least) this.fail('the most repetitions are fewer than the least', start);
      if (this.accept('+')) this.fail('a repetition that never gives back is not understood', this.at - 1);
      // Whether the short or the long way is tried first changes nothing about there being one.
      this.accept('?');
      tree = { kind: 'repeat', of: tree, least, most };
    }
  }
  private single(modes: Modes): Tree {
    const character = this.text[this.at]!;
    if (character === '(') return this.group(modes);
    if (character === '[') return ofSet(this.bracket(modes));
    if (character === '\\') return this.escape(modes);
    if (/[*+?]/.test(character)) this.fail(`"${character}" repeats nothing`);
    this.at++;
    if (character === '.') return ofSet(modes.s ? ALL : NOT_NEWLINE);
    if (character === '^') return { kind: 'assertion', assertion: modes.m ? 'line-start' : 'start' };
    if (character === '$') return { kind: 'assertion', assertion: modes.m ? 'line-end' : 'end' };
    return literal(character.charCodeAt(0), modes);
  }
  private group(modes: Modes): Tree {
    const start = this.at;
    for (const [begin, what] of LOOKS) if (this.text.startsWith(begin, start)) this.fail(`${what} is not understood`);
    if (this.take(/\(\?#[^)]*\)/y) !== null) return EMPTY;
    const head = this.take(/\(\?([imsxnJU]*)(?:-([imsxnJU]*))?:|\(\?P?<[A-Za-z_]\w*>|\(\?'[A-Za-z_]\w*'|\((?!\?)/y);
    if (head === null) this.fail('no group begins like this');
    if (++this.depth > DEEPEST) this.fail(`more than ${DEEPEST} levels of parentheses`);
    const inside = this.choice(head![1] === undefined ? modes : changed(modes, head![1], head![2] ?? ''));
    this.depth--;
    if (!this.accept(')')) this.fail('the ")" of this "(" is missing', start);
    return inside;
  }
  private escape(modes: Modes): Tree {
    const start = this.at++;
    const letter = this.text[this.at] ?? this.fail('nothing follows the last "\\"', start);
    if (letter === 'Q') return this.quoted(modes);
    if (/[1-9gk]/.test(letter)) {
      const octal = this.take(/[1-7][0-7]{1,2}/y);
      if (octal === null || Number.parseInt(octal[0], 8) > 0xff)
        this.fail('a reference to a group is not understood', start);
      return literal(Number.parseInt(octal![0], 8), modes);
    }
    const assertion = Object.hasOwn(ASSERTIONS, letter) ? ASSERTIONS[letter] : undefined;
    if (assertion !== undefined) {
      this.at++;
      return { kind: 'assertion', assertion };
    }
    if (letter === 'R') {
      this.at++;
      const crlf: Tree = { kind: 'sequence', parts: [ofSet(single(0x0d)), ofSet(single(0x0a))] };
      return { kind: 'choice', parts: [crlf, ofSet(ESCAPED_SETS.v!)] };
    }
    const set = this.escapedSet();
    return set === undefined ? literal(this.escapedCode(start), modes) : ofSet(set);
  }
  private quoted(modes: Modes): Tree {
    this.at++;
    const end = this.text.indexOf('\\E', this.at);
    const inside = this.text.slice(this.at, end < 0 ? undefined : end);
    this.at += inside.length + (end < 0 ? 0 : 2);
    return { kind: 'sequence', parts: Array.from(inside, (c) => literal(c.charCodeAt(0), modes)) };
  }
  private escapedSet(): ByteSet | undefined {
    const letter = this.text[this.at]!;
    if (!Object.hasOwn(ESCAPED_SETS, letter)) return undefined;
    this.at++;
    return ESCAPED_SETS[letter];
  }
  /** The code that an escape stands for, from the letter behind its backslash on. */
  private escapedCode(start: number): number {
    const number = this.take(/x\{([0-9A-Fa-f]+)\}|x([0-9A-Fa-f]{0,2})|o\{([0-7]+)\}|(0[0-7]{0,2})|c([ -~])/y);
    if (number !== null) {
      const [, braced, hex, octal, short, control] = number;
      if (control !== undefined) return control.toUpperCase().charCodeAt(0) ^ 0x40;
      const code = Number.parseInt(
        braced ?? hex ?? octal ?? short!,
        braced === undefined && hex === undefined ? 8 : 16,
      );
      if (code > 0xff) this.fail('patterns speak about bytes, which end at ff', start);
      return Number.isNaN(code) ? 0 : code;
    }
    const letter = this.text[this.at++]!;
    if (Object.hasOwn(CONTROLS, letter)) return CONTROLS[letter]!;
    if (/[A-Za-z]/.test(letter)) this.fail(`"\\${letter}" is not understood`, start);
    return letter.charCodeAt(0);
  }
  private bracket(modes: Modes): ByteSet {
    const start = this.at++;
    const not = this.accept('^');
    let set = new Uint8Array(256);
    for (let first = true; first || this.text[this.at] !== ']'; first = false) {
      if (this.at >= this.text.length) this.fail('the "]" of this "[" is missing', start);
      const named = this.take(/\[:(\^?)([a-z]+):\]/y);
      const low = named === null ? this.bracketPart() : this.namedSet(named);
      if (typeof low === 'number') {
        const high = this.take(/-(?!\])/y) === null ? low : this.bracketPart();
        if (typeof high !== 'number' || high < low) this.fail('the range in "[…]" runs backwards');
        for (let code = low; code <= (high as number); code++) set[code] = 1;
      } else for (let code = 0; code < 256; code++) set[code]! |= low[code]!;
    }
    this.at++;
    if (modes.i) set = bothCases(set) as Uint8Array<ArrayBuffer>;
    return not ? negated(set) : set;
  }
  private bracketPart(): number | ByteSet {
    const start = this.at;
    if (!this.accept('\\')) return this.text.charCodeAt(this.at++);
    if (this.at >= this.text.length) this.fail('nothing follows the last "\\"', start);
    if (this.accept('b')) return 8;
    const octal = this.take(/[0-7]{1,3}/y);
    if (octal !== null) return Number.parseInt(octal[0], 8) & 0xff;
    return this.escapedSet() ?? this.escapedCode(start);
  }
  private namedSet([, not, name]: RegExpExecArray): ByteSet {
    const set = Object.hasOwn(NAMED_SETS, name!) ? NAMED_SETS[name!]! : this.fail(`no set is called [:${name}:]`);
    return not === '' ? set : negated(set);
  }
}
const ofSet = (set: ByteSet): Tree => ({ kind: 'set', set });
function literal(code: number, modes: Modes): Tree {
  const set = setOf((byte) => byte === code);
  return ofSet(modes.i ? bothCases(set) : set);
}
function changed(modes: Modes, on: string, off: string): Modes {
  const has = (mode: 'i' | 's' | 'm' | 'x') => (on.includes(mode) || modes[mode]) && !off.includes(mode);
  return { i: has('i'), s: has('s'), m: has('m'), x: has('x') };
}
function mostOf([, mark, , comma, most]: RegExpExecArray, least: number): number {
  if (mark !== undefined) return mark === '?' ? 1 : Number.POSITIVE_INFINITY;
  if (comma === undefined) return least;
  return most === '' ? Number.POSITIVE_INFINITY : Number(most);
}
