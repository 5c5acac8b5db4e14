import type { Frame } from '../src/dissect/frame.ts';
import { writeTime } from '../src/dissect/frame-fields.ts';
import type { Computed } from '../src/dissect/protocol.ts';

const BILLION = 1_000_000_000;
/** A span that the table of streams tells, in nanoseconds; what is no number is not known. */
function span(name: string, label: string, nanos: (frame: Frame, d: number) => number): Computed {
  const told = (frame: Frame, d: number): number => (frame.stream[d]! < 0 ? Number.NaN : nanos(frame, d));
  return {
    name,
    label,
    type: 'time',
    unit: 'seconds',
    flow: true,
    onRequest: true,
    value(frame, d) {
      const found = told(frame, d);
      return Number.isNaN(found) ? undefined : BigInt(found);
    },
    write(w, frame, d) {
      const found = told(frame, d);
      if (Number.isNaN(found)) return;
      const seconds = Math.floor(found / BILLION);
      writeTime(w, seconds, found - seconds * BILLION);
    },
  };
}
/** When a packet came, counted from others of its stream. */
export const streamTimes = (protocol: 'tcp' | 'udp'): readonly Computed[] => [
  span(`${protocol}.time_relative`, 'Time since the first packet of the stream', (frame, d) => frame.sinceFirst[d]!),
  span(`${protocol}.time_delta`, "Time since the stream's packet before", (frame, d) => frame.sincePrevious[d]!),
];
export const handshakeTime: Computed = span(
  'tcp.analysis.initial_rtt',
  'From the SYN to the end of the handshake',
  (frame, d) => frame.handshake[d]!,
);
