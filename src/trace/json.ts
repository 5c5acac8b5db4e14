import { literal, type Text } from '../bytes/text.ts';
import { putEpoch } from './epoch.ts';
import type { SocketOfEvent } from './event.ts';
import type { Change, CopyEnding, Delivery, Ending, Journey, Step } from './journey.ts';
import { putEndpoint, putEnds, putPacket } from './json/packet.ts';
import { placeText } from './json/place.ts';
import {
  CLOSE,
  CLOSE_LIST,
  COLON,
  COMMA,
  LINE_FEED,
  OPEN,
  OPEN_LIST,
  put,
  putAll,
  putOther,
  putPlain,
  putText,
  QUOTE,
  quoted,
} from './json/value.ts';
import { type NameOf, outcomeOf } from './text.ts';

export interface JsonOptions {
  readonly nameOf: NameOf;
  /** The real-time clock when tracing began, in ns. */
  readonly epoch: bigint;
}
const NUMBER = literal('{"number":');
const PACKET = literal(',"packet":{"summary":"');
const OUTCOME = literal('},"outcome":"');
const WHERE = literal(',"where":{');
const SOCKET = literal(',"socket":');
const RECEIVERS = literal(',"receivers":');
const REPLY_TO = literal(',"reply_to":');
const RETRANSMISSION = literal(',"retransmission":true');
const FIRST = literal(',"first":');
const LAST = literal(',"last":');
const STEPS = literal(',"steps":[');
const COPIES = literal(',"copies":');
const LOST = literal(',"lost":');

/** Writes a journey as one line of JSON, as bytes: most of what is in one was in others, and is known as it is written. */
export function putJson(w: Text, journey: Journey, options: JsonOptions): void {
  const { ending, deliveries, endings, replyTo, steps } = journey;
  const { nameOf } = options;
  put(w, NUMBER, journey.number);
  w.put(PACKET);
  putPacket(w, journey);
  w.put(OUTCOME);
  w.str(outcomeOf(journey));
  w.char(QUOTE);
  w.put(WHERE);
  w.put(placeText(ending.where, nameOf));
  w.char(CLOSE);
  putWhy(w, ending);
  const [delivery] = deliveries;
  if (delivery === undefined) putSocket(w, ending, nameOf);
  else {
    w.put(SOCKET);
    putReceiver(w, delivery, nameOf);
  }
  if (deliveries.length > 1) putAll(w, RECEIVERS, deliveries, (each) => putReceiver(w, each, nameOf));
  if (replyTo !== undefined) put(w, REPLY_TO, replyTo);
  if (journey.retransmission) w.put(RETRANSMISSION);
  w.put(FIRST);
  putEnds(w, journey.first);
  w.put(LAST);
  putEnds(w, journey.last);
  w.put(STEPS);
  putSteps(w, steps, options);
  w.char(CLOSE_LIST);
  if (endings.length > 1) putAll(w, COPIES, endings, (each) => putCopy(w, each, nameOf));
  put(w, LOST, journey.lost);
  w.char(CLOSE);
  w.char(LINE_FEED);
}
const REASON = literal(',"reason":');
const MEANING = literal(',"meaning":');
const SYMBOL = literal(',"symbol":');
const STACK = literal(',"stack":');
const RULE = literal(',"rule":');
function putWhy(w: Text, { reason, meaning, symbol, stack, rule }: Ending): void {
  putText(w, REASON, reason);
  putText(w, MEANING, meaning);
  putText(w, SYMBOL, symbol);
  putOther(w, STACK, stack);
  putOther(w, RULE, rule);
}
const NETNS = literal('{"netns":');
const DEVICE = literal(',"device":');
const LOCAL = literal(',"local":"');
const REMOTE = literal('","remote":"');
const PID = literal(',"pid":');
const PROCESS = literal(',"process":');
const TAKER = literal(',"to":');
function putSocket(w: Text, { socket, where }: Ending, nameOf: NameOf): void {
  // A packet keeps its sender's socket for a while.
  if (socket === undefined || socket.netns !== where.netns) return;
  w.put(SOCKET);
  putText(w, NETNS, nameOf(socket.netns));
  putSocketEnds(w, socket);
  w.char(CLOSE);
}
function putSocketEnds(w: Text, { local, localPort, remote, remotePort }: SocketOfEvent): void {
  w.put(LOCAL);
  putEndpoint(w, local, localPort);
  w.put(REMOTE);
  putEndpoint(w, remote, remotePort);
  w.char(QUOTE);
}
function putReceiver(w: Text, { where, socket, pid, process, to }: Delivery, nameOf: NameOf): void {
  putText(w, NETNS, nameOf(where.netns));
  putText(w, DEVICE, where.device);
  if (socket !== undefined) putSocketEnds(w, socket);
  if (pid !== undefined) put(w, PID, pid);
  putText(w, PROCESS, process);
  putText(w, TAKER, to);
  w.char(CLOSE);
}
const AT = literal('{"at":"');
const DELTA = literal('","delta":');
const COPY = literal(',"copy":');
const CHANGED = literal(',"changed":');
const NOTE = literal(',"note":');
const RULES = literal(',"rules":');
function putSteps(w: Text, steps: readonly Step[], { nameOf, epoch }: JsonOptions): void {
  let before = steps[0]?.at;
  for (const step of steps) {
    const { at, copy, changed, note, rules } = step;
    if (step !== steps[0]) w.char(COMMA);
    w.put(AT);
    putEpoch(w, epoch, at);
    put(w, DELTA, at - before!);
    before = at;
    w.char(COMMA);
    w.put(placeText(step, nameOf));
    if (copy !== 0) put(w, COPY, copy);
    if (changed.length > 0) putChanges(w, changed);
    putText(w, NOTE, note);
    if (rules.length > 0) putOther(w, RULES, rules);
    w.char(CLOSE);
  }
}
/** What changed twice has the place of the first time, and the values of the second. */
function putChanges(w: Text, changed: readonly Change[]): void {
  w.put(CHANGED);
  for (const [i, { what }] of changed.entries()) {
    if (i > changed.findIndex((each) => each.what === what)) continue;
    const { from, to } = changed.findLast((each) => each.what === what)!;
    w.char(i === 0 ? OPEN : COMMA);
    w.put(quoted(what));
    w.char(COLON);
    w.char(OPEN_LIST);
    putPlain(w, from);
    w.char(COMMA);
    putPlain(w, to);
    w.char(CLOSE_LIST);
  }
  w.char(CLOSE);
}
const COPY_NUMBER = literal('{"copy":');
const COPY_OUTCOME = literal(',"outcome":"');
function putCopy(w: Text, ending: CopyEnding, nameOf: NameOf): void {
  put(w, COPY_NUMBER, ending.copy);
  w.put(COPY_OUTCOME);
  w.str(ending.outcome);
  w.char(QUOTE);
  w.put(WHERE);
  w.put(placeText(ending.where, nameOf));
  w.char(CLOSE);
  putWhy(w, { ...ending, stack: undefined });
  w.char(CLOSE);
}
