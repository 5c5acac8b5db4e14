import type { Action } from '../keys.ts';
import { type DetailRow, detailsOf } from './detail.ts';
import { byteAt, bytesInRow, hexLines } from './hex.ts';
import { ListPlace } from './list.ts';
import type { PacketLens } from './packet-lens.ts';
import type { Place } from './packet-list.ts';
import { type Line, type Pane, span } from './pane.ts';

/** The selected packet's tree and bytes. What is selected in one is meant in the other. */
export class PacketDetails {
  private packet: number | undefined;
  private rows: readonly DetailRow[] = [];
  /** Those of {@link rows} that are not folded away. */
  private visible: readonly DetailRow[] = [];
  private bytes: Uint8Array = new Uint8Array(0);
  /** Of {@link bytes}, those of the packet itself. */
  private own = 0;
  private readonly place = new ListPlace();
  /** Layers that are folded, by their protocol, so that they stay so when another packet is selected; one looks above them first. */
  private readonly folded = new Set(['frame', 'eth', 'sll', 'ip', 'ipv6']);
  private hexTop = 0;
  private hexRows = 1;
  private perRow = 16;
  /** The byte chosen in the hex pane; undefined: what the tree selects is meant. */
  private byte: number | undefined;

  constructor(private readonly lens: PacketLens) {}

