/** tcpdump's text of the records of IEEE 802.3. */
import type { Line } from '../../src/dissect/line.ts';
import { flagNames, hex, nameOf, say } from '../say.ts';
import { aggregationText } from './bridge.ts';
import type { Ending } from './text.ts';

const SUBTYPES: Readonly<Record<number, string>> = {
  1: 'MAC/PHY configuration/status',
  2: 'Power via MDI',
  3: 'Link aggregation',
  4: 'Max frame size',
};
const NEGOTIATION = [
  [1, 'supported'],
  [2, 'enabled'],
] as const;
const SPEEDS = [
  [0x4000, '10BASE-T hdx'],
  [0x2000, '10BASE-T fdx'],
  [0x1000, '100BASE-T4'],
  [0x0800, '100BASE-TX hdx'],
  [0x0400, '100BASE-TX fdx'],
  [0x0200, '100BASE-T2 hdx'],
  [0x0100, '100BASE-T2 fdx'],
  [0x0080, 'Pause for fdx links'],
  [0x0040, 'Asym PAUSE for fdx'],
  [0x0020, 'Sym PAUSE for fdx'],
  [0x0010, 'Asym and Sym PAUSE for fdx'],
  [0x0008, '1000BASE-{X LX SX CX} hdx'],
  [0x0004, '1000BASE-{X LX SX CX} fdx'],
  [0x0002, '1000BASE-T hdx'],
  [0x0001, '1000BASE-T fdx'],
] as const;
/** Medium attachment units (RFC 4836), from 0. */
const UNITS = [
  ...['Unknown', 'AUI', '10BASE_5', 'FOIRL', '10BASE2', '10BASET duplex mode unknown', '10BASEFP', '10BASEFB'],
  ...['10BASEFL duplex mode unknown', '10BROAD36', '10BASET hdx', '10BASET fdx', '10BASEFL hdx', '10BASEFL fdx'],
  ...['100BASET4', '100BASETX hdx', '100BASETX fdx', '100BASEFX hdx', '100BASEFX fdx', '100BASET2 hdx'],
  ...['100BASET2 fdx', '1000BASEX hdx', '1000BASEX fdx', '1000BASELX hdx', '1000BASELX fdx', '1000BASESX hdx'],
  ...['1000BASESX fdx', '1000BASECX hdx', '1000BASECX fdx', '1000BASET hdx', '1000BASET fdx', '10GBASEX'],
  ...['10GBASELX4', '10GBASER', '10GBASEER', '10GBASELR', '10GBASESR', '10GBASEW', '10GBASEEW', '10GBASELW'],
  '10GBASESW',
];
const POWER = [
  [1, 'PSE'],
  [2, 'supported'],
  [4, 'enabled'],
  [8, 'can be controlled'],
] as const;
const PAIRS: Readonly<Record<number, string>> = { 1: 'signal', 2: 'spare' };

export function ethernetText(w: Line, at: number, size: number): Ending {
  if (size < 4) return 'fine';
  const subtype = w.u8(at + 3);
  say(w, '\n\t  ', nameOf(SUBTYPES, subtype, 'unknown'), ' Subtype (', subtype, ')');
  const text = TEXTS[subtype];
  if (text === undefined) return 'dump';
  if (size >= text[0]) text[1](w, at);
  return 'fine';
}
function physicalText(w: Line, at: number): void {
  const [negotiation, speeds, unit] = [w.u8(at + 4), w.u16(at + 5), w.u16(at + 7)];
  say(w, '\n\t    autonegotiation [', flagNames(NEGOTIATION, negotiation, 'none'), '] (0x', hex(negotiation, 2), ')');
  say(w, '\n\t    PMD autoneg capability [', flagNames(SPEEDS, speeds, 'unknown'), '] (0x', hex(speeds, 4), ')');
  say(w, '\n\t    MAU type ', UNITS[unit] ?? 'unknown', ' (0x', hex(unit, 4), ')');
}
function powerText(w: Line, at: number): void {
  const level = w.u8(at + 6);
  say(w, '\n\t    MDI power support [', flagNames(POWER, w.u8(at + 4), 'none'), '], power pair ');
  say(
    w,
    nameOf(PAIRS, w.u8(at + 5), 'unknown'),
    ', power class ',
    level > 0 && level < 6 ? `class${level - 1}` : 'unknown',
  );
}
/** By subtype: the least size, and the text of a record that begins at `at` with the organization. */
const TEXTS: Readonly<Record<number, readonly [least: number, text: (w: Line, at: number) => void]>> = {
  1: [9, physicalText],
  2: [7, powerText],
  3: [9, aggregationText],
  4: [6, (w, at) => say(w, '\n\t    MTU size ', w.u16(at + 4))],
};
