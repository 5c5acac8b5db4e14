/** Addresses as text: RFC 5952 for IPv6. */
export function ipv4(bytes: Uint8Array, at: number): string {
  return `${bytes[at]}.${bytes[at + 1]}.${bytes[at + 2]}.${bytes[at + 3]}`;
}
export function ipv6(bytes: Uint8Array, at: number): string {
  const words = Array.from({ length: 8 }, (_, i) => (bytes[at + 2 * i]! << 8) | bytes[at + 2 * i + 1]!);
  if (words.slice(0, 5).every((word) => word === 0) && words[5] === 0xffff) return `::ffff:${ipv4(bytes, at + 12)}`;
  const [from, length] = longestZeroes(words);
  // Compatible (RFC 4291, section 2.5.5.1).
  if (from === 0 && length === 6) return `::${ipv4(bytes, at + 12)}`;
  const text = (some: number[]) => some.map((word) => word.toString(16)).join(':');
  if (length < 2) return text(words);
  return `${text(words.slice(0, from))}::${text(words.slice(from + length))}`;
}
function longestZeroes(words: readonly number[]): [from: number, length: number] {
  let best: [number, number] = [0, 0];
  for (let i = 0; i < words.length; i++) {
    let length = 0;
    while (words[i + length] === 0) length++;
    if (length > best[1]) best = [i, length];
    i += length;
  }
  return best;
}
const PAIRS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
export function mac(bytes: Uint8Array, at: number): string {
  let text = PAIRS[bytes[at]!]!;
  for (let i = 1; i < 6; i++) text += `:${PAIRS[bytes[at + i]!]}`;
  return text;
}
/** An address and its port, as both are written together. */
export function endpoint(address: string, port: number | undefined): string {
  if (port === undefined) return address;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
