import { bits, type Field, header, bytes as raw, text, u8, u16, u32 } from '../src/bytes/field.ts';
import type { Frame } from '../src/dissect/frame.ts';
import type { Line } from '../src/dissect/line.ts';
import { protocol } from '../src/dissect/protocol.ts';
import { inOrder } from './in-order.ts';
import { recordRows } from './records.ts';
import { flagNames, hex, nameOf, paddedText, say } from './say.ts';

const CODES = { 0: 'Reserved', 1: 'Probe message', 2: 'Echo message', 3: 'Flush message' };
const RECORDS = {
  1: 'Device-ID TLV',
  2: 'Port-ID TLV',
  3: 'Echo TLV',
  4: 'Message Interval TLV',
  5: 'Timeout Interval TLV',
  6: 'Device Name TLV',
  7: 'Sequence Number TLV',
};
const udld = header(
  'udld',
  {
    first: u8('Version and operation', { base: 'hex' }),
    version: bits('first', 0xe0, 'Version'),
    opcode: bits('first', 0x1f, 'Operation', { names: CODES }),
    flags: u8('Flags', { base: 'hex' }),
    'flags.rt': bits('flags', 0x01, 'Recommended timeout'),
    'flags.rsy': bits('flags', 0x02, 'Resynchronize'),
    checksum: u16('Checksum', { base: 'hex' }),
  },
  {
    'tlv.type': u16('Record type', { base: 'hex', names: RECORDS }),
    'tlv.len': u16('Record length', { unit: 'bytes' }),
    device_id: text('Device'),
    sent_through_interface: text('Port'),
    device_name: text('Device name'),
    interval: u8('Interval', { unit: 'seconds' }),
    sequence: u32('Sequence number'),
    data: raw('Record value'),
  },
);
const VALUES: Readonly<Record<number, readonly Field[]>> = {
  1: [udld.device_id],
  2: [udld.sent_through_interface],
  4: [udld.interval],
  5: [udld.interval],
  6: [udld.device_name],
  7: [udld.sequence],
};

/** Unidirectional Link Detection. */
export const unidirectionalLink = protocol(udld, {
  title: 'Unidirectional Link Detection',
  source: 'RFC 5171',
  on: { 'llc.cisco_pid': 0x0111 },
  expand(frame, d, visit) {
    const records = { type: udld['tlv.type'], length: udld['tlv.len'], whole: true };
    recordRows(records, frame.bytes, frame.from[d]! + udld.$size, frame.limit(d), visit, (type, from, to) =>
      inOrder(VALUES[type] ?? [udld.data], from, to, visit),
    );
  },
  line: udldText,
});
const FLAGS = ['RT', 'RSY', 'MBZ-2', 'MBZ-3', 'MBZ-4', 'MBZ-5', 'MBZ-6', 'MBZ-7'].map(
  (name, i) => [1 << i, name] as const,
);

function udldText(w: Line, frame: Frame, d: number): void {
  const at = frame.from[d]!;
  const length = frame.claim[d]! - at;
  w.label = 'udld';
  if (length < udld.$size) {
    invalid(w, at, length);
    return;
  }
  const [first, flags] = [w.u8(at), w.u8(at + 1)];
  const code = first & 0x1f;
  say(w, 'UDLDv', first >> 5, ', Code ', nameOf(CODES, code, 'Reserved'), ' (', hex(code), '), Flags [');
  say(w, flagNames(FLAGS, flags, 'none'), '] (0x', hex(flags, 2), '), length ', length);
  if (w.verbose === 0) {
    w.need(at + 2, length - 2);
    return;
  }
  say(w, '\n\tChecksum 0x', hex(w.u16(at + 2), 4), ' (unverified)');
  const end = at + length;
  for (let next = at + udld.$size; next < end && !w.cut; ) {
    const size = end - next < 4 ? -1 : recordText(w, next, end);
    if (size < 0) {
      const head = end - next < 4 ? 0 : 4;
      invalid(w, next + head, end - next - head);
      return;
    }
    next += size;
  }
}
function invalid(w: Line, at: number, length: number): void {
  w.invalid();
  w.need(at, length);
}
/** Returns its size, -1 when that cannot be. */
function recordText(w: Line, at: number, end: number): number {
  const type = w.u16(at);
  const length = w.u16(at + 2);
  say(w, '\n\t', nameOf(RECORDS, type, 'Unknown'), ' (0x', hex(type, 4), ') TLV, length ', length);
  const value = at + 4;
  const size = length - 4;
  if (w.cut) return length;
  if (size <= 0 || size > end - value) return -1;
  if (type === 3) {
    w.str(', ');
    w.textAt(value, size);
  } else if (type === 1 || type === 2 || type === 6) {
    w.str(', ');
    paddedText(w, value, size);
  } else if (type === 4 || type === 5) {
    if (size !== 1) return -1;
    say(w, ', ', w.u8(value), 's');
  } else if (type === 7) {
    if (size !== 4) return -1;
    say(w, ', ', w.u32(value));
  } else w.need(value, size);
  return length;
}
