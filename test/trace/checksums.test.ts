import { describe, expect, test } from 'vitest';
import { fold16, sum16 } from '../../src/bytes/checksum.ts';
import { headersOf } from '../../src/trace/headers.ts';
import { wrongChecksum } from '../../src/trace/packets/checksums.ts';

const ETHERNET = 14;
const DATA = [1, 2, 3, 4, 5];
/** UDP, TCP, ICMP: how long their header is, and where it has its checksum. */
const TRANSPORT: Readonly<Record<number, { length: number; place: number }>> = {
  17: { length: 8, place: 6 },
  6: { length: 20, place: 16 },
  1: { length: 8, place: 2 },
  58: { length: 8, place: 2 },
};
/** A packet with all its checksums as they should be. */
function packet(version: 4 | 6, protocol: number, tagged = false): Uint8Array {
  const network = ETHERNET + (tagged ? 4 : 0);
  const transport = network + (version === 4 ? 20 : 40);
  const { length, place } = TRANSPORT[protocol]!;
  const size = length + DATA.length;
  const bytes = new Uint8Array(transport + size);
  const view = new DataView(bytes.buffer);
  if (tagged) view.setUint32(12, 0x8100_0005);
  view.setUint16(network - 2, version === 4 ? 0x0800 : 0x86dd);
  if (version === 4)
    bytes.set([0x45, 0, 0, 20 + size, 0, 1, 0x40, 0, 64, protocol, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2], network);
  else
    bytes.set([0x60, 0, 0, 0, 0, size, protocol, 64, 0xfd, ...Array(15).fill(1), 0xfd, ...Array(15).fill(2)], network);
  if (version === 4) view.setUint16(network + 10, fold16(sum16(bytes, network, transport)));
  view.setUint16(transport, 1000);
  view.setUint16(transport + 2, protocol === 1 || protocol === 58 ? 0 : 2000);
  if (protocol === 17) view.setUint16(transport + 4, size);
  if (protocol === 6) bytes[transport + 12] = 0x50;
  bytes.set(DATA, transport + length);
  const from = version === 4 ? network + 12 : network + 8;
  const pseudo = protocol === 1 ? 0 : sum16(bytes, from, transport, protocol + size);
  view.setUint16(transport + place, fold16(sum16(bytes, transport, bytes.length, pseudo)));
  return bytes;
}
const found = (bytes: Uint8Array, filled = true) => wrongChecksum(headersOf(bytes, undefined), filled);
function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const other = bytes.slice();
  other[at]! ^= 0x10;
  return other;
}
const REASONS: Readonly<Record<number, string>> = { 17: 'UDP_CSUM', 6: 'TCP_CSUM', 1: 'ICMP_CSUM', 58: 'ICMP_CSUM' };

describe('checksums of packets that devices showed', () => {
  test.each([
    [4, 17],
    [4, 6],
    [4, 1],
    [6, 17],
    [6, 6],
    [6, 58],
  ] as const)('IPv%i, protocol %i', (version, protocol) => {
    const whole = packet(version, protocol);
    expect(found(whole)).toBeUndefined();
    // The last byte of the data.
    const wrong = flipped(whole, whole.length - 1);
    expect(found(wrong)).toBe(REASONS[protocol]);
    expect(found(wrong, false), 'a device is to fill it in').toBeUndefined();
    expect(found(wrong.subarray(0, wrong.length - 1)), 'it is not whole').toBeUndefined();
    expect(found(Uint8Array.of(...whole, 7, 7, 7)), 'behind it is what fills a short frame').toBeUndefined();
  });
  test('that of IP is never left to a device', () => {
    const wrong = flipped(packet(4, 17), ETHERNET + 8);
    expect(found(wrong, false)).toBe('IP_CSUM');
    expect(found(wrong.subarray(0, ETHERNET + 20), true)).toBe('IP_CSUM');
  });
  test('behind a VLAN tag', () => {
    const whole = packet(4, 17, true);
    expect(found(whole)).toBeUndefined();
    expect(found(flipped(whole, whole.length - 1))).toBe('UDP_CSUM');
  });
  test('fragments, and datagrams whose sender computed none, have none', () => {
    const none = packet(4, 17);
    none.set([0, 0], ETHERNET + 26);
    expect(found(none)).toBeUndefined();
    const part = flipped(packet(4, 17), ETHERNET + 30);
    part[ETHERNET + 6] = 0x20;
    new DataView(part.buffer).setUint16(ETHERNET + 10, 0);
    new DataView(part.buffer).setUint16(ETHERNET + 10, fold16(sum16(part, ETHERNET, ETHERNET + 20)));
    expect(found(part)).toBeUndefined();
  });
  test('what is no IP has none', () => {
    expect(found(new Uint8Array(60))).toBeUndefined();
    expect(found(new Uint8Array(4))).toBeUndefined();
  });
});
