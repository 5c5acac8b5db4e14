import { type Read, read16, read32 } from '../bytes/kind.ts';
import { type Frame, MARK } from '../dissect/frame.ts';
import type { Registry } from '../dissect/registry.ts';
import { AddressWords } from './address-words.ts';
import { ConversationTable } from './conversation-table.ts';
import type { Segment } from './tcp-analysis.ts';

/** Of each kind so many are kept; beyond, the one that was not seen for the longest time is forgotten, and counted. */
const MOST = 1 << 16;
const MAC = 6;
const IPV4 = 4;
const IPV6 = 16;

export const CONVERSATION_KINDS = ['eth', 'ip', 'ipv6', 'tcp', 'udp'] as const;
export type ConversationKind = (typeof CONVERSATION_KINDS)[number];
/** What a layer is to the conversations, by protocol. */
const NOTHING = 0;
const ETHERNET = 1;
const NETWORK = 2;
const NETWORK6 = 3;
const SEGMENT = 4;
const DATAGRAM = 5;
/** What it carries is a copy of what was sent before. */
const QUOTES = 6;
const ROLES: Readonly<Record<string, number>> = {
  eth: ETHERNET,
  ip: NETWORK,
  ipv6: NETWORK6,
  tcp: SEGMENT,
  udp: DATAGRAM,
  icmp: QUOTES,
  icmpv6: QUOTES,
};

/**
 * Who talks with whom, at every layer that has ends, inside tunnels too. Takes frames that went through a StreamTable:
 * TCP and UDP count by its streams, so that a port that is used again is another conversation.
 */
export class Conversations {
  readonly kinds = CONVERSATION_KINDS;
  private readonly tables: Readonly<Record<ConversationKind, ConversationTable>>;
  private readonly roles: Uint8Array;
  /** Who sent what was counted last: 0 for A, 1 for B. */
  private side = 0;
  private readonly words = new AddressWords();
  private readonly segment: Segment = {
    flags: 0,
    seq: 0,
    ack: 0,
    window: 0,
    length: 0,
    port: 0,
    at: new Float64Array(1),
  };
  private readonly ethSource: number;
  private readonly ethDestination: number;
  private readonly read: Readonly<Record<'flags' | 'seq' | 'ack' | 'window' | 'headerLength', Read>>;

  constructor(
    private readonly registry: Registry,
    most = MOST,
  ) {
    this.tables = {
      eth: new ConversationTable(most, MAC),
      ip: new ConversationTable(most, IPV4),
      ipv6: new ConversationTable(most, IPV6),
      tcp: new ConversationTable(most, IPV6, true),
      udp: new ConversationTable(most, IPV6),
    };
    this.roles = Uint8Array.from(registry.protocols, ({ name }) => ROLES[name] ?? NOTHING);
    const read = (name: string): Read => registry.field(name)?.read ?? (() => 0);
    this.ethSource = registry.field('eth.src')?.distance ?? 0;
    this.ethDestination = registry.field('eth.dst')?.distance ?? 0;
    this.read = {
      flags: read('tcp.flags'),
      seq: read('tcp.seq_raw'),
      ack: read('tcp.ack_raw'),
      window: read('tcp.window_size_value'),
      headerLength: read('tcp.hdr_len'),
    };
  }
  of(kind: ConversationKind): ConversationTable {
    return this.tables[kind];
  }
  see(frame: Frame): void {
    const { roles, tables } = this;
    const { depth, layer, marks } = frame;
    for (let d = 0; d < depth; d++) {
      const role = roles[layer[d]!]!;
      if (role === NOTHING || (marks[d]! & (MARK.cut | MARK.malformed)) !== 0) continue;
      if (role === QUOTES) return;
      if (role === ETHERNET) this.station(frame, frame.from[d]!);
      else if (role === NETWORK) this.host(frame, d);
      else if (role === NETWORK6) this.host6(frame, d);
      else if (frame.stream[d]! >= 0) {
        if (role === DATAGRAM) this.stream(tables.udp, frame, d);
        else this.health(this.stream(tables.tcp, frame, d), frame, d);
      }
    }
  }
  private station(frame: Frame, at: number): void {
    const { bytes } = frame;
    const source = at + this.ethSource;
    const destination = at + this.ethDestination;
    const high = read16(bytes, source);
    const otherHigh = read16(bytes, destination);
    const low = read32(bytes, source + 2) | 0;
    const otherLow = read32(bytes, destination + 2) | 0;
    const table = this.tables.eth;
    const row =
      high < otherHigh || (high === otherHigh && low < otherLow)
        ? table.find((high << 16) | otherHigh, low, otherLow)
        : table.find((otherHigh << 16) | high, otherLow, low);
    this.count(table, row, frame, source, destination, MAC, 0);
  }
  private host(frame: Frame, d: number): void {
    const { bytes } = frame;
    const { endSource, endDestination } = this.registry;
    const id = frame.layer[d]!;
    const source = frame.from[d]! + endSource[id]!;
    const destination = frame.from[d]! + endDestination[id]!;
    const table = this.tables.ip;
    const row = findPair(table, read32(bytes, source) | 0, read32(bytes, destination) | 0);
    this.count(table, row, frame, source, destination, IPV4, 0);
  }
  private host6(frame: Frame, d: number): void {
    const { words } = this;
    const { endSource, endDestination } = this.registry;
    const id = frame.layer[d]!;
    const source = frame.from[d]! + endSource[id]!;
    const destination = frame.from[d]! + endDestination[id]!;
    words.look(frame.bytes, source, destination);
    const table = this.tables.ipv6;
    this.count(table, findPair(table, words.source, words.destination), frame, source, destination, IPV6, 0);
  }
  /** Counts layer `d` for its stream; returns its row. */
  private stream(table: ConversationTable, frame: Frame, d: number): number {
    const { endSource, endDestination, endSize } = this.registry;
    const stream = frame.stream[d]!;
    const row = table.find(stream, 0, 0);
    // Without addresses it would be of no stream.
    const network = frame.addressedBelow(d);
    const id = frame.layer[network]!;
    const base = frame.from[network]!;
    const ports = read32(frame.bytes, frame.from[d]!) | 0;
    this.count(table, row, frame, base + endSource[id]!, base + endDestination[id]!, endSize[id]!, ports);
    table.setStream(row, stream);
    return row;
  }
  private count(
    table: ConversationTable,
    row: number,
    frame: Frame,
    source: number,
    destination: number,
    size: number,
    ports: number,
  ): void {
    if (table.isNew) table.begin(row, frame.bytes, source, destination, size, ports);
    this.side = table.sideOf(row, frame.bytes, source, ports);
    table.count(row, this.side, frame);
  }
  private health(row: number, frame: Frame, d: number): void {
    const { segment, read } = this;
    const { bytes } = frame;
    const at = frame.from[d]!;
    const table = this.tables.tcp;
    segment.flags = read.flags(bytes, at);
    segment.seq = read.seq(bytes, at) | 0;
    segment.ack = read.ack(bytes, at) | 0;
    segment.window = read.window(bytes, at);
    segment.length = Math.max(0, frame.to[d]! - at - read.headerLength(bytes, at));
    segment.port = frame.port;
    table.since(row, frame, segment.at);
    table.tcp!.see(row, this.side, segment);
  }
}
/** The same row whichever comes first. */
const findPair = (table: ConversationTable, a: number, b: number): number =>
  a < b ? table.find(a, b, 0) : table.find(b, a, 0);
