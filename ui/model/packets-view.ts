import type { Action } from '../keys.ts';
import type { AddressNames } from './address-names.ts';
import type { Listed } from './listed.ts';
import { PacketDetails } from './packet-details.ts';
import type { PacketLens } from './packet-lens.ts';
import { PacketList } from './packet-list.ts';
import type { Piece } from './packet-search.ts';
import type { Pane, Size } from './pane.ts';
import type { Subject, Target, View } from './view.ts';

const PANES = ['list', 'tree', 'hex'] as const;
type PaneName = (typeof PANES)[number];

/** The packets, and of the selected one its tree and its bytes, which point at each other. */
export class PacketsView implements View {
  readonly name = 'packets';
  readonly title = 'Packets';
  private focus: PaneName = 'list';
  private readonly list: PacketList;
  private readonly details: PacketDetails;
  private changes = 0;

  constructor(
    lens: PacketLens,
    private readonly listed: Listed,
    names: AddressNames,
    live: boolean,
  ) {
    this.list = new PacketList(lens, listed, names, live);
    this.details = new PacketDetails(lens);
  }
  get version(): number {
    return this.listed.version + this.changes + this.list.version;
  }
  panes(size: Size): readonly Pane[] {
    const { list, details, focus } = this;
    const wide = size.columns >= 160;
    const listRows = Math.max(5, Math.floor(size.rows * (wide ? 0.5 : 0.45)));
    const lower = { top: listRows, rows: size.rows - listRows };
    const treeColumns = wide ? size.columns - 92 : Math.max(30, size.columns - 44);
    const listPlace = { left: 0, top: 0, columns: size.columns, rows: listRows };
    const shown = list.pane(listPlace, focus === 'list');
    details.show(list.selected);
    if (lower.rows < 3) return [shown];
    const tree = { left: 0, columns: treeColumns, ...lower };
    const hex = { left: treeColumns, columns: size.columns - treeColumns, ...lower };
    return [shown, details.tree(tree, focus === 'tree'), details.hex(hex, focus === 'hex')];
  }
  act(action: Action): boolean {
    this.changes++;
    switch (action) {
      case 'next-pane':
      case 'previous-pane': {
        const step = action === 'next-pane' ? 1 : PANES.length - 1;
        this.focus = PANES[(PANES.indexOf(this.focus) + step) % PANES.length]!;
        return true;
      }
      case 'enter':
        if (this.focus === 'list' && this.list.selected !== undefined) {
          this.focus = 'tree';
          this.details.enter();
        } else if (this.focus === 'tree') this.details.fold();
        else return false;
        return true;
      case 'back':
        if (this.focus === 'list') return false;
        this.focus = 'list';
        return true;
      default:
        return this.focus === 'list'
          ? this.list.act(action)
          : this.details.act(this.focus, action) || this.listOnly(action);
    }
  }
  /** What is said of the packet works wherever the focus is. */
  private listOnly(action: Action): boolean {
    const moves = ['up', 'down', 'page-up', 'page-down', 'first', 'last', 'left', 'right'];
    return !moves.includes(action) && this.list.act(action);
  }
  click(pane: string, row: number, column: number): void {
    this.changes++;
    this.focus = pane as PaneName;
    if (pane === 'list') this.list.click(row);
    else this.details.click(pane, row, column);
  }
  wheel(pane: string, lines: number): void {
    this.changes++;
    if (pane === 'list') this.list.wheel(lines);
    else this.details.wheel(pane, lines);
  }
  open(target: Target): void {
    this.changes++;
    this.focus = 'list';
    if (target.packet !== undefined) this.list.goTo(target.packet);
  }
  /** Goes to the next packet, or the one before, whose line has a text in it. */
  search(text: string, backwards: boolean): boolean | Piece {
    this.changes++;
    return this.list.search(text, backwards);
  }
  /** Packets from 1; says whether it is listed. */
  goTo(number: number): boolean {
    this.changes++;
    return this.list.goTo(number - 1);
  }
  get subject(): Subject | undefined {
    const { selected } = this.list;
    if (selected === undefined) return undefined;
    const field = this.focus === 'list' ? undefined : this.details.selected;
    const flow = this.list.flow(selected);
    return field === undefined
      ? flow
      : {
          title: `${field.label} ${field.value}`,
          ...(field.filter === undefined ? {} : { filter: field.filter }),
          ...(flow?.expression === undefined ? {} : { expression: flow.expression }),
        };
  }
}
