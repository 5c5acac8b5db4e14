import { demand } from './bits.ts';
import { HuffmanTable } from './huffman.ts';

const KIND = { raw: 0, repeated: 1, compressed: 2 } as const;
/** By the format of sizes: the bits of each, and the bytes of the header. */
const SIZES = [
  { bits: 10, header: 3 },
  { bits: 10, header: 3 },
  { bits: 14, header: 4 },
  { bits: 18, header: 5 },
] as const;
const JUMPS = 6;

/** The literals of a block (RFC 8878, section 3.1.1.3.1). */
export class Literals {
  readonly bytes: Uint8Array;
  length = 0;
  /** Of the frame's last block that had one. */
  private table: HuffmanTable | undefined;

  constructor(private readonly most: number) {
    this.bytes = new Uint8Array(most);
  }
  /** Reads the section that begins at `at`, and says where it ends. */
  read(view: DataView, at: number, end: number): number {
    demand(at < end);
    const head = view.getUint8(at);
    const format = (head >>> 2) & 3;
    if ((head & 3) >= KIND.compressed) return this.compressed(view, at, end, format, (head & 3) === KIND.compressed);
    const header = format === 1 ? 2 : format === 3 ? 3 : 1;
    const word = view.getUint32(at, true) & (2 ** (8 * header) - 1);
    this.length = word >>> (header === 1 ? 3 : 4);
    const from = at + header;
    const to = from + ((head & 3) === KIND.raw ? this.length : 1);
    demand(this.length <= this.most && to <= end);
    if ((head & 3) === KIND.repeated) this.bytes.fill(view.getUint8(from), 0, this.length);
    else this.bytes.set(new Uint8Array(view.buffer, from, this.length));
    return to;
  }
  private compressed(view: DataView, at: number, end: number, format: number, described: boolean): number {
    const { bits, header } = SIZES[format]!;
    const word = view.getBigUint64(at, true);
    const mask = (1n << BigInt(bits)) - 1n;
    this.length = Number((word >> 4n) & mask);
    const to = at + header + Number((word >> BigInt(4 + bits)) & mask);
    demand(this.length <= this.most && to <= end);
    let from = at + header;
    if (described) ({ table: this.table, end: from } = HuffmanTable.read(view, from, to));
    demand(this.table !== undefined);
    if (format === 0) this.table!.decode(view, from, to, this.bytes, 0, this.length);
    else this.four(view, from, to);
    return to;
  }
  /** In four streams, of which three have told lengths. */
  private four(view: DataView, from: number, to: number): void {
    demand(from + JUMPS <= to);
    const part = (this.length + 3) >> 2;
    demand(3 * part <= this.length);
    let at = from + JUMPS;
    for (let i = 0; i < 4; i++) {
      const end = i < 3 ? at + view.getUint16(from + 2 * i, true) : to;
      demand(end <= to);
      this.table!.decode(view, at, end, this.bytes, i * part, i < 3 ? (i + 1) * part : this.length);
      at = end;
    }
  }
}
