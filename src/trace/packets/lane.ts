import { ToolError } from '../../error.ts';
import { Conntrack } from '../../linux/conntrack.ts';
import { linkTypeOf } from '../../linux/link-type.ts';
import { KIND, PacketRing, PLACE, STATUS } from '../../linux/packet-ring.ts';
import type { Translations } from './translations.ts';

/** Bytes of a block; and the most that all rings have together. */
const BLOCK = 1 << 17;
const ALL = 1 << 26;
const [LEAST_BLOCKS, MOST_BLOCKS] = [4, 32];
/** How long the kernel keeps a block that is not full, in milliseconds. */
export const BLOCK_MS = 8;
const ETHERNET = 14;
const ETHERNET_LINK = 1;
/** Instruction of classic BPF: the packet is wanted, so many bytes of it. */
const RETURN = 0x06;

/** A packet as a ring has it. */
export interface RawSighting {
  readonly seconds: number;
  readonly nanos: number;
  readonly outgoing: boolean;
  readonly device: number;
  /** From the Ethernet header on. */
  readonly bytes: Uint8Array;
  readonly hasLinkHeader: boolean;
  readonly tag: { readonly control: number; readonly protocol: number } | undefined;
  readonly length: number;
  /** Is its checksum to be as it should be? Not where a device is to fill it in, or has checked it. */
  readonly checksumFilled: boolean;
}
/** What is seen in one network namespace: the packets of all its devices, and the connections that it translates. */
export class Lane {
  private constructor(
    readonly netns: number,
    private readonly ring: PacketRing,
    private readonly conntrack: Conntrack | undefined,
  ) {}
  /** In the thread's network namespace, one of so many. */
  static open(netns: number, window: number, lanes: number, translations: Translations): Lane {
    const blocks = Math.max(LEAST_BLOCKS, Math.min(MOST_BLOCKS, Math.floor(ALL / BLOCK / lanes)));
    const conntrack = connections(translations);
    const ring = PacketRing.open({
      device: 0,
      blockSize: BLOCK,
      blocks,
      timeout: BLOCK_MS,
      filter: [{ code: RETURN, jt: 0, jf: 0, k: window }],
      promiscuous: false,
    });
    return new Lane(netns, ring, conntrack);
  }
  /** Does it know what NAT does here? */
  get knowsConnections(): boolean {
    return this.conntrack !== undefined;
  }
  /** Hands over what came since. Connections first: what is translated shows behind its translation. */
  take(translations: Translations, each: (raw: RawSighting) => void): void {
    this.conntrack?.take((tracked) => translations.meet(tracked));
    const { ring } = this;
    for (let blocks = ring.blocks; blocks > 0 && ring.ready; blocks--) {
      const { count } = ring;
      for (let i = 0, at = ring.first; i < count; i++) {
        each(rawAt(ring, at));
        at += ring.view.getUint32(at + PLACE.next * 4, true);
      }
      ring.release();
    }
  }
  /** How many packets the kernel had no room for, since it was opened. */
  lost(): number {
    this.ring.countUp();
    return this.ring.dropped;
  }
  close(): void {
    this.ring.close();
    this.conntrack?.close();
  }
}
/** Undefined where the kernel does not track any, or does not tell us. */
function connections(translations: Translations): Conntrack | undefined {
  try {
    const conntrack = Conntrack.open();
    conntrack.list((tracked) => translations.meet(tracked));
    return conntrack;
  } catch (error) {
    if (error instanceof ToolError) return undefined;
    throw error;
  }
}
function rawAt({ view, bytes: memory }: PacketRing, at: number): RawSighting {
  const word = (place: number) => view.getUint32(at + place * 4, true);
  const from = at + (word(PLACE.headers) & 0xffff);
  const [captured, kinds, status] = [word(PLACE.captured), word(PLACE.kinds), word(PLACE.status)];
  const hasLinkHeader = linkTypeOf(kinds & 0xffff).number === ETHERNET_LINK;
  const made = hasLinkHeader ? 0 : ETHERNET;
  const bytes = new Uint8Array(made + captured);
  bytes.set(memory.subarray(from, from + captured), made);
  if (!hasLinkHeader) new DataView(bytes.buffer).setUint16(12, view.getUint16(at + PLACE.protocol * 4 + 2));
  const isTagged = (status & STATUS.tagValid) !== 0;
  const protocol = (status & STATUS.tagProtocolValid) === 0 ? VLAN : word(PLACE.tagProtocol) & 0xffff;
  return {
    seconds: word(PLACE.seconds),
    nanos: word(PLACE.nanos),
    outgoing: ((kinds >>> 16) & 7) === KIND.outgoing,
    device: word(PLACE.device),
    bytes,
    hasLinkHeader,
    tag: isTagged ? { control: word(PLACE.tag) & 0xffff, protocol } : undefined,
    length: word(PLACE.wire) + made,
    checksumFilled: (status & (STATUS.checksumNotReady | STATUS.checksumValid)) === 0,
  };
}
const VLAN = 0x8100;
