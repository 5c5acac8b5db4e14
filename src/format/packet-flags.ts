import { DIRECTION, FLAG, RECEPTION } from '../frame/batch.ts';
import type { Rows } from '../frame/rows.ts';

/** epb_flags of the enhanced packet block, pack_flags of the old one. */
export const FLAGS_OPTION = 2;
/** epb_dropcount: packets missing before this one. epb_packetid: a number that stays with the packet. */
export const DROP_COUNT_OPTION = 4;
export const PACKET_ID_OPTION = 5;
const CHECKSUM_NOT_READY = 1 << 9;
const CHECKSUM_VALID = 1 << 10;
const TO_BE_SPLIT = 1 << 11;

/** Looks for the flags among the options of `[from, to)`, of which there may be none, and sets row `n` from them. */
export function setFlags(rows: Rows, n: number, from: number, to: number, littleEndian: boolean): void {
  const word = flagsAmong(rows.view, from, to, littleEndian);
  const direction = word & 3;
  rows.direction[n] = direction === 3 ? DIRECTION.unknown : direction;
  rows.flags[n] = flagsOf(word);
}
/** No generator here: this runs for every packet that has options. */
function flagsAmong(view: DataView, from: number, to: number, littleEndian: boolean): number {
  for (let at = from; at + 8 <= to; ) {
    const code = view.getUint16(at, littleEndian);
    const length = view.getUint16(at + 2, littleEndian);
    if (code === FLAGS_OPTION && length === 4) return view.getUint32(at + 4, littleEndian);
    if (code === 0) break;
    at += 4 + ((length + 3) & ~3);
  }
  return 0;
}
function flagsOf(word: number): number {
  return (
    (word & RECEPTION.mask) |
    ((word & CHECKSUM_NOT_READY) !== 0 ? FLAG.checksumNotReady : 0) |
    ((word & CHECKSUM_VALID) !== 0 ? FLAG.checksumValid : 0) |
    ((word & TO_BE_SPLIT) !== 0 ? FLAG.toBeSplit : 0)
  );
}

/** The word of flags that says the same of row `i`; 0: there is nothing to say. */
export function flagsWord(direction: number, flags: number): number {
  return (
    direction |
    (flags & RECEPTION.mask) |
    ((flags & FLAG.checksumNotReady) !== 0 ? CHECKSUM_NOT_READY : 0) |
    ((flags & FLAG.checksumValid) !== 0 ? CHECKSUM_VALID : 0) |
    ((flags & FLAG.toBeSplit) !== 0 ? TO_BE_SPLIT : 0)
  );
}
