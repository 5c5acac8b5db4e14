import { ToolError } from '../error.ts';
import { COOKED, LINK_TYPES, type LinkType } from '../linux/link-type.ts';
import { bell, PollSet, silence } from '../linux/poll.ts';
import { CAPABILITY, keepCapabilities, noNewPrivileges, reduceCapabilities } from '../linux/privileges.ts';
import { sharedMemory } from '../linux/shared-memory.ts';
import { Crate } from './crate.ts';
import { InPlace } from './in-place.ts';
import type { Lane } from './lane.ts';
import { Lanes } from './lanes.ts';
import { Loan } from './loan.ts';
import { portOf } from './port-of.ts';
import { ringSize } from './ring-size.ts';
import { COMMAND, Control, type ThreadOptions, type Told } from './ring-thread.ts';
import { grows } from './selection.ts';
import type { Port } from './source.ts';
import { transcribe } from './transcribe.ts';

/** How often a thread that waits for a crate looks whether it is still wanted. */
const LOOK_MS = 100;
/** The open blocks are handed over within two ticks of the kernel's timer; this is when we no longer believe in it. */
const LAST_PACKETS_MS = 2000;
/** How often the counters of each port are told. */
const COUNTS_MS = 1000;

/** What the capturing thread does: waits for blocks, joins the rings in order of time, and fills crates. */
export class RingLoop {
  private readonly control: Control;
  private readonly crates: readonly Crate[];
  private readonly lanes: Lanes;
  private readonly inPlace: InPlace;
  private readonly bell = bell();
  private poll: PollSet;
  /** What {@link poll} waits for is that of this version of {@link lanes}. */
  private polled: number;
  private readonly ports: Port[] = [];
  /** The crate being filled; -1: none is. */
  private open = -1;
  /** Packets handed out before it. */
  private taken = 0;
  /** No packets are taken any more: the counters say how many are to come. */
  private finishing = false;
  private renounced = false;
  private countsTold = 0;

  constructor(
    private readonly options: ThreadOptions,
    private readonly tell: (told: Told) => void,
  ) {
    const { selection, buffer, timeout } = options;
    this.control = new Control(options.control);
    this.inPlace = new InPlace(new Loan(options.loan), tell);
    this.crates = options.crates.map((memory) => new Crate(sharedMemory(memory), options.crateCapacity));
    this.lanes = new Lanes({
      selection,
      size: (count) => ringSize(buffer, count, timeout),
      ports: { meet: (...met) => this.meet(...met) },
      empty: (lane) => this.empty([lane]),
      notice: (text) => this.tell({ type: 'notice', text }),
    });
    this.poll = this.pollSet();
    this.polled = this.lanes.version;
    // They would be gone when the process becomes another user's.
    if (grows(selection)) keepCapabilities();
    const found = { name: this.lanes.name, linkType: this.linkType };
    this.tell({ type: 'ready', bell: this.bell, found });
  }
  private meet(lane: Lane, device: number, hardware: number): number {
    const port = portOf(lane.neighbourhood, device, hardware, this.options.selection);
    this.tell({ type: 'port', port });
    return this.ports.push(port) - 1;
  }
  /** Of all packets, if it is the same for all. */
  private get linkType(): LinkType | undefined {
    if (this.options.selection.cooked) return COOKED;
    const [first] = this.ports;
    if (first === undefined || this.lanes.open.some((lane) => lane.isForAny)) return undefined;
    if (this.ports.some((port) => port.linkType !== first.linkType)) return undefined;
    return LINK_TYPES.find(({ number }) => number === first.linkType) ?? COOKED;
  }

  /** Works until it is told to stop, or until no device is left. */
  run(): void {
    const { control, lanes } = this;
    while (control.command < COMMAND.finish && lanes.isAlive) {
      if (control.command === COMMAND.renounce) this.renounce();
      const held = this.drain();
      this.count();
      if (this.inPlace.isRecalled) this.handBack();
      this.await(held);
    }
    const left = lanes.isAlive;
    if (control.command !== COMMAND.leave) this.finish();
    this.handBack();
    if (!left) throw new ToolError('device-gone', 'nothing is left to capture on', 'hooktap capture -D');
  }
  close(): void {
    this.lanes.close();
  }
  /** What was opened stays open. Who may have to open more sockets keeps what that takes. */
  private renounce(): void {
    if (this.renounced) return;
    this.renounced = true;
    noNewPrivileges();
    reduceCapabilities(grows(this.options.selection) ? Object.values(CAPABILITY) : []);
    this.tell({ type: 'renounced' });
  }

