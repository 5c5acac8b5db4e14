import type { Frame } from '../../src/dissect/frame.ts';
import { DIRECTION } from '../../src/frame/batch.ts';
import { COLOUR_RULES, COLUMN_SETS, COLUMNS, type Column, NARROW, NARROW_SET, type PacketRow } from '../columns.ts';
import type { Action } from '../keys.ts';
import { subjectOf } from './conversation-subject.ts';
import { ListPlace } from './list.ts';
import type { Listed } from './listed.ts';
import type { PacketLens } from './packet-lens.ts';
import { type Line, type Pane, span } from './pane.ts';
import { filled, safe, shortenedPlace } from './safe-text.ts';
import { clock, elapsed } from './times.ts';
import type { Subject } from './view.ts';

export interface Place {
  readonly left: number;
  readonly top: number;
  readonly columns: number;
  readonly rows: number;
}
/** What an address is called, where somebody told. */
export interface Names {
  of(address: string): string | undefined;
}
/** How tcpdump's line begins. */
const ENDS = /^(?:IP6? )?[\da-f.:]+ > [\da-f.:]+[:,] /;
type TimeMode = 'elapsed' | 'delta' | 'clock';
const TIME_MODES: readonly TimeMode[] = ['elapsed', 'delta', 'clock'];
/** How many packets a search looks through before it gives up: it is done while the user waits. */
const SEARCHED = 200_000;
const SEARCH_MS = 400;

/** The upper part of the packets view. */
export class PacketList {
  version = 0;
  private readonly place = new ListPlace();
  private timeMode: TimeMode = 'elapsed';
  private columnSet = 0;
  private showNames = false;
  /** How far the last column is scrolled. */
  private shift = 0;

