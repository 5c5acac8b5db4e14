import { header, ipv4, u16, u32 } from '../src/bytes/field.ts';
import { literal } from '../src/bytes/text.ts';
import type { Line } from '../src/dissect/line.ts';
import { protocol } from '../src/dissect/protocol.ts';
import { inOrder } from './in-order.ts';

const head = header(
  'slarp',
  { ptype: u32('Packet type', { names: { 0: 'Request', 1: 'Reply', 2: 'Keepalive' } }) },
  {
    address: ipv4('Address'),
    netmask: ipv4('Netmask'),
    mysequence: u32('Sequence number sent'),
    yoursequence: u32('Sequence number seen'),
    reliability: u16('Reliability', { base: 'hex' }),
  },
);
const ADDRESS = [head.address, head.netmask] as const;
const KEEPALIVE = [head.mysequence, head.yoursequence, head.reliability] as const;
const LEAST = 14;
const WITH_UPTIME = 18;
const INDENT = literal('\n\t');

/** Cisco's keepalives and address resolution on serial lines. */
export const serialLineArp = protocol(head, {
  title: 'Serial Line Address Resolution Protocol',
  source: 'Cisco',
  on: { 'chdlc.protocol': 0x8035 },
  expand(frame, d, visit) {
    const at = frame.from[d]!;
    const fields = head.ptype.read(frame.bytes, at) === 2 ? KEEPALIVE : ADDRESS;
    inOrder(fields, at + head.$size, frame.limit(d), visit);
  },
  line(w, frame, d) {
    const at = frame.from[d]!;
    const length = frame.claim[d]! - at;
    w.label = 'chdlc_slarp';
    w.str(`SLARP (length: ${length}), `);
    if (length < LEAST || !w.has(at, LEAST)) {
      w.trunc();
      return;
    }
    const type = w.u32(at);
    typeText(w, type, at, length);
    if (length > WITH_UPTIME && w.verbose > 0) w.str(`, (trailing junk: ${length - WITH_UPTIME} bytes)`);
    // Where the uptime is shown, tcpdump goes on counting behind it.
    const from = type === 2 && length >= WITH_UPTIME ? at + LEAST + 4 : at + 4;
    if (w.verbose > 1) w.hexDump(from, Math.min(from + length - 4, w.limit), false, INDENT);
  },
});
function typeText(w: Line, type: number, at: number, length: number): void {
  if (type === 0) w.str('request');
  else if (type === 1) {
    w.str('reply ');
    w.ipv4At(at + 4);
    w.char(0x2f);
    w.ipv4At(at + 8);
  } else if (type === 2) {
    const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0');
    w.str(`keepalive: mineseen=0x${hex(w.u32(at + 4), 8)}, yourseen=0x${hex(w.u32(at + 8), 8)}`);
    w.str(`, reliability=0x${hex(w.u16(at + 12), 4)}`);
    if (length < WITH_UPTIME) return;
    const seconds = Math.floor(w.u32(at + LEAST) / 1000);
    const [minutes, hours, days] = [60, 3600, 86_400].map((unit) => Math.floor(seconds / unit)) as [
      number,
      number,
      number,
    ];
    w.str(`, link uptime=${days}d${hours % 24}h${minutes % 60}m${seconds % 60}s`);
  } else {
    w.str(`0x${type.toString(16).padStart(2, '0')} unknown`);
    if (w.verbose < 2) w.hexDump(at + 4, Math.min(at + length, w.limit), false, INDENT);
  }
}
