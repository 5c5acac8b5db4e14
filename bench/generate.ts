/** Makes the captures that the benchmark reads: the same bytes on every machine. */
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Random } from '../test/support/random.ts';
import { ACK, PacketBuilder, SYN } from './build-packet.ts';
import { Conversations, Network, reversed, SERVICES } from './traffic.ts';

/** Changes with everything that changes the captures. */
const VERSION = 1;
const FULL = 1 << 20;
const MOST_PACKET = 1 << 17;

export interface Sizes {
  readonly mix: number;
  readonly small: number;
  readonly bigBytes: number;
  readonly halfOpen: number;
}
export const FULL_SIZES: Sizes = { mix: 1_000_000, small: 4_000_000, bigBytes: 2 ** 30, halfOpen: 200_000 };
export const QUICK_SIZES: Sizes = { mix: 100_000, small: 300_000, bigBytes: 2 ** 26, halfOpen: 60_000 };
export interface Captures {
  readonly mix: string;
  readonly small: string;
  readonly big: string;
  readonly halfOpen: string;
  readonly one: string;
}

/** Makes what is not there yet, and says where it is. */
export function captures(sizes: Sizes): Captures {
  return {
    mix: cached(`mix-${sizes.mix}`, (out) => mix(out, sizes.mix)),
    small: cached(`small-${sizes.small}`, (out) => small(out, sizes.small)),
    big: cached(`big-${sizes.bigBytes}`, (out) => big(out, sizes.bigBytes)),
    halfOpen: cached(`half-open-${sizes.halfOpen}`, (out) => halfOpen(out, sizes.halfOpen)),
    one: cached('one', (out) => small(out, 1)),
  };
}
function cached(name: string, make: (out: PcapFile) => void): string {
  const folder = join(tmpdir(), 'hooktap-bench');
  mkdirSync(folder, { recursive: true });
  for (const old of readdirSync(folder)) if (!old.includes(`.v${VERSION}.`)) rmSync(join(folder, old));
  const path = join(folder, `${name}.v${VERSION}.pcap`);
  if (existsSync(path)) return path;
  process.stderr.write(`making ${path}\n`);
  const out = new PcapFile(`${path}.part`);
  make(out);
  out.close();
  renameSync(`${path}.part`, path);
  return path;
}

/** A pcap file of Ethernet packets, some tens of microseconds apart. */
class PcapFile {
  size = 0;
  private readonly buffer = Buffer.alloc(FULL + MOST_PACKET);
  private used = 0;
  private micros = 0;
  private readonly fd: number;
  private readonly random = new Random(1);

  constructor(path: string) {
    this.fd = openSync(path, 'w');
    for (const word of [0xa1b2c3d4, 0x0004_0002, 0, 0, 262_144, 1]) this.word(word);
  }
  add({ bytes, length }: PacketBuilder): void {
    this.micros += this.random.between(1, 99);
    for (const word of [1_700_000_000 + Math.floor(this.micros / 1e6), this.micros % 1e6, length, length])
      this.word(word);
    this.buffer.set(bytes.subarray(0, length), this.used);
    this.used += length;
    this.size += length + 16;
    if (this.used >= FULL) this.flush();
  }
  close(): void {
    this.flush();
    closeSync(this.fd);
  }
  private word(value: number): void {
    this.used = this.buffer.writeUInt32LE(value, this.used);
  }
  private flush(): void {
    for (let from = 0; from < this.used; ) from += writeSync(this.fd, this.buffer, from, this.used - from);
    this.used = 0;
  }
}
const service = (random: Random): number => random.between(SERVICES.least, SERVICES.most);
const builder = (random: Random): PacketBuilder => new PacketBuilder(random.bytes(MOST_PACKET));

