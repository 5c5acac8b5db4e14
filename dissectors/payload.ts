import type { Frame } from '../src/dissect/frame.ts';
import type { Computed, Place } from '../src/dissect/protocol.ts';

type Position = (frame: Frame, d: number) => number;
const layerEnd: Position = (frame, d) => frame.limit(d);

/** `tcp.payload`: what was captured of the bytes behind a layer's header. */
export function payloadOf(protocol: string, start: Position, end: Position = layerEnd): Computed {
  const found: Place = { from: 0, to: 0 };
  const place = (frame: Frame, d: number, into: Place): boolean => {
    into.from = start(frame, d);
    into.to = Math.min(end(frame, d), frame.limit(d));
    return into.from < into.to;
  };
  return {
    name: `${protocol}.payload`,
    label: 'Payload',
    type: 'bytes',
    place,
    value: (frame, d) =>
      place(frame, d, found) ? Buffer.from(frame.bytes.subarray(found.from, found.to)).toString('hex') : undefined,
  };
}
