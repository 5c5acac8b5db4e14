import { dottedParts, ipv6Words, macBytes } from './address.ts';
import type { Arithmetic, Direction, Id, IdType, Node, Qualifiers } from './ast.ts';
import { Cursor } from './cursor.ts';
import type { Token } from './lexer.ts';
import { arithmetic, atRelation, beginsArithmetic, carryOn, continues, relation } from './parse-arithmetic.ts';
import { primitive } from './parse-primitive.ts';
import { PROTOCOL_WORDS } from './words.ts';

/**
 * A piece of the filter: a test, with the qualifiers that an id behind it inherits, or a number or arithmetic expression that
 * is not yet compared with anything.
 */
type Piece =
  | { readonly node: Node; readonly qualifiers: Qualifiers | undefined; readonly ids: boolean }
  | { readonly value: Arithmetic; readonly qualifiers: Qualifiers | undefined };

/** The text of a filter as a tree. Throws a {@link FilterError} that points at the first token that does not fit. */
export function parse(text: string): Node {
  const cursor = new Cursor(text);
  if (cursor.is('end')) return { kind: 'all', at: 0 };
  const piece = test(cursor, operand(cursor, undefined));
  const whole = chain(cursor, piece, false);
  if (!cursor.is('end')) cursor.fail('"and", "or" or the end of the filter', ['and', 'or']);
  return whole.node;
}

type Test = Extract<Piece, { node: Node }>;

/** `a and b or c`: both bind equally, from left to right. In a list of ids every part is an id. */
function chain(cursor: Cursor, first: Test, ids: boolean): Test {
  let left = first;
  while (cursor.operator('and') || cursor.operator('or')) {
    const { text, at } = cursor.next();
    const right = ids ? idList(cursor, left.qualifiers!) : test(cursor, operand(cursor, left.qualifiers));
    const node: Node = { kind: text as 'and' | 'or', left: left.node, right: right.node, at };
    left = { node, qualifiers: right.qualifiers, ids };
  }
  return left;
}

/** One operand of a chain, `not`s and comparisons included; `inherited` are the qualifiers of the id before. */
function operand(cursor: Cursor, inherited: Qualifiers | undefined): Piece {
  const { token } = cursor;
  if (cursor.accept('not')) {
    const inner = cursor.nested(() => test(cursor, operand(cursor, inherited)));
    return { node: { kind: 'not', operand: inner.node, at: token.at }, qualifiers: inner.qualifiers, ids: inner.ids };
  }
  const piece = unit(cursor, inherited);
  if (!('value' in piece)) return piece;
  const left = continues(cursor) ? carryOn(cursor, piece.value, 0) : piece.value;
  if (!atRelation(cursor)) return { value: left, qualifiers: inherited };
  const { at } = cursor.token;
  const node: Node = { kind: 'relation', relation: relation(cursor), left, right: arithmetic(cursor), at };
  return { node, qualifiers: undefined, ids: false };
}

/** A piece as a test: a number alone is an id of the kind that came before. */
function test(cursor: Cursor, piece: Piece): Test {
  if (!('value' in piece)) return piece;
  if (piece.value.kind !== 'number') cursor.fail('a comparison such as "> 0"');
  const node = idNode(cursor, { form: 'number', value: piece.value.value }, piece.qualifiers, piece.value.at);
  return { node, qualifiers: piece.qualifiers, ids: true };
}

function unit(cursor: Cursor, inherited: Qualifiers | undefined): Piece {
  const { token } = cursor;
  if (token.kind === 'number') {
    cursor.next();
    return { value: { kind: 'number', value: token.value, at: token.at }, qualifiers: inherited };
  }
  if (cursor.accept('(')) return cursor.nested(() => parenthesis(cursor, inherited));
  if (beginsArithmetic(cursor)) return { value: arithmetic(cursor), qualifiers: inherited };
  if (beginsId(token)) return idPiece(cursor, inherited);
  const node = primitive(cursor) ?? qualified(cursor);
  if ('node' in node) return node;
  return { node, qualifiers: undefined, ids: false };
}

/** What is inside decides what a parenthesis is: an arithmetic operand, a list of ids, or a filter. */
function parenthesis(cursor: Cursor, inherited: Qualifiers | undefined): Piece {
  const piece = operand(cursor, inherited);
  if ('value' in piece && cursor.accept(')')) return piece;
  const first = test(cursor, piece);
  const whole = chain(cursor, first, first.ids);
  cursor.expect(')', 'to close the parenthesis');
  // Behind a parenthesis the qualifiers before it count again.
  return { node: whole.node, qualifiers: whole.ids ? whole.qualifiers : inherited, ids: whole.ids };
}

function beginsId(token: Token): boolean {
  return (
    token.kind === 'name' ||
    token.kind === 'dotted' ||
    token.kind === 'ipv6' ||
    token.kind === 'mac' ||
    token.kind === 'byte'
  );
}

/** The directions that are one word, and those of two. */
const TURNS: Readonly<Record<string, string>> = { src: 'dst', dst: 'src' };
const DIRECTIONS: readonly string[] = ['src', 'dst', 'ra', 'ta', 'addr1', 'addr2', 'addr3', 'addr4'];
const TYPES: readonly string[] = ['host', 'net', 'port', 'portrange'];
/** These stand behind a protocol only, never behind a direction. */
const OTHER_TYPES: readonly string[] = ['proto', 'protochain', 'gateway'];

