import type { PacketOptions } from '../frame/batch.ts';
import type { Rows } from '../frame/rows.ts';
import { BLOCK, options } from './blocks.ts';
import { DROP_COUNT_OPTION, FLAGS_OPTION, PACKET_ID_OPTION } from './packet-flags.ts';

const OPTION = { comment: 1, hash: 3, queue: 6, verdict: 7 } as const;
/** Of the old packet block: packets lost before this one, and the number that stands for not knowing. */
const OLD_DROPS = 10;
const UNKNOWN_DROPS = 0xffff;
const text = new TextDecoder();

/** Packets in their blocks. */
export type Blocks = Pick<Rows, 'view' | 'start' | 'offset'>;

/** What the block of packet `i` says beside the packet; undefined when it says nothing. */
export function readPacketOptions(rows: Blocks, i: number, littleEndian: boolean): PacketOptions | undefined {
  const { view } = rows;
  const block = rows.start[i]!;
  const type = view.getUint32(block, littleEndian);
  if (type === BLOCK.simplePacket) return undefined;
  const end = block + view.getUint32(block + 4, littleEndian) - 4;
  const kept = view.getUint32(block + 20, littleEndian);
  const from = rows.offset[i]! + ((kept + 3) & ~3);
  const drops = type === BLOCK.oldPacket ? view.getUint16(block + OLD_DROPS, littleEndian) : UNKNOWN_DROPS;
  if (from >= end && drops === UNKNOWN_DROPS) return undefined;
  const found = new Found();
  if (drops !== UNKNOWN_DROPS) found.dropCount = BigInt(drops);
  for (const option of options(view, from, end, littleEndian))
    if (option !== undefined) found.take(view, option.code, option.from, option.length, littleEndian);
  return found;
}

class Found implements PacketOptions {
  readonly comments: string[] = [];
  readonly verdicts: { kind: number; bytes: Uint8Array }[] = [];
  readonly hashes: { kind: number; bytes: Uint8Array }[] = [];
  declare packetId?: bigint;
  declare dropCount?: bigint;
  declare queue?: number;
  declare flags?: number;

  /** An option of another length than its own says nothing. */
  take(view: DataView, code: number, at: number, length: number, littleEndian: boolean): void {
    const value = new Uint8Array(view.buffer, view.byteOffset + at, length);
    if (code === OPTION.comment) this.comments.push(text.decode(value).replace(/\0+$/, ''));
    else if (code === FLAGS_OPTION && length === 4) this.flags = view.getUint32(at, littleEndian);
    else if (code === OPTION.queue && length === 4) this.queue = view.getUint32(at, littleEndian);
    else if (code === DROP_COUNT_OPTION && length === 8) this.dropCount = view.getBigUint64(at, littleEndian);
    else if (code === PACKET_ID_OPTION && length === 8) this.packetId = view.getBigUint64(at, littleEndian);
    // What is kept may outlive the batch.
    else if (code === OPTION.hash && length > 0) this.hashes.push({ kind: value[0]!, bytes: value.slice(1) });
    else if (code === OPTION.verdict && length > 0) this.verdicts.push({ kind: value[0]!, bytes: value.slice(1) });
  }
}
