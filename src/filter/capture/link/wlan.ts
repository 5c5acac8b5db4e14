import { all, any, type Condition, not, TRUE } from '../condition.ts';
import type { Context } from '../context.ts';
import { at, behind, type Expression } from '../expression.ts';
import type { LinkLayer, MacDirection } from './layer.ts';
import { llcCarries } from './llc.ts';

/** Fields of the frame control of 802.11: the type is in bits 2 and 3 of the first byte. */
const TYPE = 0x0c;
const CONTROL = 0x04;
const DATA = 0x08;
const QOS = 0x80;
/** In the second byte. */
const TO_DS = 1;
const FROM_DS = 2;
/** Where the four addresses are. */
const ADDRESS = [4, 10, 16, 24] as const;

function frameControl(context: Context): Expression {
  return context.inHeader(1, 0);
}

export function isData(context: Context): Condition {
  return context.tests.masked(frameControl(context), TYPE, DATA);
}

/** The length of the 802.11 header in front of data: 24, with QoS 26; radiotap may say that it was padded. */
function openData(context: Context, padded: boolean): void {
  const end = context.newRegister();
  const value = context.of.register(end);
  const { of, tests, layout } = context;
  const start = layout.header.base ?? of.constant(0);
  const bit = (mask: number): Condition => tests.hasBit(frameControl(context), mask);
  const qos = all(bit(QOS), context.assign(end, of.binary('add', value, of.constant(2))));
  const padding = padded ? radiotapPadding(context, end, value) : TRUE;
  const inData = all(any(qos, TRUE), padding);
  const steps = all(bit(DATA), not(bit(CONTROL)), inData);
  const least = context.assign(end, of.binary('add', start, of.constant(24)));
  context.prologue.push({ register: end, steps: [least, any(steps, TRUE)] });
  layout.type = at(0, value);
  layout.payload = at(0, value);
}

/** Bits of radiotap's first word of presence flags, as they are seen in network order. */
const TSFT = 0x01000000;
const FLAGS = 0x02000000;
const MORE = 0x00000080;
/** In the flags: the header is padded to a multiple of four. */
const PADDED = 0x20;

function radiotapPadding(context: Context, end: number, value: Expression): Condition {
  const { of, tests } = context;
  const present = context.load(4, at(4));
  // The flags are the first field, unless a time stamp of eight bytes is in front.
  const flagged = any(
    all(tests.hasBit(present, TSFT), tests.hasBit(context.load(1, at(16)), PADDED)),
    all(not(tests.hasBit(present, TSFT)), tests.hasBit(context.load(1, at(8)), PADDED)),
  );
  const rounded = of.and(of.binary('add', value, of.constant(3)), 0xfffffffc);
  return all(tests.hasBit(present, FLAGS), not(tests.hasBit(present, MORE)), flagged, context.assign(end, rounded));
}

function address(context: Context, index: 0 | 1 | 2 | 3, bytes: readonly number[]): Condition {
  return all(...context.bytesAre(behind(context.layout.header, ADDRESS[index]), bytes));
}

/** The source of a frame: which address that is depends on the way through the distribution system. */
function source(context: Context, bytes: readonly number[]): Condition {
  const { tests } = context;
  const way = context.inHeader(1, 1);
  const fromDs = all(
    tests.hasBit(way, FROM_DS),
    any(
      all(tests.hasBit(way, TO_DS), address(context, 3, bytes)),
      all(not(tests.hasBit(way, TO_DS)), address(context, 2, bytes)),
    ),
  );
  const data = any(fromDs, all(not(tests.hasBit(way, FROM_DS)), address(context, 1, bytes)));
  return byType(context, data, address(context, 1, bytes));
}

function destination(context: Context, test: (index: 0 | 2) => Condition): Condition {
  const { tests } = context;
  const way = context.inHeader(1, 1);
  const data = any(all(tests.hasBit(way, TO_DS), test(2)), all(not(tests.hasBit(way, TO_DS)), test(0)));
  return byType(context, data, test(0));
}

/** One test for data frames, one for management; control frames have no such addresses. */
function byType(context: Context, data: Condition, management: Condition): Condition {
  const bit = (mask: number): Condition => context.tests.hasBit(frameControl(context), mask);
  return all(not(bit(CONTROL)), any(all(bit(DATA), data), all(not(bit(DATA)), management)));
}

