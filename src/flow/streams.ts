import type { Read } from '../bytes/kind.ts';
import { read16, read32 } from '../bytes/kind.ts';
import { type Frame, MARK } from '../dissect/frame.ts';
import { NONE } from '../dissect/protocol.ts';
import type { Registry } from '../dissect/registry.ts';
import { AddressWords } from './address-words.ts';
import { Exchanges } from './exchanges.ts';
import { Expectations, type Transport } from './expectations.ts';
import { PairTable } from './pair-table.ts';
import { StreamClocks } from './stream-clocks.ts';
import { StreamStates } from './stream-states.ts';

/** Of each family and protocol so many are kept at least; see {@link PairTable}. */
const MOST = 1 << 18;
const NUMBER = 0;
/** The protocol that lasts, as its id and one: 0 is none. */
const LASTING = 1;

/** The streams of one protocol: a number for each pair of addresses and ports, from 0, in the order of appearance. */
class Streams {
  next = 0;
  /** Did the packet that was looked for last go from the greater end to the lesser one? */
  reversed = false;
  readonly v4 = new PairTable(MOST);
  readonly v6 = new PairTable(MOST);
  private table = this.v4;
  private where = 0;
  /** The number of the pair; -1 when there was none yet. */
  find(table: PairTable, source: number, destination: number, ports: number): number {
    const low = ports & 0xffff;
    const high = ports >>> 16;
    this.reversed = high > low || (high === low && source >>> 0 > destination >>> 0);
    this.table = table;
    this.where = this.reversed
      ? table.find(destination, source, (low << 16) | high)
      : table.find(source, destination, ports);
    return table.isNew ? -1 : table.values[this.where + NUMBER]!;
  }
  /** Gives the pair that was looked for last the next number. */
  begin(): number {
    this.table.values[this.where + NUMBER] = this.next;
    return this.next++;
  }
  /** The protocol that was found in the pair that was looked for last, and reads what others do not; NONE: none yet. */
  get lasting(): number {
    return this.table.values[this.where + LASTING]! - 1;
  }
  set lasting(id: number) {
    this.table.values[this.where + LASTING] = id + 1;
  }
  get evicted(): number {
    return this.v4.evicted + this.v6.evicted;
  }
}

/**
 * Numbers the connections of TCP and the conversations of UDP as Wireshark does, and remembers of each TCP connection
 * where its numbers began and how its windows are scaled. Replies are told which packet they answer. Payloads that no port and no look announces are read as earlier
 * packets told.
 */
export class StreamTable {
  private readonly tcp = new Streams();
  private readonly udp = new Streams();
  private readonly states = new StreamStates();
  private readonly tcpClocks = new StreamClocks();
  private readonly udpClocks = new StreamClocks();
  private readonly words = new AddressWords();
  private readonly expectations: Expectations;
  private readonly exchanges: Exchanges;
  /** By protocol. */
  private readonly lasts: Uint8Array;
  private readonly tcpId: number;
  private readonly udpId: number;
  private readonly seq: Read;
  private readonly ack: Read;
  private readonly flags: Read;
  private readonly headerLength: Read;

