import type { Read } from '../bytes/kind.ts';
import { type Frame, MARK } from '../dissect/frame.ts';
import type { Registry } from '../dissect/registry.ts';
import { Datagram } from './datagram.ts';

/** Bytes of fragments that are kept at most; the oldest datagrams make room. */
const MOST_BYTES = 32 << 20;
const MOST_DATAGRAMS = 1 << 16;
/** What did not come within this time of the first fragment does not come any more (RFC 8200 section 4.5). */
const PATIENCE_SECONDS = 60;
/** Packets in packets, each in fragments: so many are put together in one frame. */
const MOST_NESTED = 8;

/** One fragment of the packet under the lens. */
interface Piece {
  /** The layer that says so. */
  d: number;
  /** Where the payload lies in the frame's bytes. */
  from: number;
  to: number;
  /** Where it belongs in the datagram. */
  offset: number;
  /** Others follow. */
  more: boolean;
  /** Who reads the datagram, by its number in `ip.proto`. */
  next: number;
}
export interface FragmentBounds {
  readonly bytes: number;
  readonly datagrams: number;
}

/**
 * Puts fragments of IPv4 (RFC 791) and IPv6 (RFC 8200 section 4.5) together. The packet that completes a datagram is
 * walked again with the whole of it; the others end with their fragment, of which nobody knows more.
 */
export class Fragments {
  /** Datagrams that were given up for want of memory. */
  crowdedOut = 0;
  /** Datagrams of which not all came in time. */
  expired = 0;
  private bytes = 0;
  /** In the order of their first fragment. */
  private readonly waiting = new Map<string, Datagram>();
  private readonly piece: Piece = { d: 0, from: 0, to: 0, offset: 0, more: false, next: 0 };
  private readonly v4: number;
  private readonly v6: number;
  private readonly header: number;
  private readonly readers: Int16Array | undefined;
  private readonly read: Readonly<
    Record<'length' | 'headerLength' | 'place' | 'proto' | 'more6' | 'place6' | 'next6', Read>
  >;

  constructor(
    private readonly registry: Registry,
    private readonly bounds: FragmentBounds = { bytes: MOST_BYTES, datagrams: MOST_DATAGRAMS },
  ) {
    const read = (name: string): Read => registry.field(name)?.read ?? (() => 0);
    this.v4 = registry.id('ip');
    this.v6 = registry.id('ipv6');
    this.header = registry.id('ipv6.fraghdr');
    const table = registry.tables.get('ip.proto');
    this.readers = table === undefined ? undefined : registry.idsIn(table);
    this.read = {
      length: read('ip.len'),
      headerLength: read('ip.hdr_len'),
      place: read('ip.fragment'),
      proto: read('ip.proto'),
      more6: read('ipv6.fraghdr.more'),
      place6: read('ipv6.fraghdr.place'),
      next6: read('ipv6.fraghdr.nxt'),
    };
  }
  /** Changes the frame if it has a fragment; true then. */
  join(frame: Frame): boolean {
    let changed = false;
    for (let d = 0, nested = 0; d < frame.depth && nested < MOST_NESTED; d++) {
      if (!this.find(frame, d)) continue;
      changed = true;
      nested++;
      const whole = this.add(frame);
      if (whole === undefined) frame.endWith(d, this.piece.from, this.piece.to);
      else frame.goOn(d, whole, this.readers![this.piece.next]!);
    }
    return changed;
  }
  /** Is layer `d` a fragment, captured whole? Then {@link piece} tells about it. */
  private find(frame: Frame, d: number): boolean {
    const id = frame.layer[d]!;
    if (id !== this.v4 && id !== this.header) return false;
    if ((frame.marks[d]! & (MARK.cut | MARK.malformed)) !== 0 || this.readers === undefined) return false;
    this.piece.d = d;
    return id === this.v4 ? this.findV4(frame, d) : this.findV6(frame, d);
  }
  private findV4(frame: Frame, d: number): boolean {
    const { read, piece } = this;
    const { bytes } = frame;
    const at = frame.from[d]!;
    const place = read.place(bytes, at) & 0x3fff;
    if (place === 0) return false;
    piece.from = at + read.headerLength(bytes, at);
    piece.to = at + read.length(bytes, at);
    piece.offset = (place & 0x1fff) * 8;
    piece.more = (place & 0x2000) !== 0;
    piece.next = read.proto(bytes, at);
    return piece.to > piece.from && piece.to <= frame.limit(d);
  }
  private findV6(frame: Frame, d: number): boolean {
    const { read, piece } = this;
    const { bytes } = frame;
    const at = frame.from[d]!;
    piece.from = at + this.registry.sizes[this.header]!;
    piece.to = frame.to[d]!;
    piece.offset = read.place6(bytes, at) & 0xfff8;
    piece.more = read.more6(bytes, at) === 1;
    piece.next = read.next6(bytes, at);
    // A fragment alone is a whole packet (RFC 6946).
    return (
      (piece.offset > 0 || piece.more) &&
      piece.to > piece.from &&
      piece.to <= frame.limit(d) &&
      frame.claim[d] === piece.to
    );
  }
  /** The whole datagram, when this fragment completes it. */
  private add(frame: Frame): Uint8Array | undefined {
    const { waiting, piece } = this;
    this.expire(frame.seconds);
    const key = this.keyOf(frame);
    let datagram = waiting.get(key);
    if (datagram === undefined) {
      datagram = new Datagram(frame.seconds);
      waiting.set(key, datagram);
    }
    const before = datagram.size;
    datagram.add(frame.bytes, piece.from, piece.to, piece.offset, piece.more);
    this.bytes += datagram.size - before;
    const whole = datagram.whole();
    if (whole !== undefined || datagram.impossible) this.forget(key, datagram);
    if (this.bytes > this.bounds.bytes || waiting.size > this.bounds.datagrams) this.makeRoom();
    return whole;
  }
  /** Addresses, identification and, in IPv4, the protocol: they tell datagrams apart. */
  private keyOf(frame: Frame): string {
    const { d } = this.piece;
    const { bytes, from, layer } = frame;
    const text = (at: number, length: number) => Buffer.from(bytes.subarray(at, at + length)).toString('latin1');
    const at = from[d]!;
    if (layer[d] === this.v4) return text(at + 12, 8) + text(at + 4, 2) + text(at + 9, 1);
    let below = d - 1;
    while (below >= 0 && layer[below] !== this.v6) below--;
    return text(at + 4, 4) + (below < 0 ? '' : text(from[below]! + 8, 32));
  }
  private forget(key: string, datagram: Datagram): void {
    this.waiting.delete(key);
    this.bytes -= datagram.size;
  }
  private expire(now: number): void {
    for (const [key, datagram] of this.waiting) {
      if (Math.abs(now - datagram.since) <= PATIENCE_SECONDS) return;
      this.forget(key, datagram);
      this.expired++;
    }
  }
  private makeRoom(): void {
    for (const [key, datagram] of this.waiting) {
      if (this.bytes <= this.bounds.bytes && this.waiting.size <= this.bounds.datagrams) return;
      this.forget(key, datagram);
      this.crowdedOut++;
    }
  }
}
