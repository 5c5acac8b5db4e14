import { ends } from './describe.ts';
import type { SocketOfEvent } from './event.ts';
import { headersOf } from './headers.ts';
import type { Change, CopyEnding, Delivery, Ending, Journey, Outcome, Place, Rule, Sight, Step } from './journey.ts';
import type { NameOf } from './text.ts';

/** What such a comment begins with. */
const MARK = 'hooktap journey: ';
/** A comment has a length of 16 bits. */
const MOST = 60_000;

/** A journey as comments: everything that its packets do not tell. Texts are ASCII, so that they may be cut anywhere. */
export function store(journey: Journey, nameOf: NameOf, epoch: bigint): string[] {
  const { steps, first: _, last, ...rest } = journey;
  const places = [...steps, journey.ending.where, ...journey.deliveries.map(({ where }) => where)];
  const sockets = [...journey.deliveries, ...journey.endings].flatMap(({ socket }) => socket?.netns ?? []);
  const inodes = new Set([
    ...places.map(({ netns }) => netns),
    ...journey.endings.map((e) => e.where.netns),
    ...sockets,
  ]);
  const record = {
    ...rest,
    epoch: String(epoch),
    last: ends(last),
    names: Object.fromEntries([...inodes].map((inode) => [inode, nameOf(inode)])),
    steps: steps.map(({ event, ...step }) => ({ ...step, length: event.length })),
  };
  const text = JSON.stringify(record).replace(
    /[\u007f-\uffff]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return Array.from({ length: Math.ceil(text.length / MOST) }, (_, i) => MARK + text.slice(i * MOST, (i + 1) * MOST));
}
export interface Restored {
  readonly journey: Journey;
  readonly epoch: bigint;
  /** What its namespaces are called. */
  readonly nameOf: NameOf;
}
/** The journey that comments tell of, with its packets; undefined where none does, or what it says makes no sense. */
export function restore(comments: readonly string[], packets: readonly Uint8Array[]): Restored | undefined {
  const parts = comments.filter((comment) => comment.startsWith(MARK));
  if (parts.length === 0) return undefined;
  try {
    return restored(JSON.parse(parts.map((part) => part.slice(MARK.length)).join('')), packets);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof Senseless) return undefined;
    throw error;
  }
}
function restored(value: unknown, packets: readonly Uint8Array[]): Restored {
  const from = new Reader(value);
  const steps = from.list('steps').map((step, i) => stepOf(step, packets[i] ?? NOTHING));
  const last = from.inner('last').text('source');
  const all = steps.map(({ event }) => headersOf(event.bytes, undefined));
  const names = new Map(Object.entries(from.record('names')).map(([inode, name]) => [Number(inode), String(name)]));
  const first = all[0] ?? headersOf(NOTHING, undefined);
  const journey: Journey = {
    number: from.number('number'),
    replyTo: from.maybe('replyTo', 'number'),
    retransmission: from.maybe('retransmission', 'boolean') ?? false,
    steps,
    first,
    last: all.findLast((each) => ends(each).source === last) ?? all.at(-1) ?? first,
    length: from.number('length'),
    segments: from.number('segments'),
    deliveries: from.list('deliveries').map(deliveryOf),
    endings: from
      .list('endings')
      .map((each) => ({ ...endingOf(each), copy: each.number('copy') }) satisfies CopyEnding),
    ending: endingOf(from.inner('ending')),
    lost: from.number('lost'),
  };
  const epoch = from.text('epoch');
  if (!/^\d{1,20}$/.test(epoch)) throw new Senseless();
  return { journey, epoch: BigInt(epoch), nameOf: (netns) => names.get(netns) ?? String(netns) };
}
const NOTHING = new Uint8Array(0);

function stepOf(from: Reader, bytes: Uint8Array): Step {
  const event: Sight = { bytes, tag: undefined, length: from.number('length') };
  return {
    ...placeOf(from),
    at: from.number('at'),
    copy: from.number('copy'),
    changed: from.list('changed').map(changeOf),
    note: from.maybe('note', 'string'),
    rules: from.list('rules').map(ruleOf),
    event,
  };
}
const placeOf = (from: Reader): Place => ({
  netns: from.number('netns'),
  device: from.text('device'),
  hook: from.text('hook'),
});
const changeOf = (from: Reader): Change => ({ what: from.text('what'), from: from.text('from'), to: from.text('to') });
const ruleOf = (from: Reader): Rule => ({
  family: from.text('family'),
  table: from.text('table'),
  chain: from.text('chain'),
  handle: from.maybe('handle', 'number'),
  text: from.text('text'),
  comment: from.maybe('comment', 'string'),
  verdict: from.text('verdict'),
});
const socketOf = (from: Reader): SocketOfEvent => ({
  inode: from.number('inode'),
  netns: from.number('netns'),
  transport: from.number('transport'),
  state: from.number('state'),
  local: from.text('local'),
  localPort: from.number('localPort'),
  remote: from.text('remote'),
  remotePort: from.number('remotePort'),
});
const deliveryOf = (from: Reader): Delivery => ({
  at: from.number('at'),
  where: placeOf(from.inner('where')),
  socket: from.has('socket') ? socketOf(from.inner('socket')) : undefined,
  pid: from.maybe('pid', 'number'),
  process: from.maybe('process', 'string'),
  to: from.maybe('to', 'string'),
});
const OUTCOMES: readonly string[] = ['delivered', 'sent', 'dropped', 'consumed', 'unknown'] satisfies Outcome[];
function endingOf(from: Reader): Ending {
  const outcome = from.text('outcome');
  if (!OUTCOMES.includes(outcome)) throw new Senseless();
  return {
    outcome: outcome as Outcome,
    where: placeOf(from.inner('where')),
    at: from.number('at'),
    reason: from.maybe('reason', 'string'),
    meaning: from.maybe('meaning', 'string'),
    symbol: from.maybe('symbol', 'string'),
    stack: from.has('stack') ? from.texts('stack') : undefined,
    rule: from.has('rule') ? ruleOf(from.inner('rule')) : undefined,
    socket: from.has('socket') ? socketOf(from.inner('socket')) : undefined,
  };
}
class Senseless extends Error {}
interface Types {
  number: number;
  string: string;
  boolean: boolean;
}
/** An object from a file: each member is what it is asked for as, or nothing of it counts. */
class Reader {
  constructor(private readonly value: unknown) {
    if (typeof value !== 'object' || value === null) throw new Senseless();
  }
  private member(name: string): unknown {
    return (this.value as Record<string, unknown>)[name];
  }
  has(name: string): boolean {
    return this.member(name) !== undefined && this.member(name) !== null;
  }
  maybe<Type extends keyof Types>(name: string, type: Type): Types[Type] | undefined {
    if (!this.has(name)) return undefined;
    if (typeof this.member(name) !== type) throw new Senseless();
    return this.member(name) as Types[Type];
  }
  number(name: string): number {
    return this.maybe(name, 'number') ?? fail();
  }
  text(name: string): string {
    return this.maybe(name, 'string') ?? fail();
  }
  inner(name: string): Reader {
    return new Reader(this.member(name));
  }
  record(name: string): Record<string, unknown> {
    return this.inner(name).value as Record<string, unknown>;
  }
  texts(name: string): string[] {
    const all = this.member(name);
    return Array.isArray(all) ? all.map((each) => (typeof each === 'string' ? each : fail())) : fail();
  }
  list(name: string): Reader[] {
    const all = this.member(name);
    return Array.isArray(all) ? all.map((each) => new Reader(each)) : fail();
  }
}
function fail(): never {
  throw new Senseless();
}
