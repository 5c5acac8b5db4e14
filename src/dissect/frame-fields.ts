import { putDec, putDigits9 } from '../bytes/put.ts';
import { literal, type Text } from '../bytes/text.ts';
import type { PacketOptions } from '../frame/batch.ts';
import { chain, writeChain } from './chain.ts';
import type { Frame } from './frame.ts';
import type { Computed, Value } from './protocol.ts';

const BILLION = 1_000_000_000;
/** A moment or a span in nanoseconds, which a double would not hold. */
const nanoseconds = (seconds: number, nanos: number): bigint => BigInt(seconds) * BigInt(BILLION) + BigInt(nanos);

/** Seconds with nine decimals, as tshark writes times. */
export function writeTime(w: Text, seconds: number, nanos: number): void {
  let s = seconds;
  let n = nanos;
  // Files may hold more nanoseconds than a second has.
  if (n >= BILLION || n < 0) {
    const carry = Math.floor(n / BILLION);
    s += carry;
    n -= carry * BILLION;
  }
  if (s < 0) {
    w.char(0x2d);
    if (n > 0) {
      s++;
      n = BILLION - n;
    }
    s = -s;
  }
  let p: number;
  if (s <= 0xffff_ffff) p = putDec(w.view, w.open(32), s | 0);
  else {
    w.dec(s);
    p = w.open(16);
  }
  w.view.setUint8(p, DOT);
  w.at = putDigits9(w.view, p + 1, n);
}
const DOT = 0x2e;

/** The second that was written last: packets come many a second, and calendars are slow. */
let lastSecond = Number.NaN;
let lastDate = literal('');
const ZULU = 0x5a;
/** `2020-07-04T12:34:56.789000000Z`, as filters understand it. Beyond the calendar the seconds. */
function writeMoment(w: Text, frame: Frame): void {
  const { seconds, nanos } = frame;
  if (seconds !== lastSecond) {
    const date = new Date(seconds * 1000);
    lastSecond = seconds;
    lastDate = literal(Number.isNaN(date.getTime()) ? '' : date.toISOString().slice(0, -4));
  }
  if (lastDate.length === 0 || nanos >= BILLION) {
    writeTime(w, seconds, nanos);
    return;
  }
  w.put(lastDate);
  const p = putDigits9(w.view, w.open(16), nanos);
  w.view.setUint8(p, ZULU);
  w.at = p + 1;
}
const number = (name: string, label: string, value: (frame: Frame) => number, unit?: string): Computed => ({
  name,
  label,
  type: 'number',
  ...(unit === undefined ? {} : { unit }),
  value,
  write: (w, frame) => w.dec(value(frame)),
});
/** Places in {@link Frame.clock}. */
const FIRST = 0;
const BEFORE = 2;
/** Since the packet whose time is in {@link Frame.clock}. */
function writeSince(w: Text, frame: Frame, packet: number): void {
  const { clock } = frame;
  if (frame.number <= 1) writeTime(w, 0, 0);
  else writeTime(w, frame.seconds - clock[packet]!, frame.nanos - clock[packet + 1]!);
}
const since = (name: string, label: string, packet: number): Computed => ({
  name,
  label,
  type: 'time',
  unit: 'seconds',
  value: ({ number, seconds, nanos, clock }) =>
    number <= 1 ? nanoseconds(0, 0) : nanoseconds(seconds - clock[packet]!, nanos - clock[packet + 1]!),
  write: packet === FIRST ? (w, frame) => writeSince(w, frame, FIRST) : (w, frame) => writeSince(w, frame, BEFORE),
});
/** Of what the file says beside the packet. */
const option = (
  name: string,
  label: string,
  type: Computed['type'],
  value: (options: PacketOptions) => Value | readonly Value[] | undefined,
): Computed => ({
  name,
  label,
  type,
  value(frame) {
    const { options } = frame;
    return options === undefined ? undefined : value(options);
  },
});
/** A number where a double holds it. */
const exact = (value: bigint | undefined): Value | undefined =>
  value !== undefined && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
/** The kinds of epb_verdict. */
const VERDICTS = ['Hardware', 'eBPF TC', 'eBPF XDP'] as const;
function verdict({ kind, bytes }: PacketOptions['verdicts'][number]): string {
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
  return `${VERDICTS[kind] ?? `Kind ${kind}`} (${hex})`;
}

/** How many of {@link FRAME_FIELDS}, the first, every packet has; the others are what a pcapng file or a device tells. */
export const ALWAYS_THERE = 7;
/** What is asked of the packet as a whole, under Wireshark's names: of none of its layers, so `d` means nothing here. */
export const FRAME_FIELDS: readonly Computed[] = [
  number('frame.number', 'Number', (frame) => frame.number),
  {
    name: 'frame.time',
    label: 'Time',
    type: 'moment',
    value: (frame) => nanoseconds(frame.seconds, frame.nanos),
    write: writeMoment,
  },
  {
    name: 'frame.time_epoch',
    label: 'Time since 1970',
    type: 'time',
    unit: 'seconds',
    value: ({ seconds, nanos }) => nanoseconds(seconds, nanos),
    write: (w, frame) => writeTime(w, frame.seconds, frame.nanos),
  },
  since('frame.time_delta', 'Time since the packet before', BEFORE),
  since('frame.time_relative', 'Time since the first packet', FIRST),
  number('frame.len', 'Length on the wire', (frame) => frame.wireLength, 'bytes'),
  number('frame.cap_len', 'Length in the capture', (frame) => frame.captured, 'bytes'),
  {
    name: 'frame.protocols',
    label: 'Protocols',
    type: 'text',
    flow: true,
    value: chain,
    write: writeChain,
  },
  {
    name: 'frame.interface_id',
    label: 'Interface',
    type: 'number',
    value: (frame) => frame.ports[frame.port]?.id,
  },
  {
    name: 'frame.interface_name',
    label: 'Name of the interface',
    type: 'text',
    value: (frame) => frame.ports[frame.port]?.name,
  },
  {
    name: 'frame.interface_description',
    label: 'Description of the interface',
    type: 'text',
    value: (frame) => frame.ports[frame.port]?.description,
  },
  {
    name: 'frame.section_number',
    label: 'Section of the file',
    type: 'number',
    value: (frame) => frame.ports[frame.port]?.section,
  },
  option('frame.interface_queue', 'Queue of the interface', 'number', (options) => options.queue),
  { ...option('frame.packet_flags', 'Flags of the link layer', 'number', (options) => options.flags), base: 'hex' },
  option('frame.comment', 'Comment', 'text', (options) => options.comments),
  option('frame.packet_id', 'Packet identifier', 'number', (options) => exact(options.packetId)),
  option('frame.verdict', 'Verdict', 'text', (options) => options.verdicts.map(verdict)),
  option('frame.drop_count', 'Packets lost before this', 'number', (options) => exact(options.dropCount)),
];
