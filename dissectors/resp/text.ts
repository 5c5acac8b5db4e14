import type { Frame } from '../../src/dissect/frame.ts';
import type { Line } from '../../src/dissect/line.ts';

const LF = 0x0a;
const CR = 0x0d;
const QUOTE = 0x22;
const MINUS = 0x2d;
const MAX_INT = 0x7fff_ffff;
const isEnd = (byte: number): boolean => byte === CR || byte === LF;

/** What a length says that is none. */
const NULL = -1;
const CUT = -2;
const TOO_LARGE = -3;
const NEGATIVE = -4;
const INVALID = -5;
const PROBLEMS: Readonly<Record<number, string>> = {
  [NULL]: ' null',
  [TOO_LARGE]: ' length too large',
  [NEGATIVE]: ' length negative and not -1',
  [INVALID]: ' invalid',
};

/** tcpdump's text of the values in a segment. */
export function respText(w: Line, frame: Frame, d: number): void {
  w.label = 'resp';
  w.str(': RESP');
  new Values(w, frame.from[d]!, frame.claim[d]!).text();
}

/** Walks over the values; elements of arrays are no different from other values, so that no depth can exhaust a stack. */
class Values {
  /** Elements that arrays have promised. */
  private promised = 0;
  constructor(
    private readonly w: Line,
    private at: number,
    private readonly end: number,
  ) {}
  text(): void {
    while (this.at < this.end || this.promised > 0) {
      if (this.at >= this.end || !this.value()) {
        this.w.trunc();
        return;
      }
    }
  }
  /** False when the value is not whole: the text ends there. */
  private value(): boolean {
    if (this.promised > 0) this.promised--;
    switch (String.fromCharCode(this.w.u8(this.at))) {
      case '+':
      case '-':
      case ':':
        this.at++;
        return this.line();
      case '$':
        this.at++;
        return this.bulk();
      case '*':
        this.at++;
        return this.array();
      default:
        return !this.w.cut && this.inline();
    }
  }
  private line(): boolean {
    const to = this.lineEnd();
    if (to < 0) return false;
    this.quoted(this.at, to);
    this.at = to + 2;
    return true;
  }
  private bulk(): boolean {
    const length = this.length();
    if (length < 0) return this.problem(length);
    if (length === 0) this.w.str(' empty');
    else {
      if (length > this.end - this.at || !this.w.has(this.at, length)) return false;
      this.quoted(this.at, this.at + length);
      this.at += length;
    }
    const to = this.lineEnd();
    if (to >= 0) this.at = to + 2;
    return to >= 0;
  }
  private array(): boolean {
    const length = this.length();
    if (length < 0) return this.problem(length);
    if (length === 0) this.w.str(' empty');
    this.promised += length;
    return true;
  }
  /** A command as people type it: a line, whatever ends it. */
  private inline(): boolean {
    if (!this.skipEnds(true)) return false;
    const from = this.at;
    while (this.at < this.end && !isEnd(this.w.u8(this.at)) && !this.w.cut) this.at++;
    if (this.at >= this.end || this.w.cut) return false;
    this.quoted(from, this.at);
    return this.skipEnds(false);
  }
  /** False when there is nothing but line ends, or with `before` not even they. */
  private skipEnds(before: boolean): boolean {
    const from = this.at;
    while (this.at < this.end && this.w.has(this.at, 1) && isEnd(this.w.u8(this.at))) this.at++;
    return this.at > from || (before && this.at < this.end && this.w.has(this.at, 1));
  }
  private quoted(from: number, to: number): void {
    this.w.str(' "');
    this.w.printable(this.w.frame.bytes, from, to);
    this.w.char(QUOTE);
  }
  private problem(length: number): boolean {
    if (length === CUT) return false;
    this.w.str(PROBLEMS[length]!);
    return true;
  }
  /** Where a carriage return and line feed stand; -1 when they do not. */
  private lineEnd(): number {
    for (let to = this.at; to + 2 <= this.end && this.w.has(to, 2); to++)
      if (this.w.u8(to) === CR && this.w.u8(to + 1) === LF) return to;
    return -1;
  }
  /** Reads a length and the end of its line; a negative number says what is wrong with it. */
  private length(): number {
    const { w } = this;
    if (this.at >= this.end) return CUT;
    const negative = w.u8(this.at) === MINUS;
    if (negative) this.at++;
    const from = this.at;
    let value = 0;
    let tooLarge = false;
    for (; this.at < this.end; this.at++) {
      const digit = w.u8(this.at) - 0x30;
      if (digit < 0 || digit > 9) break;
      if (value * 10 + digit > MAX_INT) tooLarge = true;
      else value = value * 10 + digit;
    }
    if (this.at >= this.end || w.cut) return CUT;
    const noDigits = this.at === from;
    if (w.u8(this.at++) !== CR || noDigits) return INVALID;
    if (this.at >= this.end) return CUT;
    if (w.u8(this.at++) !== LF) return w.cut ? CUT : INVALID;
    if (negative) return tooLarge || value !== 1 ? NEGATIVE : NULL;
    return tooLarge ? TOO_LARGE : value;
  }
}
