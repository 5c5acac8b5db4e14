import { type Field, header, mac, bytes as raw, text, u8, u16 } from '../src/bytes/field.ts';
import { u8Kind } from '../src/bytes/kind.ts';
import type { Frame } from '../src/dissect/frame.ts';
import type { Line } from '../src/dissect/line.ts';
import { protocol } from '../src/dissect/protocol.ts';
import { inOrder } from './in-order.ts';
import { part } from './part.ts';
import { recordRows } from './records.ts';
import { hex, nameOf, paddedText, say } from './say.ts';

const RECORDS = { 1: 'Domain', 2: 'Status', 3: 'DTP type', 4: 'Neighbor' };
const dtp = header(
  'dtp',
  { version: u8('Version') },
  {
    tlv_type: u16('Record type', { base: 'hex', names: RECORDS }),
    tlv_len: u16('Record length', { unit: 'bytes' }),
    domain: text('Domain'),
    tos: part(u8Kind, 0x80, 'Trunk operating status'),
    tas: part(u8Kind, 0x07, 'Trunk administrative status'),
    tot: part(u8Kind, 0xe0, 'Trunk operating type'),
    tat: part(u8Kind, 0x07, 'Trunk administrative type'),
    senderid: mac('Sender'),
    data: raw('Record value'),
  },
);

/** Cisco's Dynamic Trunking Protocol. */
export const dynamicTrunking = protocol(dtp, {
  title: 'Dynamic Trunking Protocol',
  source: "Cisco's patent US 6445715",
  on: { 'llc.cisco_pid': 0x2004 },
  expand(frame, d, visit) {
    const records = { type: dtp.tlv_type, length: dtp.tlv_len, whole: true };
    recordRows(records, frame.bytes, frame.from[d]! + dtp.$size, frame.limit(d), visit, (type, from, to) => {
      if (type === 2 || type === 3) for (const field of STATUS[type - 2]!) visit(field, from, from + 1);
      else inOrder(VALUES[type] ?? [dtp.data], from, to, visit);
    });
  },
  line: dtpText,
});
const STATUS = [
  [dtp.tos, dtp.tas],
  [dtp.tot, dtp.tat],
];
const VALUES: Readonly<Record<number, readonly Field[]>> = { 1: [dtp.domain], 4: [dtp.senderid] };

function dtpText(w: Line, frame: Frame, d: number): void {
  const at = frame.from[d]!;
  const end = frame.claim[d]!;
  w.label = 'dtp';
  say(w, 'DTPv', w.u8(at), ', length ', end - at);
  if (w.verbose === 0) return;
  for (let next = at + dtp.$size; next < end && !w.cut; ) {
    if (end - next < 4) say(w, '[', end - next, ' bytes remaining]');
    const size = end - next < 4 ? -1 : recordText(w, next, end - next);
    if (size < 0) {
      w.invalid();
      w.need(next, end - next);
    }
    if (size <= 0) return;
    next += size;
  }
}
/** Returns its size; 0 at the end, -1 when it cannot be. */
function recordText(w: Line, at: number, left: number): number {
  const [type, length] = [w.u16(at), w.u16(at + 2)];
  if (type === 0) return 0;
  say(w, '\n\t', nameOf(RECORDS, type, 'Unknown'), ' (0x', hex(type, 4), ') TLV, length ', length);
  if (length < 4 || length > left) {
    say(w, '[invalid TLV length ', length, ']');
    return -1;
  }
  if (type === 1) {
    w.str(', ');
    paddedText(w, at + 4, length - 4);
  } else if (type === 2 || type === 3) {
    if (length !== 5) return -1;
    say(w, ', 0x', hex(w.u8(at + 4)));
  } else if (type === 4) {
    if (length !== 10) return -1;
    if (!w.need(at + 4, 6)) return length;
    w.str(', ');
    w.macAt(at + 4);
  } else w.need(at, length);
  return length;
}
