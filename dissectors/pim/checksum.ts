import { fold16, sum16 } from '../../src/bytes/checksum.ts';
import type { Frame } from '../../src/dissect/frame.ts';
import { networkBelow, pseudoChecksum } from '../pseudo-header.ts';

/** The protocol's number in IP. */
export const PIM = 103;

/** Only with IPv6 does the checksum cover the addresses. */
export function isRight(frame: Frame, d: number, length: number): boolean {
  const at = frame.from[d]!;
  if (frame.layer[networkBelow(frame, d)] === frame.registry.id('ip'))
    return fold16(sum16(frame.bytes, at, at + length)) === 0;
  return (pseudoChecksum(frame, d, PIM, length) ?? 0) === 0;
}
