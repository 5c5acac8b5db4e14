/** ASN.1 elements as tcpdump reads and shows them: it tells what it did not expect where it meets it. */
import type { Line } from '../../src/dissect/line.ts';
import { objectIdentifier } from '../ber.ts';
import { hex, say } from '../say.ts';

export type Type =
  | ('any' | 'null' | 'octets' | 'oid' | 'int' | 'unsigned' | 'string' | 'sequence' | 'address' | 'pdu')
  | 'exception';
export interface Element {
  readonly type: Type;
  readonly id: number;
  /** Where the value lies. */
  readonly at: number;
  readonly length: number;
  /** With its head. */
  readonly size: number;
  readonly value: number | bigint;
}
/** Where reading goes on, and how much is left. */
export interface Reader {
  at: number;
  left: number;
}
export const PDUS = [
  ...['GetRequest', 'GetNextRequest', 'GetResponse', 'SetRequest', 'Trap', 'GetBulk', 'Inform', 'V2Trap'],
  'Report',
];
const EXCEPTIONS = ['noSuchObject', 'noSuchInstance', 'endOfMibView'];
const UNIVERSAL = [
  ...['U-0', 'Boolean', 'Integer', 'Bitstring', 'String', 'Null', 'ObjID', 'ObjectDes'],
  ...['U-8', 'U-9', 'U-10', 'U-11', 'U-12', 'U-13', 'U-14', 'U-15', 'Sequence', 'Set'],
];
const APPLICATION = ['IpAddress', 'Counter', 'Gauge', 'TimeTicks', 'Opaque', 'C-5', 'Counter64'];
/** By class; tcpdump knows the first two by a letter, and calls the others `x`. */
const CLASSES = [
  ['U', UNIVERSAL],
  ['A', APPLICATION],
  ['x', PDUS],
  ['x', ['P-0']],
] as const;

