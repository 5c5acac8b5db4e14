import { parsePattern } from './parse.ts';
import { WORD } from './sets.ts';
import { type Step, stepsOf } from './steps.ts';
import type { Assertion } from './tree.ts';

/** Behind the last byte; a line feed that is the last byte. */
const END = 256;
const LAST_NEWLINE = 257;
const NEWLINE = 0x0a;
/** What stands before the place: nothing, a word's character, a line feed, anything else. */
const BEFORE = { nothing: 0, word: 1, newline: 2, other: 3 } as const;

/** All places that the pattern may have reached, and what leads on from there. */
interface State {
  readonly steps: readonly number[];
  readonly before: number;
  /** By symbol. */
  readonly next: (State | undefined)[];
}
/** What a state leads to when the pattern has matched. */
const MATCHED: State = { steps: [], before: 0, next: [] };
/** More states than any honest pattern has on real packets; the memory of a match is bounded by it. */
const MOST_STATES = 1000;

/**
 * Does a pattern match anywhere in `[from, to)`? All ways are followed at once, a byte after the other, so the time is
 * the text's length times the pattern's at worst, and no pattern makes it explode. What was worked out for a set of
 * places and a byte is kept, which makes the usual case a table walk.
 */
export class Pattern {
  private readonly steps: readonly Step[];
  private states = new Map<string, State>();
  private readonly first: State;
  private readonly marks: Uint32Array;
  private mark = 0;

  /** `pattern`: a character for each byte. Throws a `PatternError`. */
  constructor(pattern: string) {
    this.steps = stepsOf(parsePattern(pattern));
    this.marks = new Uint32Array(this.steps.length);
    this.first = this.stateOf([], BEFORE.nothing);
  }
  matches(bytes: Uint8Array, from: number, to: number): boolean {
    let state = this.first;
    for (let at = from; at < to; at++) {
      const byte = bytes[at]!;
      const symbol = byte === NEWLINE && at === to - 1 ? LAST_NEWLINE : byte;
      state = state.next[symbol] ?? this.follow(state, symbol);
      if (state === MATCHED) return true;
    }
    return (state.next[END] ?? this.follow(state, END)) === MATCHED;
  }
  private stateOf(steps: readonly number[], before: number): State {
    const key = `${before}:${steps.join(',')}`;
    const known = this.states.get(key);
    if (known !== undefined) return known;
    if (this.states.size >= MOST_STATES) {
      // Let go of everything but where we are: what is needed comes again.
      this.states = new Map();
      this.first?.next.fill(undefined);
    }
    const state: State = { steps, before, next: new Array<State | undefined>(LAST_NEWLINE + 1).fill(undefined) };
    this.states.set(key, state);
    return state;
  }
  private follow(state: State, symbol: number): State {
    const byte = symbol === LAST_NEWLINE ? NEWLINE : symbol;
    const reached: number[] = [];
    this.mark++;
    // A match may begin at every place.
    const open = [...state.steps, this.steps.length - 1];
    for (let i = open.pop(); i !== undefined; i = open.pop()) {
      if (this.marks[i] === this.mark) continue;
      this.marks[i] = this.mark;
      const step = this.steps[i]!;
      if (step.kind === 'match') return (state.next[symbol] = MATCHED);
      if (step.kind === 'fork') open.push(...step.nexts);
      else if (step.kind === 'assert') {
        if (holds(step.assertion, state.before, symbol)) open.push(step.next);
      } else if (byte < END && step.set[byte] === 1) reached.push(step.next);
    }
    reached.sort((a, b) => a - b);
    const before = byte === NEWLINE ? BEFORE.newline : WORD[byte] === 1 ? BEFORE.word : BEFORE.other;
    const next = this.stateOf(reached, before);
    return (state.next[symbol] = next);
  }
}
function holds(assertion: Assertion, before: number, symbol: number): boolean {
  switch (assertion) {
    case 'start':
      return before === BEFORE.nothing;
    case 'line-start':
      return before === BEFORE.nothing || (before === BEFORE.newline && symbol !== END);
    case 'end':
      return symbol >= END;
    case 'line-end':
      return symbol >= END || symbol === NEWLINE;
    case 'very-end':
      return symbol === END;
    case 'word-edge':
      return (before === BEFORE.word) !== (WORD[symbol] === 1);
    case 'no-word-edge':
      return (before === BEFORE.word) === (WORD[symbol] === 1);
  }
}
