import type { Device } from '../../src/topology/topology.ts';
import type { Action } from '../keys.ts';
import { filterOfDevice, filterOfPort } from './device-filter.ts';
import { ASCII, type Glyphs, UNICODE } from './glyphs.ts';
import { highlighted } from './highlighted.ts';
import { inside, type Line, type Pane, type Size, span } from './pane.ts';
import { safe } from './safe-text.ts';
import type { Situation, Unit } from './topology/boxes.ts';
import { deviceLines, pathOf } from './topology/device-lines.ts';
import { Draughtsman, type Drawing } from './topology/drawing.ts';
import { type Direction, neighbourOf } from './topology/neighbour.ts';
import { PORTS_FROM, portLines } from './topology/port-lines.ts';
import { treeOf } from './topology/tree.ts';
import type { Deaths, FilePorts, TopologyFeed } from './topology-feed.ts';
import type { Subject, Target, View } from './view.ts';

export interface TopologyViewOptions {
  /** Live. */
  readonly feed?: TopologyFeed;
  /** Of a file. */
  readonly file?: FilePorts;
  readonly deaths?: Deaths;
  readonly ascii?: boolean;
}
/** Below this height of the screen, the drawing needs all of it. */
const LEAST_ROWS = 18;
const MANY_ROWS = 30;
/** Rows of the pane below the drawing. */
const FEW_DETAILS = 7;
const DETAILS = 9;
const PAGE = 10;
/** What the frame takes of the line that the note stands in. */
const AROUND_NOTE = 6;
const DIRECTIONS: Partial<Record<Action, Direction>> = { up: 'up', down: 'down', left: 'left', right: 'right' };

/** Namespaces, devices and how they hang together, with what passes and where packets die. */
export class TopologyView implements View {
  readonly name = 'topology';
  readonly title = 'Topology';
  private changes = 0;
  private unit: Unit = 'packets';
  /** The id of a device; of a file, the place of an interface. */
  private chosen: string | undefined;
  private top = 0;
  /** Is what is selected to be on the screen? Not when somebody turned the wheel. */
  private following = true;
  private readonly glyphs: Glyphs;
  private readonly draughtsman: Draughtsman;
  private last: { readonly key: string; readonly drawing: Drawing } | undefined;

