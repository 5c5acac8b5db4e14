import type { Availability } from '../../capture/source.ts';
import { ToolError } from '../../error.ts';
import { compileCaptureFilter } from '../../filter/capture/compile.ts';
import { tryPacketSocket } from '../../linux/packet-ring.ts';
import type { HookEvent } from '../event.ts';
import { type Headers, headersOf } from '../headers.ts';
import type { Names } from '../joiner.ts';
import type { StrayRule } from '../rule-joiner.ts';
import type { Conclusions, EventBatch, HookSource, HookSourceKind, SourceOptions, Surroundings } from '../source.ts';
import { NETFILTER_HOOKS } from '../step-name.ts';
import { Devices } from './devices.ts';
import { Drops } from './drops.ts';
import { BLOCK_MS, Lane, type RawSighting } from './lane.ts';
import { Sighting } from './sighting.ts';
import { SocketTables } from './sockets.ts';
import { Suppositions } from './suppose.ts';
import { clocksApart, type KernelEvent, Tracepoints } from './tracepoints.ts';
import { Trails } from './trails.ts';
import { Translations } from './translations.ts';

const ETHERNET = 1;
/** A packet may come out of one ring so much later than a younger one comes out of another: each waits for its block. In ns. */
const HELD = 4e6 * BLOCK_MS;
const SECOND = 1_000_000_000n;
const HOOKS_BY_NUMBER: readonly string[] = NETFILTER_HOOKS;
const FORGET_EVERY = 1e9;

/** Packets as devices send and receive them, in all namespaces: what is left to see where BPF is refused. */
export const packets: HookSourceKind = {
  name: 'packets',
  available,
  open: (options) => new PacketSource(options),
};
function available(): Availability {
  try {
    tryPacketSocket();
    return { ok: true };
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    return { ok: false, why: error.message, remedy: error.hint ?? 'sudo hooktap trace …' };
  }
}

export class PacketSource implements HookSource {
  private readonly devices = new Devices();
  private readonly translations = new Translations();
  private readonly trails = new Trails(this.translations, this.devices);
  private readonly lanes: Lane[] = [];
  private readonly matches: (bytes: Uint8Array) => boolean;
  private readonly seconds: number;
  private readonly nanos: number;
  /** What was seen, and may have to be put behind what is yet to come. */
  private pending: { readonly sighting: Sighting; readonly headers: Headers; readonly matched: boolean }[] = [];
  /** The packets of the last batch. */
  private told: Headers[] = [];
  private suppositions: Suppositions | undefined;
  private begun = Number.POSITIVE_INFINITY;
  private collected = 0;
  private forgotten = 0;
  private events = 0;
  /** Undefined where they are refused. */
  private readonly tracepoints = tracepointsIfAllowed();
  private readonly drops: Drops | undefined;
  private names: Names | undefined;
  /** What the tracepoints told that is not ripe. */
  private untold: KernelEvent[] = [];
  /** From times of packets to those of tracepoints, in ns. */
  private ahead = 0;
  /** In namespaces that are gone. */
  private lostBefore = 0;

