import type { FrameBatch } from '../frame/batch.ts';
import { BLOCK, options } from './blocks.ts';

/** Records of a name resolution block (draft-ietf-opsawg-pcapng section 4.5). */
const RECORD = { ipv4: 1, ipv6: 2 } as const;
const SIZE: Readonly<Record<number, number>> = { [RECORD.ipv4]: 4, [RECORD.ipv6]: 16 };
/** Type and length in front of the records, the length again behind them. */
const HEAD = 8;
const TAIL = 4;

/** An address of 4 or 16 bytes, and its first name: octets that the file's writer took for UTF-8, and may be hostile. */
export type NameRecord = readonly [address: Uint8Array, name: Uint8Array];

/** What a batch from a pcapng file says of names, in the blocks between its packets. */
export function* nameRecords(batch: FrameBatch): Generator<NameRecord> {
  const { envelope } = batch;
  if (envelope?.format !== 'pcapng') return;
  const { littleEndian } = envelope;
  for (const { bytes } of envelope.asides) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    if (view.getUint32(0, littleEndian) !== BLOCK.names) continue;
    for (const record of options(view, HEAD, bytes.length - TAIL, littleEndian)) {
      if (record === undefined) break;
      const size = SIZE[record.code];
      if (size === undefined || record.length <= size) continue;
      const name = record.from + size;
      const end = bytes.subarray(0, record.from + record.length).indexOf(0, name);
      if (end !== name)
        yield [bytes.subarray(record.from, name), bytes.subarray(name, end < 0 ? record.from + record.length : end)];
    }
  }
}
