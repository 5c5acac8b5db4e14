import { COOKED, linkTypeOf } from '../linux/link-type.ts';
import { type PacketRing, PLACE } from '../linux/packet-ring.ts';
import type { LaneSpec } from './ring-thread.ts';
import { SHAPE } from './transcribe.ts';

const ETHERNET = 1;

/** Gives ports their numbers, and names to devices that are met for the first time. */
export interface Ports {
  /** The number of a device's port in a namespace; `hardware` is its ARPHRD number. */
  of(spec: LaneSpec, device: number, hardware: number): number;
}

/** One ring, and how far its packets were taken. */
export class Lane {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly words: Uint32Array;
  /** The packets left in the block at hand, and where the next of them is. */
  left = 0;
  at = 0;
  /** When the block at hand was found, by a clock that is never set. */
  since = 0;
  /** Packets taken so far. */
  taken = 0;
  /** The port of the last packet entered, and how its packets begin. */
  port = 0;
  shape: number = SHAPE.plain;
  /** The device that it came to. */
  device = -1;
  private holding = false;
  private count = 0;
  private readonly known = new Map<number, { port: number; shape: number }>();

  constructor(
    readonly spec: LaneSpec,
    readonly ring: PacketRing,
    readonly snaplen: number,
    private readonly cooked: boolean,
    private readonly ports: Ports,
  ) {
    this.bytes = ring.bytes;
    this.view = ring.view;
    this.words = new Uint32Array(ring.bytes.buffer);
  }
  /** Has it packets to be taken? Gives a block back that is used up, and looks at the next. */
  advance(now: number): boolean {
    if (this.left > 0) return true;
    const { ring } = this;
    if (this.holding) {
      ring.release();
      this.taken += this.count;
    }
    this.holding = ring.ready;
    if (!this.holding) return false;
    this.count = ring.count;
    this.left = this.count;
    this.at = ring.first;
    this.since = now;
    return this.left > 0 || this.advance(now);
  }
  /** Everything that the kernel counted as received was taken, or it said that it lost it. */
  get exhausted(): boolean {
    return !this.holding && this.taken === this.ring.received - this.ring.dropped;
  }
  /** The next packet is of this device. */
  enter(device: number, hardware: number): void {
    this.device = device;
    let known = this.known.get(device);
    if (known === undefined) {
      known = { port: this.ports.of(this.spec, device, hardware), shape: this.shapeOf(hardware) };
      this.known.set(device, known);
    }
    this.port = known.port;
    this.shape = known.shape;
  }
  private shapeOf(hardware: number): number {
    const { number } = linkTypeOf(hardware);
    if (this.cooked || number === COOKED.number) return SHAPE.cooked;
    return number === ETHERNET ? SHAPE.ethernet : SHAPE.plain;
  }
  /** A device's number may come to mean another device. */
  forget(device: number): void {
    this.known.delete(device);
    if (device === this.device) this.device = -1;
  }
  get seconds(): number {
    return this.words[(this.at >>> 2) + PLACE.seconds]!;
  }
  get nanos(): number {
    return this.words[(this.at >>> 2) + PLACE.nanos]!;
  }
}
