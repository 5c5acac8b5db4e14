import { LINK } from '../../../src/linux/links.ts';
import { nested } from '../../../src/topology/nested.ts';
import type { Rate, Rates } from '../../../src/topology/rates.ts';
import type { Device, NamespaceNode, Topology } from '../../../src/topology/topology.ts';
import { kindOf, nameOf, relationsOf, stateOf } from '../../../src/topology/words.ts';
import type { Glyphs } from '../glyphs.ts';
import { type Line, type Span, type Style, span } from '../pane.ts';
import { columnsOf, filled, safe, shortened } from '../safe-text.ts';
import { heldPin, processBox, type Wire } from './wires.ts';

export type Unit = 'packets' | 'bits';

/** What a drawing shows beside the topology. */
export interface Situation {
  readonly topology: Topology;
  readonly rates: ReadonlyMap<string, Rates>;
  readonly unit: Unit;
  /** How many packets a device loses in a second, by its counters and by what tracing tells. */
  readonly lost: (device: Device) => number;
}
/** A line in a box. */
export interface Row {
  /** What wires end at: the id of a device, unless it is of a process. */
  readonly pin: string;
  readonly device: Device | undefined;
  readonly spans: Line;
}
/** A namespace, or a process that holds a tap. */
export interface Box {
  readonly id: string;
  readonly title: string;
  readonly own: boolean;
  readonly rows: readonly Row[];
  /** Devices that are not worth a line each. */
  readonly folded: readonly Device[];
}
/** What is told of each device beside its name and state. */
export interface Detail {
  readonly kind: boolean;
  readonly addresses: 'all' | 'first' | 'none';
  /** Of devices that no wire leads to. */
  readonly rates: boolean;
}
/** Both directions: `↓1.2k ↑999k`. */
const RATE_COLUMNS = 11;
const LONGEST_TITLE = 40;
const SHORT_TITLE = 16;

export function boxesOf(situation: Situation, wires: readonly Wire[], detail: Detail, glyphs: Glyphs): Box[] {
  const { topology } = situation;
  // Of what goes through a tunnel, the row tells; the wires below tell of its packets on their way.
  const wired = new Set(wires.flatMap(({ kind, from, to }) => (kind === 'overlay' ? [] : [from, to])));
  const boxes = topology.namespaces.map((node) => namespaceBox(node, situation, wired, detail, glyphs));
  return [...boxes, ...processBoxes(topology)];
}
function namespaceBox(
  node: NamespaceNode,
  situation: Situation,
  wired: ReadonlySet<string>,
  detail: Detail,
  glyphs: Glyphs,
): Box {
  const { topology } = situation;
  const all = topology.devices.filter(({ namespace }) => namespace === node.id);
  const folded = all.filter((device) => isQuiet(device, topology));
  const shown = nested(
    all.filter((device) => !folded.includes(device)),
    topology.edges,
  );
  const cells = shown.map(({ device, lasts }) =>
    cellsOf(device, lasts, situation, wired.has(device.id), detail, glyphs),
  );
  const lines = aligned(cells);
  const rows = shown.map(({ device }, i): Row => ({ pin: device.id, device, spans: lines[i]! }));
  if (node.obstacle !== undefined) rows.push(note(`not seen: ${node.obstacle.why}`, 'warning'));
  return { id: node.id, title: titleOf(node, detail, glyphs), own: node.own, rows, folded };
}
const note = (text: string, style: Style): Row => ({
  pin: '',
  device: undefined,
  spans: [span(`${safe(text)} `, style)],
});

function titleOf(node: NamespaceNode, detail: Detail, { dot }: Glyphs): string {
  const { container, firstProcess, own } = node;
  const parts = [nameOf(node)];
  if (detail.addresses !== 'none' && container !== undefined && !own) parts.push(container.runtime);
  if (detail.kind && firstProcess !== undefined && !own) parts.push(`${firstProcess.name} (${firstProcess.pid})`);
  return shortened(safe(parts.join(` ${dot} `)), detail.addresses === 'none' ? SHORT_TITLE : LONGEST_TITLE);
}
/** Loopback devices that nothing ever passed, and what is down and hangs on nothing. */
function isQuiet(device: Device, { edges }: Topology): boolean {
  const { flags, counters, addresses, id } = device;
  if ((flags & LINK.loopback) !== 0) return counters.received.packets + counters.received.dropped === 0;
  const joined = edges.some(({ from, to }) => from === id || to === id);
  return (flags & LINK.up) === 0 && addresses.length === 0 && !joined;
}
function processBoxes({ devices }: Topology): Box[] {
  const boxes = new Map<number, { title: string; rows: Row[] }>();
  for (const device of devices) {
    for (const { pid, name } of device.holders) {
      const box = boxes.get(pid) ?? { title: shortened(safe(`${name} (${pid})`), LONGEST_TITLE), rows: [] };
      const text = `holds the ${device.details.mode ?? 'tun'} `;
      box.rows.push({ pin: heldPin(device.id, pid), device: undefined, spans: [span(text, 'dim')] });
      boxes.set(pid, box);
    }
  }
  return [...boxes].map(([pid, { title, rows }]) => ({ id: processBox(pid), title, own: false, rows, folded: [] }));
}
export interface Condition {
  readonly style: Style;
  /** Empty when all is well. */
  readonly word: string;
  readonly mark: 'works' | 'off' | 'loses';
}
/** How a device fares, at a glance. */
export function conditionOf(device: Device, lost: number): Condition {
  const state = stateOf(device);
  if (lost > 0) return { style: 'bad', word: state === 'up' ? '' : state, mark: 'loses' };
  if (state === 'up') return { style: 'good', word: '', mark: 'works' };
  if (state === 'down') return { style: 'dim', word: 'down', mark: 'off' };
  return { style: 'warning', word: state.replace('up, ', ''), mark: 'off' };
}
/** What is well need not shine. */
export const nameStyleOf = ({ style }: Condition): Style => (style === 'good' ? 'strong' : style);

