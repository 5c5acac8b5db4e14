import type { FieldDifference } from './tshark-fields.ts';

/** Where hooktap's fields differ from tshark's and shall go on doing so. Everything else that differs is a defect of ours. */
interface Exception {
  readonly reason: string;
  readonly when: (difference: FieldDifference) => boolean;
}
const EXCEPTIONS: readonly Exception[] = [];

export const excuseOf = (difference: FieldDifference): string | undefined =>
  EXCEPTIONS.find(({ when }) => when(difference))?.reason;
