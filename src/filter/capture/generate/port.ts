import { nearest } from '../../nearest.ts';
import type { Qualifiers } from '../ast.ts';
import { all, any, type Condition, not } from '../condition.ts';
import type { Context } from '../context.ts';
import { behind, type Expression, type Place } from '../expression.ts';
import { type PortName, portNames, portOf } from '../names.ts';
import { PROTOCOL } from '../numbers.ts';
import { directed } from './host.ts';
import { behindIp, behindIp6, firstFragment, isIp, isIp6 } from './network.ts';

const TRANSPORTS = { tcp: PROTOCOL.tcp, udp: PROTOCOL.udp, sctp: PROTOCOL.sctp } as const;
const ALL_TRANSPORTS = [PROTOCOL.sctp, PROTOCOL.tcp, PROTOCOL.udp];

/** `port 80`, `tcp src port http`. */
export function port(context: Context, qualifiers: Qualifiers, id: number | string, place: number): Condition {
  const found =
    typeof id === 'number' ? { port: checked(context, id, place), transport: undefined } : named(context, id, place);
  const transports = transportsOf(context, qualifiers, found.transport, `${id}`, place);
  return ports(context, qualifiers, transports, place, (value) => context.tests.equals(value, found.port));
}

/** `portrange 1-1023`; the ends may be names, and in either order. */
export function portRange(context: Context, qualifiers: Qualifiers, id: number | string, place: number): Condition {
  const range = typeof id === 'number' ? { low: id, high: id, transport: undefined } : rangeOf(context, id, place);
  checked(context, range.high, place);
  const transports = transportsOf(context, qualifiers, range.transport, `${id}`, place);
  const { tests } = context;
  return ports(context, qualifiers, transports, place, (value) =>
    range.low === range.high
      ? tests.equals(value, range.low)
      : all(tests.atLeast(value, range.low), not(tests.above(value, range.high))),
  );
}

function checked(context: Context, value: number, place: number): number {
  if (value > 65535) context.error(`a port is at most 65535, not ${value}`, place);
  return value;
}

function named(context: Context, name: string, place: number): PortName {
  const found = portOf(name);
  if (found !== undefined) return { port: checked(context, found.port, place), transport: found.transport };
  return context.error(`no port has the name "${shown(name)}"`, place, nearest(name, portNames()));
}

function shown(name: string): string {
  return name.slice(0, 40).replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '?');
}

function rangeOf(
  context: Context,
  text: string,
  place: number,
): { low: number; high: number; transport: PortName['transport'] } {
  if (!text.includes('-')) {
    const only = named(context, text, place);
    return { low: only.port, high: only.port, transport: only.transport };
  }
  // Names may have hyphens too: any of them may be the one between the ends.
  for (let at = text.indexOf('-'); at >= 0; at = text.indexOf('-', at + 1)) {
    const [from, to] = [portOf(text.slice(0, at)), portOf(text.slice(at + 1))];
    if (from === undefined || to === undefined) continue;
    const transport = from.transport === to.transport ? from.transport : undefined;
    checked(context, Math.max(from.port, to.port), place);
    return { low: Math.min(from.port, to.port), high: Math.max(from.port, to.port), transport };
  }
  return context.error(`"${shown(text)}" is no range of ports such as 6000-6063`, place);
}

/** The transports that a filter asks for; a name that only one transport has narrows them down. */
function transportsOf(
  context: Context,
  qualifiers: Qualifiers,
  ofName: PortName['transport'],
  name: string,
  place: number,
): readonly number[] {
  const { protocol } = qualifiers;
  if (protocol === undefined) return ofName === undefined ? ALL_TRANSPORTS : [TRANSPORTS[ofName]];
  if (protocol !== 'tcp' && protocol !== 'udp' && protocol !== 'sctp') {
    return context.error(`"${qualifiers.protocolWord}" has no ports: only tcp, udp and sctp have`, place);
  }
  if (ofName !== undefined && ofName !== protocol) context.error(`"${shown(name)}" is a port of ${ofName}`, place);
  return [TRANSPORTS[protocol]];
}

function ports(
  context: Context,
  qualifiers: Qualifiers,
  transports: readonly number[],
  place: number,
  holds: (port: Expression) => Condition,
): Condition {
  const { tests } = context;
  const over = (version: Condition, protocol: Expression, rest: () => Condition): Condition =>
    // Each transport on its own: what follows in the filter may ask which it was. Equal ends become one again.
    all(version, any(...transports.map((number) => all(tests.equals(protocol, number), rest()))));
  const atEnds = (start: Place): Condition =>
    directed(context, qualifiers.direction, place, (source) => holds(context.load(2, behind(start, source ? 0 : 2))));
  return any(
    over(isIp6(context, place), context.inNetwork(1, 6), () => atEnds(behindIp6(context))),
    over(isIp(context, place), context.inNetwork(1, 9), () => all(firstFragment(context), atEnds(behindIp(context)))),
  );
}
