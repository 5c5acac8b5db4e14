import { writeSync } from 'node:fs';
import type { WriteError } from '../format/output.ts';
import { LEAST_ROOM } from '../linux/packet-ring.ts';
import { Pieces } from '../linux/pieces.ts';
import type { Crate } from './crate.ts';
import { InRing, LONG } from './in-ring.ts';
import type { Lane } from './lane.ts';
import type { Loan } from './loan.ts';
import { BLOCK } from './ring-size.ts';
import type { Told } from './ring-thread.ts';

/** As many as a block of the ring can come to: each begins with a packet that is long, or is the block's first or last. */
const MOST_PIECES = Math.ceil(BLOCK.most / (LONG + LEAST_ROOM)) + 2;

/**
 * The capturing thread as the one that writes: what becomes of packets while it has the file on loan. Out of the ring they
 * go straight into the file, one call for each block of the ring; what cannot, goes by way of a crate.
 */
export class InPlace {
  /** Is the file with us? */
  has = false;
  private readonly pieces = new Pieces(MOST_PIECES);
  private readonly inRing = new InRing(this.pieces);

  constructor(
    private readonly loan: Loan,
    private readonly tell: (told: Told) => void,
  ) {}
  get isOffered(): boolean {
    return this.loan.isOffered;
  }
  get isRecalled(): boolean {
    return this.loan.isRecalled;
  }
  /** Takes the file, if it is still offered and describes all `ports` that there are; all packets before are in it. */
  take(ports: number): void {
    if (!this.loan.take()) return;
    this.has = true;
    this.check(ports);
  }
  /** Gives the file back if it does not describe all ports: its owner does that, before the first packet of a new one. */
  check(ports: number): void {
    if (this.has && ports > this.loan.ports) this.giveBack();
  }
  giveBack(failure?: WriteError): void {
    if (!this.has) return;
    this.has = false;
    this.loan.giveBack();
    this.tell({ type: 'returned', failure });
  }
  /**
   * Writes the packets of the block that a lane is in, up to the first that does not go out as it came, and returns how many
   * that was; `taken` packets came before.
   */
  writeBlock(lane: Lane, taken: number): number {
    const { pieces, loan } = this;
    pieces.count = 0;
    const packets = this.inRing.take(lane, taken);
    this.attempt(packets, () => lane.ring.write(pieces, loan.descriptor));
    return packets;
  }
  /** Writes the packets of a crate. */
  writeCrate({ bytes, used, count }: Crate): void {
    const { descriptor } = this.loan;
    this.attempt(count, () => {
      for (let at = 0; at < used; ) at += writeSync(descriptor, bytes, at, used - at);
      return used;
    });
  }
  /** What could not be written whole is no packet of the file: its owner cuts it off there. */
  private attempt(packets: number, write: () => number): void {
    if (packets === 0) return;
    try {
      this.loan.wrote(packets, write());
    } catch (error) {
      const { code = '', message } = error as NodeJS.ErrnoException;
      this.giveBack({ code, message });
    }
  }
}
