import { ipv4, ipv6 } from './address.ts';
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

/** Why a packet is told of, what is known of it, and whether the CPU is busy with a packet that it receives. */
export const FLAG = { matched: 1, followed: 2, shared: 4, matchedInside: 8, hasLinkHeader: 16, meanwhile: 32 } as const;

/** The most bytes of a packet that a record may have: WINDOW in event.h. */
export const WINDOW = 512;
/** Where struct event (event.h) keeps things. */
export const AT = {
  at: 0,
  skb: 8,
  head: 16,
  place: 24,
  sock: 32,
  inode: 40,
  netns: 48,
  device: 52,
  length: 56,
  mark: 60,
  hook: 64,
  flags: 66,
  detail: 68,
  pid: 72,
  cpu: 76,
  captured: 80,
  protocol: 82,
  tag: 84,
  tagProtocol: 86,
  other: 88,
  segments: 92,
  references: 94,
  name: 96,
  task: 112,
  family: 128,
  localPort: 130,
  remotePort: 132,
  transport: 134,
  state: 136,
  hasConnection: 137,
  connectionState: 138,
  socketNetns: 140,
  local: 144,
  remote: 160,
  connection: 176,
  connectionStatus: 184,
  original: 192,
  reply: 232,
  bytes: 272,
} as const;

/** conntrack's tuple in a record: source, its port, the layer-3 protocol, destination, its port, protocol, direction. */
const TUPLE = { source: 0, sourcePort: 16, destination: 20, destinationPort: 36 } as const;
const TWO_32 = 0x1_0000_0000;

/** Reads the records that src/trace/bpf/hooks.bpf.c writes. */
export class RecordReader {
  constructor(
    private readonly view: DataView,
    private readonly bytes: Uint8Array,
    /** The monotonic clock when tracing began, in ns: times are counted from there, which keeps them exact as numbers. */
    private readonly start: bigint,
  ) {}

  read(at: number): HookEvent {
    const { view } = this;
    const word = (place: number) => view.getUint32(at + place, true);
    const half = (place: number) => view.getUint16(at + place, true);
    const captured = half(AT.captured);
    const event: HookEvent = {
      at: Number(view.getBigUint64(at + AT.at, true) - this.start),
      hook: HOOKS[half(AT.hook)] as HookName,
      skb: this.address(at + AT.skb),
      head: this.address(at + AT.head),
      place: view.getBigUint64(at + AT.place, true),
      netns: word(AT.netns),
      device: word(AT.device),
      name: this.text(at + AT.name),
      length: word(AT.length),
      mark: word(AT.mark),
      flags: half(AT.flags),
      detail: view.getInt32(at + AT.detail, true),
      pid: word(AT.pid),
      task: this.text(at + AT.task),
      cpu: word(AT.cpu),
      tag: half(AT.tagProtocol) === 0 ? undefined : half(AT.tag),
      other: word(AT.other),
      segments: half(AT.segments),
      bytes: this.bytes.slice(at + AT.bytes, at + AT.bytes + captured),
      socket: undefined,
      connection: undefined,
      route: undefined,
    };
    if (half(AT.family) !== 0 && event.hook !== 'route') event.socket = this.socket(at);
    if (view.getUint8(at + AT.hasConnection) !== 0) event.connection = this.connection(at);
    if (event.hook === 'route') event.route = this.route(at, event);
    return event;
  }
  /** Of the kernel: the upper 16 bits are all ones, so the others tell them apart. */
  private address(at: number): number {
    return (this.view.getUint32(at + 4, true) & 0xffff) * TWO_32 + this.view.getUint32(at, true);
  }
  private text(at: number): string {
    let text = '';
    for (let i = at; i < at + 16 && this.bytes[i] !== 0; i++) text += String.fromCharCode(this.bytes[i]!);
    return text;
  }
  private socket(at: number): SocketOfEvent {
    const { view } = this;
    const family = view.getUint16(at + AT.family, true);
    return {
      inode: Number(view.getBigUint64(at + AT.inode, true)),
      netns: view.getUint32(at + AT.socketNetns, true),
      transport: view.getUint16(at + AT.transport, true),
      state: view.getUint8(at + AT.state),
      local: this.addressOf(family, at + AT.local),
      localPort: view.getUint16(at + AT.localPort, true),
      remote: this.addressOf(family, at + AT.remote),
      remotePort: view.getUint16(at + AT.remotePort, true),
    };
  }
  private addressOf(family: number, at: number): string {
    if (family === FAMILY.ipv4) return ipv4(this.bytes, at);
    return family === FAMILY.ipv6 ? ipv6(this.bytes, at) : '';
  }
  private connection(at: number): ConnectionOfEvent {
    const { view } = this;
    const family = view.getInt32(at + AT.detail, true) >> 8;
    const tuple = (from: number): Tuple => ({
      source: this.addressOf(family, from + TUPLE.source),
      sourcePort: view.getUint16(from + TUPLE.sourcePort),
      destination: this.addressOf(family, from + TUPLE.destination),
      destinationPort: view.getUint16(from + TUPLE.destinationPort),
    });
    const state = view.getUint8(at + AT.connectionState);
    return {
      id: this.address(at + AT.connection),
      reply: state >= FIRST_REPLY_STATE && state < STATES_END,
      original: tuple(at + AT.original),
      answer: tuple(at + AT.reply),
    };
  }
  private route(at: number, event: HookEvent): RouteOfEvent {
    const gateway = ipv4(this.bytes, at + AT.bytes);
    return {
      source: ipv4(this.bytes, at + AT.local),
      destination: ipv4(this.bytes, at + AT.remote),
      table: event.other,
      gateway: gateway === '0.0.0.0' ? undefined : gateway,
      error: event.detail,
    };
  }
}
/** AF_ numbers. */
const FAMILY = { ipv4: 2, ipv6: 10 } as const;
/** enum ip_conntrack_info: replies come after the originals. */
const FIRST_REPLY_STATE = 3;
const STATES_END = 7;
