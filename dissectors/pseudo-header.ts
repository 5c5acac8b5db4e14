import { fold16, sum16 } from '../src/bytes/checksum.ts';
import type { Frame } from '../src/dissect/frame.ts';
import { ip } from './ip.ts';
import { ipv6FinalDestination, ipv6Header } from './ipv6.ts';

/**
 * The folded checksum of an upper layer with the pseudo-header of the network layer below it
 * (RFC 9293 section 3.1, RFC 8200 section 8.1): 0 when it is right.
 * `length` is what the pseudo-header says, `covered` how many bytes are summed. Undefined without a network layer.
 */
export function pseudoChecksum(
  frame: Frame,
  d: number,
  protocol: number,
  length: number,
  covered = length,
): number | undefined {
  const at = frame.from[d]!;
  const network = networkBelow(frame, d);
  if (network < 0) return undefined;
  const { bytes } = frame;
  const base = frame.from[network]!;
  let sum = protocol + (length & 0xffff) + Math.floor(length / 0x1_0000);
  if (frame.registry.protocols[frame.layer[network]!]!.name === 'ip') {
    sum = sum16(bytes, base + ip.src.distance, base + ip.src.distance + 4, sum);
    const destination = ipv4FinalDestination(frame, network);
    sum = sum16(bytes, destination, destination + 4, sum);
  } else {
    sum = sum16(bytes, base + ipv6Header.src.distance, base + ipv6Header.src.distance + 16, sum);
    const destination = ipv6FinalDestination(frame, network);
    sum = sum16(bytes, destination, destination + 16, sum);
  }
  return fold16(sum16(bytes, at, at + covered, sum));
}
/** The depth of the IPv4 or IPv6 layer that carries layer `d`; -1 when there is none. */
export function networkBelow(frame: Frame, d: number): number {
  const { protocols } = frame.registry;
  for (let network = d - 1; network >= 0; network--) {
    const { name } = protocols[frame.layer[network]!]!;
    if (name === 'ip' || name === 'ipv6') return network;
  }
  return -1;
}
/** Where the last destination stands: with a source route (RFC 791) it is the route's last address. */
function ipv4FinalDestination(frame: Frame, d: number): number {
  const { bytes } = frame;
  const start = frame.from[d]!;
  const end = Math.min(start + ip.hdr_len.read(bytes, start), frame.limit(d));
  for (let at = start + ip.$size; at + 1 < end; ) {
    const type = ip['opt.type'].read(bytes, at);
    if (type === 0) break;
    const length = type === 1 ? 1 : ip['opt.len'].read(bytes, at + 1);
    if (length < 1 || (type !== 1 && length < 2) || at + length > end) break;
    if ((type === 131 || type === 137) && length >= 7) return at + length - 4;
    at += length;
  }
  return start + ip.dst.distance;
}
