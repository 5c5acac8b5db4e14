import { libc } from './library.ts';

const localtime = libc<(seconds: Uint8Array, tm: Uint8Array) => unknown>(
  'void *localtime_r(const void *, _Out_ void *)',
);
const format = libc<(into: Uint8Array, most: number, pattern: string, tm: Uint8Array) => number | bigint>(
  'size_t strftime(_Out_ void *, size_t, const char *, const void *)',
);
/** struct tm, with room to spare. */
const TM = 64;
/** PATH_MAX. */
const LONGEST = 4096;

/** strftime(3): a pattern with the local time in it, which `TZ` decides; `seconds` since 1970. */
export function strftime(pattern: string, seconds: number): string {
  const tm = new Uint8Array(TM);
  localtime(new Uint8Array(BigInt64Array.of(BigInt(Math.floor(seconds))).buffer), tm);
  const into = new Uint8Array(LONGEST);
  const length = Number(format(into, into.length, pattern, tm));
  return new TextDecoder().decode(into.subarray(0, length));
}