  /** Lane by lane, then the namespaces, then the bell. */
  private pollSet(): PollSet {
    const { open, neighbourhoods } = this.lanes;
    return new PollSet([...open.map((lane) => lane.ring.fd), ...neighbourhoods.map((each) => each.fd), this.bell]);
  }
  /** Waits for something to happen. Lanes whose packets are held back for others would not let us wait. */
  private await(held: boolean): void {
    const { lanes } = this;
    if (this.polled !== lanes.version) this.poll = this.pollSet();
    this.polled = lanes.version;
    const { poll } = this;
    const { open, neighbourhoods } = lanes;
    const look = lanes.look();
    if (this.polled !== lanes.version) return;
    if (held) for (const [i, lane] of open.entries()) poll.watch(i, lane.left === 0);
    poll.wait(held ? Math.max(1, this.options.timeout >> 2) : look);
    for (const [i, lane] of open.entries()) {
      if (held) poll.watch(i, true);
      // An error that nobody takes would wake us for ever. That a device went down is told by its namespace, too.
      if (poll.failed(i)) lane.ring.takeError();
    }
    const first = open.length;
    const heard = neighbourhoods.filter((_, i) => poll.readable(first + i));
    for (const neighbourhood of heard) lanes.hear(neighbourhood);
    if (poll.readable(first + neighbourhoods.length)) silence(this.bell);
  }

  /** Takes every packet that it is time for; true if some are held back until the other lanes had their turn. */
  private drain(): boolean {
    for (;;) {
      const now = performance.now();
      const ready = this.lanes.open.filter((lane) => lane.advance(now));
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
    if (ready.length === this.lanes.open.length) return true;
    return this.finishing && this.lanes.open.every((lane) => lane.left > 0 || lane.exhausted);
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
    if (this.inPlace.isOffered && !this.borrow()) return false;
    this.inPlace.check(this.ports.length);
    // With a bound there is another lane, or may be, and its packets come in between.
    if (this.inPlace.has && until === NEVER && lane.offload === undefined) {
      this.send();
      // The disk may be full.
      if (this.inPlace.has) this.taken += this.inPlace.writeBlock(lane, this.taken);
      if (lane.left === 0) return true;
    }
    if (this.open < 0 && !this.takeCrate()) return false;
    const before = lane.left;
    transcribe(lane, this.crates[this.open]!, until.seconds, until.nanos);
    if (lane.left === before) this.send();
    return true;
  }
  /** Takes the file that is offered when everything handed out before is in it; false: told to stop meanwhile. */
  private borrow(): boolean {
    const { control, inPlace } = this;
    this.send();
    while (inPlace.isOffered && !control.isEveryFree) {
      if (control.command === COMMAND.leave) return false;
      control.awaitReturn(LOOK_MS, () => control.isEveryFree);
    }
    inPlace.take(this.ports.length);
    return true;
  }
  /** The counters go first, as they are when the last packet is written. */
  private handBack(): void {
    if (!this.inPlace.has) return;
    this.tellCounts(this.lanes.open);
    this.inPlace.giveBack();
  }
  private takeCrate(): boolean {
    const { control } = this;
    let crate = control.free();
    for (; crate < 0; crate = control.free()) {
      if (control.command === COMMAND.leave) return false;
      control.awaitReturn(LOOK_MS);
    }
    control.take(crate);
    this.crates[crate]!.empty(this.taken);
    this.open = crate;
    return true;
  }
  private send(): void {
    const { open, inPlace } = this;
    if (open < 0) return;
    const crate = this.crates[open]!;
    const { count } = crate;
    this.open = -1;
    this.taken += count;
    inPlace.check(this.ports.length);
    if (inPlace.has) {
      inPlace.writeCrate(crate);
      this.control.giveBack(open);
    } else this.tell({ type: 'batch', crate: open, count });
  }
  private count(): void {
    const { lanes } = this;
    let { received, dropped } = lanes;
    for (const lane of lanes.open) {
      lane.countUp();
      received += lane.ring.received;
      dropped += lane.ring.dropped;
    }
    this.control.count(received, dropped);
    // Who has lent us a file gets them with it.
    if (this.inPlace.has && !this.finishing) return;
    const now = performance.now();
    if (now - this.countsTold < COUNTS_MS && !this.finishing) return;
    this.countsTold = now;
    this.tellCounts(lanes.open);
  }
  private tellCounts(lanes: readonly Lane[]): void {
    const counts = lanes
      .filter((lane) => lane.firstPort >= 0)
      .map(({ firstPort, ring, isForAny }) => ({
        port: firstPort,
        received: ring.received,
        dropped: ring.dropped,
        together: isForAny,
      }));
    this.tell({ type: 'counts', counts });
  }
  /** Takes no more packets, and hands out those that were taken until then. */
  private finish(): void {
    const { open } = this.lanes;
    this.finishing = true;
    for (const { ring } of open) ring.shut();
    this.empty(open);
    this.send();
    this.count();
  }
  /** Takes what lanes have, the open blocks included, for which the kernel's timer has to be waited for. */
  private empty(lanes: readonly Lane[]): void {
    const deadline = performance.now() + LAST_PACKETS_MS;
    for (;;) {
      for (const lane of lanes) lane.countUp();
      this.drain();
      if (this.control.command === COMMAND.leave || performance.now() > deadline) break;
      if (lanes.every((lane) => lane.left === 0 && lane.exhausted)) break;
      this.control.pause();
    }
    this.tellCounts(lanes);
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
