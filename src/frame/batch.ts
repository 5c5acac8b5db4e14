/** Bits of {@link FrameBatch.flags}. */
export const FLAG = {
  /** The sender's device was to fill in the checksum: what is in the packet is no checksum yet (TP_STATUS_CSUMNOTREADY, epb_flags bit 9). */
  checksumNotReady: 1,
  /** Somebody checked the checksum before us and found it right (epb_flags bit 10). */
  checksumValid: 2,
  /** The sender's device was to split it: on the wire there are several packets (TP_STATUS_GSO_TCP, epb_flags bit 11). */
  toBeSplit: 0x20,
} as const;
/** Why the device took a packet: three further bits of {@link FrameBatch.flags}, in the same places as in epb_flags; 0: not known. */
export const RECEPTION = { mask: 0x1c, unicast: 0x04, multicast: 0x08, broadcast: 0x0c, promiscuous: 0x10 } as const;

/** Where a packet was going, as seen from the device. */
export const DIRECTION = { unknown: 0, inbound: 1, outbound: 2 } as const;

/**
 * Packets side by side in one buffer, described by columns; row i is packet i.
 * A batch is leased: its bytes are valid until {@link release}, and whoever keeps some copies them.
 */
export interface FrameBatch {
  readonly bytes: Uint8Array;
  readonly count: number;
  /** Where the packet's bytes start in `bytes`. */
  readonly offset: Uint32Array;
  /** How many of its bytes are there. */
  readonly captured: Uint32Array;
  /** How many it had on the wire. */
  readonly wire: Uint32Array;
  /** Seconds since 1970. */
  readonly seconds: Float64Array;
  /** Nanoseconds within the second. */
  readonly nanos: Uint32Array;
  /** Index into the source's ports. */
  readonly port: Uint16Array;
  /** See {@link DIRECTION}. */
  readonly direction: Uint8Array;
  /** See {@link FLAG} and {@link RECEPTION}. */
  readonly flags: Uint8Array;
  /** How the packets lie in `bytes`, when they lie there as a file would hold them: lets a copy go out in slices. */
  readonly envelope: Envelope | undefined;
  /** Which byte of the file `bytes[0]` is, if the packets lie in a file as they lie here. */
  readonly base?: number | undefined;
  /** What the file says of packet `i` beside its bytes, read when somebody asks; undefined when it says nothing. */
  options?(i: number): PacketOptions | undefined;
  release(): void;
}
/** Options of a pcapng packet block (draft-ietf-opsawg-pcapng, section 4.3). Text from a file is hostile. */
export interface PacketOptions {
  /** opt_comment, as often as it stands there. */
  readonly comments: readonly string[];
  /** epb_packetid. */
  readonly packetId?: bigint;
  /** epb_verdict, each: what kind of verdict it is (its first octet) and the octets that follow. */
  readonly verdicts: readonly { readonly kind: number; readonly bytes: Uint8Array }[];
  /** epb_dropcount: packets lost between the one before and this one. */
  readonly dropCount?: bigint;
  /** epb_queue: of the interface. */
  readonly queue?: number;
  /** epb_hash, each: by which algorithm (its first octet), and the octets that follow. */
  readonly hashes?: readonly { readonly kind: number; readonly bytes: Uint8Array }[];
  /** epb_flags, whole. */
  readonly flags?: number;
}

/** The record format around each packet of a batch: a writer of the same format may copy records whole. */
export type Envelope = PcapEnvelope | PcapngEnvelope;
/** Records of one port that follow each other without a gap, each a header and then its packet. */
export interface PcapEnvelope {
  readonly format: 'pcap';
  /** Bytes of record header in front of each packet. */
  readonly head: 16 | 24;
  readonly littleEndian: boolean;
  readonly nanos: boolean;
}
/** Each packet lies in a block of one pcapng section. */
export interface PcapngEnvelope {
  readonly format: 'pcapng';
  readonly littleEndian: boolean;
  /** The port that the section calls interface 0. */
  readonly firstPort: number;
  /** Where the packet's block starts; its length is the second word there. */
  readonly start: Uint32Array;
  /** The blocks follow each other without a gap. */
  readonly touching?: boolean;
  /** The section header block, as a copy has it; of what was never a file there is none. */
  readonly header?: Uint8Array;
  /** Blocks between the packets that a copy keeps. */
  readonly asides: readonly Aside[];
}
/** A block without a packet: an interface, names, secrets, statistics. */
export interface Aside {
  /** The port that it describes, if it does. */
  readonly port?: number;
  /** The packet that it stands before. */
  readonly row: number;
  readonly bytes: Uint8Array;
}

/** Columns for so many packets, all zero. */
export function columns(
  capacity: number,
): Pick<FrameBatch, 'offset' | 'captured' | 'wire' | 'seconds' | 'nanos' | 'port' | 'direction' | 'flags'> {
  return {
    offset: new Uint32Array(capacity),
    captured: new Uint32Array(capacity),
    wire: new Uint32Array(capacity),
    seconds: new Float64Array(capacity),
    nanos: new Uint32Array(capacity),
    port: new Uint16Array(capacity),
    direction: new Uint8Array(capacity),
    flags: new Uint8Array(capacity),
  };
}
