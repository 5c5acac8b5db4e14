/** The express way of writing lines says what the general way says. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
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
/** A capture of datagrams, one of them so long that its dump does not fit the buffer of lines. */
function longAmongShort(): Buffer {
  const packet = (length: number): Buffer => {
    const bytes = Buffer.alloc(14 + 20 + length);
    bytes.set([0x08, 0x00, 0x45], 12);
    bytes.writeUInt16BE(20 + length, 16);
    bytes.set([64, 17], 22);
    bytes.set([192, 0, 2, 1, 192, 0, 2, 2, 0x80, 0, 0x80, 1], 26);
    bytes.writeUInt16BE(length, 38);
    const record = Buffer.alloc(16);
    record.writeUInt32LE(bytes.length, 8);
    record.writeUInt32LE(bytes.length, 12);
    return Buffer.concat([record, bytes]);
  };
  const header = Buffer.alloc(24);
  [0xa1b2c3d4, 0x0004_0002, 0, 0, 262_144, 1].forEach((word, i) => {
    header.writeUInt32LE(word, 4 * i);
  });
  const short = Array.from({ length: 2000 }, () => packet(20));
  return Buffer.concat([header, ...short, packet(65_000), ...short]);
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
  it('goes on after a packet whose text made the buffer grow', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'hooktap-express-')), 'long.pcap');
    try {
      writeFileSync(path, longAmongShort());
      const fast = await lines(path, true, 1);
      expect(fast.text).toBe((await lines(path, false, 1)).text);
      // Not the long one's neighbours only: those behind it, once its text is handed on.
      expect(fast.expressed).toBe(4001);
    } finally {
      rmSync(dirname(path), { recursive: true });
    }
  });
  it('writes the lines of third-party captures as the general way does', async (context) => {
    const why = whyNoCaptures();
    if (why !== undefined && requireAll) throw new Error(why);
    context.skip(why !== undefined, why);
    expect(await compare(captureFolder)).toBeGreaterThan(10_000);
  });
});
