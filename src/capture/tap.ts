import { setTimeout as sleep } from 'node:timers/promises';
import { ToolError } from '../error.ts';
import { compileCaptureFilter } from '../filter/capture/compile.ts';
import { DIRECTION, type FrameBatch } from '../frame/batch.ts';
import type { Port } from '../frame/port.ts';
import { Rows } from '../frame/rows.ts';
import { now } from '../linux/clock.ts';
import { type LinkType, linkTypeOf } from '../linux/link-type.ts';
import { LINK, type Link } from '../linux/links.ts';
import { inNamespace, type Namespace } from '../linux/namespace.ts';
import type { Outcome } from '../linux/packet-sender.ts';
import { bringUp, Tun, type TunMode, tryTun } from '../linux/tun.ts';
import { Arrivals } from './arrivals.ts';
import type { LiveCounts, LiveSource } from './live.ts';
import { Neighbourhood, qualified } from './neighbourhood.ts';
import { checkLinkType } from './outlet.ts';
import { MACHINE, portOf } from './port-of.ts';
import type { Selection } from './selection.ts';
import type { Availability, PortCounts, SourceKind } from './source.ts';

export interface TapOptions extends Pick<Selection, 'expression' | 'snaplen' | 'optimise'> {
  readonly device: string;
  readonly namespace: Namespace;
  readonly notice?: (text: string) => void;
}
/** The far end of a tun or tap device, which frames can also be given to. */
export interface TapSource extends LiveSource {
  /** Throws when packets of such a port cannot be given to it. */
  accept(port: Port): void;
  /** The system receives it through the device. */
  send(frame: Uint8Array): Outcome;
}

/** Nobody tells when there is something to read: it is looked for. The device keeps 500 packets or more meanwhile. */
const LOOK_MS = 2;
const ROWS = 512;
/** The longest frame there is, with room to spare. */
const FRAME = 66_000;
const ROOM = 4 * FRAME;
/** Batches that nobody took yet: then the device has to wait. */
const MOST_WAITING = 16;

/** hooktap takes hold of a tun or tap device, or makes one, and is what hangs at its other end. */
export const tap: SourceKind<TapOptions, TapSource> = {
  name: 'tap',
  async available(): Promise<Availability> {
    try {
      tryTun();
      return { ok: true };
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      return { ok: false, why: error.message, remedy: error.hint ?? 'sudo modprobe tun' };
    }
  },
  open: async (options) => Tap.open(options),
};

class Tap implements TapSource {
  readonly format = 'live';
  readonly machine = MACHINE;
  readonly size = undefined;
  readonly position = 0;
  readonly ports: readonly Port[];
  readonly linkType: LinkType;
  private readonly arrivals = new Arrivals();
  private readonly matches: (bytes: Uint8Array, from: number, captured: number, wire: number) => number;
  private readonly finished: Promise<void>;
  private waiting = 0;
  private received = 0;
  private stopping = false;
  private closed = false;
  /** A batch that nothing was found for. */
  private spare: Batch | undefined;
  /** What the device dropped before we came. */
  private readonly droppedBefore: number;
  private dropped = 0;

