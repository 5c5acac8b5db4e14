import type { PacketRow } from '../columns.ts';
import type { Listed } from './listed.ts';
import type { PacketRows } from './packet-rows.ts';

/** Of 1: how much was looked through. */
export interface Piece {
  readonly looked: number;
}
/** A piece lets a key wait that no one notices. */
const PIECE_MS = 40;

/** Looks for texts in the lines of packets: one piece of them at a time, and on from there when it is asked again. */
export class PacketSearch {
  /** Where it gave up, for want of time. */
  private resume: { readonly key: string; readonly packet: number; readonly looked: number } | undefined;

  constructor(
    private readonly listed: Listed,
    private readonly rows: PacketRows,
  ) {}
  /**
   * The line, from 0, that has the text and comes next after line `from`, round the end. `undefined`: there is none. A piece
   * that has none tells how much of the list was looked through.
   */
  next(text: string, from: number, backwards: boolean): number | Piece | undefined {
    const { listed } = this;
    const { length } = listed;
    const wanted = text.toLowerCase();
    const key = `${backwards} ${from} ${listed.filter} ${wanted}`;
    const before = this.resume?.key === key ? this.resume : undefined;
    const start = before === undefined ? from : Math.max(0, listed.rank(before.packet));
    const looked = before?.looked ?? 0;
    this.resume = undefined;
    const until = performance.now() + PIECE_MS;
    for (let i = 1; i + looked <= length; i++) {
      const n = (((start + (backwards ? -i : i)) % length) + length) % length;
      const row = this.rows.row(listed.at(n));
      if (row !== undefined && textOf(row).includes(wanted)) return n;
      if (performance.now() < until) continue;
      this.resume = { key, packet: listed.at(n), looked: looked + i };
      return { looked: (looked + i) / length };
    }
    return undefined;
  }
}
const textOf = ({ source, destination, protocol, device, info }: PacketRow): string =>
  [source, destination, protocol, device, info].join(' ').toLowerCase();
