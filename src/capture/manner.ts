import { flagsWord } from '../format/packet-flags.ts';
import { DIRECTION, FLAG, RECEPTION } from '../frame/batch.ts';
import { KIND, STATUS } from '../linux/packet-ring.ts';

/** What becomes of a packet's kind and its checksum's state, which {@link manner} makes one number of: columns, epb_flags. */
export const DIRECTIONS = new Uint8Array(64);
export const FLAGS = new Uint8Array(64);
export const WORDS = new Int32Array(64);
/** By sll_pkttype. The kernel's other kinds (to user space, to itself) are nothing in particular. */
const RECEPTIONS: readonly number[] = [
  RECEPTION.unicast,
  RECEPTION.broadcast,
  RECEPTION.multicast,
  RECEPTION.promiscuous,
];
for (let i = 0; i < 64; i++) {
  const kind = i & 7;
  const checksum = ((i & 8) !== 0 ? FLAG.checksumNotReady : 0) | ((i & 16) !== 0 ? FLAG.checksumValid : 0);
  const whole = (i & 32) !== 0 ? FLAG.toBeSplit : 0;
  DIRECTIONS[i] = kind === KIND.outgoing ? DIRECTION.outbound : kind < 4 ? DIRECTION.inbound : DIRECTION.unknown;
  FLAGS[i] = (RECEPTIONS[kind] ?? 0) | checksum | whole;
  WORDS[i] = flagsWord(DIRECTIONS[i]!, FLAGS[i]!);
}
export function manner(kind: number, status: number): number {
  const checksum = (status & STATUS.checksumNotReady) | ((status & STATUS.checksumValid) >>> 3);
  return (kind & 7) | checksum | ((status & STATUS.toBeSplit) >>> 3);
}
