import { ToolError } from '../error.ts';
import type { Link } from '../linux/links.ts';
import { inNamespace } from '../linux/namespace.ts';
import { PacketRing } from '../linux/packet-ring.ts';
import { bell, PollSet } from '../linux/poll.ts';
import { Crate } from './crate.ts';
import { Lane } from './lane.ts';
import { type Change, Neighbourhood, qualified } from './neighbourhood.ts';
import { COMMAND, Control, type LaneSpec, type ThreadOptions, type Told } from './ring-thread.ts';
import { transcribe } from './transcribe.ts';

/** How often a thread that waits for a crate looks whether it is still wanted. */
const LOOK_MS = 100;
/** The open blocks are handed over within two ticks of the kernel's timer; this is when we no longer believe in it. */
const LAST_PACKETS_MS = 2000;

/** What the capturing thread does: waits for blocks, joins the rings in order of time, and fills crates. */
export class RingLoop {
  private readonly control: Control;
  private readonly crates: readonly Crate[];
  private readonly neighbourhoods = new Map<string | undefined, Neighbourhood>();
  private readonly lanes: Lane[] = [];
  private readonly bell = bell();
  private poll: PollSet;
  /** The number of the next port. */
  private ports: number;
  /** The crate being filled; -1: none is. */
  private open = -1;
  /** No packets are taken any more: the counters say how many are to come. */
  private finishing = false;
  /** Of lanes that are closed. */
  private received = 0;
  private dropped = 0;

  constructor(
    private readonly options: ThreadOptions,
    private readonly tell: (told: Told) => void,
  ) {
    this.control = new Control(options.control);
    this.crates = options.crates.map((memory) => new Crate(memory, options.crateCapacity));
    this.ports = options.lanes.filter((spec) => spec.port !== undefined).length;
    try {
      for (const spec of options.lanes) this.lanes.push(this.openLane(spec));
      this.poll = this.pollSet();
    } catch (error) {
      this.close();
      throw error;
    }
    this.tell({ type: 'ready', bell: this.bell });
  }
  private openLane(spec: LaneSpec): Lane {
    const { snaplen, cooked } = this.options;
    this.neighbourhood(spec);
    const ring = inNamespace(spec.namespace, () => PacketRing.open({ ...this.options, ...spec }));
    return new Lane(spec, ring, snaplen, cooked, { of: (...met) => this.meet(...met) });
  }
  private neighbourhood({ namespace }: LaneSpec): Neighbourhood {
    let found = this.neighbourhoods.get(namespace.path);
    if (found === undefined) this.neighbourhoods.set(namespace.path, (found = Neighbourhood.open(namespace)));
    return found;
  }
  private meet(spec: LaneSpec, device: number, hardware: number): number {
    if (spec.port !== undefined) return spec.port;
    const { snaplen, cooked } = this.options;
    this.tell({ type: 'port', port: this.neighbourhood(spec).port(device, hardware, snaplen, cooked) });
    return this.ports++;
  }

  /** Works until it is told to stop, or until no device is left. */
  run(): void {
    while (this.control.command === COMMAND.go && this.lanes.length > 0) {
      const held = this.drain();
      this.count();
      this.await(held);
    }
    const left = this.lanes.length > 0;
    if (this.control.command !== COMMAND.leave) this.finish();
    if (!left) throw new ToolError('device-gone', 'nothing is left to capture on', 'hooktap capture -D');
  }
  close(): void {
    for (const lane of this.lanes) lane.ring.close();
    for (const neighbourhood of this.neighbourhoods.values()) neighbourhood.close();
  }

  /** Lane by lane, then the namespaces, then the bell. */
  private pollSet(): PollSet {
    const fds = [...this.lanes.map((lane) => lane.ring.fd), ...this.all.map((each) => each.fd), this.bell];
    return new PollSet(fds);
  }
  private get all(): Neighbourhood[] {
    return [...this.neighbourhoods.values()];
  }
  /** Waits for something to happen. Lanes whose packets are held back for others would not let us wait. */
  private await(held: boolean): void {
    const { poll, lanes } = this;
    if (held) for (const [i, lane] of lanes.entries()) poll.watch(i, lane.left === 0);
    poll.wait(held ? Math.max(1, this.options.timeout >> 2) : -1);
    for (const [i, lane] of lanes.entries()) {
      if (held) poll.watch(i, true);
      // An error that nobody takes would wake us for ever. That a device went down is told by its namespace, too.
      if (poll.failed(i)) lane.ring.takeError();
    }
    const first = lanes.length;
    for (const [i, neighbourhood] of this.all.entries()) if (poll.readable(first + i)) this.hear(neighbourhood);
  }
  private hear(neighbourhood: Neighbourhood): void {
    neighbourhood.update((link, change) => {
      const of = this.lanes.filter((lane) => lane.spec.namespace.path === neighbourhood.namespace.path);
      const bound = of.find((lane) => lane.spec.device === link.index);
      if (bound !== undefined) this.changed(bound, link, change);
      if (change === 'gone') for (const lane of of) lane.forget(link.index);
    });
  }
  private changed(lane: Lane, link: Link, change: Change): void {
    const text = { down: 'went down', up: 'is up again', gone: 'is gone' }[change];
    this.tell({ type: 'notice', text: `${qualified(lane.spec.namespace, link.name)} ${text}` });
    if (change === 'gone') this.drop(lane);
  }
  /** What it has yet is taken first. */
  private drop(lane: Lane): void {
    this.empty([lane]);
    lane.ring.countUp();
    this.received += lane.ring.received;
    this.dropped += lane.ring.dropped;
    this.lanes.splice(this.lanes.indexOf(lane), 1);
    this.poll = this.pollSet();
    lane.ring.close();
  }

