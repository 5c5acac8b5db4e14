import type { Random } from '../test/support/random.ts';
import { ACK, FIN, type Flow, type PacketBuilder, PUSH, type Segment, SYN } from './build-packet.ts';

/** Hosts, ports and connections are no more than tcpdump's own tables hold without long chains: that would slow it down and flatter us. */
const HOSTS = 2000;
const CONNECTIONS = 900;
/** No port that either program would look into: the plain TCP and UDP lines are compared. */
export const SERVICES = { least: 24_000, most: 24_400 } as const;
const CLIENTS = { least: 36_864, most: 40_000 } as const;

interface Connection {
  readonly there: Flow;
  readonly back: Flow;
  /** Packets since it began. */
  step: number;
  /** Packets until it ends. */
  readonly life: number;
  seq: number;
  ack: number;
}
/** How large the data of a segment is. */
type Size = (random: Random) => number;

/** Addresses differ in every octet: tcpdump finds names of addresses by the first twelve bits. */
export class Network {
  private readonly v4: Uint8Array[];
  private readonly v6: Uint8Array[];

  constructor(private readonly random: Random) {
    this.v4 = Array.from({ length: HOSTS }, () => Uint8Array.of(random.between(1, 223), ...random.bytes(3)));
    this.v6 = Array.from({ length: HOSTS / 4 }, () => Uint8Array.of(0x20, 0x01, 0x0d, 0xb8, ...random.bytes(12)));
  }
  /** `six`: how many flows of a hundred are IPv6. */
  flow(six: number, vlan: number, destinationPort: number): Flow {
    const { random } = this;
    const hosts = random.below(100) < six ? this.v6 : this.v4;
    const source = random.of(hosts);
    let destination = random.of(hosts);
    while (destination === source) destination = random.of(hosts);
    const tag = random.below(100) < vlan ? random.between(1, 4094) : 0;
    return { source, destination, sourcePort: random.between(CLIENTS.least, CLIENTS.most), destinationPort, vlan: tag };
  }
}
export const reversed = (flow: Flow): Flow => ({
  ...flow,
  source: flow.destination,
  destination: flow.source,
  sourcePort: flow.destinationPort,
  destinationPort: flow.sourcePort,
});

/** TCP connections that open, talk and close, all at the same time. */
export class Conversations {
  private readonly connections: Connection[];
  private clock = 1;

  constructor(
    private readonly random: Random,
    private readonly network: Network,
    private readonly six: number,
    private readonly vlan: number,
    private readonly size: Size,
    private readonly stamps: boolean,
  ) {
    this.connections = Array.from({ length: CONNECTIONS }, () => this.open());
  }
  /** Builds the next packet of one of them. */
  next(packet: PacketBuilder): void {
    const { random } = this;
    const i = random.below(CONNECTIONS);
    const connection = this.connections[i]!;
    const step = connection.step++;
    this.clock++;
    if (step < 3) this.handshake(packet, connection, step);
    else if (step >= connection.life) {
      this.send(packet, connection, FIN | ACK, 0, step % 2 === 0);
      if (step > connection.life + 1) this.connections[i] = this.open();
    } else if (step % 2 === 1) this.send(packet, connection, PUSH | ACK, this.size(random), random.chance(0.3));
    else this.send(packet, connection, ACK, 0, random.chance(0.7));
  }
  private open(): Connection {
    const { random } = this;
    const there = this.network.flow(this.six, this.vlan, random.between(SERVICES.least, SERVICES.most));
    const life = random.between(200, 4000);
    return { there, back: reversed(there), step: 0, life, seq: random.u32(), ack: random.u32() };
  }
  private handshake(packet: PacketBuilder, connection: Connection, step: number): void {
    const { there, back, seq, ack } = connection;
    const segment = { window: 64_240, time: this.clock, first: true };
    if (step === 0) packet.tcp(there, { ...segment, flags: SYN, seq, ack: 0 }, 0);
    else if (step === 1) packet.tcp(back, { ...segment, flags: SYN | ACK, seq: ack, ack: (seq + 1) >>> 0 }, 0);
    else {
      connection.seq = (seq + 1) >>> 0;
      connection.ack = (ack + 1) >>> 0;
      this.send(packet, connection, ACK, 0, true);
    }
  }
  private send(packet: PacketBuilder, connection: Connection, flags: number, size: number, forth: boolean): void {
    const { there, back, seq, ack } = connection;
    const segment: Segment = {
      flags,
      seq: forth ? seq : ack,
      ack: forth ? ack : seq,
      window: this.random.between(100, 65_535),
      time: this.stamps ? this.clock : 0,
      first: false,
    };
    if (forth) connection.seq = (seq + size) >>> 0;
    else connection.ack = (ack + size) >>> 0;
    packet.tcp(forth ? there : back, segment, size);
  }
}
