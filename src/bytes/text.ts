import { PADDED_DIGITS } from './digits.ts';
import { read32 } from './kind.ts';
import { putDec, putHex2, putHexBytes, putIpv4Dot, putIpv6, putLiteral, putMac } from './put.ts';

/** Bytes kept free behind the write position, so that eight-byte stores need no check of their own. */
const SLACK = 64;

const encoder = new TextEncoder();
/** Of ten and of sixteen, as far as a double counts. */
const POWERS = Float64Array.from({ length: 16 }, (_, i) => 10 ** i);
const HEX_POWERS = Float64Array.from({ length: 15 }, (_, i) => 16 ** i);
/** Text known in advance, kept as eight-byte words, four by four: a literal goes out in a few stores. */
export class Literal {
  /** In bytes. */
  readonly length: number;
  readonly words: Float64Array;
  constructor(readonly text: string) {
    // Some hundred are made at every start.
    const plain = /^[ -~\n\t]*$/.test(text);
    const encoded = plain ? undefined : encoder.encode(text);
    // Without this byte no word of UTF-8 is a NaN, whose bits a store might change.
    if (encoded?.includes(0x7f)) throw new Error(`a literal has no delete characters: ${JSON.stringify(text)}`);
    this.length = encoded?.length ?? text.length;
    const size = Math.ceil(this.length / 32) * 32;
    if (memory.length - taken < size) {
      memory = new Uint8Array(Math.max(size, LITERALS));
      taken = 0;
    }
    if (encoded === undefined) for (let i = 0; i < text.length; i++) memory[taken + i] = text.charCodeAt(i);
    else memory.set(encoded, taken);
    this.words = new Float64Array(memory.buffer, taken, size / 8);
    taken += size;
  }
}
/** Bytes: literals lie in memory one behind the other. */
const LITERALS = 1 << 13;
let memory = new Uint8Array(LITERALS);
let taken = 0;
export const literal = (text: string): Literal => new Literal(text);

/**
 * The one output buffer: text is written as bytes, and no string is made for a packet.
 * The buffer grows when a packet's text is long; whoever owns it empties it between packets.
 */
export class Text {
  private readonly first = new Uint8Array(1 << 18);
  private readonly firstView = new DataView(this.first.buffer);
  bytes = this.first;
  /** Where the next byte goes. */
  at = 0;
  /** The same memory as {@link bytes}. */
  view = this.firstView;
  private full = this.bytes.length - SLACK;