  constructor(
    private readonly lens: PacketLens,
    private readonly listed: Listed,
    private readonly names: Names,
    live: boolean,
  ) {
    this.place.following = live;
    if (live) this.columnSet = 1;
  }
  /** The packet that is selected, from 0. */
  get selected(): number | undefined {
    const { length } = this.listed;
    return length === 0 ? undefined : this.listed.at(Math.max(0, Math.min(this.place.selected, length - 1)));
  }
  pane(place: Place, focused: boolean): Pane {
    const { listed } = this;
    const { length } = listed;
    const rows = Math.max(0, place.rows - 3);
    this.place.fit(length, rows);
    const { top, selected } = this.place;
    const columns = this.layout(place.columns - 2);
    const lines: Line[] = [
      columns.map(({ column, width }) => span(`${filled(column.title, width, column.align)} `, 'dim')),
    ];
    for (let n = top; n < Math.min(top + rows, length); n++) lines.push(this.line(listed.at(n), columns));
    const state = [listed.frozen ? 'frozen' : '', this.place.following ? 'following' : ''].filter(
      (each) => each !== '',
    );
    const note = `${[...state, length === 0 ? '0' : (selected + 1).toLocaleString('en')].join(' ')}/${length.toLocaleString('en')}`;
    const title = listed.filter === '' ? 'Packets' : `Packets: ${safe(listed.filter)}`;
    const chosen = length === 0 ? {} : { selected: selected - top + 1 };
    return { id: 'list', title, note, ...place, focused, lines, ...chosen };
  }
  private layout(columns: number): { column: Column; width: number }[] {
    const names = columns < NARROW ? NARROW_SET : COLUMN_SETS[this.columnSet]!;
    const shown: { column: Column; width: number }[] = [];
    let left = columns;
    for (const [i, name] of names.entries()) {
      const column = COLUMNS.find((each) => each.name === name)!;
      const width = i === names.length - 1 ? left : Math.min(column.width, left);
      if (width <= 0) break;
      shown.push({ column, width });
      left -= width + 1;
    }
    return shown;
  }
  private line(packet: number, columns: readonly { column: Column; width: number }[]): Line {
    const row = this.row(packet);
    if (row === undefined) return [span(`${packet + 1} is not kept any more`, 'dim')];
    const marked = this.listed.marks.has(packet);
    const rule = COLOUR_RULES.find(({ fits }) => fits(row))?.style;
    return columns.map(({ column, width }, i) => {
      const text =
        i === columns.length - 1
          ? this.shifted(row[column.name], columns)
          : column.name === 'device'
            ? shortenedPlace(row.device, width)
            : row[column.name];
      const style = marked ? 'marked' : column.name === 'info' && rule !== undefined ? rule : column.style;
      return span(`${filled(text, width, column.align)} `, style);
    });
  }
  /** The last column as far as it is scrolled; ends that have columns of their own are not told twice. */
  private shifted(text: string, columns: readonly { column: Column }[]): string {
    const told = columns.some(({ column }) => column.name === 'source');
    return (told ? text.replace(ENDS, '') : text).slice(this.shift);
  }
  private row(packet: number): PacketRow | undefined {
    const frame = this.lens.look(packet);
    if (frame === undefined) return undefined;
    const { store } = this.listed;
    const { source, destination, sourcePort, destinationPort } = this.lens.ends(frame);
    const name = (address: string) => (this.showNames ? safe(this.names.of(address) ?? address) : address);
    const port = (number: number | undefined) => (number === undefined ? '' : `:${number}`);
    const bracketed = (address: string, number: number | undefined) =>
      number !== undefined && address.includes(':') ? `[${address}]` : name(address);
    return {
      packet,
      number: `${this.listed.marks.has(packet) ? '*' : ''}${packet + 1}`,
      time: this.time(packet),
      source: bracketed(source, sourcePort) + port(sourcePort),
      destination: bracketed(destination, destinationPort) + port(destinationPort),
      protocol: this.lens.protocol(frame),
      length: String(store.wire(packet)),
      device: safe(store.ports[store.port(packet)]?.name ?? ''),
      way: { [DIRECTION.inbound]: 'in', [DIRECTION.outbound]: 'out' }[store.direction(packet)] ?? '',
      info: this.lens.summary(frame),
    };
  }
  private time(packet: number): string {
    const { store, reference } = this.listed;
    if (this.timeMode === 'clock') return clock(store.seconds(packet), store.nanos(packet));
    const from = this.timeMode === 'delta' ? Math.max(store.first, packet - 1) : (reference ?? store.first);
    return elapsed(store.seconds(packet) - store.seconds(from), store.nanos(packet) - store.nanos(from));
  }
  act(action: Action): boolean {
    const { listed, place } = this;
    this.version++;
    if (place.act(action, listed.length)) return true;
    const { selected } = this;
    switch (action) {
      case 'left':
      case 'right':
        this.shift = Math.max(0, this.shift + (action === 'right' ? 16 : -16));
        return true;
      case 'columns':
        this.columnSet = (this.columnSet + 1) % COLUMN_SETS.length;
        return true;
      case 'time':
        this.timeMode = TIME_MODES[(TIME_MODES.indexOf(this.timeMode) + 1) % TIME_MODES.length]!;
        return true;
      case 'names':
        this.showNames = !this.showNames;
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
  private nextMark(after: number): void {
    const marks = [...this.listed.marks].toSorted((a, b) => a - b);
    const next = marks.find((packet) => packet > after) ?? marks[0];
    if (next !== undefined) this.goTo(next);
  }
  click(row: number): void {
    if (row > 0) this.place.to(this.place.top + row - 1, this.listed.length);
  }
  wheel(lines: number): void {
    this.place.wheel(lines, this.listed.length);
  }
  /** False: it is not listed; the nearest one is selected. */
  goTo(packet: number): boolean {
    this.version++;
    const n = this.listed.rank(packet);
    this.place.show(n, this.listed.length);
    return this.selected === packet;
  }
  search(text: string, backwards: boolean): boolean {
    const { listed, place } = this;
    const { length } = listed;
    const step = backwards ? -1 : 1;
    const wanted = text.toLowerCase();
    const until = performance.now() + SEARCH_MS;
    for (let i = 1; i <= Math.min(length, SEARCHED); i++) {
      const n = (((place.selected + i * step) % length) + length) % length;
      const row = this.row(listed.at(n));
      if (row !== undefined && Object.values(row).join(' ').toLowerCase().includes(wanted)) {
        place.show(n, length);
        return true;
      }
      if (performance.now() > until) return false;
    }
    return false;
  }
  /** The conversation that a packet belongs to. */
  flow(packet: number): Subject | undefined {
    const frame = this.lens.look(packet);
    return frame === undefined ? undefined : flowOf(frame, this.lens, packet);
  }
}
/** The conversation of the highest layers with ends, as both languages say it. */
function flowOf(frame: Frame, lens: PacketLens, packet: number): Subject {
  const { source, destination, sourcePort, destinationPort } = lens.ends(frame);
  if (source === '') return { title: `packet ${packet + 1}`, filter: `frame.number == ${packet + 1}` };
  const { registry } = frame;
  const transport = (['tcp', 'udp'] as const).find((name) => frame.find(registry.id(name)) >= 0);
  const isStation = STATION.test(source);
  const kind = transport !== undefined && sourcePort !== undefined ? transport : isStation ? 'eth' : 'ip';
  // What leads to packets, leads away from them.
  const { target: _, ...subject } = subjectOf(kind, {
    a: source,
    b: destination,
    portA: sourcePort,
    portB: destinationPort,
  });
  return subject;
}
const STATION = /^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/;
