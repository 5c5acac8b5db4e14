import { COOKED, linkTypeOf } from '../linux/link-type.ts';
import { type PacketRing, PLACE } from '../linux/packet-ring.ts';
import type { Neighbourhood } from './neighbourhood.ts';
import type { Offload } from './on-wire.ts';
import { ANY } from './selection.ts';
import { SHAPE } from './transcribe.ts';

const ETHERNET = 1;

/** Gives numbers to the ports of devices that are met for the first time. */
export interface Ports {
  /** `hardware` is the device's ARPHRD number. */
  meet(lane: Lane, device: number, hardware: number): number;
}

/** One ring, and how far its packets were taken. */
export class Lane {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly words: Uint32Array;
  /** The index of the only device that it captures on; 0: all of the namespace; -1: the device is gone. */
  bound = 0;
  /** The packets left in the block at hand, and where the next of them is. */
  left = 0;
  at = 0;
  /** Packets that the kernel had no room for, between the packet before and the next one. */
  lost = 0;
  /** When the block at hand was found, by a clock that is never set. */
  since = 0;
  /** Packets taken so far. */
  taken = 0;
  /** The port of the last packet entered, and how its packets begin. */
  port = 0;
  shape: number = SHAPE.plain;
  /** The device that it came to. */
  device = -1;
  /** The first of its ports; -1: there is none yet. */
  firstPort = -1;
  private holding = false;
  private count = 0;
  private readonly known = new Map<number, { port: number; shape: number }>();
  /** Where packets are missing: before which block, and how many. */
  private readonly gaps: { readonly block: number; readonly lost: number }[] = [];

  constructor(
    readonly neighbourhood: Neighbourhood,
    /** Of the device, or {@link ANY}. */
    readonly name: string,
    readonly ring: PacketRing,
    readonly snaplen: number,
    private readonly cooked: boolean,
    private readonly ports: Ports,
    /** For packets as they are on the wire. */
    readonly offload: Offload | undefined,
  ) {
    this.bytes = ring.bytes;
    this.view = ring.view;
    this.words = new Uint32Array(ring.bytes.buffer);
  }
  get isForAny(): boolean {
    return this.name === ANY;
  }
  /** Has it packets to be taken? Gives a block back that is used up, and looks at the next. */
  advance(now: number): boolean {
    if (this.left > 0) return true;
    const { ring } = this;
    if (this.holding) {
      ring.release();
      this.taken += this.count;
      this.holding = false;
      this.countUp();
    }
    this.holding = ring.ready;
    if (!this.holding) return false;
    this.count = ring.count;
    this.left = this.count;
    this.at = ring.first;
    this.since = now;
    while (this.gaps.length > 0 && this.gaps[0]!.block <= ring.released) this.lost += this.gaps.shift()!.lost;
    return this.left > 0 || this.advance(now);
  }
  /**
   * Brings the counters up to date. The kernel loses packets when the next block to be filled is not given back yet: the
   * one that we hold, or held until now, so that they are missing before that block comes round again.
   */
  countUp(): void {
    const { ring } = this;
    const lost = ring.countUp();
    if (lost > 0) this.gaps.push({ block: ring.released + ring.blocks - (this.holding ? 0 : 1), lost });
  }
  /** Everything that the kernel counted as received was taken, or it said that it lost it. */
  get exhausted(): boolean {
    return !this.holding && this.taken === this.ring.received - this.ring.dropped;
  }
  /** The next packet is of this device. */
  enter(device: number, hardware: number): void {
    this.device = device;
    const { port, shape } = this.known.get(device) ?? this.meet(device, hardware);
    this.port = port;
    this.shape = shape;
  }
  /** Gives a device its port. */
  meet(device: number, hardware: number): { port: number; shape: number } {
    const met = { port: this.ports.meet(this, device, hardware), shape: this.shapeOf(hardware) };
    if (this.firstPort < 0) this.firstPort = met.port;
    this.known.set(device, met);
    return met;
  }
  private shapeOf(hardware: number): number {
    const { number } = linkTypeOf(hardware);
    if (this.cooked || number === COOKED.number) return SHAPE.cooked;
    return number === ETHERNET ? SHAPE.ethernet : SHAPE.plain;
  }
  /** Has a device a port, and do its packets go out with the header that they have? */
  knowsPlain(device: number): boolean {
    const known = this.known.get(device);
    return known !== undefined && known.shape !== SHAPE.cooked;
  }
  /** A device's number may come to mean another device; says whether we knew it. */
  forget(device: number): boolean {
    if (device === this.device) this.device = -1;
    return this.known.delete(device);
  }
  get seconds(): number {
    return this.words[(this.at >>> 2) + PLACE.seconds]!;
  }
  get nanos(): number {
    return this.words[(this.at >>> 2) + PLACE.nanos]!;
  }
}
