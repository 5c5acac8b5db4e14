import { readFileSync } from 'node:fs';
import type { CaptureSource, Port } from '../capture/source.ts';
import type { Registry } from '../dissect/registry.ts';
import { ToolError } from '../error.ts';
import { displayed, quoted } from '../format/shell.ts';
import type { Matches, SessionOptions } from '../session.ts';
import { NEEDS } from '../sink/sink.ts';
import type { OptionSpec } from './command.ts';

/** LINKTYPE_ETHERNET. */
export const ETHERNET = 1;

/** The options of every command that takes a capture filter. */
export const EXPRESSION_OPTIONS: readonly OptionSpec[] = [
  { flags: '-F <file>', about: 'read the expression from a file' },
  { flags: '-O, --no-optimize', about: 'leave the program of the filter as it was generated' },
  { flags: '-d', about: 'show the program of the filter and leave; -dd as C, -ddd as numbers', counted: true },
];
/** What the arguments parser makes of {@link EXPRESSION_OPTIONS}. */
export interface ExpressionFlags {
  readonly F?: string;
  readonly optimize?: boolean;
  readonly d: number;
}
/** The option of every command that takes a display filter, which is asked after the expression. */
export const DISPLAY_OPTION: OptionSpec = {
  flags: '-Y, --display-filter <filter>',
  about: "of those, only what a filter in Wireshark's language matches",
};
/** What the arguments parser makes of {@link DISPLAY_OPTION}. */
export interface DisplayFlags {
  readonly displayFilter?: string;
}
/** Loaded only for those who filter so; part of the session's options. */
export async function displayOf(
  { displayFilter: text }: DisplayFlags,
  registry: Registry,
): Promise<Pick<SessionOptions, 'display'>> {
  if (text === undefined) return {};
  const { compileDisplayFilter } = await import('../filter/display/compile.ts');
  const { matches, flow } = compileDisplayFilter(text, registry);
  return { display: { matches, needs: flow ? NEEDS.streams : NEEDS.layers } };
}
/** The capture filter as it was typed, or what a file holds in its stead. */
export function expressionOf(words: string, { F: file }: ExpressionFlags): string {
  if (file === undefined) return words;
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new ToolError('cannot-open', `${displayed(file)}: ${(error as Error).message}`, `ls -l ${quoted(file)}`);
  }
}
/** Loaded only for those who filter. A mistake is told before the first packet, whatever the file holds. */
export async function fileFilter(
  expression: string,
  { optimize }: ExpressionFlags,
  source: CaptureSource,
): Promise<(port: Port) => Matches> {
  const { compileCaptureFilter } = await import('../filter/capture/compile.ts');
  const optimise = optimize !== false;
  compileCaptureFilter(expression, { linkType: source.ports[0]?.linkType ?? ETHERNET, optimise });
  return ({ linkType, snaplen }) =>
    compileCaptureFilter(expression, { linkType, optimise, ...(snaplen > 0 ? { snaplen } : {}) }).matches;
}
