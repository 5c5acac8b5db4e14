/** tcpdump's text of the records of IEEE 802.1. */
import type { Line } from '../../src/dissect/line.ts';
import { flagNames, hex, nameOf, paddedText, say } from '../say.ts';
import type { Ending } from './text.ts';

const SUBTYPES: Readonly<Record<number, string>> = {
  1: 'Port VLAN Id',
  2: 'Port and Protocol VLAN ID',
  3: 'VLAN name',
  4: 'Protocol Identity',
  7: 'Link aggregation',
  8: 'Congestion Notification',
  9: 'ETS Configuration',
  10: 'ETS Recommendation',
  11: 'Priority Flow Control Configuration',
  12: 'Application Priority',
  13: 'EVB',
  14: 'CDCP',
};
const PROTOCOL_VLAN = [
  [2, 'supported'],
  [4, 'enabled'],
] as const;
const AGGREGATION = [
  [1, 'supported'],
  [2, 'enabled'],
] as const;
const MODES = ['Not Supported', 'EVB Bridge', 'EVB Station', 'Reserved for future Standardization'];
const EIGHT = [0, 1, 2, 3, 4, 5, 6, 7];

/** By subtype: the least size, and the text of a record that begins at `at` with the organization. */
type Text = readonly [least: number, text: (w: Line, at: number, size: number) => void];

