import type { Read } from '../bytes/kind.ts';
import { read32 } from '../bytes/kind.ts';
import type { Sequences } from '../dissect/express.ts';
import { type Frame, MARK } from '../dissect/frame.ts';
import { NONE } from '../dissect/protocol.ts';
import type { Registry } from '../dissect/registry.ts';
import { AddressWords } from './address-words.ts';
import { PairTable } from './pair-table.ts';

const ACK = 0x10;
const SYN = 0x02;
/** A header without options, in bytes. */
const LEAST_HEADER = 20;
/** So many connections are kept at least; beyond twice as many the longest unseen are forgotten, and counted. */
const MOST = 1 << 18;

/**
 * Remembers where each TCP connection's numbers began, so that lines can show relative ones.
 * The rule is tcpdump's: the first segment with ACK tells both directions' base, and a later SYN with ACK starts over.
 */
export class SequenceTable implements Sequences {
  // Of the segment that was looked for last; 32 bits with a sign, so that V8 keeps them as integers.
  seqBase = 0;
  ackBase = 0;
  sackBase = 0;
  private readonly table = new PairTable(MOST);
  private readonly tcp: number;
  private readonly seq: Read;
  private readonly ack: Read;
  private readonly flags: Read;
  private readonly headerLength: Read;
  /** Layers that quote other packets: what is above them is not traffic. */
  private readonly quotes: Uint8Array;
  readonly words = new AddressWords();

  /** `quoted`: packets quoted in ICMP errors count, too (tcpdump prints them only with `-v`). */
  constructor(
    private readonly registry: Registry,
    private readonly quoted: boolean,
  ) {
    const read = (name: string): Read => registry.field(name)?.read ?? (() => 0);
    this.tcp = registry.id('tcp');
    this.seq = read('tcp.seq_raw');
    this.ack = read('tcp.ack_raw');
    this.flags = read('tcp.flags');
    this.headerLength = read('tcp.hdr_len');
    this.quotes = Uint8Array.from(registry.protocols, (p) => (p.name === 'icmp' || p.name === 'icmpv6' ? 1 : 0));
  }
  /** How many connections were forgotten for want of room. */
  get evicted(): number {
    return this.table.evicted;
  }
  /** Sets the frame's bases for each of its TCP layers; returns the innermost of them, or NONE. */
  see(frame: Frame): number {
    for (let d = this.next(frame, 0), last: number = NONE; ; d = this.next(frame, d)) {
      if (d === NONE) return last;
      this.segment(frame, d);
      last = d;
    }
  }
  /** The innermost TCP layer that {@link see} takes for a segment on its way; NONE: there is none. */
  innermost(frame: Frame): number {
    let last: number = NONE;
    for (let d = this.next(frame, 0); d !== NONE; d = this.next(frame, d)) last = d;
    return last;
  }
  /** The next TCP layer above `below` that is not quoted; NONE: there is none. */
  private next(frame: Frame, below: number): number {
    // Lengths that contradict each other: such a packet is not printed, and its headers are not believed.
    if (frame.wireLength < frame.end - frame.start) return NONE;
    for (let d = below + 1; d < frame.depth; d++) {
      const id = frame.layer[d]!;
      if (id === this.tcp) return d;
      if (this.quotes[id] === 1 && !this.quoted) return NONE;
    }
    return NONE;
  }
  private segment(frame: Frame, d: number): void {
    const { endSize, endSource, endDestination } = this.registry;
    const network = frame.addressedBelow(d);
    const { bytes } = frame;
    const at = frame.from[d]!;
    if (network === NONE || (frame.marks[d]! & MARK.cut) !== 0 || this.headerLength(bytes, at) < LEAST_HEADER)
      this.none();
    else {
      const id = frame.layer[network]!;
      const base = frame.from[network]!;
      const source = base + endSource[id]!;
      const destination = base + endDestination[id]!;
      const ports = read32(bytes, at) | 0;
      const flags = this.flags(bytes, at);
      const seq = this.seq(bytes, at) | 0;
      const ack = this.ack(bytes, at) | 0;
      if (endSize[id] === 4)
        this.look(read32(bytes, source) | 0, read32(bytes, destination) | 0, ports, flags, seq, ack);
      else {
        const { words } = this;
        words.look(bytes, source, destination);
        this.look(words.source, words.destination, ports, flags, seq, ack);
      }
    }
    frame.seqBase[d] = this.seqBase;
    frame.ackBase[d] = this.ackBase;
    frame.sackBase[d] = this.sackBase;
  }
  look(source: number, destination: number, ports: number, flags: number, seq: number, ack: number): void {
    if ((flags & ACK) === 0) {
      this.none();
      return;
    }
    const { table } = this;
    const sourcePort = ports >>> 16;
    const destinationPort = ports & 0xffff;
    // One call for both directions: V8 copies what is called into here, once for each call.
    const reversed =
      sourcePort > destinationPort || (sourcePort === destinationPort && source >>> 0 > destination >>> 0);
    const near = table.find(
      reversed ? destination : source,
      reversed ? source : destination,
      reversed ? (destinationPort << 16) | sourcePort : ports,
    );
    const { values } = table;
    const here = reversed ? near + 1 : near;
    const there = reversed ? near : near + 1;
    if (table.isNew || (flags & SYN) !== 0) {
      values[here] = seq;
      values[there] = (ack - 1) | 0;
      this.seqBase = 0;
      this.ackBase = 0;
    } else {
      this.seqBase = values[here]!;
      this.ackBase = values[there]!;
    }
    this.sackBase = values[there]!;
  }
  private none(): void {
    this.seqBase = 0;
    this.ackBase = 0;
    this.sackBase = 0;
  }
}
