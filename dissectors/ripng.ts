import { header, ipv6, u8, u16 } from '../src/bytes/field.ts';
import type { Frame } from '../src/dissect/frame.ts';
import type { Line } from '../src/dissect/line.ts';
import { protocol } from '../src/dissect/protocol.ts';
import { inOrder } from './in-order.ts';
import { say } from './say.ts';

const ripng = header(
  'ripng',
  { cmd: u8('Command', { names: { 1: 'Request', 2: 'Response' } }), version: u8('Version'), reserved: u16('Reserved') },
  {
    'rte.ipv6_prefix': ipv6('Prefix'),
    'rte.route_tag': u16('Route tag', { base: 'hex' }),
    'rte.prefix_length': u8('Prefix length', { unit: 'bits' }),
    'rte.metric': u8('Metric', { unit: 'hops' }),
  },
);
const ENTRY = [ripng['rte.ipv6_prefix'], ripng['rte.route_tag'], ripng['rte.prefix_length'], ripng['rte.metric']];
const SIZE = 20;
const REQUEST = 1;
const INFINITY = 16;

/** Routing Information Protocol for IPv6. */
export const routingInformation6 = protocol(ripng, {
  title: 'Routing Information Protocol next generation',
  source: 'RFC 2080',
  on: { 'udp.port': 521 },
  expand(frame, d, visit) {
    const end = frame.limit(d);
    for (let at = frame.from[d]! + ripng.$size; at < end; ) at = inOrder(ENTRY, at, end, visit);
  },
  line: ripngText,
});
function ripngText(w: Line, frame: Frame, d: number): void {
  const at = frame.from[d]!;
  const length = frame.claim[d]! - at;
  w.label = 'ripng';
  const version = w.u8(at + 1);
  const command = w.u8(at);
  if (version !== 1) say(w, ' [vers ', version, ']');
  else if (command !== REQUEST && command !== 2) say(w, ' ripng-', command, ' ?? ', length);
  else if (length >= ripng.$size) {
    const left = length - ripng.$size;
    if (command === REQUEST && left >= SIZE && left < 2 * SIZE && asksForAll(w, at + ripng.$size)) {
      w.str(' ripng-req dump');
      return;
    }
    const count = Math.floor(left / SIZE);
    const whole = left % SIZE === 0;
    say(w, command === REQUEST ? ' ripng-req ' : ' ripng-resp ', count, whole ? ':' : `[${length}]:`);
    for (let i = 0; i < count && !w.cut; i++) entryText(w, at + ripng.$size + i * SIZE, command !== REQUEST);
    if (whole) return;
  }
  w.invalid();
}
/** RFC 2080 section 2.4.1: no prefix, and unreachable. */
const asksForAll = (w: Line, at: number): boolean =>
  w.u8(at + 19) === INFINITY && w.u32(at) + w.u32(at + 4) + w.u32(at + 8) + w.u32(at + 12) === 0;

function entryText(w: Line, at: number, metrics: boolean): void {
  w.str(w.verbose > 1 ? '\n\t' : ' ');
  if (!w.need(at, 16) || !w.need(at + 18, 1)) return;
  w.ipv6At(at);
  say(w, '/', w.u8(at + 18));
  const tag = w.u16(at + 16);
  if (tag !== 0) say(w, ' [', tag, ']');
  const metric = w.u8(at + 19);
  if (metric !== 0 && metrics) say(w, ' (', metric, ')');
}
