import { ffi } from './library.ts';
import { Mapping } from './mapping.ts';
import type { Pieces } from './pieces.ts';
import { FAMILY, LEVEL, OPTION, Socket, TYPE, words } from './socket.ts';

/** linux/if_packet.h */
const PACKET = {
  addMembership: 1,
  receiveRing: 5,
  statistics: 6,
  version: 10,
  reserve: 12,
  offload: 15,
} as const;
const VERSION_3 = 2;
const PROMISCUOUS = 1;
const EVERY_PROTOCOL = 0x0003;
/** A multiple of the alignment of packets; blocks need not be cut into frames of this size, but the kernel wants to hear one. */
const FRAME = 2048;
const ADDRESS = 20;
/** Room in front of each packet, which makes an Ethernet header begin at a word; so much more with {@link OFFLOAD} there. */
const RESERVE = 6;
const RESERVE_MORE = 2;

/** Who has a block. */
const OF_USER = 1;
/** Where struct tpacket_block_desc keeps things, in words. */
const BLOCK = { status: 2, count: 3, first: 4 } as const;
/** Where struct tpacket3_hdr and the struct sockaddr_ll behind it keep things, in words; the kernel's shorter fields share some. */
export const PLACE = {
  next: 0,
  seconds: 1,
  nanos: 2,
  captured: 3,
  wire: 4,
  status: 5,
  /** Where the link-layer header begins, and the network header, counted from here. */
  headers: 6,
  tag: 8,
  tagProtocol: 9,
  /** The upper half; in network byte order. */
  protocol: 12,
  device: 13,
  /** ARPHRD number, kind of packet, length of the address. */
  kinds: 14,
  address: 15,
} as const;
/** Bits of a packet's status. */
export const STATUS = {
  checksumNotReady: 0x08,
  tagValid: 0x10,
  tagProtocolValid: 0x40,
  checksumValid: 0x80,
  /** A segment of TCP that a device is to split. */
  toBeSplit: 0x100,
} as const;
/** struct virtio_net_hdr, in front of a packet: what the device was to do to it. */
export const OFFLOAD = { length: 10, needsChecksum: 1, type: 1, ecn: 0x80, size: 4, start: 6, place: 8 } as const;
/** sll_pkttype. */
export const KIND = { host: 0, broadcast: 1, multicast: 2, otherHost: 3, outgoing: 4 } as const;
/** No packet takes less room in a block than this. */
export const LEAST_ROOM = 80;

/** One instruction of classic BPF. */
export interface Instruction {
  readonly code: number;
  readonly jt: number;
  readonly jf: number;
  readonly k: number;
}
export interface RingOptions {
  /** The device to capture on; 0: all of the namespace. */
  readonly device: number;
  /** A multiple of the page size. No packet longer than a block is captured whole. */
  readonly blockSize: number;
  readonly blocks: number;
  /** After so many milliseconds a block is handed over even if it is not full. */
  readonly timeout: number;
  readonly filter: readonly Instruction[];
  readonly promiscuous: boolean;
  /** Have {@link OFFLOAD} in front of each packet. */
  readonly offload?: boolean;
}

/**
 * A packet socket with a ring of blocks that the kernel fills (TPACKET_V3). A block that it is done with is ours until
 * {@link release}; then it may fill it again. Times in it are of the realtime clock.
 */
export class PacketRing {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Of the socket since it was opened. */
  received = 0;
  dropped = 0;
  /** Blocks given back so far. */
  released = 0;
  private readonly ints: Int32Array;
  private block = 0;
  private readonly counters = new Uint8Array(12);

