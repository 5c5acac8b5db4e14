import type { PacketRow } from '../columns.ts';
import type { Listed } from './listed.ts';
import type { PacketRows } from './packet-rows.ts';

/** It is done while the user waits. */
const SEARCH_MS = 400;

/** Looks for texts in the lines of packets: one piece of them at a time, and on from there when it is asked again. */
export class PacketSearch {
  /** Where it gave up, for want of time. */
  private resume: { readonly key: string; readonly packet: number } | undefined;

  constructor(
    private readonly listed: Listed,
    private readonly rows: PacketRows,
  ) {}
  /** The line, from 0, that has the text and comes next after line `from`, round the end; or what is said of none. */
  next(text: string, from: number, backwards: boolean): number | string {
    const { listed } = this;
    const { length } = listed;
    const wanted = text.toLowerCase();
    const key = `${backwards} ${from} ${listed.filter} ${wanted}`;
    const start = this.resume?.key === key ? Math.max(0, listed.rank(this.resume.packet)) : from;
    this.resume = undefined;
    const until = performance.now() + SEARCH_MS;
    for (let i = 1; i <= length; i++) {
      const n = (((start + (backwards ? -i : i)) % length) + length) % length;
      const row = this.rows.row(listed.at(n));
      if (row !== undefined && textOf(row).includes(wanted)) return n;
      if (performance.now() < until) continue;
      this.resume = { key, packet: listed.at(n) };
      const place = (listed.at(n) + 1).toLocaleString('en');
      return `no "${text}" up to packet ${place}: ${backwards ? 'N' : 'n'} goes on from there`;
    }
    return `no "${text}" in what is listed`;
  }
}
const textOf = ({ source, destination, protocol, device, info }: PacketRow): string =>
  [source, destination, protocol, device, info].join(' ').toLowerCase();
