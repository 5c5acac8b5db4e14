import { ipv6 as address, fixed, header, bytes as raw, u8 } from '../src/bytes/field.ts';
import type { Frame } from '../src/dissect/frame.ts';
import type { Line } from '../src/dissect/line.ts';
import { protocol } from '../src/dissect/protocol.ts';
import { inOrder } from './in-order.ts';
import { handOnNext, nextText, notExtending } from './ipv6/chain.ts';
import { ipv6Header } from './ipv6/header.ts';
import { IP_PROTOCOLS } from './names/ipprotocols.ts';

export const routing = header(
  'ipv6.routing',
  {
    nxt: u8('Next header', { names: IP_PROTOCOLS }),
    len: u8('Length beyond the first 8 bytes', { unit: '8 bytes' }),
    type: u8('Routing type', {
      names: { 0: 'Source route', 2: 'Mobile IP', 3: 'RPL source route', 4: 'Segment routing' },
    }),
    segleft: u8('Segments left'),
  },
  {
    'src.reserved': fixed(4, 'Reserved'),
    'src.addr': address('Address'),
    'mipv6.reserved': fixed(4, 'Reserved'),
    'mipv6.home_address': address('Home address'),
    'srh.last_entry': u8('Last entry'),
    'srh.flags': u8('Flags', { base: 'hex' }),
    'srh.tag': fixed(2, 'Tag'),
    'srh.addr': address('Segment'),
    unknown_data: raw('Type-specific data'),
  },
);
/** Types, as Wireshark calls them. */
const NAMES: Readonly<Record<number, string>> = {
  0: 'Source Route',
  1: 'Nimrod',
  2: 'Type 2 Routing',
  3: 'RPL Source Route',
  4: 'Segment Routing',
  5: 'Compact Routing Header 16',
  6: 'Compact Routing Header 32',
  253: 'Experiment 1',
  254: 'Experiment 2',
};
const sizeOf = (length: number): number => (length + 1) * 8;
/** What stands before the list of addresses, and an address, by routing type. */
const TYPES = {
  0: { head: [routing['src.reserved']], address: routing['src.addr'] },
  2: { head: [routing['mipv6.reserved']], address: routing['mipv6.home_address'] },
  4: {
    head: [routing['srh.last_entry'], routing['srh.flags'], routing['srh.tag']],
    address: routing['srh.addr'],
  },
} as const;
/** Where the list of addresses begins, from the start of the header. */
const LIST = 8;
const ADDRESS_SIZE = 16;

/** The way a packet is to take. */
export const routingHeader = protocol(routing, {
  title: 'IPv6 routing header',
  source: 'RFC 8200 section 4.4',
  on: { 'ip.proto': 43 },
  summary(frame, d) {
    const type = routing.type.read(frame.bytes, frame.from[d]!);
    return `Routing Header for IPv6 (${NAMES[type] ?? `Unknown type ${type}`})`;
  },
  step: (frame, bytes, at) => handOnNext(frame, routing.nxt.read(bytes, at), at + sizeOf(routing.len.read(bytes, at))),
  expand(frame, d, visit) {
    const at = frame.from[d]!;
    const end = Math.min(at + sizeOf(routing.len.read(frame.bytes, at)), frame.limit(d));
    const type = TYPES[routing.type.read(frame.bytes, at) as keyof typeof TYPES];
    let rest = inOrder(type?.head ?? [], at + routing.$size, end, visit);
    while (type !== undefined && rest >= at + LIST && rest + ADDRESS_SIZE <= end)
      rest = inOrder([type.address], rest, end, visit);
    if (rest < end) visit(routing.unknown_data, rest, end);
  },
  line(w, frame, d) {
    if (notExtending(w, frame, d, 43)) return;
    const at = frame.from[d]!;
    if (w.limit <= at) {
      w.cutHere();
      return;
    }
    w.label = 'rt6';
    w.str('RT6');
    const length = w.u8(at + 1);
    w.str(' (len=');
    w.dec(length);
    const type = w.u8(at + 2);
    w.str(', type=');
    w.dec(type);
    if (type === 0) w.str(' [Deprecated]');
    const left = w.u8(at + 3);
    w.str(', segleft=');
    w.dec(left);
    if (type === 0 || type === 2) reservedText(w, at);
    else if (type === 4) segmentText(w, at);
    else {
      w.str(' (unknown type)');
      w.invalid();
      return;
    }
    if (!addressesText(w, at + LIST, length) || w.cut) return;
    nextText(w, frame, d, routing.nxt.read(frame.bytes, at), at + sizeOf(length));
  },
});

function reservedText(w: Line, at: number): void {
  const reserved = w.u32(at + 4);
  if (reserved === 0 && w.verbose === 0) return;
  w.str(', rsv=0x');
  w.hex(reserved);
}
/** RFC 8754 section 2. */
function segmentText(w: Line, at: number): void {
  const last = w.u8(at + 4);
  w.str(', last-entry=');
  w.dec(last);
  const flags = w.u8(at + 5);
  if (flags !== 0 || w.verbose > 0) {
    w.str(', flags=0x');
    w.hex(flags);
  }
  const tag = w.u16(at + 6);
  w.str(', tag=');
  w.hex(tag);
}
/** `length` is the header's. False when it holds no whole addresses. */
function addressesText(w: Line, from: number, length: number): boolean {
  if (length % 2 === 1) {
    w.str(' (invalid length ');
    w.dec(length);
    w.char(0x29);
    w.invalid();
    return false;
  }
  for (let i = 0; i < length / 2 && !w.cut; i++) {
    if (!w.need(from + i * ADDRESS_SIZE, ADDRESS_SIZE)) return false;
    w.str(', [');
    w.dec(i);
    w.char(0x5d);
    w.ipv6At(from + i * ADDRESS_SIZE);
  }
  w.str(') ');
  return true;
}

const FRAGMENT = 44;
const FRAGMENT_SIZE = 8;
const SKIPPED: ReadonlySet<number> = new Set([0, 60, 62, 135]);
/**
 * Where the address of the last destination of the IPv6 header at depth `d` stands: with a routing header it is not in
 * the fixed header, and upper layers' checksums cover it (RFC 8200 section 8.1).
 */
export function ipv6FinalDestination(frame: Frame, d: number): number {
  const { bytes } = frame;
  const start = frame.from[d]!;
  const end = frame.limit(d);
  let next = ipv6Header.nxt.read(bytes, start);
  for (let at = start + ipv6Header.$size; at + LIST <= end; ) {
    if (next === 43) return destinationOf(frame, at, end) ?? start + ipv6Header.dst.distance;
    const size = next === FRAGMENT ? FRAGMENT_SIZE : SKIPPED.has(next) ? sizeOf(routing.len.read(bytes, at)) : 0;
    if (size === 0) break;
    next = routing.nxt.read(bytes, at);
    at += size;
  }
  return start + ipv6Header.dst.distance;
}
function destinationOf(frame: Frame, at: number, end: number): number | undefined {
  const length = routing.len.read(frame.bytes, at);
  const type = routing.type.read(frame.bytes, at);
  if (length % 2 === 1 || (type !== 0 && type !== 2 && type !== 4)) return undefined;
  // The segment routing header lists the segments from the last one on.
  if (type === 4) return at + LIST + ADDRESS_SIZE <= end ? at + LIST : undefined;
  const whole = Math.min(length / 2, Math.floor((end - at - LIST) / ADDRESS_SIZE));
  return whole === 0 ? undefined : at + LIST + (whole - 1) * ADDRESS_SIZE;
}