/** Control frames end after the receiver (CTS and ACK), or after the transmitter. */
function hasSecond(context: Context): Condition {
  const { tests } = context;
  const control = frameControl(context);
  const short = any(tests.masked(control, 0xf0, 0xc0), tests.masked(control, 0xf0, 0xd0));
  return not(all(tests.masked(control, TYPE, CONTROL), short));
}

function macTest(context: Context, direction: MacDirection, bytes: readonly number[]): Condition {
  const { tests } = context;
  const control = frameControl(context);
  const bit = (mask: number): Condition => tests.hasBit(control, mask);
  switch (direction) {
    case 'src':
      return source(context, bytes);
    case 'dst':
      return destination(context, (index) => address(context, index, bytes));
    case 'src and dst':
      return all(macTest(context, 'src', bytes), macTest(context, 'dst', bytes));
    case 'src or dst':
      return any(macTest(context, 'src', bytes), macTest(context, 'dst', bytes));
    case 'addr1':
      return address(context, 0, bytes);
    case 'addr2':
      return all(hasSecond(context), address(context, 1, bytes));
    case 'addr3':
      return all(not(tests.masked(control, TYPE, CONTROL)), address(context, 2, bytes));
    case 'addr4':
      return all(tests.masked(context.inHeader(1, 1), 3, 3), address(context, 3, bytes));
    // Management frames have a source and a destination instead.
    case 'ra':
      return all(bit(DATA), address(context, 0, bytes));
    case 'ta':
      return all(bit(DATA), hasSecond(context), address(context, 1, bytes));
  }
}

const frame = {
  payload: 0,
  network: 8,
  networkNoSnap: 3,
  carries: (context: Context, protocol: number): Condition => all(isData(context), llcCarries(context, protocol)),
  macTest,
  broadcast: (context: Context): Condition => macTest(context, 'dst', [255, 255, 255, 255, 255, 255]),
  multicast: (context: Context): Condition =>
    destination(context, (index) => context.tests.hasBit(context.inHeader(1, ADDRESS[index]), 1)),
  llc: isData,
  vlan: true,
  wlan: true,
} as const;

/** A length of two bytes, the low one first. */
function littleEndian(context: Context, offset: number): Expression {
  const { of } = context;
  const high = of.binary('lsh', context.load(1, at(offset + 1)), of.constant(8));
  return of.binary('or', context.load(1, at(offset)), high);
}

/** Puts a header of computed length in front of the frame. */
function openBehind(context: Context, length: (register: number) => Condition[], padded: boolean): void {
  const register = context.newRegister();
  context.prologue.push({ register, steps: length(register) });
  context.layout.header = at(0, context.of.register(register));
  openData(context, padded);
}

/** The Prism header has a fixed length, unless it is in truth an AVS header. */
function prism(context: Context, register: number): Condition[] {
  const { of, tests } = context;
  const avs = tests.masked(context.load(4, at(0)), 0xfffff000, 0x80211000);
  const set = (value: Expression): Condition => context.assign(register, value);
  return [any(all(avs, set(context.load(4, at(4)))), set(of.constant(144)))];
}

/** DLT_IEEE802_11 as PPI's header names it, low byte first. */
const PPI_802_11 = 0x69000000;

export const WLAN_LINKS: readonly LinkLayer[] = [
  { ...frame, name: 'IEEE802_11', types: [105], title: '802.11', open: (context) => openData(context, false) },
  {
    ...frame,
    name: 'IEEE802_11_RADIO',
    types: [127],
    title: '802.11 with radiotap',
    radio: true,
    open: (context) => openBehind(context, (register) => [context.assign(register, littleEndian(context, 2))], true),
  },
  {
    ...frame,
    name: 'IEEE802_11_RADIO_AVS',
    types: [163],
    title: '802.11 with an AVS header',
    radio: true,
    open: (context) => openBehind(context, (register) => [context.assign(register, context.load(4, at(4)))], false),
  },
  {
    ...frame,
    name: 'PRISM_HEADER',
    types: [119],
    title: '802.11 with a Prism header',
    radio: true,
    open: (context) => openBehind(context, (register) => prism(context, register), false),
  },
  {
    ...frame,
    name: 'PPI',
    types: [192],
    title: '802.11 with PPI',
    radio: true,
    // PPI can be in front of any link type, and only 802.11 is looked into.
    guard: (context) => context.tests.equals(context.load(4, at(4)), PPI_802_11),
    open: (context) => openBehind(context, (register) => [context.assign(register, littleEndian(context, 2))], false),
  },
];
