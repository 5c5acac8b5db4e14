import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openFile } from '../../src/capture/file.ts';
import type { CaptureSource } from '../../src/capture/source.ts';
import { ToolError } from '../../src/error.ts';
import type { FrameBatch } from '../../src/frame/batch.ts';
import type { Port } from '../../src/frame/port.ts';
import type { Packet } from './build.ts';

/** A folder for one test file, and what removes it. */
export function folder(): { path: (name: string) => string; remove: () => void } {
  const made = mkdtempSync(join(tmpdir(), 'hooktap-format-'));
  return { path: (name) => join(made, name), remove: () => rmSync(made, { recursive: true, force: true }) };
}

export interface Reading {
  readonly packets: Packet[];
  readonly ports: Port[];
  readonly dropped: number;
  readonly error: ToolError | undefined;
}
/** Copies packet `i` out of a batch. */
export const packetOf = (batch: FrameBatch, i: number): Packet => ({
  seconds: batch.seconds[i]!,
  nanos: batch.nanos[i]!,
  data: batch.bytes.slice(batch.offset[i]!, batch.offset[i]! + batch.captured[i]!),
  wire: batch.wire[i]!,
  port: batch.port[i]!,
  direction: batch.direction[i]!,
  flags: batch.flags[i]!,
});
/** Everything a source has. Only a {@link ToolError} may end it early. */
export async function drain(source: CaptureSource): Promise<Reading> {
  const packets: Packet[] = [];
  let error: ToolError | undefined;
  try {
    for await (const batch of source.batches()) {
      for (let i = 0; i < batch.count; i++) packets.push(packetOf(batch, i));
      batch.release();
    }
  } catch (thrown) {
    error = toolError(thrown);
  }
  return { packets, ports: [...source.ports], dropped: source.counts().dropped, error };
}
export async function readFile(path: string): Promise<Reading> {
  try {
    await using source = await openFile(path);
    return await drain(source);
  } catch (thrown) {
    return { packets: [], ports: [], dropped: 0, error: toolError(thrown) };
  }
}
export async function readBytes(path: string, bytes: Uint8Array): Promise<Reading> {
  writeFileSync(path, bytes);
  return readFile(path);
}
function toolError(thrown: unknown): ToolError {
  if (thrown instanceof ToolError) return thrown;
  throw thrown;
}