  show(packet: number | undefined): void {
    if (packet === this.packet) return;
    const before = this.selected?.name;
    this.packet = packet;
    this.byte = undefined;
    this.hexTop = 0;
    const frame = packet === undefined ? undefined : this.lens.whole(packet);
    if (frame === undefined) {
      this.rows = [];
      this.visible = [];
      this.bytes = new Uint8Array(0);
      this.own = 0;
      return;
    }
    // What fragments make together is behind the packet's own bytes.
    this.bytes = frame.bytes.slice(frame.start, frame.end);
    this.own = frame.captured;
    this.rows = detailsOf(frame);
    this.unfold();
    // From packet to packet one looks at the same field.
    const same = this.visible.findIndex(({ name }) => name === before);
    this.place.to(Math.max(0, same), this.visible.length);
  }
  /** Finds out what is seen, after something was folded or unfolded. */
  private unfold(): void {
    const { rows, folded } = this;
    const closed = new Set(rows.filter(({ depth, name }) => depth === 0 && folded.has(name)).map(({ layer }) => layer));
    this.visible = rows.filter(({ depth, layer }) => depth === 0 || !closed.has(layer));
  }
  get selected(): DetailRow | undefined {
    return this.visible[this.place.selected];
  }
  /** What is meant: the field that holds the chosen byte, or the selected line. */
  private get meant(): { from: number; to: number } {
    return this.selected ?? { from: 0, to: 0 };
  }
  tree(place: Place, focused: boolean): Pane {
    const { visible } = this;
    this.place.fit(visible.length, place.rows - 2);
    const { top, selected } = this.place;
    const lines = visible.slice(top, top + place.rows - 2).map((row) => this.line(row));
    const note = this.selected === undefined ? '' : this.selected.name;
    return {
      id: 'tree',
      title: 'Details',
      note,
      ...place,
      focused,
      lines,
      ...(visible.length === 0 ? {} : { selected: selected - top }),
    };
  }
  private line({ depth, label, value, name, bad }: DetailRow): Line {
    if (depth > 0) return [span(`${'  '.repeat(depth)}  ${label}: `, 'dim'), span(value, bad ? 'bad' : 'plain')];
    const sign = this.folded.has(name) ? '+ ' : '- ';
    return [span(sign, 'dim'), span(label, 'strong'), span(value === '' ? '' : `  ${value}`, bad ? 'bad' : 'dim')];
  }
  hex(place: Place, focused: boolean): Pane {
    this.perRow = bytesInRow(place.columns - 2);
    this.hexRows = Math.max(1, place.rows - 2);
    const { from, to } = this.meant;
    if (!focused) this.reveal(from);
    const last = Math.ceil(this.bytes.length / this.perRow) - this.hexRows;
    this.hexTop = Math.max(0, Math.min(this.hexTop, last));
    const lines = hexLines(this.bytes, this.hexTop, this.hexRows, this.perRow, from, to);
    const together = this.bytes.length - this.own;
    const all = together === 0 ? `${this.own} bytes` : `${this.own} bytes, and ${together} put together`;
    const note = this.byte === undefined ? all : `byte ${this.byte}`;
    return { id: 'hex', title: 'Bytes', note, ...place, focused, lines };
  }
  private reveal(byte: number): void {
    const row = Math.floor(byte / this.perRow);
    if (row < this.hexTop || row >= this.hexTop + this.hexRows) this.hexTop = Math.max(0, row - (this.hexRows >> 1));
  }
  act(pane: 'tree' | 'hex', action: Action): boolean {
    return pane === 'tree' ? this.actInTree(action) : this.actInHex(action);
  }
  private actInTree(action: Action): boolean {
    if (this.place.act(action, this.visible.length)) {
      this.place.following = false;
      this.byte = undefined;
      return true;
    }
    const { selected } = this;
    if (selected === undefined || (action !== 'left' && action !== 'right')) return false;
    const layer = this.rows.find(({ depth, layer }) => depth === 0 && layer === selected.layer)!;
    if (action === 'right') this.folded.delete(layer.name);
    else this.folded.add(layer.name);
    this.unfold();
    if (action === 'left') this.place.to(this.visible.indexOf(layer), this.visible.length);
    return true;
  }
  /** Goes to the highest layer, which one looks at first, unless a field was selected before. */
  enter(): void {
    const { place, visible } = this;
    if (place.selected > 0) return;
    const layers = visible.filter(({ depth, filter }) => depth === 0 && filter !== undefined);
    const highest = visible.indexOf(layers.at(-1)!);
    const end = visible.findIndex(({ depth }, i) => i > highest && depth === 0);
    // Its fields stand on the screen with it, as far as there is room.
    place.reveal(highest, end < 0 ? visible.length : end);
  }
  /** Folds the selected layer, or unfolds it. */
  fold(): void {
    const { selected } = this;
    if (selected === undefined) return;
    const layer = this.rows.find(({ depth, layer }) => depth === 0 && layer === selected.layer)!;
    this.actInTree(this.folded.has(layer.name) ? 'right' : 'left');
  }
  private actInHex(action: Action): boolean {
    const steps: Partial<Record<Action, number>> = {
      left: -1,
      right: 1,
      up: -this.perRow,
      down: this.perRow,
      'page-up': -this.perRow * this.hexRows,
      'page-down': this.perRow * this.hexRows,
      first: -this.bytes.length,
      last: this.bytes.length,
    };
    const step = steps[action];
    if (step === undefined) return false;
    this.choose((this.byte ?? this.meant.from) + step);
    return true;
  }
  /** Selects the narrowest field that a byte belongs to, and unfolds its layer. */
  private choose(byte: number): void {
    if (this.bytes.length === 0) return;
    this.byte = Math.max(0, Math.min(byte, this.bytes.length - 1));
    let best: DetailRow | undefined;
    for (const row of this.rows) {
      if (row.from > this.byte || row.to <= this.byte) continue;
      if (best === undefined || row.to - row.from <= best.to - best.from) best = row;
    }
    if (best === undefined) return;
    const { layer } = best;
    const head = this.rows.find((row) => row.depth === 0 && row.layer === layer);
    if (head !== undefined && best !== head && this.folded.delete(head.name)) this.unfold();
    this.place.show(this.visible.indexOf(best), this.visible.length);
    this.reveal(this.byte);
  }
  click(pane: string, row: number, column: number): void {
    if (pane === 'hex') {
      const byte = byteAt(column, row + this.hexTop, this.perRow);
      if (byte !== undefined) this.choose(byte);
      return;
    }
    this.byte = undefined;
    this.place.to(this.place.top + row, this.visible.length);
  }
  wheel(pane: string, lines: number): void {
    if (pane === 'hex') this.hexTop = Math.max(0, this.hexTop + lines);
    else this.place.wheel(lines, this.visible.length);
  }
}
