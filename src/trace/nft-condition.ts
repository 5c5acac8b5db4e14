import type { Direction, Id, Node, ProtocolName } from '../filter/capture/ast.ts';
import { parse } from '../filter/capture/parse.ts';
import { ipv6 } from '../linux/address.ts';

/** Ways to match, of which one has to hold; each a list of nft's matches that all have to hold. An empty list holds always. */
type Ways = readonly (readonly string[])[];
const ALWAYS: Ways = [[]];
/** More would make every packet pay. */
const MOST_WAYS = 16;

/**
 * A capture filter in nft's words, for packets of IP: whatever the filter matches, one of these matches, too. They may match
 * more, where nft has no word for something.
 */
export function nftConditions(expression: string): string[] {
  const ways = waysOf(parse(expression));
  return ways.length > MOST_WAYS ? [''] : [...new Set(ways.map((way) => [...new Set(way)].join(' ')))];
}
function waysOf(node: Node): Ways {
  if (node.kind === 'and') {
    const [left, right] = [waysOf(node.left), waysOf(node.right)];
    const both = left.flatMap((a) => right.map((b) => [...a, ...b]));
    return both.length > MOST_WAYS ? left : both;
  }
  if (node.kind === 'or') return [...waysOf(node.left), ...waysOf(node.right)];
  if (node.kind === 'protocol') return protocol(node.protocol);
  if (node.kind !== 'id') return ALWAYS;
  const { qualifiers, id } = node;
  const kind = qualifiers.type ?? 'host';
  if (kind === 'port') return port(id, qualifiers.direction, qualifiers.protocol);
  return kind === 'host' || kind === 'net' ? host(id, qualifiers.direction) : ALWAYS;
}
const PROTOCOLS: Partial<Record<ProtocolName, string>> = {
  tcp: 'meta l4proto tcp',
  udp: 'meta l4proto udp',
  sctp: 'meta l4proto sctp',
  icmp: 'meta l4proto icmp',
  icmp6: 'meta l4proto ipv6-icmp',
  igmp: 'meta l4proto igmp',
};
function protocol(name: ProtocolName): Ways {
  const match = PROTOCOLS[name];
  return match === undefined ? ALWAYS : [[match]];
}
function port(id: Id, direction: Direction | undefined, name: ProtocolName | undefined): Ways {
  if (id.form !== 'number') return ALWAYS;
  const of = (name === undefined ? undefined : PROTOCOLS[name]) ?? 'meta l4proto { tcp, udp, sctp }';
  return sides(direction).map((side) => [of, `th ${side === 'src' ? 'sport' : 'dport'} ${id.value}`]);
}
function host(id: Id, direction: Direction | undefined): Ways {
  const address = addressOf(id);
  if (address === undefined) return ALWAYS;
  return sides(direction).map((side) => [`${address.family} ${side === 'src' ? 'saddr' : 'daddr'} ${address.text}`]);
}
function addressOf(id: Id): { family: string; text: string } | undefined {
  if (id.form === 'dotted' && id.parts.length === 4) return { family: 'ip', text: id.parts.join('.') };
  if (id.form === 'dotted' || id.form === 'prefix') {
    const bits = id.form === 'prefix' ? id.bits : id.parts.length * 8;
    return { family: 'ip', text: `${[...id.parts, 0, 0, 0].slice(0, 4).join('.')}/${bits}` };
  }
  if (id.form !== 'ipv6') return undefined;
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  for (const [i, word] of id.words.entries()) view.setUint32(i * 4, word);
  const text = ipv6(bytes, 0);
  return { family: 'ip6', text: id.bits === undefined ? text : `${text}/${id.bits}` };
}
/** Either way, unless one is asked for; matching one of both sides is what "both" implies, too. */
function sides(direction: Direction | undefined): ('src' | 'dst')[] {
  if (direction === 'src' || direction === 'dst') return [direction];
  return direction === 'src and dst' ? ['src'] : ['src', 'dst'];
}
