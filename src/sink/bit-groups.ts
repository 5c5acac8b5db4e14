import type { Computed, Protocol } from '../dissect/protocol.ts';
import type { Group, WriteRows } from './header-text.ts';

export type Bit = NonNullable<Computed['bit']>;

/**
 * How many of what is worked out, the first, are bits of the fixed header, so that their text can stand with its own:
 * none where rows of no fixed place come between.
 */
export function bitsFirst({ computed = [], expand }: Protocol): number {
  if (expand !== undefined) return 0;
  const other = computed.findIndex(({ bit }) => bit === undefined);
  return other < 0 ? computed.length : other;
}
/** Those bits, by the octet that holds them. */
export function bitGroups(protocol: Protocol, row: (computed: Computed, bit: Bit) => WriteRows): Group[] {
  const groups: { distance: number; size: 1; rows: WriteRows[] }[] = [];
  for (const computed of (protocol.computed ?? []).slice(0, bitsFirst(protocol))) {
    const bit = computed.bit!;
    const { distance } = bit.of;
    if (groups.at(-1)?.distance !== distance) groups.push({ distance, size: 1, rows: [] });
    groups.at(-1)!.rows.push(row(computed, bit));
  }
  return groups;
}
