/**
 * The text of a fixed header: known words, and between them values. What stands between two values is one literal, and
 * what depends on a byte or two, with the words on both sides, is made once and kept.
 */
import { read8, read16 } from '../bytes/kind.ts';
import { putDec, putLiteral } from '../bytes/put.ts';
import { type Literal, literal, Text } from '../bytes/text.ts';
import type { WriteField } from '../dissect/value.ts';
import { putValue, type Way } from './way.ts';

/** Where the layer ends, counted from where it begins to count. */
export const END = Symbol('end');
/** Writes rows of a header that begins at `base`, in a packet that begins at `start`. */
export type WriteRows = (w: Text, bytes: Uint8Array, base: number, start: number) => void;
/** One value, in a known way or, where there is none, by a function of its own. */
export interface Value {
  readonly distance: number;
  readonly size: number;
  readonly way: Way | undefined;
  readonly write: WriteField;
}
/** Whole rows that depend on nothing but the one byte or two at a distance. */
export interface Group {
  readonly distance: number;
  readonly size: number;
  readonly rows: readonly WriteRows[];
}
export type Item = string | typeof END | Value | Group;

/** How many texts of one protocol are kept: shared by all places in which its header is found. */
export interface Budget {
  left: number;
}
const NOWHERE = 0;
const WAY = 1;
const OCTET = 2;
const PAIR = 3;
const OTHER = 4;
/** The longest number. */
const DIGITS = 16;
const NOTHING = literal('');
const scratch = new Text();

/** Some words and the value behind them: one shape for all, which V8 looks up at once. */
class Step {
  readonly what: number;
  readonly distance: number;
  readonly size: number;
  readonly way: Way | undefined;
  readonly write: WriteField | undefined;
  readonly rows: readonly WriteRows[];
  /** Of groups: by value. */
  readonly octets: (Literal | undefined)[];
  readonly pairs = new Map<number, Literal>();
  /** Of groups: the words that belong to each of their texts, too. */
  after: Literal = NOTHING;
  /** In bytes. */
  most: number;

  constructor(
    item: Exclude<Item, string>,
    public before: Literal,
  ) {
    const isEnd = item === END;
    const isGroup = !isEnd && 'rows' in item;
    this.distance = isEnd ? 0 : item.distance;
    this.size = isEnd ? 0 : item.size;
    this.rows = isGroup ? item.rows : [];
    this.way = isEnd || isGroup ? undefined : item.way;
    this.write = isEnd || isGroup ? undefined : item.write;
    this.what = isEnd ? NOWHERE : isGroup ? (item.size === 1 ? OCTET : PAIR) : this.way === undefined ? OTHER : WAY;
    this.octets = this.what === OCTET ? new Array<Literal | undefined>(256).fill(undefined) : [];
    this.most = before.length + (this.way?.most ?? DIGITS);
  }
  /** The text of a group whose value has none yet; undefined where no more are kept. */
  make(value: number, bytes: Uint8Array, base: number, start: number, budget: Budget): Literal | undefined {
    if (budget.left === 0) return undefined;
    budget.left--;
    scratch.at = 0;
    this.writeRows(scratch, bytes, base, start);
    const text = literal(scratch.toString());
    if (this.what === OCTET) this.octets[value] = text;
    else this.pairs.set(value, text);
    this.most = Math.max(this.most, text.length);
    return text;
  }
  writeRows(w: Text, bytes: Uint8Array, base: number, start: number): void {
    for (const write of this.rows) write(w, bytes, base, start);
    w.put(this.after);
  }
}

/** The whole header, in one place of the packet. */
export class HeaderText {
  private readonly steps: readonly Step[];
  private readonly last: Literal;
  private most: number;

  constructor(
    items: readonly Item[],
    private readonly budget: Budget,
  ) {
    const steps: Step[] = [];
    let words = '';
    for (const item of items) {
      if (typeof item === 'string') {
        words += item;
        continue;
      }
      const previous = steps.at(-1);
      const follows = previous !== undefined && previous.rows.length > 0;
      if (follows) previous.after = literal(words);
      steps.push(new Step(item, follows ? NOTHING : literal(words)));
      words = '';
    }
    this.steps = steps;
    this.last = literal(words);
    this.most = this.room();
  }
  private room(): number {
    return this.steps.reduce((sum, { most }) => sum + most, this.last.length);
  }
  /** A header that was captured whole; the layer ends at `end`, counted as its places are. */
  write(w: Text, bytes: Uint8Array, base: number, start: number, end: number): void {
    const { steps } = this;
    let p = w.open(this.most);
    let { view } = w;
    for (let i = 0; i < steps.length; i++) {
      const step = steps[i]!;
      const { what } = step;
      const at = base + step.distance;
      p = putLiteral(view, p, step.before);
      if (what === WAY) p = putValue(view, p, step.way!, bytes, at);
      else if (what === OCTET || what === PAIR) {
        const value = what === OCTET ? read8(bytes, at) : read16(bytes, at);
        const text = what === OCTET ? step.octets[value] : step.pairs.get(value);
        if (text !== undefined) p = putLiteral(view, p, text);
        else {
          p = this.group(w, p, step, value, bytes, base, start);
          view = w.view;
        }
      } else if (what === NOWHERE) p = putDec(view, p, end);
      else {
        p = this.other(w, p, step, bytes, at, base);
        view = w.view;
      }
    }
    w.at = putLiteral(view, p, this.last);
  }
  private group(w: Text, p: number, step: Step, value: number, bytes: Uint8Array, base: number, start: number): number {
    w.at = p;
    const text = step.make(value, bytes, base, start, this.budget);
    if (text !== undefined) w.put(text);
    else step.writeRows(w, bytes, base, start);
    this.most = this.room();
    return w.open(this.most);
  }
  private other(w: Text, p: number, step: Step, bytes: Uint8Array, at: number, base: number): number {
    w.at = p;
    step.write!(w, bytes, at, at + step.size, base);
    return w.open(this.most);
  }
}
