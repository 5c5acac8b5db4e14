import type { Conversation, ConversationColumn, ConversationTable } from '../../src/flow/conversation-table.ts';
import { CONVERSATION_KINDS, type ConversationKind, type Conversations } from '../../src/flow/conversations.ts';
import type { Action } from '../keys.ts';
import { subjectOf } from './conversation-subject.ts';
import { ListPlace } from './list.ts';
import type { Names } from './packet-list.ts';
import { type Line, type Pane, type Size, type Style, span } from './pane.ts';
import { filled, safe } from './safe-text.ts';
import { short } from './times.ts';
import type { Subject, View } from './view.ts';

interface Cell {
  readonly title: string;
  readonly width: number;
  readonly by: ConversationColumn;
  readonly style: (row: Conversation) => Style;
  readonly align?: 'right';
  readonly only?: 'tcp';
  readonly text: (row: Conversation) => string;
}
const plain = (): Style => 'plain';
const number = (): Style => 'number';
const milliseconds = (ms: number | undefined): string => (ms === undefined ? '' : ms.toFixed(ms < 10 ? 2 : 0));
const both = (ab: number, ba: number): string => `${short(ab)}/${short(ba)}`;
const HEALTH: Readonly<Record<string, Style>> = { established: 'good', reset: 'bad', closed: 'dim', closing: 'dim' };
const resent = ({ tcp }: Conversation): number =>
  tcp === undefined ? 0 : tcp.retransmissionsAB + tcp.retransmissionsBA;
const shut = ({ tcp }: Conversation): number => (tcp === undefined ? 0 : tcp.zeroWindowsAB + tcp.zeroWindowsBA);
const some = (count: number): string => (count === 0 ? '' : short(count));
/** Narrow screens show those that come first. */
const CELLS: readonly Cell[] = [
  {
    title: 'Bytes ->/<-',
    width: 13,
    by: 'bytes',
    style: number,
    align: 'right',
    text: (row) => both(row.bytesAB, row.bytesBA),
  },
  {
    title: 'Packets',
    width: 11,
    by: 'packets',
    style: number,
    align: 'right',
    text: (row) => both(row.packetsAB, row.packetsBA),
  },
  {
    title: 'State',
    width: 12,
    by: 'state',
    only: 'tcp',
    style: ({ tcp }) => HEALTH[tcp?.state ?? ''] ?? 'warning',
    text: ({ tcp }) => tcp?.state ?? '',
  },
  {
    title: 'Again',
    width: 5,
    by: 'retransmissions',
    only: 'tcp',
    align: 'right',
    style: (row) => (resent(row) > 0 ? 'bad' : 'plain'),
    text: (row) => some(resent(row)),
  },
  {
    title: 'RTT ms',
    width: 7,
    by: 'serverRtt',
    only: 'tcp',
    align: 'right',
    style: plain,
    text: ({ tcp }) => milliseconds(tcp?.serverRttMs),
  },
  {
    title: 'Duration',
    width: 9,
    by: 'duration',
    align: 'right',
    style: plain,
    text: ({ first, last }) => `${(last - first).toFixed(3)}`,
  },
  {
    title: 'Shut',
    width: 5,
    by: 'zeroWindows',
    only: 'tcp',
    align: 'right',
    style: (row) => (shut(row) > 0 ? 'warning' : 'plain'),
    text: (row) => some(shut(row)),
  },
  {
    title: 'Client ms',
    width: 9,
    by: 'clientRtt',
    only: 'tcp',
    align: 'right',
    style: plain,
    text: ({ tcp }) => milliseconds(tcp?.clientRttMs),
  },
  {
    title: 'Stream',
    width: 7,
    by: 'stream',
    align: 'right',
    style: () => 'dim',
    text: ({ stream }) => (stream === undefined ? '' : String(stream)),
  },
];
/** While packets come, rows change their places at most this often. */
const SORT_MS = 1000;

/** Who talks to whom, by kind, with TCP's health. */
export class ConversationsView implements View {
  readonly name = 'conversations';
  readonly title = 'Conversations';
  private readonly place = new ListPlace();
  private kind: ConversationKind = 'tcp';
  private by: ConversationColumn = 'bytes';
  private ascending = false;
  private wanted = '';
  private showNames = false;
  private rows: readonly number[] = [];
  private order = '';
  private sortedAt = Number.NEGATIVE_INFINITY;
  private changes = 0;

