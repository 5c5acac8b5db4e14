import { header, u32 } from '../src/bytes/field.ts';
import { read8, u32Kind } from '../src/bytes/kind.ts';
import type { Frame } from '../src/dissect/frame.ts';
import { NONE, protocol } from '../src/dissect/protocol.ts';
import { etherType } from './eth.ts';
import { mplsText } from './mpls/text.ts';
import { part } from './part.ts';
import { looksBridged } from './pseudowire.ts';

const LABELS = {
  0: 'IPv4 explicit null',
  1: 'Router alert',
  2: 'IPv6 explicit null',
  3: 'Implicit null',
  7: 'Entropy label indicator',
  13: 'Generic associated channel',
  14: 'OAM alert',
};
/** The same, as Wireshark calls them. */
const RESERVED: Readonly<Record<number, string>> = {
  0: 'IPv4 Explicit-Null',
  1: 'Router Alert',
  2: 'IPv6 Explicit-Null',
  3: 'Implicit-Null',
  7: 'Entropy Label Indicator (ELI)',
  13: 'Generic Associated Channel Label (GAL)',
  14: 'OAM Alert',
};
const head = header(
  'mpls',
  {},
  {
    label: part(u32Kind, 0xffff_f000 | 0, 'Label', { names: LABELS }),
    exp: part(u32Kind, 0x0e00, 'Traffic class'),
    bottom: part(u32Kind, 0x0100, 'Bottom of the stack'),
    ttl: part(u32Kind, 0x00ff, 'Time to live', { unit: 'hops' }),
  },
);
const entry = header('mpls', { entry: u32('Label stack entry') }).entry;
const ENTRY_SIZE = 4;
const BOTTOM = 0x0100;

/** Multiprotocol Label Switching: a stack of labels, and nothing that tells what they are in front of. */
export const labelStack = protocol(
  { ...head, $size: ENTRY_SIZE },
  {
    title: 'Multiprotocol Label Switching',
    source: 'RFC 3032, RFC 5462',
    on: { ethertype: [0x8847, 0x8848], 'udp.port': 6635, 'ppp.protocol': [0x0281, 0x0283] },
    step(frame, bytes, at, end) {
      const payload = stackEnd(frame, at, end);
      const last = entry.read(bytes, payload - ENTRY_SIZE);
      if ((last & BOTTOM) === 0) return NONE;
      const label = last >>> 12;
      if (label === 0 || label === 3) return frame.handOn(etherType, 0x0800, payload, end);
      if (label === 2) return frame.handOn(etherType, 0x86dd, payload, end);
      return byFirstByte(frame, payload, end);
    },
    expand(frame, d, visit) {
      const end = frame.limit(d);
      const last = stackEnd(frame, frame.from[d]!, end);
      for (let at = frame.from[d]!; at + ENTRY_SIZE <= end && at < last; at += ENTRY_SIZE)
        for (const field of head.$all) visit(field, at, at + ENTRY_SIZE);
    },
    line: mplsText,
    summary: {
      each: [head.ttl],
      text: (last) => {
        const name = RESERVED[last(head.label)];
        const label = `{mpls.label}${name === undefined ? '' : ` (${name})`}`;
        return `MultiProtocol Label Switching Header, Label: ${label}, Exp: {mpls.exp}, S: {mpls.bottom}, TTL: {mpls.ttl}`;
      },
    },
  },
);
/** Where the entry ends that says it is the last one, or where there is no room for another. */
function stackEnd(frame: Frame, from: number, end: number): number {
  const limit = Math.min(end, frame.end);
  let at = from;
  while ((entry.read(frame.bytes, at) & BOTTOM) === 0 && at + 2 * ENTRY_SIZE <= limit) at += ENTRY_SIZE;
  return at + ENTRY_SIZE;
}
/** RFC 4928: IP is known by its version, and other payloads do well not to begin like it. */
function byFirstByte(frame: Frame, at: number, end: number): number {
  const first = at < frame.end ? read8(frame.bytes, at) : 0;
  if (first >= 0x45 && first <= 0x4f) return frame.handOn(etherType, 0x0800, at, end);
  if (first >> 4 === 6) return frame.handOn(etherType, 0x86dd, at, end);
  if (first >= 0x81 && first <= 0x83) return frame.handOn(etherType, OSI, at, end);
  return frame.passOn(looksBridged(frame, at, end) ? frame.registry.id('pwethheuristic') : NONE, at, end);
}
/** How GRE calls OSI's network layer. */
const OSI = 0x00fe;
