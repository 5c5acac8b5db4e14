import { DIRECTION, type FrameBatch } from '../../src/frame/batch.ts';
import { NearNumbers } from './near-numbers.ts';

const ROWS = 1 << 14;
/** Of a byte: what the flags of a batch take (`FLAG` and `RECEPTION`), and above them the direction. */
const FLAGS = 0x3f;
const DIRECTION_SHIFT = 6;
/** In place of a direction: a simple packet block of pcapng, which knows none. */
const SIMPLE = 3;
/** The header of such a block, as opposed to the others'. */
const SIMPLE_HEADER = 12;

/** So many packets of the file: 23 bytes each, where they are not far apart. */
class Chunk {
  /** Which byte of the file the packet starts at. */
  readonly position = new NearNumbers(ROWS);
  readonly seconds = new NearNumbers(ROWS);
  readonly nanos = new Uint32Array(ROWS);
  readonly captured = new Uint32Array(ROWS);
  readonly wire = new Uint32Array(ROWS);
  readonly port = new Uint16Array(ROWS);
  readonly told = new Uint8Array(ROWS);
}

/** Where in its file each packet is, and what lists show of it. */
export class FileIndex {
  count = 0;
  private readonly chunks: Chunk[] = [];

  /** Takes a batch that has a `base`. */
  append(batch: FrameBatch): void {
    const { count } = batch;
    for (let from = 0; from < count; ) {
      const at = this.count % ROWS;
      if (at === 0) this.chunks.push(new Chunk());
      const to = Math.min(count, from + ROWS - at);
      fill(this.chunks.at(-1)!, at, batch, from, to);
      this.count += to - from;
      from = to;
    }
  }
  private of(i: number): Chunk {
    return this.chunks[Math.floor(i / ROWS)]!;
  }
  position(i: number): number {
    return this.of(i).position.get(i % ROWS);
  }
  seconds(i: number): number {
    return this.of(i).seconds.get(i % ROWS);
  }
  nanos(i: number): number {
    return this.of(i).nanos[i % ROWS]!;
  }
  captured(i: number): number {
    return this.of(i).captured[i % ROWS]!;
  }
  wire(i: number): number {
    return this.of(i).wire[i % ROWS]!;
  }
  port(i: number): number {
    return this.of(i).port[i % ROWS]!;
  }
  flags(i: number): number {
    return this.of(i).told[i % ROWS]! & FLAGS;
  }
  direction(i: number): number {
    const direction = this.of(i).told[i % ROWS]! >> DIRECTION_SHIFT;
    return direction === SIMPLE ? DIRECTION.unknown : direction;
  }
  /** Is there nothing but the packet in its block of pcapng? */
  isSimple(i: number): boolean {
    return this.of(i).told[i % ROWS]! >> DIRECTION_SHIFT === SIMPLE;
  }
}
function fill(chunk: Chunk, at: number, batch: FrameBatch, from: number, to: number): void {
  const { offset, captured, wire, seconds, nanos, port, direction, flags, envelope } = batch;
  const base = batch.base!;
  const start = envelope?.format === 'pcapng' ? envelope.start : undefined;
  for (let i = from, n = at; i < to; i++, n++) {
    const simple = start !== undefined && offset[i]! - start[i]! === SIMPLE_HEADER;
    chunk.position.set(n, base + offset[i]!);
    chunk.seconds.set(n, seconds[i]!);
    chunk.nanos[n] = nanos[i]!;
    chunk.captured[n] = captured[i]!;
    chunk.wire[n] = wire[i]!;
    chunk.port[n] = port[i]!;
    chunk.told[n] = ((simple ? SIMPLE : direction[i]!) << DIRECTION_SHIFT) | (flags[i]! & FLAGS);
  }
}
