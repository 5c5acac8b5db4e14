import type { Style } from './model/pane.ts';

/** What the list tells of a packet, worked out for those on the screen. */
export interface PacketRow {
  readonly number: string;
  readonly time: string;
  readonly source: string;
  readonly destination: string;
  readonly protocol: string;
  readonly length: string;
  readonly device: string;
  readonly way: string;
  readonly info: string;
}
export interface Column {
  readonly name: keyof PacketRow;
  readonly title: string;
  /** The last column that is shown gets all that is left. */
  readonly width: number;
  readonly align?: 'right';
  readonly style: Style;
}
const COLUMNS: readonly Column[] = [
  { name: 'number', title: 'No.', width: 7, align: 'right', style: 'dim' },
  { name: 'time', title: 'Time', width: 13, align: 'right', style: 'plain' },
  { name: 'device', title: 'Device', width: 16, style: 'plain' },
  { name: 'way', title: 'Dir', width: 3, style: 'dim' },
  { name: 'source', title: 'Source', width: 21, style: 'address' },
  { name: 'destination', title: 'Destination', width: 21, style: 'address' },
  { name: 'protocol', title: 'Protocol', width: 9, style: 'protocol' },
  { name: 'length', title: 'Length', width: 6, align: 'right', style: 'number' },
  { name: 'info', title: 'Info', width: 40, style: 'plain' },
];
type ColumnSet = readonly Column['name'][];
const USUAL: ColumnSet = ['number', 'time', 'source', 'destination', 'protocol', 'length', 'info'];
const DEVICES: ColumnSet = ['number', 'time', 'device', 'way', 'source', 'destination', 'protocol', 'length', 'info'];
/** Tells the ends in tcpdump's line: the first choice where columns for them would leave it no room. */
const BRIEF: ColumnSet = ['number', 'time', 'protocol', 'info'];
const DEVICES_BRIEF: ColumnSet = ['number', 'time', 'device', 'way', 'protocol', 'info'];
const NARROW = 100;
/** So many columns leave tcpdump's line room beside those of {@link DEVICES}. */
const WIDE = 140;
/** Sets to choose from in so many columns, the best first. A packet that passes several devices is told apart by them. */
export function columnSets(columns: number, severalDevices: boolean): readonly ColumnSet[] {
  if (columns < NARROW) return [BRIEF, DEVICES_BRIEF, USUAL, DEVICES];
  if (!severalDevices) return [USUAL, DEVICES, BRIEF, DEVICES_BRIEF];
  return columns < WIDE ? [DEVICES_BRIEF, USUAL, DEVICES, BRIEF] : [DEVICES, USUAL, DEVICES_BRIEF, BRIEF];
}
export const columnOf = (name: Column['name']): Column => BY_NAME.get(name)!;
const BY_NAME = new Map(COLUMNS.map((column) => [column.name, column]));
/** Colours of whole lines, the first that fits: by protocol, and by what tcpdump's line says. */
export const COLOUR_RULES: readonly { readonly style: Style; readonly fits: (row: PacketRow) => boolean }[] = [
  { style: 'bad', fits: ({ info }) => /\bFlags \[[^\]]*R|unreachable|time exceeded|bad cksum|\[\|/.test(info) },
  { style: 'good', fits: ({ info }) => /\bFlags \[S[.EW]*\]/.test(info) },
  { style: 'dim', fits: ({ protocol }) => protocol === 'arp' || protocol === 'stp' || protocol === 'lldp' },
];
