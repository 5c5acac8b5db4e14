import { openFile } from '../../../src/capture/file.ts';
import { Frame } from '../../../src/dissect/frame.ts';
import { NONE } from '../../../src/dissect/protocol.ts';
import type { Registry } from '../../../src/dissect/registry.ts';
import { compileDisplayFilter, type DisplayFilter } from '../../../src/filter/display/compile.ts';
import { DisplayFilterError } from '../../../src/filter/display/error.ts';
import { Fragments } from '../../../src/flow/fragments.ts';
import { StreamTable } from '../../../src/flow/streams.ts';

/** The packets that match, by number; or why the filter is refused. */
export type Answer = readonly number[] | string;

/** Filters over one capture, read once. */
export async function answers(path: string, filters: readonly string[], registry: Registry): Promise<Answer[]> {
  const compiled = filters.map((text) => compiledOrRefused(text, registry));
  const found = compiled.map((filter): number[] | string => (typeof filter === 'string' ? filter : []));
  await everyFrame(path, registry, (frame) => {
    compiled.forEach((filter, i) => {
      if (typeof filter !== 'string' && filter.matches(frame)) (found[i] as number[]).push(frame.number);
    });
  });
  return found;
}
function compiledOrRefused(text: string, registry: Registry): DisplayFilter | string {
  try {
    return compileDisplayFilter(text, registry);
  } catch (error) {
    if (error instanceof DisplayFilterError) return error.message;
    throw error;
  }
}
/** Each packet of a capture, dissected and with its fragments put together. */
export async function everyFrame(path: string, registry: Registry, look: (frame: Frame) => void): Promise<void> {
  await using source = await openFile(path);
  const frame = new Frame(registry);
  const streams = new StreamTable(registry);
  const fragments = new Fragments(registry);
  frame.ports = source.ports;
  let number = 0;
  for await (const batch of source.batches()) {
    for (let i = 0; i < batch.count; i++) {
      frame.load(batch, i);
      frame.number = ++number;
      const port = source.ports[frame.port];
      frame.dissect(port === undefined ? NONE : registry.linkLayer(port.linkType));
      fragments.join(frame);
      streams.see(frame);
      look(frame);
      frame.passed();
    }
    batch.release();
  }
}