  /** Makes room for so many more bytes and returns where they go: for the writers of put.ts, which do not check. */
  open(count: number): number {
    if (this.at + count > this.full) this.grow(count);
    return this.at;
  }
  /** Make room for so many more bytes. */
  room(count: number): void {
    if (this.at + count > this.full) this.grow(count);
  }
  private grow(count: number): void {
    const bigger = new Uint8Array((this.at + count + SLACK) * 2);
    bigger.set(this.bytes.subarray(0, this.at));
    this.bytes = bigger;
    this.view = new DataView(bigger.buffer);
    this.full = bigger.length - SLACK;
  }
  /** Begins anew, in the buffer that it began with: one that grew for a long packet is left to who took its bytes. */
  rewind(): void {
    this.at = 0;
    if (this.view === this.firstView) return;
    this.bytes = this.first;
    this.view = this.firstView;
    this.full = this.bytes.length - SLACK;
  }
  put(text: Literal): void {
    const { length } = text;
    if (this.at + length > this.full) this.grow(length);
    this.at = putLiteral(this.view, this.at, text);
  }
  /** Text that is known to be harmless: our own words. What comes from the wire goes through {@link printable}. */
  str(text: string): void {
    const length = text.length;
    if (this.at + length > this.full) this.grow(length);
    const { bytes, at } = this;
    for (let i = 0; i < length; i++) bytes[at + i] = text.charCodeAt(i);
    this.at = at + length;
  }
  /** One character, by its code. */
  char(code: number): void {
    if (this.at >= this.full) this.grow(1);
    this.bytes[this.at++] = code;
  }
  /** A whole number from 0 to 2^53. */
  dec(value: number): void {
    if (this.at >= this.full) this.grow(24);
    if (value > 0xffff_ffff) {
      const high = Math.floor(value / 10_000);
      this.dec(high);
      this.digits4(value - high * 10_000);
    } else this.at = putDec(this.view, this.at, value);
  }
  /** A whole number that may be negative. */
  signed(value: number): void {
    if (value < 0) {
      this.char(0x2d);
      this.dec(-value);
    } else this.dec(value);
  }
  /** A number with leading zeros, at least `width` digits. */
  decPadded(value: number, width: number): void {
    for (let i = width - 1; i > 0 && value < POWERS[i]!; i--) this.char(0x30);
    this.dec(value);
  }
  /** A number right-aligned with spaces, at least `width` wide. */
  decAligned(value: number, width: number): void {
    for (let i = width - 1; i > 0 && value < POWERS[i]!; i--) this.char(0x20);
    this.dec(value);
  }
  /** Exactly four digits. */
  digits4(value: number): void {
    if (this.at >= this.full) this.grow(4);
    const high = (value / 10) >>> 0;
    this.view.setUint32(this.at, PADDED_DIGITS[high]!, true);
    this.view.setUint8(this.at + 3, 0x30 + value - 10 * high);
    this.at += 4;
  }
  /** Exactly two digits. */
  digits2(value: number): void {
    if (this.at >= this.full) this.grow(2);
    this.view.setUint16(this.at, PADDED_DIGITS[value]! >>> 8, true);
    this.at += 2;
  }
  /** Lower-case hexadecimal without leading zeros, as C's `%x`; an unsigned number of up to 53 bits. */
  hex(value: number): void {
    let width = 1;
    for (let rest = Math.floor(value / 16); rest > 0; rest = Math.floor(rest / 16)) width++;
    this.hexPadded(value, width);
  }
  /** Lower-case hexadecimal with leading zeros, at least `width` digits, as C's `%04x`. */
  hexPadded(value: number, width: number): void {
    if (width === 4 && value <= 0xffff) {
      const p = this.open(4);
      putHex2(this.view, p, value >>> 8);
      this.at = putHex2(this.view, p + 2, value & 0xff);
      return;
    }
    let digits = width;
    while (digits < HEX_POWERS.length && value >= HEX_POWERS[digits]!) digits++;
    this.room(digits);
    const { bytes, at } = this;
    let rest = value;
    for (let i = digits - 1; i >= 0; i--) {
      const digit = rest % 16;
      bytes[at + i] = digit + (digit < 10 ? 0x30 : 0x57);
      rest = (rest - digit) / 16;
    }
    this.at = at + digits;
  }
  /** Two hexadecimal digits. */
  hex2(value: number): void {
    if (this.at >= this.full) this.grow(2);
    this.at = putHex2(this.view, this.at, value);
  }
  /** `192.0.2.1`, from four bytes. */
  ipv4(bytes: Uint8Array, at: number): void {
    if (this.at >= this.full) this.grow(16);
    // Without the dot that stands behind it.
    this.at = putIpv4Dot(this.view, this.at, read32(bytes, at)) - 1;
  }
  /** `2001:db8::1`, from sixteen bytes. */
  ipv6(bytes: Uint8Array, at: number): void {
    if (this.at >= this.full) this.grow(48);
    this.at = putIpv6(this.view, this.at, bytes, at);
  }
  /** `00:11:22:33:44:55`, from any number of bytes. */
  mac(bytes: Uint8Array, at: number, length = 6): void {
    if (length === 6) {
      const p = this.open(24);
      this.at = putMac(this.view, p, bytes, at);
      return;
    }
    this.room(length * 3);
    for (let i = 0; i < length; i++) {
      if (i > 0) this.char(0x3a);
      this.hex2(bytes[at + i]!);
    }
  }
  /** Bytes as hexadecimal pairs, with nothing between. */
  hexBytes(bytes: Uint8Array, from: number, to: number): void {
    const p = this.open((to - from) * 2 + 4);
    this.at = putHexBytes(this.view, p, bytes, from, to);
  }
  /**
   * Bytes from the wire as text: what a terminal might obey is shown escaped,
   * as `^A` for a control character and `M-^A`, `M-a` for bytes over 127 (the notation of cat -v and of tcpdump).
   */
  printable(bytes: Uint8Array, from: number, to: number): void {
    for (let i = from; i < to; i++) this.printableChar(bytes[i]!);
  }
  printableChar(byte: number): void {
    let code = byte;
    if (code > 0x7f) {
      this.char(0x4d);
      this.char(0x2d);
      code &= 0x7f;
    }
    if (code < 0x20 || code === 0x7f) {
      this.char(0x5e);
      code ^= 0x40;
    }
    this.char(code);
  }
  /** What was written, as a string: for tests and the slow paths. */
  toString(): string {
    return Buffer.from(this.bytes.buffer, 0, this.at).toString('utf8');
  }
}
