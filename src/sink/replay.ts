import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import type { CaptureSource } from '../capture/source.ts';
import { FLAG, type FrameBatch } from '../frame/batch.ts';
import type { Port } from '../frame/port.ts';
import { NEEDS, type Sink } from './sink.ts';

/** Where packets are sent. */
export interface Outlet {
  /** Throws when packets of this port cannot be sent here. */
  accept(port: Port): void;
  /** `full`: not now; `unfit`: no frame of this length. */
  send(frame: Uint8Array): 'sent' | 'full' | 'unfit';
}
/** When to send: so many times as fast as they were captured, so many in a second, or one after the other. */
export type Pace = { readonly speed: number } | { readonly perSecond: number } | 'top speed';

export interface ReplayCounts {
  sent: number;
  bytes: number;
  /** The device took none of their length. */
  unfit: number;
  /** Sent as they are, but parts of them were not captured. */
  cut: number;
  /** Sent as they are, but their device was to fill in the checksum when they were captured. */
  unfinished: number;
}

/** A moment so near is waited for on the spot, as timers are late by about as much. */
const NEAR_MS = 1.5;
/** The event loop, and with it whoever wants to interrupt us, has its turn this often. */
const TURN_MS = 50;
/** A device without room is asked again after so long. */
const FULL_MS = NEAR_MS + 1;
/** What a timer takes. */
const LONGEST_MS = 2 ** 30;
const sleeper = new Int32Array(new SharedArrayBuffer(4));

function ended(error: Error): void {
  if (error.name !== 'AbortError') throw error;
}

/** Sends packets on, at the pace that is asked for. */
export class ReplaySink implements Sink {
  readonly needs = NEEDS.bytes;
  readonly counts: ReplayCounts = { sent: 0, bytes: 0, unfit: 0, cut: 0, unfinished: 0 };
  private ports: readonly Port[] = [];
  private readonly accepted = new Set<number>();
  /** When the first packet went, and when it was captured. */
  private started = Number.NaN;
  private firstSeconds = 0;
  private firstNanos = 0;
  private passed = 0;
  /** Milliseconds that the packet before us has to wait yet. */
  private wait = 0;
  private lastTurn = 0;

  constructor(
    private readonly outlet: Outlet,
    private readonly pace: Pace,
    private readonly signal: AbortSignal,
  ) {}
  get done(): boolean {
    return this.signal.aborted;
  }
  /** May be called again, for another source: its first packet goes at once, or as the rate has it. */
  begin(source: CaptureSource): void {
    this.ports = source.ports;
    this.accepted.clear();
    if (typeof this.pace === 'object' && 'speed' in this.pace) this.started = Number.NaN;
  }
  rows(batch: FrameBatch, from: number, to: number): number {
    for (let i = from; i < to; i++) {
      const now = performance.now();
      if (now - this.lastTurn > TURN_MS) return i;
      this.wait = this.due(batch, i) - now;
      if (this.wait > NEAR_MS) return i;
      if (this.wait > 0) Atomics.wait(sleeper, 0, 0, this.wait);
      if (!this.send(batch, i)) {
        this.wait = FULL_MS;
        return i;
      }
      this.passed++;
    }
    return to;
  }
  /** When packet `i`, which is the next, is to go. */
  private due(batch: FrameBatch, i: number): number {
    const { pace } = this;
    if (Number.isNaN(this.started)) {
      this.started = performance.now();
      this.firstSeconds = batch.seconds[i]!;
      this.firstNanos = batch.nanos[i]!;
    }
    if (pace === 'top speed') return 0;
    if ('perSecond' in pace) return this.started + (this.passed * 1000) / pace.perSecond;
    const later = (batch.seconds[i]! - this.firstSeconds) * 1000 + (batch.nanos[i]! - this.firstNanos) / 1e6;
    return this.started + later / pace.speed;
  }
  private send(batch: FrameBatch, i: number): boolean {
    const port = batch.port[i]!;
    if (!this.accepted.has(port)) {
      this.outlet.accept(this.ports[port]!);
      this.accepted.add(port);
    }
    const from = batch.offset[i]!;
    const length = batch.captured[i]!;
    const outcome = this.outlet.send(batch.bytes.subarray(from, from + length));
    const { counts } = this;
    if (outcome === 'full') return false;
    if (outcome === 'unfit') counts.unfit++;
    else {
      counts.sent++;
      counts.bytes += length;
      if (length < batch.wire[i]!) counts.cut++;
      if ((batch.flags[i]! & FLAG.checksumNotReady) !== 0) counts.unfinished++;
    }
    return true;
  }
  async flush(): Promise<void> {
    const { wait, signal } = this;
    this.wait = 0;
    if (wait <= NEAR_MS) await turn();
    else await sleep(Math.min(wait - NEAR_MS, LONGEST_MS), undefined, { signal }).catch(ended);
    this.lastTurn = performance.now();
  }
  end(): void {}
}
