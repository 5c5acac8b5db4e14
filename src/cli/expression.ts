import { readFileSync } from 'node:fs';
import type { CaptureSource, Port } from '../capture/source.ts';
import { ToolError } from '../error.ts';
import { displayed, quoted } from '../format/shell.ts';
import type { Matches } from '../session.ts';
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
