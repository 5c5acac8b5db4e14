import { describe, expect, test } from 'vitest';
import { putIpv6, putMac } from '../../src/bytes/put.ts';
import { ipv4, ipv6, mac } from '../../src/linux/address.ts';
import { addressText, macOf } from '../../src/linux/inet.ts';
import { Random } from '../support/random.ts';

const view = new DataView(new ArrayBuffer(64));
const written = (end: number): string => Buffer.from(view.buffer, 0, end).toString('latin1');

describe('addresses as text', () => {
  test('are written as in packets that are printed', () => {
    const random = new Random(7);
    const addresses = Array.from({ length: 2000 }, () => {
      // Zeros are what is written in short.
      const zeros = random.below(256);
      return Uint8Array.from({ length: 16 }, (_, i) =>
        (zeros >> (i >> 1)) & 1 ? 0 : random.below(random.of([2, 256])),
      );
    });
    for (const tail of [[], [0xff, 0xff, 10, 0, 0, 1], [0, 0, 10, 0, 0, 1], [0, 0, 0, 0, 0, 1], [0, 0, 0, 1, 0, 0]])
      addresses.push(Uint8Array.from([...Array(16 - tail.length).fill(0), ...tail]));
    for (const bytes of addresses) expect(ipv6(bytes, 0)).toBe(written(putIpv6(view, 0, bytes, 0)));
  });
  test('wherever they are', () => {
    const bytes = Uint8Array.of(9, 10, 0, 0, 255, 2, 1, 9);
    expect(ipv4(bytes, 1)).toBe('10.0.0.255');
    expect(mac(bytes, 1)).toBe(written(putMac(view, 0, bytes, 1)));
    expect(addressText(new DataView(bytes.buffer, 1, 4))).toBe('10.0.0.255');
    expect(addressText(new DataView(bytes.buffer, 1, 3))).toBe('');
    expect(macOf(new DataView(bytes.buffer, 1, 6))).toBe('0a:00:00:ff:02:01');
  });
});
