import type { Conversation, ConversationColumn } from '../../src/flow/conversation.ts';
import type { ConversationTable } from '../../src/flow/conversation-table.ts';
import { CONVERSATION_KINDS, type ConversationKind, type Conversations } from '../../src/flow/conversations.ts';
import type { Action } from '../keys.ts';
import type { AddressNames } from './address-names.ts';
import { type Cell, cellsOf } from './conversation-cells.ts';
import { subjectOf } from './conversation-subject.ts';
import { ListPlace } from './list.ts';
import { type Line, type Pane, type Size, span } from './pane.ts';
import { filled, safe } from './safe-text.ts';
import { short } from './times.ts';
import type { Subject, View } from './view.ts';

/** While packets come, rows change their places at most this often. */
const SORT_MS = 1000;

/** Who talks to whom, by kind, with TCP's health. */
export class ConversationsView implements View {
  readonly name = 'conversations';
  readonly title = 'Conversations';
  private readonly place = new ListPlace();
  /** Undefined: the user chose none. */
  private wantedKind: ConversationKind | undefined;
  private by: ConversationColumn = 'bytes';
  private ascending = false;
  private wanted = '';
  private rows: readonly number[] = [];
  private order = '';
  private sortedVersion = -1;
  private sortedAt = Number.NEGATIVE_INFINITY;
  private changes = 0;
  /** Columns as they are on the screen, and the room in front of them. */
  private shown: readonly Cell[] = [];
  private endsWidth = 0;

