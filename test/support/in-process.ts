import { openFile } from '../../src/capture/file.ts';
import { runCommand } from '../../src/cli/command.ts';
import { type ExpressionFlags, expressionOf, fileFilter } from '../../src/cli/expression.ts';
import { registryFor } from '../../src/cli/printer.ts';
import type { PrintingFlags } from '../../src/cli/printing.ts';
import { command } from '../../src/cli/read.ts';
import { type TextFlags, textOptions } from '../../src/cli/text-options.ts';
import { ToolError } from '../../src/error.ts';
import { Output } from '../../src/format/output.ts';
import { run } from '../../src/session.ts';
import { TextSink } from '../../src/sink/text.ts';
import type { Printer } from './run.ts';

interface Given extends TextFlags, ExpressionFlags, Omit<PrintingFlags, keyof TextFlags> {
  readonly e: boolean;
  readonly c?: number;
}
/** Exit code for what no input may cause. */
export const FAULT = 70;

/** The read command without a process of its own for each file: the same options, source, session and sink. */
export const inProcess: Printer = async (path, args) => {
  process.env.TZ = 'UTC';
  const parts: Buffer[] = [];
  const memory = new Output({
    waits: false,
    write: (some) => {
      // What was borrowed is written over later.
      for (const part of some) parts.push(Buffer.from(part));
    },
    close: () => {},
  });
  let err = '';
  const spec = {
    ...command,
    run: ([, ...expression]: string[], given: Record<string, unknown>) =>
      print(path, expression.join(' '), memory, given as unknown as Given),
  };
  const code = await runCommand(spec, [path, ...args]).catch((error: unknown) => {
    if (!(error instanceof ToolError)) {
      err = `a fault in hooktap itself: ${(error as Error).stack?.split('\n').slice(0, 4).join('\n')}`;
      return FAULT;
    }
    err = error.message;
    return error.code === 'usage' ? 2 : 1;
  });
  return { code, out: Buffer.concat(parts).toString('latin1'), err };
};

async function print(path: string, words: string, output: Output, given: Given): Promise<number> {
  await using source = await openFile(path);
  const sink = new TextSink(output, textOptions(given));
  const expression = expressionOf(words, given);
  const filter = expression === '' ? {} : { filter: await fileFilter(expression, given, source) };
  const count = given.c === undefined ? {} : { count: given.c };
  const registry = await registryFor(given);
  await run({ source, registry, sinks: [sink], quoted: given.verbose > 0, ...filter, ...count });
  return 0;
}