/** The next element; undefined, and the complaint written, when there is none. */
export function elementText(w: Line, r: Reader): Element | undefined {
  const start = r.at;
  const head = headText(w, r);
  if (head === undefined || w.cut) return undefined;
  const { first, id, at, left, length } = head;
  if (left < length) return complaint(w, `[len${left}<asnlen${length}]`);
  const constructed = (first & 0x20) !== 0;
  if (id >= CLASSES[first >> 6]![1].length) return complaint(w, `[id?${constructed ? 'C' : 'P'}/x/${id}]`);
  if (!w.has(at, length)) {
    w.trunc();
    return undefined;
  }
  r.at = at + length;
  r.left = left - length;
  const type = constructed ? constructedType(w, first >> 6, id) : primitiveType(w, first >> 6, id);
  if (type === 'int' && length === 0) return complaint(w, '[asnlen=0]');
  return { type, id, at, length, size: r.at - start, value: numberIn(w, type, id, at, length) };
}
function complaint(w: Line, text: string): undefined {
  w.str(text);
  return undefined;
}
interface Head {
  readonly first: number;
  readonly id: number;
  readonly at: number;
  readonly left: number;
  readonly length: number;
}
function headText(w: Line, r: Reader): Head | undefined {
  let { at, left } = r;
  if (left < 1) return complaint(w, '[nothing to parse]');
  const first = w.u8(at);
  let id = first & 0x1f;
  at++;
  left--;
  if (id === 0x1f) {
    id = 0;
    for (; (w.u8(at) & 0x80) !== 0 && !w.cut; at++, left--) {
      if (left < 1) return complaint(w, '[Xtagfield?]');
      id = ((id << 7) | (w.u8(at) & 0x7f)) & 0xff;
    }
    if (left < 1) return complaint(w, '[Xtagfield?]');
    id = ((id << 7) | w.u8(at)) & 0xff;
    at++;
    left--;
  }
  if (left < 1) return complaint(w, '[no asnlen]');
  let length = w.u8(at);
  at++;
  left--;
  if (length < 0x80) return { first, id, at, left, length };
  const octets = length & 0x7f;
  if (left < octets) return complaint(w, `[asnlen? ${left}<${octets}]`);
  if (!w.has(at, octets)) {
    w.trunc();
    return undefined;
  }
  length = 0;
  for (let i = 0; i < octets; i++) length = ((length << 8) | w.u8(at + i)) >>> 0;
  return { first, id, at: at + octets, left: left - octets, length };
}
const PRIMITIVE: Readonly<Record<number, Readonly<Record<number, Type>>>> = {
  0: { 2: 'int', 4: 'string', 5: 'null', 6: 'oid' },
  1: { 0: 'address', 1: 'unsigned', 2: 'unsigned', 3: 'unsigned', 6: 'unsigned' },
  2: { 0: 'exception', 1: 'exception', 2: 'exception' },
};
function primitiveType(w: Line, kind: number, id: number): Type {
  const type = PRIMITIVE[kind]?.[id];
  if (type !== undefined) return type;
  if (kind === 2) return 'any';
  const [name, ids] = CLASSES[kind]!;
  say(w, '[P/', name, '/', ids[id]!, ']');
  return 'octets';
}
function constructedType(w: Line, kind: number, id: number): Type {
  if (kind === 2) return 'pdu';
  if (kind === 0 && id === 16) return 'sequence';
  say(w, 'C/', kind === 0 ? 'U' : 'x', '/', CLASSES[kind]![1][id]!);
  return 'octets';
}
const COUNTER64 = 6;
function numberIn(w: Line, type: Type, id: number, at: number, length: number): number | bigint {
  if (type === 'int') {
    let value = w.u8(at) > 0x7f ? -1 : 0;
    for (let i = 0; i < length; i++) value = (value << 8) | w.u8(at + i);
    return value;
  }
  if (type !== 'unsigned') return 0;
  let value = 0n;
  for (let i = 0; i < length; i++) value = BigInt.asUintN(64, (value << 8n) + BigInt(w.u8(at + i)));
  return id === COUNTER64 ? value : BigInt.asUintN(32, value);
}

/** Shows an element. */
export function valueText(w: Line, element: Element): void {
  const { type, id, at, length, value } = element;
  if (type === 'octets') octetsText(w, element);
  else if (type === 'oid') oidText(w, element);
  else if (type === 'int' || type === 'unsigned') w.str(String(value));
  else if (type === 'string') stringText(w, element);
  else if (type === 'sequence') say(w, 'Seq(', length, ')');
  else if (type === 'pdu') say(w, PDUS[id]!, '(', length, ')');
  else if (type === 'exception') say(w, '[', EXCEPTIONS[id]!, ']');
  else if (type === 'any') w.str('[BE_ANY!?]');
  else if (type === 'address') {
    if (length !== 4) w.str('[inetaddr len!=4]');
    for (let i = 0; i < length && !w.cut; i++) say(w, i === 0 ? '' : '.', w.u8(at + i));
  }
}
function oidText(w: Line, { at, length }: Element): void {
  const name = objectIdentifier(w.frame.bytes, at, at + length);
  if (name !== '') say(w, '.', name);
}
export function octetsText(w: Line, { at, length }: Element): void {
  for (let i = 0; i < length && !w.cut; i++) say(w, '_', hex(w.u8(at + i), 2));
}
/** In quotation marks when all of it is printable. */
export function stringText(w: Line, { at, length }: Element): void {
  let printable = true;
  for (let i = 0; i < length && printable; i++) printable = w.u8(at + i) > 0x1f && w.u8(at + i) < 0x7f;
  if (printable) {
    w.char(0x22);
    w.textAt(at, length);
    w.char(0x22);
  } else for (let i = 0; i < length && !w.cut; i++) say(w, i === 0 ? '' : '_', hex(w.u8(at + i), 2));
}