  constructor(private readonly options: TopologyViewOptions) {
    this.glyphs = options.ascii === true ? ASCII : UNICODE;
    this.draughtsman = new Draughtsman(this.glyphs);
  }
  get version(): number {
    const { feed, file, deaths } = this.options;
    return this.changes + (feed?.version ?? 0) + (file?.version ?? 0) + (deaths?.version ?? 0);
  }
  panes(size: Size): readonly Pane[] {
    const drawing = this.drawing(size.columns - 2);
    const details =
      this.device === undefined || size.rows < LEAST_ROWS ? 0 : size.rows < MANY_ROWS ? FEW_DETAILS : DETAILS;
    const rows = size.rows - details;
    const main = this.mainPane(drawing, { columns: size.columns, rows });
    return details === 0 ? [main] : [main, this.detailPane({ columns: size.columns, rows: details }, rows)];
  }
  private mainPane({ lines, spots }: Drawing, size: Size): Pane {
    const { rows } = inside(size);
    const spot = spots.find(({ device }) => device === this.chosen);
    const hidden = spot !== undefined && (spot.row <= this.top || spot.row >= this.top + rows - 1);
    if (this.following && hidden) this.top = spot.row - (rows >> 1);
    this.top = Math.max(0, Math.min(this.top, lines.length - rows));
    const seen = lines.slice(this.top, this.top + rows);
    const at = spot === undefined ? -1 : spot.row - this.top;
    if (spot !== undefined && seen[at] !== undefined)
      seen[at] = highlighted(seen[at], spot.column, spot.columns, 'place');
    const scrolled = lines.length > rows ? `lines ${this.top + 1} to ${this.top + seen.length} of ${lines.length}` : '';
    const note = this.note(scrolled, size.columns);
    return { id: 'topology', title: 'Topology', note, left: 0, top: 0, ...size, focused: true, lines: seen };
  }
  /** As much as the edge of the pane has room for. */
  private note(scrolled: string, columns: number): string {
    const known = this.options.feed?.topology;
    if (known === undefined) return scrolled;
    const { devices, namespaces, unseen } = known;
    const parts = [
      this.unit === 'packets' ? 'packets/s' : 'bits/s',
      scrolled,
      unseen === 0 ? '' : unseenText(unseen),
      `${devices.length} devices`,
      `${namespaces.length} namespaces`,
    ].filter((part) => part !== '');
    while (parts.length > 1 && parts.join(', ').length > columns - AROUND_NOTE) parts.pop();
    return parts.join(', ');
  }
  private detailPane(size: Size, top: number): Pane {
    const { topology, rates } = this.options.feed!;
    const device = this.device!;
    const deaths = this.options.deaths?.lostAt(device) ?? 0;
    const lines = deviceLines(device, topology!, rates.get(device.id), deaths, this.glyphs);
    return {
      id: 'device',
      title: 'Device',
      left: 0,
      top,
      ...size,
      focused: false,
      lines: lines.slice(0, inside(size).rows),
    };
  }
  /** Made anew only when something changed. */
  private drawing(columns: number): Drawing {
    const { feed, file, deaths } = this.options;
    const key = `${columns} ${this.unit} ${feed?.version} ${file?.version} ${deaths?.version}`;
    if (this.last?.key !== key) this.last = { key, drawing: this.made(columns) };
    const { drawing } = this.last;
    if (!drawing.spots.some(({ device }) => device === this.chosen)) this.chosen = this.hub(drawing);
    return drawing;
  }
  private made(columns: number): Drawing {
    const { feed, file, deaths } = this.options;
    if (file !== undefined) {
      const spots = file.ports.map((_, i) => ({ device: `${i}`, row: PORTS_FROM + i, column: 0, columns }));
      return { lines: portLines(file), spots, wires: [] };
    }
    if (feed?.topology === undefined) return { lines: this.absence(), spots: [], wires: [] };
    const { topology, rates } = feed;
    const lost = (device: Device) => {
      const rate = rates.get(device.id);
      return (rate?.received.lost ?? 0) + (rate?.sent.lost ?? 0) + (deaths?.lostAt(device) ?? 0);
    };
    const situation: Situation = { topology, rates, unit: this.unit, lost };
    return this.draughtsman.draw(situation, columns) ?? treeOf(situation, columns, this.glyphs);
  }
  /** What most others hang on: where to begin. */
  private hub({ spots }: Drawing): string | undefined {
    const uses = new Map<string | undefined, number>();
    for (const { to } of this.options.feed?.topology?.edges ?? []) uses.set(to, (uses.get(to) ?? 0) + 1);
    const most = Math.max(0, ...spots.map(({ device }) => uses.get(device) ?? 0));
    return spots.find(({ device }) => (uses.get(device) ?? 0) === most)?.device;
  }
  private absence(): Line[] {
    const obstacle = this.options.feed?.obstacle;
    if (obstacle === undefined) return [[span('looking at the devices of all namespaces ...', 'dim')]];
    return [[span(safe(obstacle.why), 'warning')], [span(`try: ${safe(obstacle.remedy)}`)]];
  }
  private get device(): Device | undefined {
    return this.options.feed?.topology?.devices.find(({ id }) => id === this.chosen);
  }
  act(action: Action): boolean {
    const direction = DIRECTIONS[action];
    if (direction !== undefined) return this.select(neighbourOf(this.last?.drawing, this.chosen, direction));
    const spots = this.last?.drawing.spots ?? [];
    if (action === 'first' || action === 'last') return this.select(spots.at(action === 'first' ? 0 : -1)?.device);
    if (action === 'page-up' || action === 'page-down') {
      let at = this.chosen;
      for (let i = 0; i < PAGE; i++)
        at = neighbourOf(this.last?.drawing, at, action === 'page-up' ? 'up' : 'down') ?? at;
      return this.select(at);
    }
    if (action !== 'unit') return false;
    this.unit = this.unit === 'packets' ? 'bits' : 'packets';
    this.changes++;
    return true;
  }
  private select(device: string | undefined): boolean {
    if (device !== undefined) this.chosen = device;
    this.following = true;
    this.changes++;
    return true;
  }
  click(pane: string, row: number, column: number): void {
    if (pane !== 'topology') return;
    const at = this.last?.drawing.spots.find(
      (spot) => spot.row === row + this.top && column >= spot.column && column < spot.column + spot.columns,
    );
    if (at !== undefined) this.select(at.device);
  }
  wheel(_pane: string, lines: number): void {
    this.top = Math.max(0, this.top + lines);
    this.following = false;
    this.changes++;
  }
  open({ device }: Target): void {
    if (device !== undefined) this.select(device);
  }
  get subject(): Subject | undefined {
    const { feed, file } = this.options;
    if (file !== undefined) return this.portSubject(file);
    const device = this.device;
    if (device === undefined) return undefined;
    const topology = feed!.topology!;
    return subjectOf(pathOf(device, topology), filterOfDevice(device, topology));
  }
  private portSubject({ ports }: FilePorts): Subject | undefined {
    const port = this.chosen === undefined ? undefined : ports[Number(this.chosen)];
    if (port === undefined || port.name === '') return undefined;
    return subjectOf(port.name, filterOfPort(port.name));
  }
}
function subjectOf(title: string, filter: string): Subject {
  return { title: `device ${safe(title)}`, filter, target: { view: 'packets', filter } };
}
/** Root is told no more than that: who hides from it, sudo does not show. */
function unseenText(processes: number): string {
  const remedy = process.geteuid?.() === 0 ? '' : ': try sudo';
  return `${processes} ${processes === 1 ? 'process' : 'processes'} not seen${remedy}`;
}
