import { ToolError } from '../../error.ts';
import { pointer, suggestion } from '../mistake.ts';

/** A filter that cannot be understood: where in the text, and what would have been understood there. */
export class FilterError extends ToolError {
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
    super('bad-filter', `capture filter: ${reason}\n${pointer(text, at)}`, hint ?? suggestion(near));
    this.name = 'FilterError';
  }
}