  /** Takes every packet that it is time for; true if some are held back until the other lanes had their turn. */
  private drain(): boolean {
    for (;;) {
      const now = performance.now();
      const ready = this.lanes.filter((lane) => lane.advance(now));
      const lane = earliest(ready);
      if (lane === undefined) break;
      const until = earliest(ready.filter((other) => other !== lane)) ?? NEVER;
      const late = this.isComplete(ready) || now - lane.since >= this.patience ? NEVER : this.horizon();
      const bound = isBefore(late, until) ? late : until;
      if (isBefore(bound, lane)) {
        this.send();
        return true;
      }
      if (!this.take(lane, bound)) break;
    }
    this.send();
    return false;
  }
  /** Are all lanes that may still have something among these? */
  private isComplete(ready: readonly Lane[]): boolean {
    if (ready.length === this.lanes.length) return true;
    return this.finishing && this.lanes.every((lane) => lane.left > 0 || lane.exhausted);
  }
  /** How long a packet may lie in a block that is open yet: the kernel's timer comes by twice. */
  private get patience(): number {
    return 2 * this.options.timeout + 4;
  }
  /** What is not later than this is in nobody's open block any more. */
  private horizon(): Moment {
    const time = Date.now() - this.patience;
    return { seconds: Math.floor(time / 1000), nanos: (time % 1000) * 1_000_000 };
  }
  /** False: told to stop while it waited for a crate. */
  private take(lane: Lane, until: Moment): boolean {
    if (this.open < 0 && !this.takeCrate()) return false;
    const before = lane.left;
    transcribe(lane, this.crates[this.open]!, until.seconds, until.nanos);
    if (lane.left === before) this.send();
    return true;
  }
  private takeCrate(): boolean {
    const { control } = this;
    let crate = control.free();
    for (; crate < 0; crate = control.free()) {
      if (control.command === COMMAND.leave) return false;
      control.awaitReturn(LOOK_MS);
    }
    control.take(crate);
    this.crates[crate]!.empty();
    this.open = crate;
    return true;
  }
  private send(): void {
    const { open } = this;
    if (open < 0) return;
    this.open = -1;
    this.tell({ type: 'batch', crate: open, count: this.crates[open]!.count });
  }
  private count(): void {
    let { received, dropped } = this;
    for (const { ring } of this.lanes) {
      ring.countUp();
      received += ring.received;
      dropped += ring.dropped;
    }
    this.control.count(received, dropped);
  }
  /** Takes no more packets, and hands out those that were taken until then. */
  private finish(): void {
    this.finishing = true;
    for (const { ring } of this.lanes) ring.shut();
    this.empty(this.lanes);
    this.send();
    this.count();
  }
  /** Takes what lanes have, the open blocks included, for which the kernel's timer has to be waited for. */
  private empty(lanes: readonly Lane[]): void {
    const deadline = performance.now() + LAST_PACKETS_MS;
    for (;;) {
      for (const lane of lanes) lane.ring.countUp();
      this.drain();
      if (this.control.command === COMMAND.leave || performance.now() > deadline) return;
      if (lanes.every((lane) => lane.left === 0 && lane.exhausted)) return;
      this.control.pause();
    }
  }
}
/** When a packet came; a lane stands for its next one. */
interface Moment {
  readonly seconds: number;
  readonly nanos: number;
}
const NEVER: Moment = { seconds: Number.POSITIVE_INFINITY, nanos: 0 };
const isBefore = (a: Moment, b: Moment): boolean =>
  a.seconds < b.seconds || (a.seconds === b.seconds && a.nanos < b.nanos);

/** The lane whose next packet is the earliest. */
function earliest(lanes: readonly Lane[]): Lane | undefined {
  let first = lanes[0];
  for (const lane of lanes) if (isBefore(lane, first!)) first = lane;
  return first;
}
