import { ToolError } from '../../error.ts';
import { pointer, suggestion } from '../mistake.ts';

/** A display filter that cannot be understood: where in the text, and what would have been understood there. */
export class DisplayFilterError extends ToolError {
  constructor(
    /** What is wrong, without the text around it. */
    readonly reason: string,
    /** The filter as it was typed. */
    text: string,
    /** Index of the character that the reason speaks about. */
    readonly at: number,
    /** Words that may have been meant. */
    readonly near: readonly string[] = [],
    hint?: string,
  ) {
    super('bad-filter', `display filter: ${reason}\n${pointer(text, at)}`, hint ?? suggestion(near));
    this.name = 'DisplayFilterError';
  }
}
/** Reports what is wrong at a place of the filter that is being read. */
export type Fail = (reason: string, at: number, near?: readonly string[], hint?: string) => never;
