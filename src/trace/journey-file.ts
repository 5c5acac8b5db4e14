import { openFile } from '../capture/file.ts';
import { ToolError } from '../error.ts';
import { displayed } from '../format/shell.ts';
import { type Restored, restore } from './stored.ts';

/** Journeys whose end was not read yet. */
const MOST_UNFINISHED = 100_000;

/**
 * The journeys that `hooktap trace -w` wrote to a file, in the order of their ends. If none has ended after
 * `patience` packets, there is none.
 */
export async function* readJourneys(path: string, patience = Number.POSITIVE_INFINITY): AsyncGenerator<Restored> {
  await using source = await openFile(path);
  /** The packets of each, by the id that they have in common. */
  const packets = new Map<bigint, Uint8Array[]>();
  let [found, seen] = [0, 0];
  for await (const batch of source.batches()) {
    for (let i = 0; i < batch.count; i++) {
      const options = batch.options?.(i);
      const id = options?.packetId;
      if (options === undefined || id === undefined) continue;
      const from = batch.offset[i]!;
      const steps = packets.get(id) ?? [];
      steps.push(batch.bytes.slice(from, from + batch.captured[i]!));
      packets.set(id, steps);
      if (packets.size > MOST_UNFINISHED) packets.delete(packets.keys().next().value!);
      const journey = restore(options.comments, steps);
      if (journey === undefined) continue;
      packets.delete(id);
      found++;
      yield journey;
    }
    seen += batch.count;
    batch.release();
    if (found === 0 && seen > patience) break;
  }
  if (found === 0)
    throw new ToolError(
      'no-journeys',
      `${displayed(path)} holds no journeys`,
      'hooktap trace -w FILE, or: hooktap read FILE',
    );
}
