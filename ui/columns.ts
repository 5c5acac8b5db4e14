import type { Style } from './model/pane.ts';

/** What the list tells of a packet, worked out for those on the screen. */
export interface PacketRow {
  readonly packet: number;
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
  readonly name: Exclude<keyof PacketRow, 'packet'>;
  readonly title: string;
  /** The last column that is shown gets all that is left. */
  readonly width: number;
  readonly align?: 'right';
  readonly style: Style;
}
export const COLUMNS: readonly Column[] = [
  { name: 'number', title: 'No.', width: 7, align: 'right', style: 'dim' },
  { name: 'time', title: 'Time', width: 13, align: 'right', style: 'plain' },
  { name: 'device', title: 'Device', width: 16, style: 'plain' },
  { name: 'way', title: 'Way', width: 3, style: 'dim' },
  { name: 'source', title: 'Source', width: 21, style: 'address' },
  { name: 'destination', title: 'Destination', width: 21, style: 'address' },
  { name: 'protocol', title: 'Protocol', width: 9, style: 'protocol' },
  { name: 'length', title: 'Length', width: 6, align: 'right', style: 'number' },
  { name: 'info', title: 'Info', width: 40, style: 'plain' },
];
/** Sets to choose from; captures of several devices begin with the second. */
export const COLUMN_SETS: readonly (readonly Column['name'][])[] = [
  ['number', 'time', 'source', 'destination', 'protocol', 'length', 'info'],
  ['number', 'time', 'device', 'way', 'source', 'destination', 'protocol', 'length', 'info'],
  ['number', 'time', 'info'],
  ['number', 'time', 'device', 'way', 'info'],
];
/** Screens narrower than this show tcpdump's line whole, which tells the ends. */
export const NARROW = 100;
export const NARROW_SET: readonly Column['name'][] = ['number', 'time', 'protocol', 'info'];
/** Colours of whole lines, the first that fits: by protocol, and by what tcpdump's line says. */
export const COLOUR_RULES: readonly { readonly style: Style; readonly fits: (row: PacketRow) => boolean }[] = [
  { style: 'bad', fits: ({ info }) => /\bFlags \[[^\]]*R|unreachable|time exceeded|bad cksum|\[\|/.test(info) },
  { style: 'good', fits: ({ info }) => /\bFlags \[S[.EW]*\]/.test(info) },
  { style: 'dim', fits: ({ protocol }) => protocol === 'arp' || protocol === 'stp' || protocol === 'lldp' },
];
