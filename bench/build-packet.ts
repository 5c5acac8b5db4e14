import { fold16, sum16 } from '../src/bytes/checksum.ts';

/** Who talks to whom. Addresses are four bytes or sixteen. */
export interface Flow {
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** 0: no tag. */
  readonly vlan: number;
}
export interface Segment {
  readonly flags: number;
  readonly seq: number;
  readonly ack: number;
  readonly window: number;
  /** The time stamp option's value; 0: no options. */
  readonly time: number;
  /** Maximum segment size and so on: options of a SYN. */
  readonly first: boolean;
}
export const FIN = 1;
export const SYN = 2;
export const PUSH = 8;
export const ACK = 16;

const ICMP = 1;
const TCP = 6;
const UDP = 17;
const ICMPV6 = 58;

/** Builds one packet after the other in a buffer of its own: from the first byte to {@link length}. */
export class PacketBuilder {
  readonly bytes = new Uint8Array(1 << 17);
  length = 0;
  private readonly view = new DataView(this.bytes.buffer);
  private network = 0;
  private transport = 0;
  private protocol = 0;
  private id = 0;

  constructor(private readonly fill: Uint8Array) {}

  tcp(flow: Flow, segment: Segment, payload: number): void {
    this.begin(flow, TCP);
    const at = this.transport;
    const { view } = this;
    this.ports(flow);
    view.setUint32(at + 4, segment.seq);
    view.setUint32(at + 8, segment.ack);
    let end = at + 20;
    if (segment.first) end = this.put(end, [2, 4, 5, 0xb4, 4, 2, 8, 10]);
    else if (segment.time > 0) end = this.put(end, [1, 1, 8, 10]);
    if (segment.first || segment.time > 0) {
      view.setUint32(end, segment.time);
      view.setUint32(end + 4, segment.first ? 0 : segment.time - 7);
      end += 8;
    }
    if (segment.first) end = this.put(end, [1, 3, 3, 7]);
    view.setUint16(at + 12, (((end - at) / 4) << 12) | segment.flags);
    view.setUint16(at + 14, segment.window);
    view.setUint32(at + 16, 0);
    this.finish(end, payload, at + 16);
  }
  udp(flow: Flow, payload: number): void {
    this.begin(flow, UDP);
    this.ports(flow);
    this.view.setUint16(this.transport + 4, 8 + payload);
    this.view.setUint16(this.transport + 6, 0);
    this.finish(this.transport + 8, payload, this.transport + 6);
  }
  /** A question for the address of a name, or its answer. */
  dns(flow: Flow, id: number, name: string, answer: Uint8Array | undefined): void {
    this.begin(flow, UDP);
    this.ports(flow);
    const start = this.transport + 8;
    this.view.setUint16(start, id);
    let end = this.put(
      start + 2,
      answer === undefined ? [1, 0, 0, 1, 0, 0, 0, 0, 0, 0] : [0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0],
    );
    for (const label of name.split('.')) end = this.put(end, [label.length, ...Buffer.from(label, 'latin1')]);
    end = this.put(end, [0, 0, 1, 0, 1]);
    if (answer !== undefined) end = this.put(end, [0xc0, 12, 0, 1, 0, 1, 0, 0, 1, 44, 0, 4, ...answer]);
    this.view.setUint16(this.transport + 4, end - this.transport);
    this.view.setUint16(this.transport + 6, 0);
    this.finish(end, 0, this.transport + 6);
  }
  echo(flow: Flow, reply: boolean, sequence: number, payload: number): void {
    const six = flow.source.length === 16;
    this.begin(flow, six ? ICMPV6 : ICMP);
    const type = six ? 128 + Number(reply) : reply ? 0 : 8;
    const at = this.put(this.transport, [type, 0, 0, 0]);
    this.view.setUint16(at, flow.sourcePort);
    this.view.setUint16(at + 2, sequence);
    this.finish(at + 4, payload, this.transport + 2);
  }
  arp(flow: Flow, reply: boolean): void {
    this.ethernet(flow, 0x0806);
    let at = this.put(this.network, [
      0,
      1,
      8,
      0,
      6,
      4,
      0,
      reply ? 2 : 1,
      2,
      0,
      ...flow.source.subarray(0, 4),
      ...flow.source.subarray(0, 4),
    ]);
    at = this.put(at, [2, 0, ...flow.destination.subarray(0, 4), ...flow.destination.subarray(0, 4)]);
    this.length = this.put(at, new Uint8Array(18));
  }

  private put(at: number, bytes: ArrayLike<number>): number {
    this.bytes.set(bytes, at);
    return at + bytes.length;
  }
  private ethernet(flow: Flow, type: number): void {
    let at = this.put(0, [2, 0, ...flow.destination.subarray(0, 4), 2, 0, ...flow.source.subarray(0, 4)]);
    if (flow.vlan > 0) {
      this.view.setUint16(at, 0x8100);
      this.view.setUint16(at + 2, flow.vlan);
      at += 4;
    }
    this.view.setUint16(at, type);
    this.network = at + 2;
  }
  private begin(flow: Flow, protocol: number): void {
    this.protocol = protocol;
    const six = flow.source.length === 16;
    this.ethernet(flow, six ? 0x86dd : 0x0800);
    const at = this.network;
    if (six) {
      this.put(at, [0x60, 0, 0, 0, 0, 0, protocol, 64]);
      this.put(at + 8, flow.source);
      this.transport = this.put(at + 24, flow.destination);
    } else {
      this.put(at, [0x45, 0, 0, 0, 0, 0, 0x40, 0, 64, protocol, 0, 0]);
      this.view.setUint16(at + 4, ++this.id & 0xffff);
      this.put(at + 12, flow.source);
      this.transport = this.put(at + 16, flow.destination);
    }
  }
  private ports(flow: Flow): void {
    this.view.setUint16(this.transport, flow.sourcePort);
    this.view.setUint16(this.transport + 2, flow.destinationPort);
  }
  /** Appends the payload, and fills in the lengths and checksums. */
  private finish(end: number, payload: number, checksum: number): void {
    const { bytes, view, network, transport, fill } = this;
    bytes.set(fill.subarray(this.id % 256, (this.id % 256) + payload), end);
    this.length = end + payload;
    const six = bytes[network] === 0x60;
    const size = this.length - transport;
    if (six) view.setUint16(network + 4, size);
    else {
      view.setUint16(network + 2, this.length - network);
      view.setUint16(network + 10, fold16(sum16(bytes, network, transport)));
    }
    view.setUint16(checksum, 0);
    const pseudo = this.protocol === ICMP ? 0 : sum16(bytes, network + (six ? 8 : 12), transport, this.protocol + size);
    view.setUint16(checksum, fold16(sum16(bytes, transport, this.length, pseudo)));
  }
}