  private constructor(
    private readonly tun: Tun,
    private readonly link: Link,
    private readonly neighbourhood: Neighbourhood,
    private readonly options: TapOptions,
  ) {
    this.linkType = linkTypeOf(link.hardware);
    const { expression, snaplen, optimise } = options;
    this.ports = [portOf(neighbourhood, link.index, link.hardware, { expression, snaplen, cooked: false })];
    this.matches = compileCaptureFilter(expression, { linkType: this.linkType.number, snaplen, optimise }).matches;
    this.droppedBefore = link.counters.sent.dropped;
    this.finished = this.read();
  }
  static open(options: TapOptions): Tap {
    const { device, namespace, notice } = options;
    const neighbourhood = Neighbourhood.open(namespace);
    let tun: Tun | undefined;
    try {
      const known = neighbourhood.find(device);
      tun = inNamespace(namespace, () => holdOf(device, known));
      neighbourhood.update(() => {});
      const link = neighbourhood.find(tun.name);
      if (link === undefined) throw new ToolError('no-such-device', `the device "${device}" is gone again`);
      if ((link.flags & LINK.up) === 0) notice?.(`${qualified(namespace, tun.name)} is down: nothing passes`);
      return new Tap(tun, link, neighbourhood, options);
    } catch (error) {
      tun?.close();
      neighbourhood.close();
      throw error;
    }
  }
  get name(): string {
    return qualified(this.options.namespace, this.tun.name);
  }
  private async read(): Promise<void> {
    try {
      while (!this.stopping) if (this.waiting >= MOST_WAITING || !this.drain()) await sleep(LOOK_MS);
      // What is there by now was sent before we were told to stop.
      while (this.drain());
      this.arrivals.end();
    } catch (error) {
      this.arrivals.end(error as Error);
    }
  }
  /** Hands on what there is; false when there is nothing. */
  private drain(): boolean {
    const rows = this.spare ?? new Batch(() => this.waiting--);
    let found = 0;
    let used = 0;
    for (let frame = rows.room(used); frame !== undefined; frame = rows.room(used)) {
      const length = this.tun.read(frame);
      if (length === undefined) break;
      found++;
      const kept = this.matches(rows.bytes, used, length, length);
      if (kept === 0) continue;
      rows.add(used, Math.min(length, kept, this.options.snaplen), length);
      used += length;
    }
    this.received += rows.count;
    this.spare = rows.count === 0 ? rows : undefined;
    if (rows.count > 0) {
      this.waiting++;
      this.arrivals.push(rows);
    }
    return found > 0;
  }
  accept({ linkType }: Port): void {
    checkLinkType(linkType, this.tun.name, this.linkType);
  }
  send(frame: Uint8Array): Outcome {
    return this.tun.write(frame);
  }
  counts(): LiveCounts {
    if (!this.closed) this.neighbourhood.refresh();
    const link = this.neighbourhood.at(this.link.index);
    // The kernel has no more room for what the system sends: it counts that as the device's.
    if (link !== undefined) this.dropped = link.counters.sent.dropped - this.droppedBefore;
    return { captured: this.arrivals.captured, received: this.received + this.dropped, dropped: this.dropped };
  }
  portCounts(): readonly PortCounts[] {
    const { received, dropped } = this.counts();
    return [{ port: 0, received, dropped, together: false }];
  }
  stop(): void {
    this.stopping = true;
  }
  nudge(): void {
    this.arrivals.nudge();
  }
  /** A device that is held takes no rights. */
  async renounce(): Promise<void> {}
  batches(signal?: AbortSignal): AsyncGenerator<FrameBatch> {
    return this.arrivals.batches(signal, () => this.stop());
  }
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.stop();
    await this.finished;
    this.tun.close();
    this.neighbourhood.close();
  }
}
/** One that is there as it is; else a new one, switched on: a tun if it is called so, and a tap otherwise. */
function holdOf(name: string, known: Link | undefined): Tun {
  if (known === undefined) {
    const mode: TunMode = name.startsWith('tun') ? 'tun' : 'tap';
    const made = Tun.open({ name, mode, multiQueue: false });
    bringUp(made.name);
    return made;
  }
  const { mode, multiQueue = false } = known.details;
  if (known.kind !== 'tun' || (mode !== 'tun' && mode !== 'tap'))
    throw new ToolError(
      'no-tap',
      `"${name}" is no tun or tap device`,
      '-i a name that is not taken: the device is made',
    );
  return Tun.open({ name, mode, multiQueue });
}

/** Frames read one behind the other. */
class Batch extends Rows {
  constructor(private readonly given: () => void) {
    super(ROWS);
    this.over(new Uint8Array(ROOM), this.view);
    this.leased = true;
  }
  /** Where the next frame goes; `undefined` when there is no room for it. */
  room(used: number): Uint8Array | undefined {
    return this.count < this.capacity && used + FRAME <= ROOM ? this.bytes.subarray(used, used + FRAME) : undefined;
  }
  add(from: number, captured: number, wire: number): void {
    const i = this.count++;
    const { seconds, nanos } = now();
    this.offset[i] = from;
    this.captured[i] = captured;
    this.wire[i] = wire;
    this.seconds[i] = seconds;
    this.nanos[i] = nanos;
    this.direction[i] = DIRECTION.outbound;
  }
  override release(): void {
    if (this.leased) this.given();
    super.release();
  }
}
