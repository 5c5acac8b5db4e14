import { insteadOf } from '../../dissect/instead.ts';
import type { Arithmetic, Comparison, Member, Node, Operand, Quantifier, RelationNode } from './ast.ts';
import { Cursor } from './cursor.ts';
import type { Fail } from './error.ts';
import { OPERATOR_WORDS } from './lexer.ts';

const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '===', '!==', '<', '<=', '>', '>=']);
/** Operators and slices behind each other that are followed: they lie inside each other, however they are typed. */
const LONGEST_SUM = 250;
/** From the loosest to the tightest. */
const LEVELS: readonly (readonly string[])[] = [['&'], ['+', '-'], ['*', '/', '%']];

/** The names of fields and protocols. */
export interface Vocabulary {
  knows(name: string): boolean;
  /** The known names that look like this one. */
  near(name: string): string[];
}

/** The filter as a tree; undefined when it is empty and everything matches. */
export const parse = (text: string, words: Vocabulary, fail: Fail): Node | undefined =>
  new Parser(new Cursor(text, fail), words).whole();

class Parser {
  constructor(
    private readonly cursor: Cursor,
    private readonly words: Vocabulary,
  ) {}
  whole(): Node | undefined {
    const { cursor } = this;
    if (cursor.done) return undefined;
    const node = this.either();
    if (!cursor.done) cursor.unexpected('an operator or the end of the filter', OPERATOR_WORDS);
    return node;
  }
  private either(): Node {
    return this.joined('or', () => this.joined('xor', () => this.joined('and', () => this.single())));
  }
  private joined(kind: 'and' | 'or' | 'xor', part: () => Node): Node {
    const parts = [part()];
    while (this.cursor.accept(kind)) parts.push(part());
    return parts.length === 1 ? parts[0]! : { kind, parts };
  }
  private single(): Node {
    const { cursor } = this;
    return cursor.nested(() => {
      if (cursor.accept('not')) return { kind: 'not', of: this.single() };
      if (cursor.accept('(')) {
        const node = this.either();
        cursor.expect(')', 'that closes what "(" opened');
        return node;
      }
      return this.relation();
    });
  }
  private relation(): Node {
    const { cursor } = this;
    const quantifier = cursor.operator('any', 'all') ? (cursor.next().text as Quantifier) : undefined;
    const how = quantifier === undefined ? {} : { quantifier };
    const { at } = cursor.token;
    const { operand: left, entity } = this.arithmetic();
    const operator = cursor.token.text;
    if (cursor.token.kind === 'operator' && COMPARISONS.has(operator)) return this.comparisons(left, how);
    if (entity && cursor.operator('contains', 'matches')) {
      cursor.next();
      const right = this.entity();
      return { kind: 'relation', operator: operator as 'contains' | 'matches', left, right, at, ...how };
    }
    const negated =
      entity && cursor.operator('not') && cursor.following.kind === 'operator' && cursor.following.text === 'in';
    if (negated) cursor.next();
    if (entity && cursor.accept('in')) {
      const node: Node = { kind: 'in', left, members: this.members(), at, ...how };
      return negated ? { kind: 'not', of: node } : node;
    }
    if (quantifier !== undefined) cursor.unexpected(`the comparison that "${quantifier}" is about`);
    return { kind: 'test', of: left, at };
  }
  /** `a == b`, and `a < b <= c`, which is `a < b and b <= c`. */
  private comparisons(first: Operand, how: Pick<RelationNode, 'quantifier'>): Node {
    const { cursor } = this;
    let left = first;
    const parts: Node[] = [];
    while (cursor.token.kind === 'operator' && COMPARISONS.has(cursor.token.text)) {
      const { text, at } = cursor.next();
      const right = this.arithmetic().operand;
      parts.push({ kind: 'relation', operator: text as Comparison, left, right, at, ...how });
      left = right;
    }
    return parts.length === 1 ? parts[0]! : { kind: 'and', parts };
  }
  private members(): Member[] {
    const { cursor } = this;
    cursor.expect('{', 'that begins a set such as {80, 8000..8100}');
    const members: Member[] = [];
    do {
      const low = this.member();
      members.push(cursor.accept('..') ? { low, high: this.member() } : { low });
    } while (cursor.accept(','));
    cursor.expect('}', 'that ends the set, or ",",');
    return members;
  }
  private member(): Operand {
    const { at } = this.cursor.token;
    if (this.cursor.accept('-')) return { kind: 'negative', of: this.entity(), at };
    this.cursor.accept('+');
    return this.entity();
  }
  /** `entity`: no operator in it, so that `contains`, `matches` and `in` may follow. */
  private arithmetic(level = 0): { operand: Operand; entity: boolean } {
    const { cursor } = this;
    const operators = LEVELS[level];
    if (operators === undefined) return this.signed();
    let { operand, entity } = this.arithmetic(level + 1);
    for (let count = 0; cursor.operator(...operators); count++) {
      const { text, at } = cursor.next();
      if (count > LONGEST_SUM) cursor.fail(`more than ${LONGEST_SUM} operators in a row`, at);
      const right = this.arithmetic(level + 1).operand;
      operand = { kind: 'arithmetic', operator: text as Arithmetic, left: operand, right, at };
      entity = false;
    }
    return { operand, entity };
  }
  private signed(): { operand: Operand; entity: boolean } {
    const { cursor } = this;
    const { at } = cursor.token;
    if (cursor.accept('-')) return { operand: { kind: 'negative', of: this.entity(), at }, entity: false };
    if (cursor.accept('+')) return { operand: this.entity(), entity: false };
    if (!cursor.accept('{')) return { operand: this.entity(), entity: true };
    const { operand } = cursor.nested(() => this.arithmetic());
    cursor.expect('}', 'that closes what "{" opened');
    return { operand, entity: false };
  }
  private entity(): Operand {
    let operand = this.plain();
    for (let count = 0; this.cursor.token.kind === 'ranges'; count++) {
      const { ranges, at } = this.cursor.next();
      if (count > LONGEST_SUM) this.cursor.fail(`a part of a part of a part, more than ${LONGEST_SUM} times`, at);
      operand = { kind: 'slice', of: operand, ranges: ranges!, at };
    }
    return operand;
  }
  private plain(): Operand {
    const { cursor } = this;
    const { token } = cursor;
    const { kind, text, at } = token;
    if (kind === 'string') return { kind: 'string', bytes: cursor.next().text, at };
    if (kind === 'character') return { kind: 'character', code: cursor.next().code!, at };
    if (kind === 'literal') return { kind: 'literal', text: cursor.next().text, at };
    if (kind === 'name' || kind === 'word') return this.word();
    if (cursor.accept('@')) return { ...this.field(), raw: true, at };
    if (cursor.operator('$')) return this.selected(at);
    if (text === '(') cursor.unexpected('a field or a value', [], 'arithmetic is grouped by "{" and "}"');
    return cursor.unexpected('a field or a value');
  }
  private word(): Operand {
    const { cursor, words } = this;
    const { kind, text, at } = cursor.token;
    const { following } = cursor;
    if (kind === 'word' && following.text === '(' && following.kind === 'operator' && /^[A-Za-z_]\w*$/.test(text))
      return this.call();
    if (kind === 'name' || following.kind === 'layers' || words.knows(text)) return this.field();
    cursor.next();
    return { kind: 'literal', text, at };
  }
  /** A field's name, its layer behind it or, as `ip#2.src`, inside it. */
  private field() {
    const { cursor } = this;
    const { token } = cursor;
    if (token.kind !== 'name' && token.kind !== 'word') cursor.unexpected('the name of a field');
    cursor.next();
    let name = token.text;
    const { ranges: layers } = cursor.token.kind === 'layers' ? cursor.next() : { ranges: undefined };
    const rest = cursor.token;
    if (layers !== undefined && rest.kind === 'name' && rest.at === cursor.before.end) name += `.${cursor.next().text}`;
    if (!this.words.knows(name))
      cursor.fail(`"${name}" is neither a field nor a protocol`, token.at, this.words.near(name), insteadOf(name));
    return { kind: 'field' as const, name, at: token.at, ...(layers === undefined ? {} : { layers }) };
  }
  private selected(at: number): Operand {
    const { cursor } = this;
    cursor.next();
    cursor.expect('{', 'that follows "$"');
    const field = this.field();
    cursor.expect('}', 'that closes "${"');
    return { ...field, selected: true, at };
  }
  private call(): Operand {
    const { cursor } = this;
    const { text: name, at } = cursor.next();
    cursor.next();
    const given: Operand[] = [];
    if (!cursor.operator(')'))
      do given.push(cursor.nested(() => this.arithmetic().operand));
      while (cursor.accept(','));
    cursor.expect(')', `that closes "${name}("`);
    return { kind: 'call', name, given, at };
  }
}
