import { header, u16, u32 } from '../src/bytes/field.ts';
import { u16Kind, u32Kind } from '../src/bytes/kind.ts';
import type { Frame } from '../src/dissect/frame.ts';
import { NONE, protocol } from '../src/dissect/protocol.ts';
import { inOrder } from './in-order.ts';
import { part } from './part.ts';

const head = header(
  'erspan',
  {},
  {
    version: part(u16Kind, 0xf000, 'Version', { names: { 1: 'Type II', 2: 'Type III' } }),
    vlan: part(u16Kind, 0x0fff, 'VLAN of the mirrored frame'),
    cos: part(u16Kind, 0xe000, 'Class of service'),
    encap: part(u16Kind, 0x1800, 'Kind of trunk', { names: { 0: 'None', 1: 'ISL', 2: '802.1Q', 3: 'Preserved' } }),
    truncated: part(u16Kind, 0x0400, 'Truncated'),
    spanid: part(u16Kind, 0x03ff, 'Session ID'),
    index: part(u32Kind, 0x000f_ffff, 'Port index'),
    timestamp: u32('Timestamp'),
    sgt: u16('Security group tag'),
    p: part(u16Kind, 0x8000, 'Is an Ethernet frame'),
    ft: part(u16Kind, 0x7c00, 'Frame type', { names: { 0: 'Ethernet', 2: 'IP' } }),
    hw: part(u16Kind, 0x03f0, 'Hardware ID'),
    direction: part(u16Kind, 0x0008, 'Direction', { names: { 0: 'Incoming', 1: 'Outgoing' } }),
    gra: part(u16Kind, 0x0006, 'Granularity of the timestamp'),
    o: part(u16Kind, 0x0001, 'Platform header present'),
  },
);
const PROTO_II = 0x88be;
const PROTO_III = 0x22eb;
/** By version: the size of the header, in bytes. */
const SIZE = { 1: 8, 2: 12 } as const;
const PLATFORM_SIZE = 8;
/** GRE's flag for a sequence number: type I has neither that nor a header. */
const SEQUENCE = 0x1000;

/** Mirrored frames in GRE. */
export const erspan = protocol(head, {
  title: 'Encapsulated Remote Switch Packet Analysis',
  source: 'draft-foschiano-erspan',
  on: { ethertype: [PROTO_II, PROTO_III] },
  summary: (frame, d) => `Encapsulated Remote Switch Packet ANalysis Type ${typeOf(frame, d)}`,
  step(frame, _, at, end) {
    const size = sizeOf(frame, frame.depth - 1);
    if (size < 0) return NONE;
    return frame.passOn(isEthernet(frame, frame.depth - 1) ? frame.registry.id('eth') : NONE, at + size, end);
  },
  expand(frame, d, visit) {
    const at = frame.from[d]!;
    const end = frame.limit(d);
    const shape = isBare(frame, d) || at + 2 > end ? 0 : head.version.read(frame.bytes, at);
    if (shape === 1) inOrderParts(TYPE_II, at, end, visit);
    else if (shape === 2) inOrderParts(TYPE_III, at, end, visit);
  },
});
const FIRST = [
  [0, [head.version, head.vlan]],
  [2, [head.cos, head.encap, head.truncated, head.spanid]],
] as const;
const TYPE_II = [...FIRST, [4, [head.index]]] as const;
const TYPE_III = [
  ...FIRST,
  [4, [head.timestamp]],
  [8, [head.sgt]],
  [10, [head.p, head.ft, head.hw, head.direction, head.gra, head.o]],
] as const;
type Shape = typeof TYPE_II | typeof TYPE_III;

/** Several fields may be bits of the same number. */
function inOrderParts(shape: Shape, from: number, end: number, visit: Parameters<typeof inOrder>[3]): void {
  for (const [distance, fields] of shape) for (const field of fields) inOrder([field], from + distance, end, visit);
}
/** Only type III carries others, too. */
const isEthernet = (frame: Frame, d: number): boolean =>
  isBare(frame, d) ||
  head.version.read(frame.bytes, frame.from[d]!) === 1 ||
  head.ft.read(frame.bytes, frame.from[d]! + 10) === 0;
/** I has no header. */
const typeOf = (frame: Frame, d: number): string =>
  isBare(frame, d) ? 'I' : head.version.read(frame.bytes, frame.from[d]!) === 1 ? 'II' : 'III';
/** How many bytes stand before the frame; -1: nobody knows. */
function sizeOf(frame: Frame, d: number): number {
  if (isBare(frame, d)) return 0;
  const at = frame.from[d]!;
  if (at + SIZE[1] > frame.limit(d)) return -1;
  const version = head.version.read(frame.bytes, at);
  if (version === 1) return SIZE[1];
  if (version !== 2 || at + SIZE[2] > frame.limit(d)) return -1;
  return SIZE[2] + (head.o.read(frame.bytes, at + 10) === 1 ? PLATFORM_SIZE : 0);
}
/** Type I: the frame follows GRE's header directly. */
function isBare(frame: Frame, d: number): boolean {
  if (d === 0 || frame.layer[d - 1] !== frame.registry.id('gre')) return false;
  const at = frame.from[d - 1]!;
  return gre.proto.read(frame.bytes, at) === PROTO_II && (gre.flags_and_version.read(frame.bytes, at) & SEQUENCE) === 0;
}
const gre = header('gre', { flags_and_version: u16('Flags and version'), proto: u16('Protocol type') });
