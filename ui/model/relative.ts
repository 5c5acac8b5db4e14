import type { Frame } from '../../src/dissect/frame.ts';
import { NONE } from '../../src/dissect/protocol.ts';
import type { SequenceTable } from '../../src/flow/sequence.ts';

/** Packets that share a table. Its places and one more fit into 16 bits, and so does twice as many for its hash. */
const ROWS = 1 << 14;
const SLOTS = 2 * ROWS;
const BASES = 3;
const FIRST_BASES = 64;

/** The numbers of so many packets: few connections, so that most have the same. */
class Chunk {
  /** Of each packet, which of {@link bases}, from 1; 0: none, or all are zero. */
  readonly which = new Uint16Array(ROWS);
  bases = new Uint32Array(FIRST_BASES * BASES);
  count = 0;
}

/** What makes the TCP numbers of a packet relative: kept as they were when it came, for lines of packets taken at random. */
export class RelativeNumbers {
  private chunks: Chunk[] = [];
  /** Chunks that went. */
  private gone = 0;
  /** Where the bases of the last chunk are found, as {@link Chunk.which} has them. */
  private readonly slots = new Uint16Array(SLOTS);

  constructor(private readonly sequences: SequenceTable) {}

  /** Keeps what the table knows of packet i, the one after the packet before. */
  see(i: number, frame: Frame): void {
    const number = Math.floor(i / ROWS) - this.gone;
    while (this.chunks.length <= number) {
      this.chunks.push(new Chunk());
      this.slots.fill(0);
    }
    const d = this.sequences.see(frame);
    if (d === NONE) return;
    const [seq, ack, sack] = [frame.seqBase[d]!, frame.ackBase[d]!, frame.sackBase[d]!];
    if ((seq | ack | sack) !== 0)
      this.chunks[number]!.which[i % ROWS] = this.find(this.chunks[number]!, seq, ack, sack);
  }
  private find(chunk: Chunk, seq: number, ack: number, sack: number): number {
    let hash = Math.imul(seq, 0x9e3779b1) ^ Math.imul(ack, 0x85ebca6b) ^ Math.imul(sack, 0xc2b2ae35);
    hash ^= hash >>> 15;
    const { slots } = this;
    for (let slot = hash & (SLOTS - 1); ; slot = (slot + 1) & (SLOTS - 1)) {
      const known = slots[slot]!;
      if (known === 0) return (slots[slot] = add(chunk, seq, ack, sack));
      const at = (known - 1) * BASES;
      const { bases } = chunk;
      if (bases[at] === seq && bases[at + 1] === ack && bases[at + 2] === sack) return known;
    }
  }
  /** Sets the numbers of the frame, under which packet i lies: those of its innermost TCP layer. */
  put(i: number, frame: Frame): void {
    const d = this.sequences.innermost(frame);
    if (d === NONE) return;
    const chunk = this.chunks[Math.floor(i / ROWS) - this.gone];
    const at = ((chunk?.which[i % ROWS] ?? 0) - 1) * BASES;
    frame.seqBase[d] = at < 0 ? 0 : chunk!.bases[at]!;
    frame.ackBase[d] = at < 0 ? 0 : chunk!.bases[at + 1]!;
    frame.sackBase[d] = at < 0 ? 0 : chunk!.bases[at + 2]!;
  }
  /** The packets before `first` are gone. */
  forget(first: number): void {
    const old = Math.floor(first / ROWS) - this.gone;
    if (old <= 0) return;
    this.chunks = this.chunks.slice(old);
    this.gone += old;
  }
}
function add(chunk: Chunk, ...three: [number, number, number]): number {
  const at = chunk.count * BASES;
  if (at === chunk.bases.length) {
    const wider = new Uint32Array(at * 2);
    wider.set(chunk.bases);
    chunk.bases = wider;
  }
  chunk.bases.set(three, at);
  return ++chunk.count;
}
