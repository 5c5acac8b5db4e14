import type { Arithmetic, Node, Relation } from '../ast.ts';
import { all, type Condition, not } from '../condition.ts';
import type { Context } from '../context.ts';
import { at, behind, type Expression, type Operator, type Place } from '../expression.ts';
import { PROTOCOL } from '../numbers.ts';
import { behindIp, behindIp6, firstFragment, ipProtocol, isIp6 } from './network.ts';
import { abbreviation, transportNumber } from './protocol.ts';

const OPERATORS: Readonly<Record<string, Operator>> = {
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '/': 'div',
  '%': 'mod',
  '&': 'and',
  '|': 'or',
  '^': 'xor',
  '<<': 'lsh',
  '>>': 'rsh',
};

/** Two expressions compared; the packet must have the headers that they read. */
export function comparison(context: Context, node: Extract<Node, { kind: 'relation' }>): Condition {
  const needed: Condition[] = [];
  const left = evaluate(context, node.left, needed);
  const right = evaluate(context, node.right, needed);
  return all(...needed, compared(context, node.relation, left, right));
}

export function compared(context: Context, relation: Relation, left: Expression, right: Expression): Condition {
  const { tests } = context;
  switch (relation) {
    case '=':
      return tests.test('eq', left, right);
    case '!=':
      return not(tests.test('eq', left, right));
    case '>':
      return tests.test('gt', left, right);
    case '>=':
      return tests.test('ge', left, right);
    case '<':
      return not(tests.test('ge', left, right));
    case '<=':
      return not(tests.test('gt', left, right));
  }
}

/** The value of an expression; what the packet must be for it to have one is added to `needed`. */
function evaluate(context: Context, node: Arithmetic, needed: Condition[]): Expression {
  const { of } = context;
  switch (node.kind) {
    case 'number':
      return of.constant(node.value);
    case 'length':
      return context.length();
    case 'negate':
      return of.negate(evaluate(context, node.operand, needed));
    case 'binary': {
      const left = evaluate(context, node.left, needed);
      // What the right operand needs is not asked, in libpcap by oversight: `5 + tcp[0]` also sees other packets there.
      const right = evaluate(context, node.right, []);
      return of.binary(OPERATORS[node.operator]!, left, right);
    }
    case 'load':
      return load(context, node, needed);
  }
}

function load(context: Context, node: Extract<Arithmetic, { kind: 'load' }>, needed: Condition[]): Expression {
  const { of } = context;
  const index = evaluate(context, node.offset, needed);
  const start = headerOf(context, node, needed);
  const place =
    index.kind === 'constant'
      ? behind(start, index.value)
      : at(start.offset, start.base === undefined ? index : of.binary('add', start.base, index));
  return context.load(node.size as 1 | 2 | 4, place);
}

/** Where the header of a protocol starts. */
function headerOf(context: Context, node: Extract<Arithmetic, { kind: 'load' }>, needed: Condition[]): Place {
  const { layout } = context;
  const { protocol, word } = node;
  switch (protocol) {
    case 'link':
      return layout.header;
    case 'radio':
      if (context.link.radio === undefined) context.error(`${context.link.title} has no header of the radio`, node.at);
      return at(0);
    case 'ip':
    case 'ip6':
    case 'arp':
    case 'rarp':
    case 'atalk':
    case 'decnet':
    case 'lat':
    case 'sca':
    case 'moprc':
    case 'mopdl':
      needed.push(abbreviation(context, protocol, word, node.at));
      return behind(layout.payload, layout.network);
    case 'icmp6':
      needed.push(isIp6(context, node.at), context.tests.equals(context.inNetwork(1, 6), PROTOCOL.icmp6));
      return behindIp6(context);
    default: {
      const number = transportNumber(protocol);
      if (number === undefined) context.error(`"${word}" has no bytes to look at: "${word}[…]" is nothing`, node.at);
      needed.push(ipProtocol(context, number, node.at), firstFragment(context));
      return behindIp(context);
    }
  }
}
