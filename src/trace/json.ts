import { endpoint } from '../linux/address.ts';
import { ends, flagNames, protocolName, summary } from './describe.ts';
import type { Headers } from './headers.ts';
import type { CopyEnding, Delivery, Ending, Journey, Place, Step } from './journey.ts';
import { type NameOf, outcomeOf } from './text.ts';

export interface JsonOptions {
  readonly nameOf: NameOf;
  /** The real-time clock when tracing began, in ns. */
  readonly epoch: bigint;
}
/** A journey as one line of JSON. */
export function json(journey: Journey, options: JsonOptions): string {
  const { number, replyTo, retransmission, ending, deliveries, endings, lost } = journey;
  const { nameOf } = options;
  const [delivery] = deliveries;
  const record = {
    number,
    packet: packetOf(journey),
    outcome: outcomeOf(journey),
    where: placeOf(ending.where, nameOf),
    reason: ending.reason,
    meaning: ending.meaning,
    symbol: ending.symbol,
    stack: ending.stack,
    rule: ending.rule,
    socket: delivery === undefined ? socketOf(ending, nameOf) : receiverOf(delivery, nameOf),
    receivers: deliveries.length > 1 ? deliveries.map((each) => receiverOf(each, nameOf)) : undefined,
    reply_to: replyTo,
    retransmission: retransmission || undefined,
    first: ends(journey.first),
    last: ends(journey.last),
    steps: stepsOf(journey.steps, options),
    copies: endings.length > 1 ? endings.map((each) => copyOf(each, nameOf)) : undefined,
    lost,
  };
  return `${JSON.stringify(record)}\n`;
}
function packetOf({ first, length, segments }: Journey): Record<string, unknown> {
  return { summary: summary(first), ...headersOf(first), length, segments: segments > 1 ? segments : undefined };
}
function headersOf(headers: Headers): Record<string, unknown> {
  const { version, source, destination, sourcePort, destinationPort, ttl, id, vlan, tcp, icmp, tunnel } = headers;
  const isIp = version !== 0;
  return {
    protocol: protocolName(headers),
    version: isIp ? version : undefined,
    src: isIp ? source : headers.sourceMac,
    dst: isIp ? destination : headers.destinationMac,
    sport: sourcePort,
    dport: destinationPort,
    ttl: isIp ? ttl : undefined,
    id: version === 4 ? id : undefined,
    vlan,
    tcp:
      tcp === undefined
        ? undefined
        : { seq: tcp.sequence, ack: tcp.acknowledged, flags: flagNames(tcp.flags), len: tcp.data },
    icmp: icmp === undefined ? undefined : { type: icmp.type, code: icmp.code, id: icmp.id, seq: icmp.sequence },
    tunnel: tunnel === undefined ? undefined : { name: tunnel.name, vni: tunnel.vni, packet: headersOf(tunnel.inner) },
  };
}
const placeOf = ({ netns, device, hook }: Place, nameOf: NameOf) => ({ netns: nameOf(netns), device, hook });
function socketOf({ socket, where }: Ending, nameOf: NameOf): Record<string, unknown> | undefined {
  // A packet keeps its sender's socket for a while.
  if (socket === undefined || socket.netns !== where.netns) return undefined;
  const { netns, local, localPort, remote, remotePort } = socket;
  return { netns: nameOf(netns), local: endpoint(local, localPort), remote: endpoint(remote, remotePort) };
}
function receiverOf(delivery: Delivery, nameOf: NameOf): Record<string, unknown> {
  const { where, socket, pid, process, to } = delivery;
  const local = socket === undefined ? undefined : endpoint(socket.local, socket.localPort);
  const remote = socket === undefined ? undefined : endpoint(socket.remote, socket.remotePort);
  return { netns: nameOf(where.netns), device: where.device, local, remote, pid, process, to };
}
function stepsOf(steps: readonly Step[], { nameOf, epoch }: JsonOptions): Record<string, unknown>[] {
  return steps.map((step, i) => ({
    at: epochText(epoch, step.at),
    delta: i === 0 ? 0 : step.at - steps[i - 1]!.at,
    ...placeOf(step, nameOf),
    copy: step.copy === 0 ? undefined : step.copy,
    changed:
      step.changed.length === 0 ? undefined : Object.fromEntries(step.changed.map((c) => [c.what, [c.from, c.to]])),
    note: step.note,
    rules: step.rules.length === 0 ? undefined : step.rules,
  }));
}
function copyOf(
  { copy, outcome, where, reason, meaning, symbol, rule }: CopyEnding,
  nameOf: NameOf,
): Record<string, unknown> {
  return { copy, outcome, where: placeOf(where, nameOf), reason, meaning, symbol, rule };
}
const SECOND = 1e9;
/** The last one asked for, in seconds and what is left of them in ns. */
let split = { epoch: 0n, whole: 0, rest: 0 };
/** Seconds since 1970 with nine decimals. */
export function epochText(epoch: bigint, at: number): string {
  if (split.epoch !== epoch)
    split = { epoch, whole: Number(epoch / BigInt(SECOND)), rest: Number(epoch % BigInt(SECOND)) };
  const { whole } = split;
  const ns = split.rest + Math.round(at);
  return `${whole + Math.floor(ns / SECOND)}.${String(ns % SECOND).padStart(9, '0')}`;
}