  constructor(private readonly registry: Registry) {
    const read = (name: string): Read => registry.field(name)?.read ?? (() => 0);
    this.expectations = new Expectations(registry);
    this.exchanges = new Exchanges(registry);
    this.lasts = Uint8Array.from(registry.protocols, ({ fromFlow }) => (fromFlow === 'lasting' ? 1 : 0));
    this.tcpId = registry.id('tcp');
    this.udpId = registry.id('udp');
    this.seq = read('tcp.seq_raw');
    this.ack = read('tcp.ack_raw');
    this.flags = read('tcp.flags');
    this.headerLength = read('tcp.hdr_len');
  }
  /** How many streams were forgotten for want of room: they got a new number when they went on. */
  get evicted(): number {
    return this.tcp.evicted + this.udp.evicted;
  }
  /**
   * Sets what the frame tells of each of its TCP and UDP layers. True: it got layers more, of which only earlier packets
   * tell.
   */
  see(frame: Frame): boolean {
    const { depth } = frame;
    for (let d = 0; d < frame.depth; d++) {
      const id = frame.layer[d]!;
      if (id === this.tcpId) this.segment(frame, d);
      else if (id === this.udpId) this.datagram(frame, d);
      else frame.stream[d] = -1;
      if ((frame.marks[d]! & MARK.cut) !== 0) continue;
      this.expectations.hear(frame, d);
      this.exchanges.see(frame, d);
    }
    return frame.depth > depth;
  }
  private datagram(frame: Frame, d: number): void {
    const { udp } = this;
    const known = this.lookFor(udp, frame, d);
    const stream = known === -1 ? udp.begin() : known;
    frame.stream[d] = stream;
    if (stream >= 0) this.udpClocks.see(stream, frame, d);
    if (known !== -2) this.readOn(udp, frame, d, 'udp');
  }
  /** The payload of layer `d`, whose stream was just looked for: notes who reads it, or reads it as was told. */
  private readOn(streams: Streams, frame: Frame, d: number, transport: Transport): void {
    if (d + 1 < frame.depth) {
      const reader = frame.layer[d + 1]!;
      if (this.lasts[reader] === 1) streams.lasting = reader;
      return;
    }
    if (frame.restFrom === NONE) return;
    let reader = streams.lasting;
    if (reader === NONE) {
      reader = this.expectations.of(frame, d, frame.addressedBelow(d), transport);
      if (reader === NONE) return;
      if (this.lasts[reader] === 1) streams.lasting = reader;
    }
    frame.readAs(reader);
  }
  /** -2: the layer has no addresses, or its ports were not captured. */
  private lookFor(streams: Streams, frame: Frame, d: number): number {
    if ((frame.marks[d]! & MARK.cut) !== 0) return -2;
    const { endSize, endSource, endDestination } = this.registry;
    const network = frame.addressedBelow(d);
    if (network === NONE) return -2;
    const { bytes } = frame;
    const id = frame.layer[network]!;
    const source = frame.from[network]! + endSource[id]!;
    const destination = frame.from[network]! + endDestination[id]!;
    const ports = read32(bytes, frame.from[d]!) | 0;
    if (endSize[id] === 4)
      return streams.find(streams.v4, read32(bytes, source) | 0, read32(bytes, destination) | 0, ports);
    this.words.look(bytes, source, destination);
    return streams.find(streams.v6, this.words.source, this.words.destination, ports);
  }
  private segment(frame: Frame, d: number): void {
    const { tcp, states, tcpClocks } = this;
    const known = this.lookFor(tcp, frame, d);
    frame.stream[d] = known;
    frame.seqStart[d] = 0;
    frame.ackStart[d] = 0;
    frame.windowShift[d] = -1;
    if (known === -2) return;
    const { bytes } = frame;
    const at = frame.from[d]!;
    const side = tcp.reversed ? 1 : 0;
    const flags = this.flags(bytes, at);
    const seq = this.seq(bytes, at);
    const again = known === -1 || states.beginsAnother(known, side, flags, seq);
    const stream = again ? tcp.begin() : known;
    if (again) states.begin(stream);
    states.see(stream, side, flags, seq, this.ack(bytes, at));
    const end = Math.min(at + this.headerLength(bytes, at), frame.limit(d));
    states.scale(stream, side, flags, shiftOption(bytes, at, end));
    frame.stream[d] = stream;
    tcpClocks.see(stream, frame, d);
    const isFirst =
      seq - states.start(stream, side) === 1 && this.ack(bytes, at) - states.start(stream, 1 - side) === 1;
    tcpClocks.handshake(stream, frame, d, flags, isFirst);
    frame.seqStart[d] = states.start(stream, side);
    frame.ackStart[d] = states.start(stream, 1 - side);
    frame.windowShift[d] = states.shift(stream, side);
    if (again) tcp.lasting = NONE;
    this.readOn(tcp, frame, d, 'tcp');
  }
}
const OPTIONS = 20;
const WINDOW_SCALE = 3;
/** The window scale option of a segment (RFC 7323 section 2.2); -1 when it has none. */
function shiftOption(bytes: Uint8Array, segment: number, end: number): number {
  for (let at = segment + OPTIONS; at + 2 < end; ) {
    const word = read16(bytes, at);
    const kind = word >> 8;
    if (kind === 0) return -1;
    if (kind === WINDOW_SCALE && (word & 0xff) === 3) return Math.min(read16(bytes, at + 1) & 0xff, 14);
    at += kind === 1 ? 1 : Math.max(2, word & 0xff);
  }
  return -1;
}
