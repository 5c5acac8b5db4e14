import { ipv4Kind, parseIpv6 } from '../src/bytes/kind.ts';
import type { Frame } from '../src/dissect/frame.ts';
import { networkBelow } from './pseudo-header.ts';

/** An address of 4 or 16 bytes and a port. */
export interface FlowEnd {
  readonly address: Uint8Array;
  readonly port: number;
}
/** Who sent, or who shall get, the payload `d` of UDP or TCP; undefined when the layer below is neither, or has no addresses. */
function endOf(frame: Frame, d: number, which: 0 | 1): FlowEnd | undefined {
  const { protocols } = frame.registry;
  const network = networkBelow(frame, d);
  const port = d === 0 ? undefined : protocols[frame.layer[d - 1]!]!.ends?.[which];
  if (network < 0 || network === d - 1 || port === undefined) return undefined;
  const address = protocols[frame.layer[network]!]!.ends![which];
  const at = frame.from[network]! + address.distance;
  return { address: frame.bytes.subarray(at, at + address.size), port: port.read(frame.bytes, frame.from[d - 1]!) };
}
export const senderOf = (frame: Frame, d: number): FlowEnd | undefined => endOf(frame, d, 0);
export const receiverOf = (frame: Frame, d: number): FlowEnd | undefined => endOf(frame, d, 1);

/** An IPv4 address in decimal, or an IPv6 address: its bytes. Undefined when the text is neither. */
export function addressIn(text: string): Uint8Array | undefined {
  try {
    if (text.includes(':')) return parseIpv6(text);
    const value = ipv4Kind.parse(text) as number;
    return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
