/** The block types of pcapng that matter to a reader of packets (draft-ietf-opsawg-pcapng section 10.1). */
export const BLOCK = {
  section: 0x0a0d0d0a,
  interface: 1,
  oldPacket: 2,
  simplePacket: 3,
  names: 4,
  statistics: 5,
  packet: 6,
  journal: 9,
  secrets: 10,
  /** A custom block that may be copied into a changed file; the other kind may not. */
  custom: 0x0bad,
} as const;

export const BYTE_ORDER_MAGIC = 0x1a2b3c4d;

/** Options are a code, a length and a value padded to four bytes; the code 0 ends them. */
export interface Option {
  readonly code: number;
  readonly from: number;
  readonly length: number;
}

/** The options of `[from, to)`; what does not fit there is left out, and `undefined` in its place says so. */
export function* options(
  view: DataView,
  from: number,
  to: number,
  littleEndian: boolean,
): Generator<Option | undefined> {
  let at = from;
  while (at < to) {
    if (at + 4 > to) return yield undefined;
    const code = view.getUint16(at, littleEndian);
    const length = view.getUint16(at + 2, littleEndian);
    if (code === 0) return;
    if (at + 4 + length > to) return yield undefined;
    yield { code, from: at + 4, length };
    at += 4 + ((length + 3) & ~3);
  }
}