  constructor(private readonly options: SourceOptions) {
    this.matches = filterOf(options.expression);
    this.seconds = Number(options.epoch / SECOND);
    this.nanos = Number(options.epoch % SECOND);
    this.drops = this.tracepoints === undefined ? undefined : new Drops(() => this.names);
  }
  /** Does the kernel tell why it drops packets? */
  get tellsDrops(): boolean {
    return this.drops !== undefined;
  }
  get gaps(): string[] {
    const blind = this.lanes.some((lane) => !lane.knowsConnections);
    return blind
      ? ['conntrack does not tell of connections: packets whose two ends are both translated are taken for others']
      : [];
  }
  watch(netns: number, _: unknown, namespaces: number): void {
    this.lanes.push(Lane.open(netns, this.options.window, namespaces, this.translations));
    if (this.begun === Number.POSITIVE_INFINITY) return;
    this.devices.renew();
    this.suppositions?.arrives(netns);
  }
  leave(netns: number): void {
    const lane = this.lanes.find((each) => each.netns === netns);
    if (lane === undefined) return;
    this.empty(lane);
    this.lanes.splice(this.lanes.indexOf(lane), 1);
    this.lostBefore += lane.lost();
    lane.close();
  }
  attach(): void {
    for (const { netns } of this.lanes) this.suppositions?.arrives(netns);
    this.begun = this.now();
  }
  private now(): number {
    return Number(process.hrtime.bigint() - this.options.start);
  }
  collect(): void {
    this.collected = this.now();
    for (const lane of this.lanes) this.empty(lane);
    this.listen();
  }
  private listen(): void {
    const { start, epoch } = this.options;
    if (this.tracepoints === undefined) return;
    // The clocks may have been set since.
    this.ahead = Number(epoch - start - clocksApart());
    const lost = this.tracepoints.take(start, (event) => {
      const at = event.at - this.ahead;
      if (at >= this.begun) this.untold.push({ ...event, at });
    });
    if (lost > 0) this.drops!.lose();
  }
  /** What the tracepoints told until then. */
  private ripeEvents(until: number): KernelEvent[] {
    this.untold.sort((a, b) => a.at - b.at);
    const end = this.untold.findIndex(({ at }) => at > until);
    return this.untold.splice(0, end < 0 ? this.untold.length : end);
  }
  private empty(lane: Lane): void {
    lane.take(this.translations, (raw) => this.see(lane.netns, raw));
  }
  private see(netns: number, raw: RawSighting): void {
    const at = (raw.seconds - this.seconds) * 1e9 + raw.nanos - this.nanos;
    if (at < this.begun) return;
    const { device, bytes, hasLinkHeader, length, outgoing, tag, checksumFilled } = raw;
    const headers = headersOf(bytes, tag?.control);
    const matched = this.isWanted(tag === undefined ? bytes : withTag(bytes, tag), headers);
    const name = this.devices.find(netns, device)?.name ?? `if${device}`;
    const hook = outgoing ? 'transmit' : 'receive';
    const where = { at, hook, netns, device, name } as const;
    const what = { bytes, hasLinkHeader, tag: tag?.control, length, matched, checksumFilled };
    const sighting = new Sighting({ ...where, ...what });
    this.pending.push({ sighting, headers, matched });
  }
  /** Does the packet match, or one in it? */
  private isWanted(bytes: Uint8Array, headers: Headers): boolean {
    if (this.matches(bytes)) return true;
    return headers.tunnel !== undefined && this.isWanted(headers.tunnel.inner.bytes, headers.tunnel.inner);
  }
  conclusions(around: Surroundings): Conclusions {
    this.names = around.names;
    if (this.tellsDrops) around.names.begin();
    const { devices, drops } = this;
    const sockets = new SocketTables(around.namespaces, () => this.now());
    this.suppositions = new Suppositions({ ...around, devices, sockets, drops }, (rule, at) => this.stray(rule, at));
    return this.suppositions;
  }
  /** A packet that only a rule has seen: its sender's own rules dropped it in front of every device. */
  private stray({ netns, headers, met: { met, hook } }: StrayRule, at: number): HookEvent | undefined {
    const { bytes } = headers;
    if (!this.isWanted(bytes, headers)) return undefined;
    const device = met.output || met.input;
    const name = this.devices.find(netns, device)?.name ?? '';
    const where = { at, hook: 'netfilter', netns, device, name, detail: HOOKS_BY_NUMBER.indexOf(hook) } as const;
    const rest = { bytes, hasLinkHeader: false, tag: undefined, length: bytes.length, matched: true };
    const sighting = new Sighting({ ...where, ...rest });
    this.trails.place(sighting, headers, true);
    return sighting;
  }
  next(): EventBatch | undefined {
    const until = this.collected - HELD;
    this.pending.sort((a, b) => a.sighting.at - b.sighting.at);
    const end = this.pending.findIndex(({ sighting }) => sighting.at > until);
    const ripe = this.pending.splice(0, end < 0 ? this.pending.length : end);
    // What they answer has a journey by now.
    for (const headers of this.told) this.suppositions?.overhear(headers);
    this.told = ripe.map(({ headers }) => headers);
    if (ripe.length === 0) {
      this.drops?.meet(this.ripeEvents(until), []);
      return undefined;
    }
    if (until - this.forgotten > FORGET_EVERY) this.trails.forget((this.forgotten = until));
    const events = ripe
      .filter(({ sighting, headers, matched }) => this.trails.place(sighting, headers, matched))
      .map(({ sighting }) => sighting);
    this.drops?.meet(
      this.ripeEvents(until),
      ripe.map(({ sighting }) => sighting),
    );
    for (const { hook, netns } of events) if (hook === 'receive') this.suppositions?.arrives(netns);
    this.events += events.length;
    return { each: (visit) => events.forEach(visit), lost: this.counts().lost };
  }
  /** What is held back is not late. */
  get behind(): boolean {
    return false;
  }
  counts(): { events: number; lost: number } {
    return { events: this.events, lost: this.lanes.reduce((sum, lane) => sum + lane.lost(), this.lostBefore) };
  }
  [Symbol.dispose](): void {
    for (const lane of this.lanes) lane.close();
    this.tracepoints?.close();
  }
}
function tracepointsIfAllowed(): Tracepoints | undefined {
  try {
    return new Tracepoints();
  } catch (error) {
    if (error instanceof ToolError) return undefined;
    throw error;
  }
}
function filterOf(expression: string): (bytes: Uint8Array) => boolean {
  if (expression === '') return () => true;
  const { matches } = compileCaptureFilter(expression, { linkType: ETHERNET });
  return (bytes) => matches(bytes, 0, bytes.length, bytes.length) !== 0;
}
const MACS = 12;
/** As it was on the wire: the kernel takes the tag out. */
function withTag(bytes: Uint8Array, { control, protocol }: { control: number; protocol: number }): Uint8Array {
  const whole = new Uint8Array(bytes.length + 4);
  whole.set(bytes.subarray(0, MACS));
  new DataView(whole.buffer).setUint16(MACS, protocol);
  new DataView(whole.buffer).setUint16(MACS + 2, control);
  whole.set(bytes.subarray(MACS), MACS + 4);
  return whole;
}