export function bridgeText(w: Line, at: number, size: number): Ending {
  if (size < 4) return 'fine';
  const subtype = w.u8(at + 3);
  say(w, '\n\t  ', nameOf(SUBTYPES, subtype, 'unknown'), ' Subtype (', subtype, ')');
  const text = TEXTS[subtype];
  if (text === undefined) return 'dump';
  if (size >= text[0]) text[1](w, at, size);
  return 'fine';
}
export function aggregationText(w: Line, at: number): void {
  const status = flagNames(AGGREGATION, w.u8(at + 4), 'none');
  say(w, '\n\t    aggregation status [', status, '], aggregation port ID ', w.u32(at + 5));
}
function vlanNameText(w: Line, at: number, size: number): void {
  say(w, '\n\t    vlan id (VID): ', w.u16(at + 4));
  if (size < 7) return;
  const length = w.u8(at + 6);
  if (size < 7 + length) return;
  w.str('\n\t    vlan name: ');
  paddedText(w, at + 7, length);
}
function identityText(w: Line, at: number, size: number): void {
  const length = w.u8(at + 4);
  if (size < 5 + length) return;
  w.str('\n\t    protocol identity: ');
  paddedText(w, at + 5, length);
}
/** A bit for each priority. */
function prioritiesText(w: Line, title: string, value: number): void {
  say(w, '\n\t    ', title, '\n\t     Priority : 0  1  2  3  4  5  6  7\n\t     Value    : ');
  for (const i of EIGHT) say(w, (value >> i) & 1, '  ');
}
function tableText(w: Line, title: string, heads: string, values: readonly number[]): void {
  const row = values.map((value) => String(value).padEnd(3)).join(' ');
  say(
    w,
    '\n\t    ',
    title,
    '\n\t     ',
    heads,
    ': 0   1   2   3   4   5   6   7\n\t     Value',
    ' '.repeat(heads.length - 5),
    ': ',
    row,
  );
}
/** IEEE 802.1Qaz: which class each priority has, and what each class gets. */
function selectionText(w: Line, at: number): void {
  const priorities = EIGHT.map((i) => (w.u8(at + 5 + (i >> 1)) >> (i % 2 === 0 ? 4 : 0)) & 15);
  tableText(w, 'Priority Assignment Table', 'Priority ', priorities);
  tableText(
    w,
    'TC Bandwidth Table',
    'TC%   ',
    EIGHT.map((i) => w.u8(at + 9 + i)),
  );
  tableText(
    w,
    'TSA Assignment Table',
    'Traffic Class',
    EIGHT.map((i) => w.u8(at + 17 + i)),
  );
}
function configurationText(w: Line, at: number): void {
  const value = w.u8(at + 4);
  say(
    w,
    '\n\t    Willing:',
    value >> 7,
    ', CBS:',
    (value >> 6) & 2,
    ', RES:',
    (value >> 3) & 7,
    ', Max TCs:',
    value & 7,
  );
  selectionText(w, at);
}
function flowControlText(w: Line, at: number): void {
  const value = w.u8(at + 4);
  say(
    w,
    '\n\t    Willing: ',
    value >> 7,
    ', MBC: ',
    (value >> 6) & 1,
    ', RES: ',
    (value >> 4) & 3,
    ', PFC cap:',
    value & 15,
    ' ',
  );
  prioritiesText(w, 'PFC Enable', w.u8(at + 5));
}
function applicationText(w: Line, at: number, size: number): void {
  say(w, '\n\t    RES: ', w.u8(at + 4));
  if (size === 5 || (size - 5) % 3 !== 0) return;
  w.str('\n\t    Application Priority Table');
  for (let i = at + 5; i < at + size; i += 3) {
    const value = w.u8(i);
    say(w, '\n\t      Priority: ', value >> 5, ', RES: ', (value >> 3) & 3, ', Sel: ', value & 7);
    say(w, ', Protocol ID: ', w.u16(i + 1));
  }
}
/** IEEE 802.1Qbg: edge virtual bridging. */
function virtualText(w: Line, at: number): void {
  const [bridge, station, retries] = [w.u8(at + 4), w.u8(at + 5), w.u8(at + 6)];
  say(w, '\n\t    EVB Bridge Status\n\t      RES: ', bridge >> 3, ', BGID: ', (bridge >> 2) & 1);
  say(w, ', RRCAP: ', (bridge >> 1) & 1, ', RRCTR: ', bridge & 1);
  say(w, '\n\t    EVB Station Status\n\t      RES: ', station >> 4, ', SGID: ', (station >> 3) & 1);
  say(w, ', RRREQ: ', (station >> 2) & 1, ',RRSTAT: ', station & 3);
  say(w, '\n\t    R: ', retries >> 5, ', RTE: ', retries & 31, ', ');
  const [mode, keep] = [w.u8(at + 7), w.u8(at + 8)];
  say(
    w,
    'EVB Mode: ',
    MODES[mode >> 6]!,
    ' [',
    mode >> 6,
    ']\n\t    ROL: ',
    (mode >> 5) & 1,
    ', RWD: ',
    mode & 31,
    ', ',
  );
  say(w, 'RES: ', keep >> 6, ', ROL: ', (keep >> 5) & 1, ', RKA: ', keep & 31);
}
function channelText(w: Line, at: number, size: number): void {
  const value = w.u8(at + 4);
  say(w, '\n\t    Role: ', value >> 7, ', RES: ', (value >> 4) & 7, ', Scomp: ', (value >> 3) & 1, ' ');
  say(w, 'ChnCap: ', w.u16(at + 6) & 0xfff);
  if ((size - 8) % 3 !== 0) return;
  for (let i = at + 8; i < at + size; i += 3) {
    const pair = w.u24(i);
    say(w, '\n\t    SCID: ', pair >> 12, ', SVID: ', pair & 0xfff);
  }
}
const TEXTS: Readonly<Record<number, Text>> = {
  1: [6, (w, at) => say(w, '\n\t    port vlan id (PVID): ', w.u16(at + 4))],
  2: [
    7,
    (w, at) => {
      const flags = w.u8(at + 4);
      say(w, '\n\t    port and protocol vlan id (PPVID): ', w.u16(at + 5));
      say(w, ', flags [', flagNames(PROTOCOL_VLAN, flags, 'none'), '] (0x', hex(flags, 2), ')');
    },
  ],
  3: [6, vlanNameText],
  4: [5, identityText],
  7: [9, aggregationText],
  8: [
    6,
    (w, at) => {
      prioritiesText(w, 'Pre-Priority CNPV Indicator', w.u8(at + 4));
      prioritiesText(w, 'Pre-Priority Ready Indicator', w.u8(at + 5));
    },
  ],
  9: [25, configurationText],
  10: [
    25,
    (w, at) => {
      say(w, '\n\t    RES: ', w.u8(at + 4));
      selectionText(w, at);
    },
  ],
  11: [6, flowControlText],
  12: [5, applicationText],
  13: [9, virtualText],
  14: [8, channelText],
};