function cellsOf(
  device: Device,
  lasts: readonly boolean[],
  { topology, rates, unit, lost }: Situation,
  wired: boolean,
  detail: Detail,
  glyphs: Glyphs,
): Span[] {
  const condition = conditionOf(device, lost(device));
  const { style, word, mark } = condition;
  const name = `${branch(lasts.slice(1), glyphs)}${safe(device.name)}`;
  const cells = [span(`${glyphs[mark]} ${name}`, nameStyleOf(condition))];
  if (detail.kind) cells.push(span(safe(wordsOf(device, topology, wired, glyphs)), 'dim'));
  cells.push(span(word, style));
  if (detail.addresses !== 'none') cells.push(span(addressText(device, detail), 'address'));
  if (detail.rates)
    cells.push(span(wired ? '' : filled(rateText(rates.get(device.id), unit, glyphs), RATE_COLUMNS), 'number'));
  return cells;
}
/** The kind, and the relations that no wire and no branch shows. */
function wordsOf(device: Device, topology: Topology, wired: boolean, { peer }: Glyphs): string {
  const kind = kindOf(device);
  if (wired || device.kind === 'tun') return kind;
  const relations = relationsOf({ ...device, details: {} }, topology)
    .replace(/^over \S+ ?/, '')
    .replaceAll('↔', peer)
    .replace(/index \d+ in a namespace that is not seen from here/, '?');
  const { remote } = device.details;
  return [kind, relations, remote === undefined ? '' : `to ${remote}`].filter((part) => part !== '').join(' ');
}
function addressText({ addresses }: Device, detail: Detail): string {
  // What IPv6 gives to every device by itself tells little.
  const telling = addresses.filter(({ scope }) => scope !== 'link');
  const texts = (telling.length > 0 ? telling : addresses).map(({ address, prefix }) => `${address}/${prefix}`);
  if (detail.addresses === 'all') return safe(texts.join(' '));
  return texts.length > 1 ? safe(`${texts[0]} +${texts.length - 1}`) : safe(texts[0] ?? '');
}
export const branch = (lasts: readonly boolean[], { child, lastChild, trunk }: Glyphs): string =>
  lasts.map((last, i) => (i < lasts.length - 1 ? (last ? '  ' : trunk) : last ? lastChild : child)).join('');

/** As short as a rate gets: four letters, `12k`, `1.2M`. */
export function rateOf(rate: Rate | undefined, unit: Unit): string {
  const value = rate === undefined ? 0 : rate[unit];
  if (value < THOUSAND) return value > 0 && value < 1 ? '<1' : String(Math.round(value));
  // What would be rounded up to 1000 is one of the next prefix.
  const power = Math.min(PREFIXES.length, Math.floor(Math.log10(value * 1.0005) / 3));
  const number = value / THOUSAND ** power;
  return `${number < 9.95 ? number.toFixed(1) : Math.round(number)}${PREFIXES[power - 1]}`;
}
const THOUSAND = 1000;
const PREFIXES = ['k', 'M', 'G', 'T'] as const;
/** Of a device that no wire leads to: received and sent. */
export function rateText(rates: Rates | undefined, unit: Unit, { received, sent }: Glyphs): string {
  if (rates === undefined || rates.received.packets + rates.sent.packets === 0) return '';
  return `${received}${rateOf(rates.received, unit)} ${sent}${rateOf(rates.sent, unit)}`;
}
/** Cells below each other, as wide as the widest; empty columns take no place. */
function aligned(rows: readonly (readonly Span[])[]): Span[][] {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => columnsOf(row[i]!.text))));
  return rows.map((row) =>
    row.flatMap(({ text, style }, i) => (widths[i] === 0 ? [] : [span(`${filled(text, widths[i]!)} `, style)])),
  );
}
