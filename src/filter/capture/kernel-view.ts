import { ANCILLARY, ANCILLARY_DATA, NETWORK_HEADER } from './bpf.ts';
import { at, type Expression, type Expressions, type Place } from './expression.ts';
import type { LinkLayer } from './link/layer.ts';

/**
 * How a live socket sees a packet that a file has otherwise: the VLAN tag was taken out of it, and a cooked packet begins at
 * the network header. A filter is about the packet as it will be captured, so each of its loads is led to where the kernel
 * keeps those bytes.
 */
export interface View {
  /** Whether the views's packets have a tag that was taken out. */
  readonly tagged: boolean;
  /** How many bytes the captured packet is longer than the kernel's. */
  readonly longer: number;
  /** Fields of the captured packet that the kernel's does not have at all. */
  readonly fields: readonly Field[];
  /** Bytes from here on are in the kernel's packet, `moved` further. */
  readonly from: number;
  readonly moved: number;
}

function known(of: Expressions, what: keyof typeof ANCILLARY_DATA): Expression {
  return of.load(4, at(ANCILLARY + ANCILLARY_DATA[what]));
}

/** Byte i of a number of so many bytes, the high one first. */
function part(of: Expressions, value: Expression, size: number, i: number): Expression {
  return of.and(of.binary('rsh', value, of.constant(8 * (size - 1 - i))), 0xff);
}

/** A field that is made up from what the kernel knows (or zero): where it starts, how long it is. */
export type Field = readonly [start: number, size: number, what: keyof typeof ANCILLARY_DATA | undefined];

function view(tagged: boolean, from: number, moved: number, longer: number, fields: readonly Field[]): View {
  return { tagged, from, moved, longer, fields };
}

function fieldValue(of: Expressions, what: Field[2]): Expression {
  return what === undefined ? of.constant(0) : known(of, what);
}

const TAG: readonly Field[] = [
  [12, 2, 'vlanProtocol'],
  [14, 2, 'vlanTag'],
];

/** Headers that the kernel makes up for cooked packets: what goes where, and where the type is. */
const COOKED: Readonly<
  Record<string, { readonly length: number; readonly type: number; readonly fields: readonly Field[] }>
> = {
  LINUX_SLL: {
    length: 16,
    type: 14,
    fields: [
      [0, 2, 'packetType'],
      [2, 2, 'hardwareType'],
    ],
  },
  LINUX_SLL2: {
    length: 20,
    type: 0,
    fields: [
      [2, 2, undefined],
      [4, 4, 'interfaceIndex'],
      [8, 2, 'hardwareType'],
      [10, 1, 'packetType'],
    ],
  },
};

/** The views of a link type: of packets without a tag, and of those with one. Of other link types nothing is moved. */
export function viewsOf(link: LinkLayer): readonly View[] {
  if (link.name === 'EN10MB') return [view(false, 0, 0, 0, []), view(true, 16, -4, 4, TAG)];
  const cooked = COOKED[link.name];
  if (cooked === undefined) return [view(false, 0, 0, 0, [])];
  const { length, type, fields } = cooked;
  const plain: Field[] = [...fields, [type, 2, 'protocol']];
  const tag: Field[] = [...fields, [type, 2, 'vlanProtocol'], [length, 2, 'vlanTag'], [length + 2, 2, 'protocol']];
  return [
    view(false, length, NETWORK_HEADER - length, length, plain),
    view(true, length + 4, NETWORK_HEADER - length - 4, length + 4, tag),
  ];
}

/** Whether the kernel took a tag out of the packet. */
export function tagPresent(of: Expressions): Expression {
  return known(of, 'vlanTagPresent');
}

/** The bytes at a place of the captured packet; undefined where the kernel does not know them. */
export function viewed(of: Expressions, view: View, size: 1 | 2 | 4, place: Place): Expression | undefined {
  const { base, offset } = place;
  // What is counted from something computed lies behind all that was moved.
  if (base !== undefined || offset >= view.from) return of.load(size, at(offset + view.moved, base));
  if (inAddresses(view, offset + size - 1)) return of.load(size, place);
  const field = view.fields.find(([start, length]) => start === offset && length === size);
  if (field !== undefined) return fieldValue(of, field[2]);
  let value: Expression | undefined;
  for (let i = 0; i < size; i++) {
    const one = byteAt(of, view, offset + i);
    if (one === undefined) return undefined;
    value = value === undefined ? one : of.binary('or', of.binary('lsh', value, of.constant(8)), one);
  }
  return value;
}

function byteAt(of: Expressions, view: View, offset: number): Expression | undefined {
  if (offset >= view.from) return of.load(1, at(offset + view.moved));
  if (inAddresses(view, offset)) return of.load(1, at(offset));
  const field = view.fields.find(([start, size]) => offset >= start && offset < start + size);
  return field && part(of, fieldValue(of, field[2]), field[1], offset - field[0]);
}

/** Addresses of Ethernet are where they were. */
function inAddresses({ fields }: View, offset: number): boolean {
  return fields === TAG && offset < TAG[0]![0];
}