  private constructor(
    private readonly socket: Socket,
    private readonly mapping: Mapping,
    private readonly options: RingOptions,
  ) {
    this.bytes = new Uint8Array(mapping.memory);
    this.view = new DataView(mapping.memory);
    this.ints = new Int32Array(mapping.memory);
  }
  /** Opens a ring in the thread's network namespace. Needs CAP_NET_RAW there. */
  static open(options: RingOptions): PacketRing {
    const socket = openSocket();
    try {
      const doing = 'setting up the packet ring';
      attach(socket, options.filter);
      const { blockSize, blocks, timeout } = options;
      if (options.offload === true) socket.set(LEVEL.packet, PACKET.offload, words(1), doing);
      const reserve = options.offload === true ? RESERVE + RESERVE_MORE : RESERVE;
      socket.set(LEVEL.packet, PACKET.reserve, words(reserve), doing);
      const frames = (blockSize / FRAME) * blocks;
      const request = words(blockSize, blocks, FRAME, frames, timeout, 0, 0);
      socket.set(LEVEL.packet, PACKET.receiveRing, request, `${doing} of ${(blockSize * blocks) >> 10} KiB`);
      const mapping = new Mapping(socket.fd, blockSize * blocks, doing);
      // Last: from now on packets come, filtered and into the ring from the first.
      bindTo(socket, options);
      return new PacketRing(socket, mapping, options);
    } catch (error) {
      socket.close();
      throw error;
    }
  }
  get fd(): number {
    return this.socket.fd;
  }
  get blocks(): number {
    return this.options.blocks;
  }
  /** Captures on another device of the same namespace, in place of one that is gone. */
  rebind(device: number, filter: readonly Instruction[], promiscuous: boolean): void {
    attach(this.socket, filter.length === 0 ? [RETURN_EVERYTHING] : filter);
    bindTo(this.socket, { device, promiscuous });
  }
  /** Is there a block for us? */
  get ready(): boolean {
    return (Atomics.load(this.ints, this.word(BLOCK.status)) & OF_USER) !== 0;
  }
  /** How many packets the block has, and where the first begins. */
  get count(): number {
    return this.ints[this.word(BLOCK.count)]!;
  }
  get first(): number {
    return this.block * this.options.blockSize + this.ints[this.word(BLOCK.first)]!;
  }
  private word(of: number): number {
    return ((this.block * this.options.blockSize) >>> 2) + of;
  }
  /** Writes pieces of blocks that are ours to a file, and says how many bytes that was. */
  write(pieces: Pieces, fd: number): number {
    return pieces.write(fd, this.mapping);
  }
  /** Gives the block back and goes on to the next. */
  release(): void {
    Atomics.store(this.ints, this.word(BLOCK.status), 0);
    this.block = (this.block + 1) % this.options.blocks;
    this.released++;
  }
  /**
   * Brings {@link received} and {@link dropped} up to date, and returns how many were dropped since the last time: the
   * kernel forgets its counts when it tells them.
   */
  countUp(): number {
    this.socket.get(LEVEL.packet, PACKET.statistics, this.counters, 'asking for the counters of the packet ring');
    const view = new DataView(this.counters.buffer);
    const dropped = view.getUint32(4, true);
    this.received += view.getUint32(0, true);
    this.dropped += dropped;
    return dropped;
  }
  /** No packets are taken from now on. Those that were come out by and by. */
  shut(): void {
    attach(this.socket, [RETURN_NOTHING]);
  }
  /** The error that waits on the socket: ENETDOWN when its device went down. */
  takeError(): number {
    return this.socket.takeError();
  }
  /** Nothing of the ring may be looked at afterwards. */
  close(): void {
    this.mapping.close();
    this.socket.close();
  }
}
const RETURN_NOTHING: Instruction = { code: 0x06, jt: 0, jf: 0, k: 0 };
const RETURN_EVERYTHING: Instruction = { code: 0x06, jt: 0, jf: 0, k: 0xffff_ffff };

function bindTo(socket: Socket, { device, promiscuous }: Pick<RingOptions, 'device' | 'promiscuous'>): void {
  socket.bind(linkAddress(device), 'binding to a device');
  if (!promiscuous) return;
  const request = words(device, PROMISCUOUS, 0, 0);
  socket.set(LEVEL.packet, PACKET.addMembership, request, 'making a device promiscuous');
}

/** A packet socket that gets nothing yet, as it was given no protocol: what comes before the filter would come unfiltered. */
function openSocket(): Socket {
  const socket = Socket.open(FAMILY.packet, TYPE.raw, 0, 'opening a packet socket');
  try {
    socket.set(LEVEL.packet, PACKET.version, words(VERSION_3), 'choosing the third version of packet rings');
    return socket;
  } catch (error) {
    socket.close();
    throw error;
  }
}
/** Can a ring be opened? Throws what keeps us from it. */
export function tryPacketSocket(): void {
  openSocket().close();
}
/**
 * The same for who asks in many namespaces: the closing of a packet socket takes the kernel some milliseconds. A raw socket
 * of IPv4 takes the same right, CAP_NET_RAW in the namespace.
 */
export function tryRawSocket(): void {
  Socket.open(FAMILY.internet, TYPE.raw, ICMP, 'opening a packet socket').close();
}
const ICMP = 1;
function attach(socket: Socket, filter: readonly Instruction[]): void {
  if (filter.length === 0) return;
  const program = ffi().alloc('uint64_t', filter.length);
  try {
    const view = new DataView(ffi().view(program, filter.length * 8));
    filter.forEach(({ code, jt, jf, k }, i) => {
      view.setUint16(i * 8, code, true);
      view.setUint8(i * 8 + 2, jt);
      view.setUint8(i * 8 + 3, jf);
      view.setUint32(i * 8 + 4, k >>> 0, true);
    });
    // struct sock_fprog: how many, and where.
    const header = new Uint8Array(16);
    new DataView(header.buffer).setUint16(0, filter.length, true);
    new DataView(header.buffer).setBigUint64(8, ffi().address(program), true);
    socket.set(LEVEL.socket, OPTION.attachFilter, header, 'handing the capture filter to the kernel');
  } finally {
    ffi().free(program);
  }
}
/** struct sockaddr_ll */
function linkAddress(device: number): Uint8Array {
  const address = new Uint8Array(ADDRESS);
  const view = new DataView(address.buffer);
  view.setUint16(0, FAMILY.packet, true);
  view.setUint16(2, EVERY_PROTOCOL, false);
  view.setInt32(4, device, true);
  return address;
}
