import type { Rates } from '../../../src/topology/rates.ts';
import type { Topology } from '../../../src/topology/topology.ts';
import type { Glyphs } from '../glyphs.ts';
import { type Line, type Span, type Style, span } from '../pane.ts';
import { type Arrangement, arrange } from './arrangement.ts';
import { boxesOf, type Detail, rateOf, type Situation } from './boxes.ts';
import { Canvas, WAY } from './canvas.ts';
import { foldedText, type Placed } from './placed.ts';
import { type Drawn, LABEL_COLUMNS } from './routing.ts';
import { type Wire, wiresOf } from './wires.ts';

/** Where a device stands in a drawing. */
export interface Spot {
  readonly device: string;
  readonly row: number;
  readonly column: number;
  readonly columns: number;
}
export interface Drawing {
  readonly lines: readonly Line[];
  readonly spots: readonly Spot[];
  readonly wires: readonly Wire[];
}
/** What is given up when the room is small, step by step; `labels` are the rates on wires. */
const STEPS: readonly (Detail & { readonly labels: boolean })[] = [
  { kind: true, addresses: 'all', rates: true, labels: true },
  { kind: true, addresses: 'first', rates: true, labels: true },
  { kind: false, addresses: 'first', rates: true, labels: true },
  { kind: false, addresses: 'first', rates: false, labels: true },
  { kind: false, addresses: 'none', rates: false, labels: true },
  { kind: false, addresses: 'first', rates: false, labels: false },
  { kind: false, addresses: 'none', rates: false, labels: false },
];
/** Draws boxes and wires as rich as fits. */
export class Draughtsman {
  /** What the last search for what fits was about, and what it found. */
  private sought = '';
  private step = -1;

  constructor(private readonly glyphs: Glyphs) {}
  /** Undefined: not even the poorest drawing fits so many columns. */
  draw(situation: Situation, columns: number): Drawing | undefined {
    const wires = wiresOf(situation.topology);
    const arranged = (step: number): Arrangement => {
      const detail = STEPS[step]!;
      return arrange(boxesOf(situation, wires, detail, this.glyphs), wires, columns, detail.labels);
    };
    const sought = `${columns} ${sizeOf(situation.topology)}`;
    // Of a network that is too big, nothing else is tried, and that only once.
    if (sought !== this.sought) this.step = arranged(STEPS.length - 1).columns <= columns ? 0 : -1;
    this.sought = sought;
    for (; this.step >= 0 && this.step < STEPS.length; this.step++) {
      const arrangement = arranged(this.step);
      if (arrangement.columns <= columns) return drawn(arrangement, situation, this.glyphs, wires);
    }
    return undefined;
  }
}
/** Changes when another drawing might fit. */
function sizeOf({ namespaces, devices, edges }: Topology): string {
  const letters = devices.reduce(
    (sum, { name, addresses, state }) => sum + name.length + state.length + 20 * addresses.length,
    0,
  );
  return `${namespaces.length} ${devices.length} ${edges.length} ${letters}`;
}
function drawn(
  { placed, drawn: lines, columns }: Arrangement,
  situation: Situation,
  glyphs: Glyphs,
  wires: readonly Wire[],
): Drawing {
  const canvas = new Canvas(columns, glyphs);
  const used = usesOf(wires);
  const bad = new Set(situation.topology.devices.filter((each) => situation.lost(each) > 0).map(({ id }) => id));
  for (const each of placed) drawBox(canvas, each);
  for (const each of lines) drawWire(canvas, each, styleOf(each.wire, situation, bad), netOf(each.wire, used));
  for (const each of placed) fill(canvas, each);
  for (const each of lines) label(canvas, each, situation, glyphs);
  return {
    lines: canvas.lines(),
    spots: placed.flatMap(spotsOf).sort((a, b) => a.row - b.row || a.column - b.column),
    wires,
  };
}
/** How many wires end at each pin. */
function usesOf(wires: readonly Wire[]): Map<string, number> {
  const uses = new Map<string, number>();
  for (const pin of wires.flatMap(({ from, to }) => [from, to])) uses.set(pin, (uses.get(pin) ?? 0) + 1);
  return uses;
}
function netOf({ from, to }: Wire, uses: ReadonlyMap<string, number>): string {
  if (uses.get(from)! > 1) return from;
  return uses.get(to)! > 1 ? to : `${from} ${to}`;
}
function styleOf({ from, to }: Wire, { rates }: Situation, bad: ReadonlySet<string>): Style {
  if (bad.has(from) || bad.has(to)) return 'bad';
  const rate = rates.get(from);
  return rate !== undefined && rate.received.packets + rate.sent.packets > 0 ? 'plain' : 'dim';
}
function drawBox(canvas: Canvas, { box, row, column, rows, columns }: Placed): void {
  canvas.box(row, column, rows, columns, box.own ? 'title' : 'plain');
}
function drawWire(canvas: Canvas, wire: Drawn, style: Style, net: string): void {
  const { fromRow, toRow, left, right, column, loop } = wire;
  const pen = { net, style, dashed: wire.wire.kind === 'overlay' || wire.wire.kind === 'held' };
  canvas.line(fromRow, left + 1, fromRow, column, pen);
  if (fromRow !== toRow) canvas.line(fromRow, column, toRow, column, pen);
  canvas.pin(fromRow, left, WAY.right, pen);
  if (loop) {
    canvas.line(toRow, column, toRow, left + 1, pen);
    canvas.pin(toRow, left, WAY.right, pen);
  } else {
    canvas.line(toRow, column, toRow, right - 1, pen);
    canvas.pin(toRow, right, WAY.left, pen);
  }
}
function fill(canvas: Canvas, { box, row, column, rows }: Placed): void {
  if (box.title !== '') canvas.write(row, column + 1, [span(` ${box.title} `, box.own ? 'title' : 'strong')]);
  for (const [i, { spans }] of box.rows.entries()) canvas.write(row + 1 + i, column + 2, trimmed(spans));
  const folded = foldedText(box);
  if (folded !== '') canvas.write(row + rows - 1, column + 1, [span(` ${folded} `, 'dim')]);
}
const trimmed = (spans: Line): Line => spans.map((each, i) => (i === spans.length - 1 ? end(each) : each));
const end = ({ text, style }: Span): Span => span(text.trimEnd(), style);

/** The rates of a wire, at its left or upper end, as that one sends and receives. */
function label(
  canvas: Canvas,
  { wire, turned, labelled, left, fromRow }: Drawn,
  situation: Situation,
  glyphs: Glyphs,
): void {
  if (!labelled) return;
  const near = situation.rates.get(turned ? wire.to : wire.from);
  const far = situation.rates.get(turned ? wire.from : wire.to);
  const rates = near ?? (far && { received: far.sent, sent: far.received });
  const text = labelText(rates, situation, glyphs);
  if (text !== '') canvas.write(fromRow, left + 2, [span(` ${text} `.slice(0, LABEL_COLUMNS + 1), 'number')]);
}
function labelText(rates: Rates | undefined, { unit }: Situation, { rightward, leftward }: Glyphs): string {
  if (rates === undefined) return '';
  const parts: string[] = [];
  if (rates.sent.packets > 0) parts.push(`${rateOf(rates.sent, unit)}${rightward}`);
  if (rates.received.packets > 0) parts.push(`${leftward}${rateOf(rates.received, unit)}`);
  return parts.join(' ');
}
function spotsOf({ box, row, column, columns }: Placed): Spot[] {
  return box.rows.flatMap(({ device }, i) =>
    device === undefined ? [] : [{ device: device.id, row: row + 1 + i, column: column + 1, columns: columns - 2 }],
  );
}
