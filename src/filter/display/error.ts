import { FilterMistake } from '../mistake.ts';

/** A display filter that cannot be understood. */
export class DisplayFilterError extends FilterMistake {
  override readonly name = 'DisplayFilterError';
  constructor(reason: string, text: string, at: number, near?: readonly string[], hint?: string) {
    super('display', reason, text, at, near, hint);
  }
}
/** Reports what is wrong at a place of the filter that is being read. */
export type Fail = (reason: string, at: number, near?: readonly string[], hint?: string) => never;
