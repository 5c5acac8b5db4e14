import { FilterError } from './error.ts';

/** A number as C writes it: decimal, `0x` hexadecimal, `0` octal; 32 bits at most. */
export function numberValue(piece: string, text: string, at: number): number {
  const hexadecimal = /^0[xX]/.test(piece);
  const octal = !hexadecimal && piece.length > 1 && piece.startsWith('0');
  if (octal && /[89]/.test(piece)) {
    throw new FilterError(`"${piece}" begins with 0 and so is octal, but has a digit that octal lacks`, text, at);
  }
  const value = hexadecimal ? Number.parseInt(piece.slice(2), 16) : Number.parseInt(piece, octal ? 8 : 10);
  if (value > 0xffffffff) throw new FilterError(`${piece} does not fit in 32 bits`, text, at);
  return value;
}

/** The numbers of `10.1.2`, each a byte; undefined if one is none. */
export function dottedParts(piece: string): number[] | undefined {
  const parts: number[] = [];
  for (const part of piece.split('.')) {
    const value = /^[0-9]{1,4}$/.test(part) ? Number(part) : Number.NaN;
    if (!(value <= 255)) return undefined;
    parts.push(value);
  }
  return parts;
}

/** The bytes given, moved to the front of an address: `10.1` is 10.1.0.0. */
export function leadingAddress(parts: readonly number[]): number {
  let value = 0;
  for (let i = 0; i < 4; i++) value = value * 256 + (parts[i] ?? 0);
  return value;
}

/** A mask of so many leading ones. */
export function leadingOnes(bits: number): number {
  return bits === 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0;
}

/** The four 32-bit words of an IPv6 address; undefined if the text is none. RFC 4291 section 2.2. */
export function ipv6Words(piece: string): number[] | undefined {
  const halves = piece.split('::');
  if (halves.length > 2) return undefined;
  const front = groups(halves[0]!, halves.length === 1);
  const back = halves.length === 2 ? groups(halves[1]!, true) : [];
  if (front === undefined || back === undefined) return undefined;
  const missing = 8 - front.length - back.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const all = [...front, ...new Array<number>(missing).fill(0), ...back];
  return [0, 2, 4, 6].map((i) => all[i]! * 65536 + all[i + 1]!);
}

/** The 16-bit groups of one side of `::`; only the last side may end in an IPv4 address. */
function groups(side: string, last: boolean): number[] | undefined {
  if (side === '') return [];
  const values: number[] = [];
  const pieces = side.split(':');
  for (const [i, piece] of pieces.entries()) {
    if (piece.includes('.')) {
      const parts = last && i === pieces.length - 1 ? dottedParts(piece) : undefined;
      if (parts?.length !== 4) return undefined;
      values.push(parts[0]! * 256 + parts[1]!, parts[2]! * 256 + parts[3]!);
    } else {
      if (!/^[0-9a-fA-F]{1,4}$/.test(piece)) return undefined;
      values.push(Number.parseInt(piece, 16));
    }
  }
  return values;
}

/** The six bytes of a MAC address in any of its notations. */
export function macBytes(piece: string): number[] {
  const parts = piece.split(/[:.-]/);
  if (parts.length === 6) return parts.map((part) => Number.parseInt(part, 16));
  const digits = parts.join('');
  return [0, 2, 4, 6, 8, 10].map((i) => Number.parseInt(digits.slice(i, i + 2), 16));
}

export function mac(bytes: readonly number[]): string {
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(':');
}
