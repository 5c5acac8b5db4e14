import { BackwardBits, demand } from './bits.ts';
import { type Codes, LITERAL_LENGTHS, MATCH_LENGTHS, OFFSETS } from './codes.ts';
import { type FseTable, readFse, repeating } from './fse.ts';
import { Literals } from './literals.ts';

const MODE = { usual: 0, repeated: 1, described: 2, before: 3 } as const;
/** From here on bytes are copied at once; shorter pieces one by one. */
const LONG = 40;
const FARTHEST = 28;
/** What is read at once. */
const WIDEST = 24;
/** Bytes before and behind a block that may be looked at. */
const SLACK = 8;

/** Undoes the compressed blocks of one frame (RFC 8878, section 3.1.1.3), each bounded by what a block may hold. */
export class BlockDecoder {
  private readonly literals: Literals;
  private readonly lengths = new Choice(LITERAL_LENGTHS);
  private readonly offsets = new Choice(OFFSETS);
  private readonly matches = new Choice(MATCH_LENGTHS);
  private readonly recent = Int32Array.of(1, 4, 8);
  private readonly block: Uint8Array;
  private readonly view: DataView;

  constructor(private readonly most: number) {
    this.literals = new Literals(most);
    this.block = new Uint8Array(SLACK + most + SLACK);
    this.view = new DataView(this.block.buffer);
  }
  /** Decodes into `out` from `at` on, where all that stands before may be reached back to; says where that ends. */
  decode(bytes: Uint8Array, out: Uint8Array, at: number): number {
    const { view } = this;
    this.block.set(bytes, SLACK);
    const end = SLACK + bytes.length;
    let next = this.literals.read(view, SLACK, end);
    demand(next < end);
    let count = view.getUint8(next++);
    if (count >= 128) {
      const second = view.getUint8(next++);
      count = count === 255 ? 0x7f00 + second + (view.getUint8(next++) << 8) : ((count - 128) << 8) + second;
    }
    if (count === 0) {
      demand(next === end);
      return this.rest(0, out, at, at + this.most);
    }
    demand(next < end);
    const modes = view.getUint8(next++);
    demand((modes & 3) === 0);
    next = this.lengths.choose(modes >>> 6, view, next, end);
    next = this.offsets.choose((modes >>> 4) & 3, view, next, end);
    next = this.matches.choose((modes >>> 2) & 3, view, next, end);
    return this.sequences(new BackwardBits(view, next, end), count, out, at);
  }
  /** Literals and matches in turn. Long, for it is the hot loop. */
  private sequences(stream: BackwardBits, count: number, out: Uint8Array, start: number): number {
    const lengths = this.lengths.table;
    const offsets = this.offsets.table;
    const matches = this.matches.table;
    const { bytes: literals, length: known } = this.literals;
    const limit = start + this.most;
    let length = stream.take(lengths.log);
    let offset = stream.take(offsets.log);
    let match = stream.take(matches.log);
    let to = start;
    let used = 0;
    for (let left = count; left > 0; left--) {
      const far = offsets.symbols[offset]!;
      const long = matches.symbols[match]!;
      const own = lengths.symbols[length]!;
      demand(far <= FARTHEST);
      const wide = far > WIDEST ? stream.take(far - WIDEST) << WIDEST : 0;
      const value = (1 << far) + wide + stream.take(Math.min(far, WIDEST));
      const copied = MATCH_LENGTHS.least[long]! + stream.take(MATCH_LENGTHS.more[long]!);
      const plain = LITERAL_LENGTHS.least[own]! + stream.take(LITERAL_LENGTHS.more[own]!);
      if (left > 1) {
        length = lengths.base[length]! + stream.take(lengths.bits[length]!);
        match = matches.base[match]! + stream.take(matches.bits[match]!);
        offset = offsets.base[offset]! + stream.take(offsets.bits[offset]!);
      }
      const back = this.distance(value, plain === 0);
      demand(stream.at >= stream.first && used + plain <= known && to + plain + copied <= limit);
      if (plain >= LONG) out.set(literals.subarray(used, used + plain), to);
      else for (let i = 0; i < plain; i++) out[to + i] = literals[used + i]!;
      used += plain;
      to += plain;
      demand(back > 0 && back <= to);
      if (copied >= LONG && back >= copied) out.copyWithin(to, to - back, to - back + copied);
      else for (let i = to; i < to + copied; i++) out[i] = out[i - back]!;
      to += copied;
    }
    demand(stream.at === stream.first);
    return this.rest(used, out, to, limit);
  }
  /** The literals that no match follows. */
  private rest(used: number, out: Uint8Array, to: number, limit: number): number {
    const { bytes, length } = this.literals;
    demand(to + length - used <= limit);
    out.set(bytes.subarray(used, length), to);
    return to + length - used;
  }
  /** Values up to three stand for distances that were used lately (section 3.1.1.5). */
  private distance(value: number, bare: boolean): number {
    const { recent } = this;
    const first = recent[0]!;
    const second = recent[1]!;
    if (value > 3) {
      recent[2] = second;
      recent[1] = first;
      return (recent[0] = value - 3);
    }
    const which = value + (bare ? 1 : 0);
    if (which === 1) return first;
    recent[1] = first;
    if (which === 2) return (recent[0] = second);
    const third = recent[2]!;
    recent[2] = second;
    return (recent[0] = which === 3 ? third : first - 1);
  }
}

/** Which table serves one kind of codes, from block to block. */
class Choice {
  table: FseTable;
  private told = false;
  constructor(private readonly codes: Codes) {
    this.table = codes.usual;
  }
  choose(mode: number, view: DataView, at: number, end: number): number {
    const { codes } = this;
    demand(mode !== MODE.before || this.told);
    this.told = true;
    if (mode === MODE.usual) this.table = codes.usual;
    if (mode === MODE.repeated) {
      demand(at < end && view.getUint8(at) <= codes.most);
      this.table = repeating(view.getUint8(at));
      return at + 1;
    }
    if (mode !== MODE.described) return at;
    const read = readFse(view, at, end, codes.log, codes.most);
    this.table = read.table;
    return read.end;
  }
}