/** What a server's uplink carries: connections with data and acknowledgements, DNS, ARP, pings, IPv6, VLANs, some big packets. */
function mix(out: PcapFile, count: number): void {
  const random = new Random(2);
  const network = new Network(random);
  const size = (r: Random) => (r.chance(0.5) ? 1448 : r.chance(0.01) ? r.between(9000, 60_000) : r.between(1, 700));
  const tcp = new Conversations(random, network, 15, 5, size, true);
  const packet = builder(random);
  for (let i = 0; i < count; i++) {
    const kind = random.below(100);
    if (kind < 72) tcp.next(packet);
    else if (kind < 84) packet.udp(network.flow(15, 5, service(random)), random.between(10, 1400));
    else if (kind < 92) dns(packet, network, random);
    else if (kind < 94) packet.arp(network.flow(0, 5, 0), random.chance(0.5));
    else packet.echo(network.flow(30, 5, 0), random.chance(0.5), i & 0xffff, 56);
    out.add(packet);
  }
}
function dns(packet: PacketBuilder, network: Network, random: Random): void {
  const flow = network.flow(10, 5, 53);
  const name = `host${random.below(5000)}.${random.of(['example.com', 'example.org', 'a.very.long.name.test'])}`;
  if (random.chance(0.5)) packet.dns(flow, random.below(0x1_0000), name, undefined);
  else packet.dns(reversed(flow), random.below(0x1_0000), name, random.bytes(4));
}
/** Nothing over 90 bytes. */
function small(out: PcapFile, count: number): void {
  const random = new Random(3);
  const network = new Network(random);
  const tcp = new Conversations(random, network, 0, 0, (r) => r.between(1, 24), true);
  const bare = new Conversations(random, network, 0, 0, (r) => r.between(6, 36), false);
  const packet = builder(random);
  for (let i = 0; i < count; i++) {
    const kind = random.below(100);
    if (kind < 40) tcp.next(packet);
    else if (kind < 70) bare.next(packet);
    else if (kind < 97) packet.udp(network.flow(0, 0, service(random)), random.between(18, 48));
    else packet.echo(network.flow(0, 0, 0), random.chance(0.5), i & 0xffff, 40);
    out.add(packet);
  }
}
/** From a full Ethernet frame to what segmentation offload hands over in one piece. */
function big(out: PcapFile, bytes: number): void {
  const random = new Random(4);
  const size = (r: Random) => (r.chance(0.05) ? r.between(16_000, 65_000) : r.between(1400, 9000));
  const tcp = new BulkData(random, size);
  const packet = builder(random);
  while (out.size < bytes) {
    tcp.next(packet);
    out.add(packet);
  }
}
/** Segments full of data only. */
class BulkData {
  private readonly flows;
  constructor(
    private readonly random: Random,
    private readonly size: (random: Random) => number,
  ) {
    const network = new Network(random);
    this.flows = Array.from({ length: 500 }, () => ({ flow: network.flow(10, 5, service(random)), seq: random.u32() }));
  }
  next(packet: PacketBuilder): void {
    const { random } = this;
    const one = random.of(this.flows);
    const size = this.size(random);
    packet.tcp(one.flow, { flags: ACK, seq: one.seq, ack: 1, window: 512, time: 1000, first: false }, size);
    one.seq = (one.seq + size) >>> 0;
  }
}
/** A scan: every client of one /15 sends a SYN, gets its answer, and is never heard of again. */
function halfOpen(out: PcapFile, count: number): void {
  const random = new Random(5);
  const packet = builder(random);
  const server = Uint8Array.of(192, 0, 2, 80);
  for (let i = 0; i < count / 2; i++) {
    const source = Uint8Array.of(198, 18 + ((i >> 16) & 1), (i >> 8) & 0xff, i & 0xff);
    const flow = {
      source,
      destination: server,
      sourcePort: random.between(1024, 65_535),
      destinationPort: 443,
      vlan: 0,
    };
    const seq = random.u32();
    const segment = { window: 64_240, time: i + 1, first: true };
    packet.tcp(flow, { ...segment, flags: SYN, seq, ack: 0 }, 0);
    out.add(packet);
    packet.tcp(reversed(flow), { ...segment, flags: SYN | ACK, seq: random.u32(), ack: (seq + 1) >>> 0 }, 0);
    out.add(packet);
  }
}
