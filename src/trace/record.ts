import { ipv4, ipv6 } from '../linux/address.ts';
import type { ConnectionOfEvent, HookEvent, RouteOfEvent, SocketOfEvent, Tuple } from './event.ts';

/** Hook points, as src/trace/bpf/event.h numbers them. */
export const HOOKS = [
  '',
  'receive',
  'queue',
  'transmit',
  'drop',
  'consume',
  'netfilter',
  'tcp',
  'read',
  'state',
  'ready',
  'route',
  'retransmit',
  'reset',
  'icmp',
  'full',
  'learn',
  'gro',
] as const;
export type HookName = Exclude<(typeof HOOKS)[number], ''>;

/**
 * Why a packet is told of, what is known of it, whether the CPU is busy with a packet that it receives, which parts the record
 * has, and whether the headers are what they were at the packet's last event.
 */
export const FLAG = {
  matched: 1,
  followed: 2,
  shared: 4,
  matchedInside: 8,
  hasLinkHeader: 16,
  meanwhile: 32,
  hasSocket: 64,
  hasConnection: 128,
  asBefore: 256,
  hasStack: 512,
} as const;

/** The most bytes of a packet that a record may have: WINDOW in event.h. */
export const WINDOW = 512;
/** Where struct event (event.h) keeps things. */
export const AT = {
  connectionStatus: 4,
  connection: 8,
  original: 16,
  reply: 56,
  family: 108,
  localPort: 110,
  remotePort: 112,
  transport: 114,
  state: 116,
  socketNetns: 120,
  pid: 124,
  inode: 128,
  local: 136,
  remote: 152,
  task: 168,
  hook: 188,
  flags: 190,
  at: 192,
  skb: 200,
  head: 208,
  place: 216,
  netns: 224,
  device: 228,
  length: 232,
  mark: 236,
  detail: 240,
  other: 244,
  captured: 248,
  protocol: 250,
  tag: 252,
  tagProtocol: 254,
  segments: 256,
  references: 258,
  cpu: 260,
  name: 264,
  bytes: 280,
} as const;

/** conntrack's tuple in a record: source, its port, the layer-3 protocol, destination, its port, protocol, direction. */
const TUPLE = { source: 0, sourcePort: 16, destination: 20, destinationPort: 36 } as const;
const TWO_32 = 0x1_0000_0000;

/**
 * The records that src/trace/bpf/hooks.bpf.c wrote, one after the other. Most events are only followed from place to place, so
 * that the rest is read when somebody asks.
 */
export class Record implements HookEvent {
  at = 0;
  hook: HookName = 'receive';
  skb = 0;
  head = 0;
  netns = 0;
  device = 0;
  name = '';
  flags = 0;
  captured = 0;
  readonly checksumFilled = undefined;
  private from = 0;
  private readonly view: DataView;

