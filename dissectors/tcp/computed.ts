import { type Literal, literal } from '../../src/bytes/text.ts';
import type { Frame } from '../../src/dissect/frame.ts';
import type { Computed } from '../../src/dissect/protocol.ts';
import { payloadOf } from '../payload.ts';
import { handshakeTime, streamTimes } from '../stream-times.ts';
import { segment } from './header.ts';

const SYN = 0x02;
const FIN = 0x01;
const ACK = 0x10;
const number = (
  name: string,
  label: string,
  value: (frame: Frame, d: number) => number | undefined,
  rest: Partial<Computed> = {},
): Computed => ({
  name: `tcp.${name}`,
  label,
  type: 'number',
  value,
  ...rest,
});
const flagsOf = (frame: Frame, at: number): number => segment.flags.read(frame.bytes, at);
const headerEnd = (frame: Frame, at: number): number => at + segment.hdr_len.read(frame.bytes, at);
/** Bytes of data that the segment claims to carry; undefined when its lengths contradict each other. */
function lengthOf(frame: Frame, d: number): number | undefined {
  const at = frame.from[d]!;
  const length = frame.to[d]! - headerEnd(frame, at);
  return length < 0 || headerEnd(frame, at) < at + segment.$size ? undefined : length;
}
const relative = (frame: Frame, d: number): number =>
  (segment.seq_raw.read(frame.bytes, frame.from[d]!) - frame.seqStart[d]!) >>> 0;

const FLAG_LETTERS = 'RRRACEUAPRSF';
const texts: (Literal | undefined)[] = [];
/** One place for each of the twelve bits. */
function letters(frame: Frame, at: number): Literal {
  const all = ((segment.offset.read(frame.bytes, at) & 0x0f) << 8) | flagsOf(frame, at);
  return (texts[all] ??= literal(
    [...FLAG_LETTERS].map((letter, i) => ((all >> (11 - i)) & 1 ? letter : '·')).join(''),
  ));
}

const PORTS = 'Transmission Control Protocol, Src Port: {tcp.srcport}, Dst Port: {tcp.dstport}, Seq: {tcp.seq}';
export const tcpSummary = (frame: Frame, d: number): string =>
  (flagsOf(frame, frame.from[d]!) & ACK) === 0
    ? `${PORTS}, Len: {tcp.len}`
    : `${PORTS}, Ack: {tcp.ack}, Len: {tcp.len}`;

/** What Wireshark works out for a segment, with the packets before it where a number is relative. */
export const tcpComputed: readonly Computed[] = [
  number('stream', 'Connection', (frame, d) => (frame.stream[d]! < 0 ? undefined : frame.stream[d]), { flow: true }),
  number('len', 'Length of the data', lengthOf, { unit: 'bytes' }),
  number('seq', 'Sequence number, relative', relative, { flow: true }),
  number(
    'nxtseq',
    'Next sequence number, relative',
    (frame, d) => {
      const length = lengthOf(frame, d);
      if (length === undefined) return undefined;
      return (relative(frame, d) + length + ((flagsOf(frame, frame.from[d]!) & (SYN | FIN)) === 0 ? 0 : 1)) >>> 0;
    },
    { flow: true },
  ),
  number(
    'ack',
    'Acknowledgment number, relative',
    (frame, d) => {
      const at = frame.from[d]!;
      const raw = segment.ack_raw.read(frame.bytes, at);
      return (flagsOf(frame, at) & ACK) === 0 ? raw : (raw - frame.ackStart[d]!) >>> 0;
    },
    { flow: true },
  ),
  number(
    'window_size',
    'Window, scaled',
    (frame, d) => {
      const at = frame.from[d]!;
      const raw = segment.window_size_value.read(frame.bytes, at);
      // The windows of the first segments are never scaled (RFC 7323 section 2.2).
      return (flagsOf(frame, at) & SYN) === 0 ? raw << Math.max(0, frame.windowShift[d]!) : raw;
    },
    { unit: 'bytes', flow: true },
  ),
  number(
    'window_size_scalefactor',
    'Window scale; -1: not known, -2: none is used',
    (frame, d) => {
      const at = frame.from[d]!;
      if ((flagsOf(frame, at) & SYN) !== 0) return undefined;
      const shift = frame.windowShift[d]!;
      return shift < 0 ? shift : 1 << shift;
    },
    { flow: true },
  ),
  {
    name: 'tcp.flags.str',
    label: 'Flags by letter',
    type: 'text',
    value: (frame, d) => letters(frame, frame.from[d]!).text,
    write: (w, frame, d) => w.put(letters(frame, frame.from[d]!)),
  },
  ...streamTimes('tcp'),
  handshakeTime,
  {
    ...payloadOf(
      'tcp',
      (frame, d) => frame.from[d]! + segment.$size,
      (frame, d) => headerEnd(frame, frame.from[d]!),
    ),
    name: 'tcp.options',
    label: 'Options',
    onRequest: true,
  },
  payloadOf('tcp', (frame, d) => headerEnd(frame, frame.from[d]!)),
];
