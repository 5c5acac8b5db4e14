/** Queries and the responses to them (RFC 1035 section 7.3). */
import { read16 } from '../../src/bytes/kind.ts';
import type { Frame } from '../../src/dissect/frame.ts';
import type { Computed, Protocol } from '../../src/dissect/protocol.ts';
import { isQuoted } from '../quoted.ts';
import { dns } from './fields.ts';

const PORT = 2;

/** A response has the query's number, and goes from the port that was asked to the one that asked. */
export const dnsExchange: NonNullable<Protocol['exchange']> = (frame, d, told) => {
  const { bytes } = frame;
  const at = frame.from[d]!;
  const transport = transportBelow(frame, d);
  if (transport < 0 || isQuoted(frame, d)) return false;
  const ports = frame.from[transport]!;
  const [source, destination] = [read16(bytes, ports), read16(bytes, ports + PORT)];
  told.asks = !isResponse(frame, d);
  told.repeats = true;
  told.id = dns.id.read(bytes, at);
  told.check = told.asks ? source * 0x1_0000 + destination : destination * 0x1_0000 + source;
  return true;
};
const isResponse = (frame: Frame, d: number): boolean => dns['flags.response'].read(frame.bytes, frame.from[d]!) === 1;
function transportBelow({ layer, registry }: Frame, d: number): number {
  let below = d - 1;
  while (below >= 0 && registry.endSize[layer[below]!] === 0) below--;
  return below >= 0 && registry.endSize[layer[below]!] === PORT ? below : -1;
}

export const dnsComputed: readonly Computed[] = [
  {
    name: 'dns.response_in',
    label: 'Packet with the response; in one pass nobody knows it yet',
    type: 'number',
    flow: true,
    value: () => undefined,
  },
  {
    name: 'dns.response_to',
    label: 'Packet with the query',
    type: 'number',
    flow: true,
    value: (frame, d) => (isResponse(frame, d) ? frame.asked[d] || undefined : undefined),
  },
  {
    name: 'dns.time',
    label: 'Time since the query',
    type: 'time',
    unit: 'seconds',
    flow: true,
    value: (frame, d) => (isResponse(frame, d) && frame.asked[d] ? BigInt(frame.waited[d]!) : undefined),
  },
  {
    name: 'dns.retransmit_request_in',
    label: 'Packet in which the same was asked first',
    type: 'number',
    flow: true,
    value: (frame, d) => (isResponse(frame, d) ? undefined : frame.asked[d] || undefined),
  },
];
