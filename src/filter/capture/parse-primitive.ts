import type { Comparison, Keyword, Node, ProtocolName } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { RELATIONS, relation } from './parse-arithmetic.ts';
import { FIELDS, SIGNALS } from './words.ts';

/** What stands behind each keyword. */
type Argument = 'none' | 'number' | 'optional number' | 'name' | 'number or name' | 'optional type';

const ARGUMENTS: Readonly<Record<string, Argument>> = {
  inbound: 'none',
  outbound: 'none',
  ifindex: 'number',
  less: 'number',
  greater: 'number',
  vlan: 'optional number',
  mpls: 'optional number',
  pppoed: 'none',
  pppoes: 'optional number',
  geneve: 'optional number',
  vxlan: 'optional number',
  ifname: 'name',
  rset: 'name',
  rnr: 'number',
  srnr: 'number',
  reason: 'number or name',
  action: 'name',
  llc: 'optional type',
};

/** Keywords that may follow a protocol. */
const QUALIFIED: readonly string[] = ['broadcast', 'multicast', 'type', 'subtype', 'dir'];

/**
 * A primitive that is a keyword with its arguments; undefined if none begins here.
 * With a protocol in front only some keywords are possible.
 */
export function primitive(cursor: Cursor, protocol?: ProtocolName, start?: number): Node | undefined {
  const { token } = cursor;
  if (token.kind !== 'keyword') return undefined;
  const word = token.text;
  const at = start ?? token.at;
  if (QUALIFIED.includes(word)) return afterProtocol(cursor, protocol, at);
  if (protocol !== undefined) return undefined;
  if (word === 'byte') return byteTest(cursor);
  if (SIGNALS.has(word)) return { kind: 'signal', word: cursor.next().text, at };
  if (FIELDS.has(word)) {
    cursor.next();
    return { kind: 'field', word, values: comparisons(cursor), at };
  }
  const shape = ARGUMENTS[word];
  if (shape === undefined) return undefined;
  cursor.next();
  return { kind: 'keyword', keyword: word as Keyword, protocol, argument: argument(cursor, word, shape), at };
}

function afterProtocol(cursor: Cursor, protocol: ProtocolName | undefined, at: number): Node {
  const keyword = cursor.next().text;
  if (keyword === 'broadcast' || keyword === 'multicast')
    return { kind: 'keyword', keyword, protocol, argument: undefined, at };
  if (protocol !== undefined && protocol !== 'link')
    cursor.error(`"${keyword}" belongs to 802.11: "wlan ${keyword}"`, at);
  if (keyword === 'dir') {
    return {
      kind: 'keyword',
      keyword: 'dir',
      protocol,
      argument: numberOrName(cursor, 'a direction such as "fromds"'),
      at,
    };
  }
  const first = numberOrName(cursor, keyword === 'type' ? 'a type: mgt, ctl or data' : 'a subtype such as "beacon"');
  if (keyword === 'subtype') return { kind: 'wlan', type: undefined, subtype: first, at };
  if (!cursor.keyword('subtype')) return { kind: 'wlan', type: first, subtype: undefined, at };
  cursor.next();
  return { kind: 'wlan', type: first, subtype: numberOrName(cursor, 'a subtype such as "beacon"'), at };
}

function argument(cursor: Cursor, word: string, shape: Argument): number | string | undefined {
  switch (shape) {
    case 'none':
      return undefined;
    case 'number':
      return number(cursor, `a number after "${word}"`);
    case 'optional number':
      return optionalNumber(cursor);
    case 'name':
      if (!cursor.is('name')) cursor.fail(`a name after "${word}"`);
      return cursor.next().text;
    case 'number or name':
      return numberOrName(cursor, `a name after "${word}"`);
    case 'optional type':
      // `rnr` is a keyword of pf too.
      if (cursor.is('name') || cursor.keyword('rnr')) return cursor.next().text;
      return undefined;
  }
}

function number(cursor: Cursor, expected: string): number {
  if (!cursor.is('number')) cursor.fail(expected);
  return cursor.next().value;
}

/** A number, in parentheses or not; undefined if none follows. */
function optionalNumber(cursor: Cursor): number | undefined {
  if (cursor.is('number')) return cursor.next().value;
  if (!cursor.operator('(')) return undefined;
  return cursor.nested(() => {
    cursor.next();
    const value = optionalNumber(cursor) ?? cursor.fail('a number');
    cursor.expect(')', 'to close the parenthesis');
    return value;
  });
}

function numberOrName(cursor: Cursor, expected: string): number | string {
  if (cursor.is('number')) return cursor.next().value;
  if (cursor.is('name')) return cursor.next().text;
  return cursor.fail(expected);
}

/** `byte 0 = 5`. */
function byteTest(cursor: Cursor): Node {
  const { at } = cursor.next();
  const offset = number(cursor, 'the index of the byte');
  const { token } = cursor;
  const operator = (['=', '<', '>', '&', '|'] as const).find((each) => cursor.accept(each));
  if (operator === undefined) cursor.fail('one of = < > & |');
  const { at: place } = cursor.token;
  const value = number(cursor, `a number after "${token.text}"`);
  if (value > 255) cursor.error(`a byte is at most 255, not ${value}`, place);
  return { kind: 'byte', offset, operator, value, at };
}

/** `5`, `> 5`, `(5 or 6)`. */
function comparisons(cursor: Cursor): Comparison[] {
  if (cursor.token.kind === 'operator' && RELATIONS.has(cursor.token.text)) {
    return [{ relation: relation(cursor), value: number(cursor, 'a number') }];
  }
  if (!cursor.accept('(')) return [{ relation: '=', value: number(cursor, 'a number') }];
  const values: Comparison[] = [];
  do {
    values.push(...cursor.nested(() => comparisons(cursor)));
  } while (cursor.accept('or'));
  cursor.expect(')', 'to close the parenthesis');
  return values;
}
