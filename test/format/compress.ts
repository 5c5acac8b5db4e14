import { Xxh32, xxh32 } from '../../src/capture/compressed/xxh32.ts';
import { Xxh64 } from '../../src/capture/compressed/xxh64.ts';
import { Bytes } from './build.ts';

/** A zstd frame (RFC 8878) of stored blocks, with a checksum. */
export function zstdStored(blocks: readonly Uint8Array[]): Buffer {
  const sum = new Xxh64();
  // Of the window descriptor: 256 KiB.
  const frame = new Bytes(true).u32(0xfd2fb528).u8(4, 8 << 3);
  blocks.forEach((block, i) => {
    const word = (block.length << 3) | (i === blocks.length - 1 ? 1 : 0);
    frame.u8(word & 0xff, (word >> 8) & 0xff, word >> 16).add(block);
    sum.update(block);
  });
  return Buffer.from(frame.u32(sum.digestLow()).done());
}
/** An lz4 frame of stored blocks, with all checksums. */
export function lz4Stored(blocks: readonly Uint8Array[]): Buffer {
  const sum = new Xxh32();
  const [flags, size] = [0x74, 0x40];
  const frame = new Bytes(true).u32(0x184d2204).u8(flags, size, (xxh32(Uint8Array.of(flags, size)) >>> 8) & 0xff);
  for (const block of blocks) {
    frame
      .u32(0x8000_0000 + block.length)
      .add(block)
      .u32(xxh32(block));
    sum.update(block);
  }
  return Buffer.from(frame.u32(0).u32(sum.digest()).done());
}
