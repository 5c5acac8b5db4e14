import { fold16, sum16 } from '../../bytes/checksum.ts';
import { ETHER_TYPE, type Headers, PROTOCOL } from '../headers.ts';

const ETHERNET = 14;
/** Where each protocol has its checksum, and what the kernel calls it that this is wrong. */
const TRANSPORTS: Readonly<Record<number, { readonly reason: string; readonly place: number }>> = {
  [PROTOCOL.tcp]: { reason: 'TCP_CSUM', place: 16 },
  [PROTOCOL.udp]: { reason: 'UDP_CSUM', place: 6 },
  [PROTOCOL.icmp]: { reason: 'ICMP_CSUM', place: 2 },
  [PROTOCOL.icmp6]: { reason: 'ICMP_CSUM', place: 2 },
};

/**
 * Which checksum of a packet is wrong, by the kernel's name for it; undefined if none is, or nobody can tell: of fragments, of
 * packets that were not copied whole, and where `filled` is false because a device was to fill it in, or has checked it already.
 */
export function wrongChecksum(headers: Headers, filled: boolean): string | undefined {
  const { bytes, version, fragment, protocol } = headers;
  const at = networkHeader(bytes);
  const length = version === 4 ? (bytes[at]! & 15) * 4 : 40;
  if (version === 0 || at + length > bytes.length) return undefined;
  // RFC 791: of the header alone, and never left to a device.
  if (version === 4 && fold16(sum16(bytes, at, at + length)) !== 0) return 'IP_CSUM';
  const end = version === 4 ? at + half(bytes, at + 2) : at + length + half(bytes, at + 4);
  // Behind extension headers of IPv6 nobody looks.
  const isNext = version === 4 || bytes[at + 6] === protocol;
  if (!filled || fragment !== undefined || end > bytes.length || !isNext) return undefined;
  return wrongTransport(headers, at, at + length, end);
}
/** RFC 768, RFC 9293, RFC 792, RFC 4443: over the data, and over the addresses but for ICMP of IPv4. */
function wrongTransport({ bytes, version, protocol }: Headers, network: number, from: number, to: number) {
  const transport = TRANSPORTS[protocol];
  if (transport === undefined || from + transport.place + 2 > to) return undefined;
  // Zero: its sender computed none.
  if (protocol === PROTOCOL.udp && half(bytes, from + transport.place) === 0) return undefined;
  const addresses = version === 4 ? [12, 20] : [8, 40];
  const pseudo =
    protocol === PROTOCOL.icmp
      ? 0
      : sum16(bytes, network + addresses[0]!, network + addresses[1]!, protocol + to - from);
  return fold16(sum16(bytes, from, to, pseudo)) === 0 ? undefined : transport.reason;
}
function networkHeader(bytes: Uint8Array): number {
  let at = ETHERNET;
  for (let type = half(bytes, 12); type === ETHER_TYPE.vlan || type === ETHER_TYPE.serviceVlan; at += 4)
    type = half(bytes, at + 2);
  return at;
}
const half = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
