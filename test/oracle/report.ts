import type { Comparison, Difference } from './comparison.ts';
import { sideBySide } from './difference.ts';
import { percent, Shelf, textTable } from './tally.ts';

/** How much a report tells: classes of differences, and lines of each list. */
export interface Detail {
  readonly classes: number;
  readonly lines: number;
}
export const BRIEF: Detail = { classes: 30, lines: 10 };

export function report(comparison: Comparison, { classes, lines }: Detail = BRIEF): string {
  const groups = grouped(comparison.differences);
  const parts = [
    protocolTable(comparison),
    groups.length === 0 ? '' : `${groups.length} classes of differences (tcpdump ⇒ hooktap):`,
    groups.length === 0 ? '' : classTable(groups.slice(0, classes)),
    list('printed another number of packets', comparison.counts, lines),
    list('failed', comparison.failures, lines),
    list(
      'not compared',
      [...comparison.excluded].map(([file, why]) => `${file}: ${why}`),
      lines,
    ),
    list(
      'known exceptions',
      [...comparison.excused].map(([e, n]) => `${n} packets, ${e.right} is right: ${e.reason}`),
      lines,
    ),
    `${comparison.files} files, matched ${comparison.total}${withExcused(comparison)}`,
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}
/** What the number would be without the list of exceptions. */
function withExcused({ total, excused }: Comparison): string {
  const all = total.all + [...excused.values()].reduce((sum, n) => sum + n, 0);
  return all === total.all
    ? ''
    : `, and ${total.matched} of ${all} (${percent(total.matched / all)}) with the exceptions`;
}
function protocolTable({ byProtocol }: Comparison): string {
  const rows = [...byProtocol].sort(([, a], [, b]) => b.all - b.matched - (a.all - a.matched));
  return textTable(
    ['protocol', 'matched', 'all', 'percent'],
    rows.map(([name, tally]) => [name, tally.matched, tally.all, percent(tally.ratio)]),
  );
}
const classTable = (groups: readonly Difference[][]): string =>
  textTable(
    ['packets', 'for example', 'class'],
    groups.map((group) => [group.length, `${group[0]!.file} ${group[0]!.packet}`, group[0]!.class]),
  );
function list(title: string, all: readonly string[], most: number): string {
  if (all.length === 0) return '';
  const rest = all.length > most ? [`… and ${all.length - most} more (--long)`] : [];
  return [`${title} (${all.length}):`, ...all.slice(0, most), ...rest].join('\n  ');
}

/** Differences by class, the largest first. */
function grouped(differences: readonly Difference[]): Difference[][] {
  const groups = new Shelf<Difference[]>(() => []);
  for (const difference of differences) groups.at(difference.class).push(difference);
  return [...groups.values()].sort((a, b) => b.length - a.length);
}
/** One difference of each class in full, then a second of each, and so on. */
export function examples(differences: readonly Difference[], count: number): string {
  const groups = grouped(differences);
  const chosen: Difference[] = [];
  for (let round = 0; chosen.length < Math.min(count, differences.length); round++)
    for (const group of groups) if (group[round] !== undefined && chosen.length < count) chosen.push(group[round]!);
  return chosen
    .map((d) => `${d.file} packet ${d.packet} (${d.layers.join(':')})\n${sideBySide(d.expected, d.actual)}\n`)
    .join('\n');
}
