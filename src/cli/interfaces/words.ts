import { displayed } from '../../format/shell.ts';
import type { Traffic } from '../../linux/rtnetlink/counters.ts';
import type { Rate, Rates } from '../../topology/rates.ts';
import { scaled } from '../../topology/scaled.ts';
import type { Device, NamespaceNode, Topology } from '../../topology/topology.ts';

/** What is shown: a part of the topology, which knows the rest. */
export interface View {
  readonly topology: Topology;
  /** The namespaces to show. */
  readonly namespaces: readonly NamespaceNode[];
  /** By device, if they were measured. */
  readonly rates: ReadonlyMap<string, Rates> | undefined;
}
/** What passed, or with rates what passes in a second. */
export function trafficOf({ id, counters }: Device, way: 'received' | 'sent', { rates }: View): string {
  if (rates === undefined) return counted(counters[way]);
  const rate = rates.get(id);
  return rate === undefined ? '' : rated(rate[way]);
}
function counted({ packets, bytes, dropped, errors }: Traffic): string {
  if (packets + dropped + errors === 0) return '-';
  const parts = [`${packets}, ${scaled(bytes)}B`];
  if (dropped > 0) parts.push(`${dropped} dropped`);
  if (errors > 0) parts.push(`${errors} errors`);
  return parts.join(', ');
}
const rated = ({ packets, bits }: Rate): string =>
  packets === 0 ? '-' : `${packets < 10 ? packets.toFixed(1) : packets.toFixed(0)}/s, ${scaled(bits)}bit/s`;
/** Lines of cells, each column as wide as its widest; the last is as it is. Names may hold anything: they are escaped here. */
export function aligned(raw: readonly (readonly string[])[]): string[] {
  const rows = raw.map((cells) => cells.map(displayed));
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i]!))
      .join('  ')
      .trimEnd(),
  );
}
