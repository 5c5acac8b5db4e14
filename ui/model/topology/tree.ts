import { nested } from '../../../src/topology/nested.ts';
import { headingOf, kindOf, relationsOf } from '../../../src/topology/words.ts';
import type { Glyphs } from '../glyphs.ts';
import { type Line, type Span, span } from '../pane.ts';
import { columnsOf, filled, safe } from '../safe-text.ts';
import { branch, conditionOf, nameStyleOf, rateText, type Situation } from './boxes.ts';
import type { Drawing, Spot } from './drawing.ts';

/** The same without boxes: a line for each device, those of a namespace below its name. */
export function treeOf(situation: Situation, columns: number, glyphs: Glyphs): Drawing {
  const { topology } = situation;
  const lines: Line[] = [];
  const spots: Spot[] = [];
  const blocks = topology.namespaces.map((node) => {
    const devices = topology.devices.filter(({ namespace }) => namespace === node.id);
    const rows = nested(devices, topology.edges).map(({ device, lasts }) => cellsOf(device, lasts, situation, glyphs));
    return { node, devices: nested(devices, topology.edges).map(({ device }) => device), rows };
  });
  const widths = [0, 1].map((i) =>
    Math.max(0, ...blocks.flatMap(({ rows }) => rows.map((row) => columnsOf(row[i]!.text)))),
  );
  for (const { node, devices, rows } of blocks) {
    lines.push([span(safe(headingOf(node)), node.own ? 'title' : 'strong')]);
    if (node.obstacle !== undefined) lines.push([span(`  ${safe(node.obstacle.why)}`, 'warning')]);
    for (const [i, row] of rows.entries()) {
      spots.push({ device: devices[i]!.id, row: lines.length, column: 0, columns });
      lines.push(row.map(({ text, style }, j) => span(j < widths.length ? filled(text, widths[j]! + 1) : text, style)));
    }
  }
  return { lines, spots, wires: [] };
}
function cellsOf(
  device: Situation['topology']['devices'][number],
  lasts: readonly boolean[],
  situation: Situation,
  glyphs: Glyphs,
): Span[] {
  const { topology, rates, unit, lost } = situation;
  const condition = conditionOf(device, lost(device));
  const relations = relationsOf(device, topology).replaceAll('↔', glyphs.peer).replaceAll('←', glyphs.leftward);
  return [
    span(` ${branch(lasts, glyphs)}${glyphs[condition.mark]} ${safe(device.name)}`, nameStyleOf(condition)),
    span(rateText(rates.get(device.id), unit, glyphs), 'number'),
    ...(condition.word === '' ? [] : [span(`${condition.word} `, condition.style)]),
    span(safe([kindOf(device), relations].join(' ').trim()), 'dim'),
  ];
}
