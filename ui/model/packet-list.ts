import { COLOUR_RULES, type Column, columnOf, columnSets, type PacketRow } from '../columns.ts';
import type { Action } from '../keys.ts';
import type { AddressNames } from './address-names.ts';
import { ListPlace } from './list.ts';
import type { Listed } from './listed.ts';
import type { PacketLens } from './packet-lens.ts';
import { PacketRows, TIME_MODES } from './packet-rows.ts';
import { PacketSearch, type Piece } from './packet-search.ts';
import { type Line, type Pane, span } from './pane.ts';
import { columnsOf, filled, safe, shortenedPlace } from './safe-text.ts';
import type { Subject } from './view.ts';

export interface Place {
  readonly left: number;
  readonly top: number;
  readonly columns: number;
  readonly rows: number;
}
/** A column with the room that it gets. */
interface Placed {
  readonly column: Column;
  readonly width: number;
}
/** How tcpdump's line begins. */
const ENDS = /^(?:IP6? )?[\da-f.:]+ > [\da-f.:]+[:,] /;
const SHIFT = 16;

/** The upper part of the packets view. */
export class PacketList {
  version = 0;
  private readonly place = new ListPlace();
  private readonly rows: PacketRows;
  private readonly found: PacketSearch;
  /** Where the user went last: it stays selected whatever is listed before it, and after a filter that hid it. */
  private chosen = 0;
  private columnSet = 0;
  /** How far the last column is scrolled, and how far it can be. */
  private shift = 0;
  private mostShift = 0;

  constructor(
    lens: PacketLens,
    private readonly listed: Listed,
    names: AddressNames,
    private readonly live: boolean,
  ) {
    this.rows = new PacketRows(lens, listed, names);
    this.found = new PacketSearch(listed, this.rows);
    this.place.following = live;
  }
  /** The packet that is selected, from 0. */
  get selected(): number | undefined {
    const { length } = this.listed;
    return length === 0 ? undefined : this.listed.at(Math.max(0, Math.min(this.place.selected, length - 1)));
  }
  pane(place: Place, focused: boolean): Pane {
    const { listed } = this;
    const rows = Math.max(0, place.rows - 3);
    this.stay();
    const { length } = listed;
    this.place.fit(length, rows);
    const { top, selected } = this.place;
    const columns = this.layout(place.columns - 2);
    const lines: Line[] = [this.header(columns)];
    this.mostShift = 0;
    for (let n = top; n < Math.min(top + rows, length); n++) lines.push(this.line(listed.at(n), columns));
    const states = [listed.frozen ? 'frozen ' : '', this.place.following ? 'following ' : ''].join('');
    const note = `${states}${length === 0 ? '0' : (selected + 1).toLocaleString('en')}/${length.toLocaleString('en')}`;
    const title = listed.filter === '' ? 'Packets' : `Packets: ${safe(listed.filter)}`;
    const chosen = length === 0 ? {} : { selected: selected - top + 1 };
    return { id: 'list', title, note, ...place, focused, lines, ...chosen };
  }
  /** Packets come and go in front of the one that is selected, and a filter is still looking for some. */
  private stay(): void {
    const { place, listed } = this;
    if (!place.following) place.moveTo(Math.max(0, listed.rank(this.chosen)));
  }
  private layout(columns: number): Placed[] {
    const sets = columnSets(columns, this.live || this.listed.store.ports.length > 1);
    const names = sets[this.columnSet % sets.length]!;
    const shown: Placed[] = [];
    let left = columns;
    for (const [i, name] of names.entries()) {
      const column = columnOf(name);
      const width = i === names.length - 1 ? left : Math.min(column.width, left);
      if (width <= 0) break;
      shown.push({ column, width });
      left -= width + 1;
    }
    return shown;
  }
  private header(columns: readonly Placed[]): Line {
    return columns.map(({ column: { name, title, align }, width }) =>
      span(`${filled(name === 'time' ? this.rows.timeTitle : title, width, align)} `, 'dim'),
    );
  }
  private line(packet: number, columns: readonly Placed[]): Line {
    const row = this.rows.row(packet);
    if (row === undefined) return [span(`${packet + 1} is not kept any more`, 'dim')];
    const marked = this.listed.marks.has(packet);
    const rule = COLOUR_RULES.find(({ fits }) => fits(row))?.style;
    return columns.map(({ column, width }, i) => {
      const text =
        i === columns.length - 1
          ? this.shifted(row, columns)
          : column.name === 'device'
            ? shortenedPlace(row.device, width)
            : row[column.name];
      const style = marked ? 'marked' : column.name === 'info' && rule !== undefined ? rule : column.style;
      return span(`${filled(text, width, column.align)} `, style);
    });
  }
  /** The last column as far as it is scrolled; ends that have columns of their own are not told twice. */
  private shifted(row: PacketRow, columns: readonly Placed[]): string {
    const { column, width } = columns.at(-1)!;
    const told = columns.some(({ column: { name } }) => name === 'source');
    const text = told ? row[column.name].replace(ENDS, '') : row[column.name];
    this.mostShift = Math.max(this.mostShift, Math.ceil((columnsOf(text) - width) / SHIFT) * SHIFT);
    return text.slice(this.shift);
  }
  act(action: Action): boolean {
    const { listed, place } = this;
    this.version++;
    if (place.act(action, listed.length)) return this.moved();
    const { selected } = this;
    switch (action) {
      case 'left':
        this.shift = Math.max(0, this.shift - SHIFT);
        return true;
      case 'right':
        this.shift = Math.max(this.shift, Math.min(this.shift + SHIFT, this.mostShift));
        return true;
      case 'columns':
        this.columnSet++;
        return true;
      case 'time':
        this.rows.times = TIME_MODES[(TIME_MODES.indexOf(this.rows.times) + 1) % TIME_MODES.length]!;
        return true;
      case 'mark':
        if (selected !== undefined) listed.mark(selected);
        return true;
      case 'reference':
        if (selected !== undefined) listed.refer(selected);
        return true;
      case 'next-mark':
        this.nextMark(selected ?? -1);
        return true;
      default:
        return false;
    }
  }
  private moved(): true {
    this.chosen = this.selected ?? this.chosen;
    return true;
  }
  private nextMark(after: number): void {
    const marks = [...this.listed.marks].toSorted((a, b) => a - b);
    const next = marks.find((packet) => packet > after) ?? marks[0];
    if (next !== undefined) this.goTo(next);
  }
  click(row: number): void {
    if (row > 0) this.place.to(this.place.top + row - 1, this.listed.length);
    this.moved();
  }
  wheel(lines: number): void {
    this.place.wheel(lines, this.listed.length);
    this.moved();
  }
  /** False: it is not listed; the nearest one is selected. */
  goTo(packet: number): boolean {
    this.version++;
    const { listed, place } = this;
    place.show(listed.rank(packet), listed.length);
    this.chosen = Math.max(0, Math.min(packet, listed.store.count - 1));
    return this.selected === packet || !listed.isDecided(packet);
  }
  /** True: it is selected; else what is said. */
  search(text: string, backwards: boolean): boolean | Piece {
    this.version++;
    const { place } = this;
    const n = this.found.next(text, place.selected, backwards);
    if (n === undefined) return false;
    if (typeof n !== 'number') return n;
    place.show(n, this.listed.length);
    return this.moved();
  }
  /** The conversation that a packet belongs to. */
  flow(packet: number): Subject | undefined {
    return this.rows.flow(packet);
  }
}