  constructor(
    private readonly conversations: Conversations,
    private readonly names: AddressNames,
  ) {}
  get version(): number {
    return this.table.version + this.changes;
  }
  private get table(): ConversationTable {
    return this.conversations.of(this.kind);
  }
  /** A capture without TCP has other conversations. */
  private get kind(): ConversationKind {
    const { wantedKind, conversations } = this;
    if (wantedKind !== undefined) return wantedKind;
    const some = (kind: ConversationKind) => conversations.of(kind).length > 0;
    return some('tcp') ? 'tcp' : (CONVERSATION_KINDS.find(some) ?? 'tcp');
  }
  panes(size: Size): readonly Pane[] {
    this.sort();
    const { table, kind, place, rows } = this;
    const height = Math.max(0, size.rows - 3);
    place.fit(rows.length, height);
    const cells = this.cells(size.columns - 2);
    const ends = size.columns - 2 - cells.reduce((sum, { width }) => sum + width + 1, 0);
    this.shown = cells;
    this.endsWidth = ends;
    const lines: Line[] = [this.header(cells, ends)];
    for (const row of rows.slice(place.top, place.top + height)) lines.push(this.line(table.row(row), cells, ends));
    if (rows.length === 0)
      lines.push([span(this.wanted === '' ? `no ${kind} yet` : 'none has it: esc shows all', 'dim')]);
    const counts = CONVERSATION_KINDS.map((each) => `${each} ${short(this.conversations.of(each).length)}`).join('  ');
    const forgotten = table.evicted === 0 ? '' : `, ${short(table.evicted)} forgotten`;
    const note = `${rows.length === 0 ? 0 : place.selected + 1}/${rows.length.toLocaleString('en')}${forgotten}`;
    const title = `Conversations: ${kind}${this.wanted === '' ? '' : `, with "${safe(this.wanted)}"`}   (${counts})`;
    const selected = rows.length === 0 ? {} : { selected: place.selected - place.top + 1 };
    return [{ id: 'conversations', title, note, left: 0, top: 0, ...size, focused: true, lines, ...selected }];
  }
  /** Those that leave room for the ends. */
  private cells(columns: number): Cell[] {
    let left = columns - (columns < 100 ? 32 : 44);
    return cellsOf(this.kind).filter(({ width }) => {
      left -= width + 1;
      return left >= 0;
    });
  }
  private header(cells: readonly Cell[], ends: number): Line {
    const arrow = this.ascending ? '^' : 'v';
    const titles = cells.map(({ title, width, align, by }) =>
      span(`${filled(by === this.by ? `${arrow}${title}` : title, width, align)} `, by === this.by ? 'strong' : 'dim'),
    );
    return [span(filled('A <-> B', ends), 'dim'), ...titles];
  }
  private line(row: Conversation, cells: readonly Cell[], ends: number): Line {
    const { names } = this;
    const text = `${names.withPort(row.a, row.portA)} <-> ${names.withPort(row.b, row.portB)}`;
    return [
      span(filled(text, ends), 'address'),
      ...cells.map((cell) => span(`${filled(cell.text(row), cell.width, cell.align)} `, cell.style(row))),
    ];
  }
  private sort(): void {
    const { table, kind, by, ascending, wanted, place } = this;
    const order = [kind, by, ascending, wanted].join(' ');
    const now = performance.now();
    const grew = this.rows.length !== table.length && this.rows.length < 100;
    const isOld = table.version !== this.sortedVersion && (grew || now - this.sortedAt >= SORT_MS);
    if (order === this.order && !isOld) return;
    // Who has chosen none looks at the first line, whoever stands in it.
    const chosen = order === this.order && place.selected > 0 ? this.selectedRow?.id : undefined;
    this.rows = table.sorted(by, ascending, wanted === '' ? undefined : (row) => this.fits(table.row(row)));
    this.order = order;
    this.sortedAt = now;
    this.sortedVersion = table.version;
    const at = chosen === undefined ? -1 : this.rows.findIndex((row) => table.row(row).id === chosen);
    if (at >= 0) place.moveTo(at);
  }
  private fits({ a, b, portA, portB, tcp }: Conversation): boolean {
    const { names, wanted } = this;
    const text = `${a}:${portA} ${b}:${portB} ${tcp?.state ?? ''} ${names.nameOf(a) ?? ''} ${names.nameOf(b) ?? ''}`;
    return text.toLowerCase().includes(wanted.toLowerCase());
  }
  private get selectedRow(): Conversation | undefined {
    const row = this.rows[this.place.selected];
    return row === undefined || row >= this.table.length ? undefined : this.table.row(row);
  }
  act(action: Action): boolean {
    this.changes++;
    if (this.place.act(action, this.rows.length)) {
      this.place.following = false;
      return true;
    }
    switch (action) {
      case 'kind':
        this.nextKind();
        return true;
      case 'sort':
        this.sortBy(this.orders[(this.orders.indexOf(this.by) + 1) % this.orders.length]!);
        return true;
      case 'reverse':
        this.ascending = !this.ascending;
        this.place.to(0, this.rows.length);
        return true;
      case 'back':
        if (this.wanted === '') return false;
        this.wanted = '';
        return true;
      default:
        return false;
    }
  }
  private get orders(): ConversationColumn[] {
    return cellsOf(this.kind).map(({ by }) => by);
  }
  private nextKind(): void {
    const kinds = CONVERSATION_KINDS;
    this.wantedKind = kinds[(kinds.indexOf(this.kind) + 1) % kinds.length]!;
    this.place.to(0, this.table.length);
    if (!this.orders.includes(this.by)) this.by = 'bytes';
  }
  private sortBy(column: ConversationColumn): void {
    this.by = column;
    this.place.to(0, this.rows.length);
  }
  /** Lists only those that have a text in them; asked for the same again, goes to the next of them. */
  search(text: string, backwards: boolean): boolean {
    this.changes++;
    const { place, rows } = this;
    if (text === this.wanted && rows.length > 0)
      place.to((place.selected + (backwards ? -1 : 1) + rows.length) % rows.length, rows.length);
    this.wanted = text;
    this.sort();
    return this.rows.length > 0;
  }
  /** On the title of a column it sorts by that, on the one it is sorted by the other way round. */
  click(_pane: string, row: number, column: number): void {
    this.changes++;
    if (row > 0) this.place.to(this.place.top + row - 1, this.rows.length);
    else this.clickTitle(column);
  }
  private clickTitle(column: number): void {
    let left = this.endsWidth;
    for (const { by, width } of this.shown) {
      if (column >= left && column < left + width) {
        if (by === this.by) this.ascending = !this.ascending;
        else this.sortBy(by);
      }
      left += width + 1;
    }
  }
  wheel(_pane: string, lines: number): void {
    this.changes++;
    this.place.wheel(lines, this.rows.length);
  }
  get subject(): Subject | undefined {
    const row = this.selectedRow;
    return row === undefined ? undefined : subjectOf(this.kind, row);
  }
}