  /** `start`: the monotonic clock when tracing began, in ns; times are counted from there, which keeps them exact as numbers. */
  constructor(
    private readonly memory: Uint8Array,
    private readonly start: Clock,
    private readonly names: DeviceNames,
  ) {
    this.view = new DataView(memory.buffer, memory.byteOffset, memory.byteLength);
  }
  /** When the event was whose record is there. */
  timeAt(place: number): number {
    const { view, start } = this;
    // It begins with the first part that it has, and that one with its place in the whole.
    const at = place - view.getUint32(place, true) + AT.at;
    return (view.getUint32(at + 4, true) - start.upper) * TWO_32 + (view.getUint32(at, true) - start.lower);
  }
  /** Goes to the record that is there. */
  moveTo(place: number): void {
    const { memory } = this;
    const from = place - this.view.getUint32(place, true);
    this.from = from;
    this.at = this.timeAt(place);
    this.hook = HOOKS[this.half(AT.hook)] as HookName;
    this.skb = this.address(AT.skb);
    this.head = this.address(AT.head);
    this.netns = this.word(AT.netns);
    this.device = this.word(AT.device);
    this.name = this.names.of(memory, from + AT.name);
    this.flags = this.half(AT.flags);
    this.captured = this.half(AT.captured);
  }
  /** A view of its own each time: it stays valid when this is somewhere else. */
  get bytes(): Uint8Array {
    if (this.looksAsBefore) return new Uint8Array(0);
    const at = this.from + AT.bytes;
    return this.memory.subarray(at, at + this.captured);
  }
  get stack(): readonly bigint[] {
    if ((this.flags & FLAG.hasStack) === 0) return [];
    const at = this.from + AT.bytes + (this.looksAsBefore ? 0 : (this.captured + 7) & ~7);
    return Array.from({ length: this.other >>> 3 }, (_, i) => this.view.getBigUint64(at + 8 * i, true));
  }
  get looksAsBefore(): boolean {
    return (this.flags & FLAG.asBefore) !== 0;
  }
  get place(): bigint {
    return this.view.getBigUint64(this.from + AT.place, true);
  }
  get length(): number {
    return this.word(AT.length);
  }
  get mark(): number {
    return this.word(AT.mark);
  }
  get detail(): number {
    return this.view.getInt32(this.from + AT.detail, true);
  }
  get pid(): number {
    return (this.flags & FLAG.hasSocket) === 0 ? 0 : this.word(AT.pid);
  }
  get task(): string {
    return (this.flags & FLAG.hasSocket) === 0 ? '' : textAt(this.view, this.from + AT.task);
  }
  get tag(): number | undefined {
    return this.half(AT.tagProtocol) === 0 ? undefined : this.half(AT.tag);
  }
  get other(): number {
    return this.word(AT.other);
  }
  get segments(): number {
    return this.half(AT.segments);
  }
  get inode(): number {
    return (this.flags & FLAG.hasSocket) === 0 ? 0 : this.word(AT.inode + 4) * TWO_32 + this.word(AT.inode);
  }
  get ends(): number {
    const ports = this.word(AT.localPort);
    return ports ^ Math.imul(this.word(AT.remote), 31) ^ Math.imul(this.word(AT.remote + 12), 127);
  }
  get socket(): SocketOfEvent | undefined {
    if ((this.flags & FLAG.hasSocket) === 0) return undefined;
    const family = this.half(AT.family);
    if (family === 0 || this.hook === 'route') return undefined;
    return {
      inode: this.inode,
      netns: this.word(AT.socketNetns),
      transport: this.half(AT.transport),
      state: this.view.getUint8(this.from + AT.state),
      local: this.addressOf(family, AT.local),
      localPort: this.half(AT.localPort),
      remote: this.addressOf(family, AT.remote),
      remotePort: this.half(AT.remotePort),
    };
  }
  get connectionId(): number {
    return (this.flags & FLAG.hasConnection) === 0 ? 0 : this.address(AT.connection);
  }
  get connectionStatus(): number {
    return (this.flags & FLAG.hasConnection) === 0 ? 0 : this.word(AT.connectionStatus);
  }
  get connection(): ConnectionOfEvent | undefined {
    if ((this.flags & FLAG.hasConnection) === 0) return undefined;
    const family = this.detail >> 8;
    const tuple = (at: number): Tuple => ({
      source: this.addressOf(family, at + TUPLE.source),
      sourcePort: this.view.getUint16(this.from + at + TUPLE.sourcePort),
      destination: this.addressOf(family, at + TUPLE.destination),
      destinationPort: this.view.getUint16(this.from + at + TUPLE.destinationPort),
    });
    return { id: this.address(AT.connection), original: tuple(AT.original), answer: tuple(AT.reply) };
  }
  get route(): RouteOfEvent | undefined {
    if (this.hook !== 'route') return undefined;
    const gateway = this.addressOf(FAMILY.ipv4, AT.local);
    return {
      destination: this.addressOf(FAMILY.ipv4, AT.remote),
      table: this.other,
      gateway: gateway === '0.0.0.0' ? undefined : gateway,
      error: this.detail,
    };
  }
  private word(place: number): number {
    return this.view.getUint32(this.from + place, true);
  }
  private half(place: number): number {
    return this.view.getUint16(this.from + place, true);
  }
  /** Of the kernel: the upper 16 bits are all ones, so the others tell them apart. */
  private address(place: number): number {
    return (this.word(place + 4) & 0xffff) * TWO_32 + this.word(place);
  }
  private addressOf(family: number, place: number): string {
    const length = family === FAMILY.ipv4 ? 4 : 16;
    const bytes = new Uint8Array(this.view.buffer, this.view.byteOffset + this.from + place, length);
    if (family === FAMILY.ipv4) return ipv4(bytes, 0);
    return family === FAMILY.ipv6 ? ipv6(bytes, 0) : '';
  }
}
/** A time in ns, in two halves. */
export interface Clock {
  readonly upper: number;
  readonly lower: number;
}
export function clockOf(ns: bigint): Clock {
  return { upper: Number(ns >> 32n), lower: Number(ns & 0xffff_ffffn) };
}
const NAME = 16;
/** The names of devices, each made to text once. */
export class DeviceNames {
  private readonly names = new Map<number, { bytes: Uint8Array; text: string }>();

  of(memory: Uint8Array, at: number): string {
    if (memory[at] === 0) return '';
    let [key, end] = [0, at];
    for (; end < at + NAME && memory[end] !== 0; end++) key = (key * 31 + memory[end]!) & 0xfff_ffff;
    const known = this.names.get(key);
    if (known !== undefined && isAt(memory, at, end, known.bytes)) return known.text;
    const bytes = memory.slice(at, end);
    const text = Buffer.from(bytes).toString('latin1');
    this.names.set(key, { bytes, text });
    return text;
  }
}
function isAt(memory: Uint8Array, from: number, to: number, bytes: Uint8Array): boolean {
  if (to - from !== bytes.length) return false;
  for (let i = 0; i < bytes.length; i++) if (memory[from + i] !== bytes[i]) return false;
  return true;
}
function textAt(view: DataView, at: number): string {
  let text = '';
  for (let i = at; i < at + NAME && view.getUint8(i) !== 0; i++) text += String.fromCharCode(view.getUint8(i));
  return text;
}
/** AF_ numbers. */
const FAMILY = { ipv4: 2, ipv6: 10 } as const;