/** `[protocol] [direction] [type] id`, or a protocol alone. */
function qualified(cursor: Cursor): Node | Test {
  const start = cursor.token;
  const word = cursor.is('protocol') ? cursor.next().text : undefined;
  const protocol = word === undefined ? undefined : PROTOCOL_WORDS.get(word);
  const primary = word === undefined ? undefined : primitive(cursor, protocol, start.at);
  if (primary !== undefined) return primary;
  const direction = directionHere(cursor);
  const types = direction === undefined ? [...TYPES, ...OTHER_TYPES] : TYPES;
  const type = cursor.keyword(...types) ? (cursor.next().text as IdType) : undefined;
  if (direction === undefined && type === undefined) {
    if (protocol !== undefined && word !== undefined) return abbreviation(cursor, protocol, word, start.at);
    cursor.fail('a primitive such as "host", "port" or "tcp"');
  }
  // With words of its own in front it is more than an id: a list in parentheses that begins so is a filter.
  return { ...idList(cursor, { protocol, protocolWord: word, direction, type }), ids: false };
}

function abbreviation(cursor: Cursor, protocol: NonNullable<Qualifiers['protocol']>, word: string, at: number): Node {
  // `tcp prot 80`: say here what might follow, not later that "and" is missing.
  if (beginsId(cursor.token))
    cursor.fail(`"host", "net", "port", "src" or the like after "${word}"`, [...TYPES, ...DIRECTIONS]);
  return { kind: 'protocol', protocol, word, at };
}

function directionHere(cursor: Cursor): Direction | undefined {
  if (!cursor.keyword(...DIRECTIONS)) return undefined;
  const word = cursor.next().text;
  const turn = TURNS[word];
  const both = cursor.operator('or') || cursor.operator('and');
  if (turn === undefined || !both) return word as Direction;
  const { text } = cursor.next();
  if (!cursor.keyword(turn)) cursor.fail(`"${turn}" after "${word} ${text}"`, [turn]);
  cursor.next();
  return `src ${text as 'or' | 'and'} dst`;
}

/** An id behind its qualifiers: `80`, `not 80`, `(80 or 443)`. */
function idList(cursor: Cursor, qualifiers: Qualifiers): Test {
  const { token } = cursor;
  if (cursor.accept('not')) {
    const inner = cursor.nested(() => idList(cursor, qualifiers));
    return { node: { kind: 'not', operand: inner.node, at: token.at }, qualifiers, ids: true };
  }
  if (cursor.accept('(')) {
    const whole = cursor.nested(() => chain(cursor, idList(cursor, qualifiers), true));
    cursor.expect(')', 'to close the parenthesis');
    return whole;
  }
  if (token.kind === 'number') {
    cursor.next();
    return {
      node: idNode(cursor, { form: 'number', value: token.value }, qualifiers, token.at),
      qualifiers,
      ids: true,
    };
  }
  if (beginsId(token)) return idPiece(cursor, qualifiers);
  const expected = qualifiers.type === undefined ? 'an address' : `what "${qualifiers.type}" shall match`;
  return cursor.fail(expected);
}

function idPiece(cursor: Cursor, qualifiers: Qualifiers | undefined): Test {
  const { token } = cursor;
  if (qualifiers === undefined) {
    const typed = cursor.shown(token);
    if (token.kind === 'name') cursor.fail('a primitive such as "host", "port" or "tcp"');
    cursor.error(
      `nothing before ${typed} says what it is, such as "host" or "net"`,
      token.at,
      [],
      `host ${token.text}`,
    );
  }
  return { node: idNode(cursor, idHere(cursor), qualifiers, token.at), qualifiers, ids: true };
}

function idNode(cursor: Cursor, id: Id, qualifiers: Qualifiers | undefined, at: number): Node {
  if (qualifiers === undefined) {
    cursor.error(
      'nothing before this number says what it is, and nothing behind it compares it',
      at,
      [],
      'port, host, or a comparison',
    );
  }
  return { kind: 'id', qualifiers, id, at };
}

/** Reads an id with the mask or the prefix length behind it. */
function idHere(cursor: Cursor): Id {
  const token = cursor.next();
  switch (token.kind) {
    case 'mac':
      return { form: 'mac', bytes: macBytes(token.text) };
    case 'byte':
      return { form: 'byte', value: token.value };
    case 'ipv6': {
      const bits = prefixLength(cursor);
      return { form: 'ipv6', words: ipv6Words(token.text)!, bits, text: token.text };
    }
    case 'dotted':
      return dotted(cursor, token);
    default:
      return { form: 'name', name: token.text };
  }
}

function dotted(cursor: Cursor, token: Token): Id {
  const slash = cursor.operator('/');
  const masked = cursor.keyword('mask');
  // Alone it may be a DECnet address, whose second number is larger than a byte.
  if (!slash && !masked) return { form: 'dotted', parts: token.text.split('.').map(Number), text: token.text };
  const parts = bytesOf(cursor, token);
  if (slash) return { form: 'prefix', parts, text: token.text, bits: prefixLength(cursor)! };
  cursor.next();
  if (!cursor.is('dotted')) cursor.fail('a mask such as 255.255.255.0');
  return { form: 'masked', parts, text: token.text, mask: bytesOf(cursor, cursor.next()) };
}

function bytesOf(cursor: Cursor, token: Token): number[] {
  const parts = dottedParts(token.text);
  if (parts === undefined) cursor.error(`"${token.text}" is no IPv4 address`, token.at);
  return parts;
}

function prefixLength(cursor: Cursor): number | undefined {
  if (!cursor.accept('/')) return undefined;
  const { token } = cursor;
  if (token.kind !== 'number') cursor.fail('the length of the prefix');
  cursor.next();
  return token.value;
}
