import type { HookEvent, SocketOfEvent } from './event.ts';
import { type Headers, innermost, PROTOCOL } from './headers.ts';
import { NOTHING, type Step } from './journey.ts';
import { type Copy, deviceIn, type Routed } from './path.ts';
import { isNetfilter } from './step-name.ts';

/** TCP_ numbers (include/net/tcp_states.h). */
const STATES = [
  '',
  'ESTABLISHED',
  'SYN_SENT',
  'SYN_RECV',
  'FIN_WAIT1',
  'FIN_WAIT2',
  'TIME_WAIT',
  'CLOSE',
  'CLOSE_WAIT',
  'LAST_ACK',
  'LISTEN',
  'CLOSING',
  'NEW_SYN_RECV',
] as const;

/** Whose sockets are for nothing else. */
const TRANSPORTS: ReadonlySet<number> = new Set([PROTOCOL.tcp, PROTOCOL.udp]);

/** Something happened while a packet was being received, and may be because of it. */
export function meanwhile(copy: Copy, event: HookEvent): void {
  copy.path.heard = event.at;
  if (event.hook === 'route') route(copy, event);
  else if (event.hook === 'learn') learn(copy, event);
  else deliver(copy, event);
}
function deliver(copy: Copy, event: HookEvent): void {
  const { socket } = event;
  if (socket === undefined || !isFor(socket, innermost(copy.look.headers))) return;
  const states = event.hook === 'state' ? `${STATES[event.detail >> 8]} to ${STATES[event.detail & 0xff]}` : undefined;
  if (copy.step !== undefined && states !== undefined) note(copy, states);
  copy.delivered = true;
  if (copy.path.deliveries.some((d) => d.socket?.inode === socket.inode && d.socket.localPort === socket.localPort))
    return;
  const { at, netns } = event;
  const where = { netns, device: deviceIn(netns, copy.step), hook: copy.step?.hook ?? '' };
  copy.path.deliver({ at, where, socket, pid: undefined, process: undefined, to: undefined });
}
/** Is this a socket that the packet may be for? Raw sockets have the protocol's number for a port; of fragments most have no port. */
function isFor({ transport, localPort }: SocketOfEvent, { version, protocol, destinationPort }: Headers): boolean {
  if (version === 0) return !TRANSPORTS.has(transport);
  return transport === protocol && (destinationPort === undefined || localPort === destinationPort);
}
/** What the routing table said of it: other questions, such as for the way back to its source, are none of its journey. */
function route(copy: Copy, { route: answer, netns, name, at }: HookEvent): void {
  const { step } = copy;
  if (answer === undefined || answer.error !== 0 || step === undefined || step.netns !== netns) return;
  const routed = { answer, name, at };
  if (answer.destination === innermost(copy.look.headers).destination) follow(copy, step, routed);
  // What netfilter did to its destination shows at the next hook.
  else if (isNetfilter(step)) copy.routed = [...copy.routed, routed];
}
/** What changed on the way to the next hook: a destination that the routing table was asked for? */
export function routedMeanwhile(copy: Copy): void {
  const { step, routed } = copy;
  copy.routed = NOTHING;
  const { destination } = innermost(copy.look.headers);
  const own = routed.find(({ answer }) => answer.destination === destination);
  if (step !== undefined && own !== undefined) follow(copy, step, own);
}
function follow(copy: Copy, step: Step, { answer, name, at }: Routed): void {
  // Rules ask for this table alone when they ask whether an address is of this host (`fib daddr type local`, as docker's do).
  if (answer.table === LOCAL) return;
  // The table of local addresses is most often one with the main table; then the device is where it came from.
  if (step.hook === 'route' || (answer.gateway === undefined && name === step.device)) return;
  const table = TABLES[answer.table] ?? String(answer.table);
  const via = answer.gateway === undefined ? '' : ` via ${answer.gateway}`;
  copy.step = {
    at,
    netns: step.netns,
    device: step.device,
    hook: 'route',
    copy: copy.number,
    changed: NOTHING,
    note: `to ${name}${via}, table ${table}`,
    rules: NOTHING,
    event: step.event,
  };
  copy.path.steps.push(copy.step);
}
/** enum rt_class_t */
const TABLES: Readonly<Record<number, string>> = { 253: 'default', 254: 'main' };
const LOCAL = 255;

function learn(copy: Copy, event: HookEvent): void {
  if (event.name !== '') note(copy, `bridge learned ${innermost(copy.look.headers).sourceMac} at ${event.name}`);
}
function note({ step }: Copy, text: string): void {
  if (step === undefined || step.note?.includes(text) === true) return;
  step.note = step.note === undefined ? text : `${step.note}; ${text}`;
}
