import { FilterMistake } from '../mistake.ts';

/** A capture filter that cannot be understood. */
export class FilterError extends FilterMistake {
  override readonly name = 'FilterError';
  constructor(reason: string, text: string, at: number, near?: readonly string[], hint?: string) {
    super('capture', reason, text, at, near, hint);
  }
}