  constructor(
    private readonly conversations: Conversations,
    private readonly names: Names,
  ) {}
  get version(): number {
    return this.table.version + this.changes;
  }
  private get table(): ConversationTable {
    return this.conversations.of(this.kind);
  }
  panes(size: Size): readonly Pane[] {
    // A capture without TCP has other conversations.
    if (this.changes === 0 && this.table.length === 0)
      this.kind = CONVERSATION_KINDS.find((kind) => this.conversations.of(kind).length > 0) ?? 'tcp';
    this.sort();
    const { table, kind, place, rows } = this;
    const height = Math.max(0, size.rows - 3);
    place.fit(rows.length, height);
    const cells = this.cells(size.columns - 2);
    const ends = size.columns - 2 - cells.reduce((sum, { width }) => sum + width + 1, 0);
    const lines: Line[] = [this.header(cells, ends)];
    for (const row of rows.slice(place.top, place.top + height)) lines.push(this.line(table.row(row), cells, ends));
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
    return CELLS.filter(({ only }) => only === undefined || only === this.kind).filter(({ width }) => {
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
    const end = (address: string, port: number | undefined): string => {
      const name = this.showNames ? safe(this.names.of(address) ?? address) : address;
      return port === undefined ? name : `${name.includes(':') ? `[${name}]` : name}:${port}`;
    };
    const text = `${end(row.a, row.portA)} <-> ${end(row.b, row.portB)}`;
    return [
      span(filled(text, ends), 'address'),
      ...cells.map((cell) => span(`${filled(cell.text(row), cell.width, cell.align)} `, cell.style(row))),
    ];
  }
  private sort(): void {
    const { table, kind, by, ascending, wanted } = this;
    const order = [kind, by, ascending, wanted].join(' ');
    const now = performance.now();
    const grew = this.rows.length !== table.length && this.rows.length < 100;
    if (order === this.order && now - this.sortedAt < SORT_MS && !grew) return;
    const chosen = order === this.order ? this.selectedId : undefined;
    this.rows = table.sorted(by, ascending, wanted === '' ? undefined : (row) => this.fits(table.row(row)));
    this.order = order;
    this.sortedAt = now;
    // The selected conversation stays selected wherever it went.
    const at = chosen === undefined ? -1 : this.rows.findIndex((row) => table.row(row).id === chosen);
    if (at >= 0) this.place.selected = at;
  }
  private fits({ a, b, portA, portB, tcp }: Conversation): boolean {
    const text = [a, b, portA, portB, tcp?.state, this.names.of(a), this.names.of(b)].join(' ').toLowerCase();
    return text.includes(this.wanted.toLowerCase());
  }
  private get selectedRow(): Conversation | undefined {
    const row = this.rows[this.place.selected];
    return row === undefined || row >= this.table.length ? undefined : this.table.row(row);
  }
  private get selectedId(): number | undefined {
    return this.selectedRow?.id;
  }
  act(action: Action): boolean {
    this.changes++;
    if (this.place.act(action, this.rows.length)) {
      this.place.following = false;
      return true;
    }
    const orders = CELLS.filter(({ only }) => only === undefined || only === this.kind);
    switch (action) {
      case 'kind':
        this.kind = CONVERSATION_KINDS[(CONVERSATION_KINDS.indexOf(this.kind) + 1) % CONVERSATION_KINDS.length]!;
        this.place.to(0, this.table.length);
        if (this.kind !== 'tcp' && !orders.some(({ by, only }) => by === this.by && only === undefined))
          this.by = 'bytes';
        return true;
      case 'sort':
        this.by = orders[(orders.findIndex(({ by }) => by === this.by) + 1) % orders.length]!.by;
        return true;
      case 'reverse':
        this.ascending = !this.ascending;
        return true;
      case 'names':
        this.showNames = !this.showNames;
        return true;
      default:
        return false;
    }
  }
  /** Lists only those that have a text in them. */
  search(text: string): boolean {
    this.changes++;
    this.wanted = text;
    return true;
  }
  click(_pane: string, row: number): void {
    this.changes++;
    if (row > 0) this.place.to(this.place.top + row - 1, this.rows.length);
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
