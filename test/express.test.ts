/** The express way of writing lines says what the general way says. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { protocols } from '../dissectors/index.ts';
import { openFile } from '../src/capture/file.ts';
import { textOptions } from '../src/cli/text-options.ts';
import { Registry } from '../src/dissect/registry.ts';
import { ToolError } from '../src/error.ts';
import { Output } from '../src/format/output.ts';
import { run } from '../src/session.ts';
import { TextSink } from '../src/sink/text.ts';
import { captureFolder, project, requireAll, whyNoCaptures } from './support/project.ts';

const registry = new Registry(protocols);

/** The lines of a file; without `express` each packet gets a frame. Damage ends them. */
async function lines(path: string, express: boolean, x: number): Promise<{ text: string; expressed: number }> {
  const parts: Buffer[] = [];
  const output = new Output({
    waits: false,
    write: (some) => {
      for (const part of some) parts.push(Buffer.from(part));
    },
    close: () => {},
  });
  const sink = new TextSink(output, textOptions({ t: 0, q: 0, verbose: 0, x, X: 0, A: 0 }));
  let expressed = 0;
  const ask = sink.express.bind(sink);
  sink.express = (batch, from, to, sequences) => {
    const next = express ? ask(batch, from, to, sequences) : from;
    expressed += next - from;
    return next;
  };
  try {
    await using source = await openFile(path);
    await run({ source, registry, sinks: [sink] });
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
  }
  return { text: Buffer.concat(parts).toString('latin1'), expressed };
}
const capturesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /cap(ng)?$/.test(name))
    .map((name) => join(folder, name));

async function compare(folder: string, x = 0): Promise<number> {
  let expressed = 0;
  for (const path of capturesIn(folder)) {
    const fast = await lines(path, true, x);
    const general = await lines(path, false, x);
    expect(fast.text, path).toBe(general.text);
    expressed += fast.expressed;
  }
  return expressed;
}

describe('the express way', () => {
  it('writes the lines of every fixture as the general way does', async () => {
    expect(await compare(join(project, 'fixtures'))).toBeGreaterThan(50);
  });
  it('dumps their bytes as the general way does', async () => {
    expect(await compare(join(project, 'fixtures'), 1)).toBeGreaterThan(50);
  });
  it('writes the lines of third-party captures as the general way does', async (context) => {
    const why = whyNoCaptures();
    if (why !== undefined && requireAll) throw new Error(why);
    context.skip(why !== undefined, why);
    expect(await compare(captureFolder)).toBeGreaterThan(10_000);
  });
});
