import { nearest } from '../../nearest.ts';
import type { Node } from '../ast.ts';
import { all, type Condition, not } from '../condition.ts';
import type { Context } from '../context.ts';

const TYPES: ReadonlyMap<string, number> = new Map([
  ['mgt', 0x00],
  ['management', 0x00],
  ['ctl', 0x04],
  ['control', 0x04],
  ['data', 0x08],
]);

/** Subtypes of each type, IEEE 802.11 table 9-1; the number is the high half of the frame control's first byte. */
const SUBTYPES: ReadonlyMap<number, ReadonlyMap<string, number>> = new Map([
  [
    0x00,
    new Map([
      ['assoc-req', 0x00],
      ['assocreq', 0x00],
      ['assoc-resp', 0x10],
      ['assocresp', 0x10],
      ['reassoc-req', 0x20],
      ['reassocreq', 0x20],
      ['reassoc-resp', 0x30],
      ['reassocresp', 0x30],
      ['probe-req', 0x40],
      ['probereq', 0x40],
      ['probe-resp', 0x50],
      ['proberesp', 0x50],
      ['beacon', 0x80],
      ['atim', 0x90],
      ['disassoc', 0xa0],
      ['disassociation', 0xa0],
      ['auth', 0xb0],
      ['authentication', 0xb0],
      ['deauth', 0xc0],
      ['deauthentication', 0xc0],
    ]),
  ],
  [
    0x04,
    new Map([
      ['bar', 0x80],
      ['ba', 0x90],
      ['ps-poll', 0xa0],
      ['pspoll', 0xa0],
      ['rts', 0xb0],
      ['cts', 0xc0],
      ['ack', 0xd0],
      ['cf-end', 0xe0],
      ['cf-end-ack', 0xf0],
    ]),
  ],
  [
    0x08,
    new Map([
      ['data', 0x00],
      ['data-cf-ack', 0x10],
      ['data-cf-poll', 0x20],
      ['data-cf-ack-poll', 0x30],
      ['null', 0x40],
      ['cf-ack', 0x50],
      ['cf-poll', 0x60],
      ['cf-ack-poll', 0x70],
      ['qos-data', 0x80],
      ['qos-data-cf-ack', 0x90],
      ['qos-data-cf-poll', 0xa0],
      ['qos-data-cf-ack-poll', 0xb0],
      ['qos', 0xc0],
      ['qos-cf-poll', 0xe0],
      ['qos-cf-ack-poll', 0xf0],
    ]),
  ],
]);

const DIRECTIONS: readonly string[] = ['nods', 'tods', 'fromds', 'dstods'];

function require(context: Context, word: string, place: number): void {
  const { link } = context.layout;
  if (link.wlan === undefined) context.error(`"${word}" is for 802.11, and these packets are ${link.title}`, place);
}

/** `type mgt subtype beacon`. */
export function frameType(context: Context, node: Extract<Node, { kind: 'wlan' }>): Condition {
  require(context, node.type === undefined ? 'subtype' : 'type', node.at);
  const control = context.inHeader(1, 0);
  const { tests } = context;
  if (node.type === undefined) {
    const [type, subtype] = anySubtype(context, node.subtype!, node.at);
    return tests.masked(control, 0xfc, type | subtype);
  }
  const type = typeNumber(context, node.type, node.at);
  if (node.subtype === undefined) return tests.masked(control, 0x0c, type);
  return tests.masked(control, 0xfc, type | subtypeNumber(context, type, node.subtype, node.at));
}

function typeNumber(context: Context, type: number | string, place: number): number {
  if (typeof type === 'number') {
    if ((type & ~0x0c) !== 0) context.error('a type of 802.11 is 0, 4, 8 or 12', place);
    return type;
  }
  return TYPES.get(type) ?? context.error('802.11 has no such type', place, nearest(type, TYPES.keys()));
}

function subtypeNumber(context: Context, type: number, subtype: number | string, place: number): number {
  if (typeof subtype === 'number') {
    if ((subtype & ~0xf0) !== 0) context.error('a subtype of 802.11 is a multiple of 16 up to 0xf0', place);
    return subtype;
  }
  const names = SUBTYPES.get(type);
  return (
    names?.get(subtype) ??
    context.error('this type of 802.11 has no such subtype', place, nearest(subtype, names?.keys() ?? []))
  );
}

/** A subtype by name belongs to one type. */
function anySubtype(context: Context, subtype: number | string, place: number): [number, number] {
  const names = [...SUBTYPES].flatMap(([, each]) => [...each.keys()]);
  for (const [type, each] of SUBTYPES) {
    const number = each.get(`${subtype}`);
    if (number !== undefined) return [type, number];
  }
  return context.error(
    '802.11 has no such subtype; a number needs a type in front',
    place,
    nearest(`${subtype}`, names),
  );
}

/** `dir fromds`. */
export function frameDirection(context: Context, direction: number | string, place: number): Condition {
  require(context, 'dir', place);
  const number = typeof direction === 'number' ? direction : DIRECTIONS.indexOf(direction);
  if (number < 0 || number > 3)
    context.error('802.11 has no such direction', place, nearest(`${direction}`, DIRECTIONS));
  return context.tests.masked(context.inHeader(1, 1), 3, number);
}

/** Control fields of LLC: I-frames, and the names of S- and U-frames with the mask and value that tell them. ISO/IEC 8802-2. */
const LLC_TYPES: ReadonlyMap<string, readonly [mask: number, value: number]> = new Map([
  ['s', [0x03, 0x01]],
  ['u', [0x03, 0x03]],
  ['rr', [0x0f, 0x01]],
  ['rnr', [0x0f, 0x05]],
  ['rej', [0x0f, 0x09]],
  ['ui', [0xef, 0x03]],
  ['ua', [0xef, 0x63]],
  ['disc', [0xef, 0x43]],
  ['sabme', [0xef, 0x6f]],
  ['test', [0xef, 0xe3]],
  ['xid', [0xef, 0xaf]],
  ['frmr', [0xef, 0x87]],
]);

/** `llc`, `llc ui`. */
export function llc(context: Context, type: string | undefined, place: number): Condition {
  const { link, lane, inner } = context.layout;
  if (link.llc === undefined) context.error(`packets of ${link.title} are not asked for an LLC header`, place);
  const guard = [inner, lane].filter((each) => each !== undefined);
  const is = all(...guard, link.llc(context));
  if (type === undefined) return is;
  const control = context.inPayload(1, 2);
  if (type === 'i') return all(is, not(context.tests.hasBit(control, 1)));
  const entry = LLC_TYPES.get(type);
  if (entry === undefined) context.error('LLC has no such type', place, nearest(type, LLC_TYPES.keys()));
  return all(is, context.tests.masked(control, ...entry));
}
