import { libc } from './library.ts';

const clock = libc<(which: number, into: BigInt64Array) => number>('int clock_gettime(int, _Out_ void *)');
const REALTIME = 0;
const time = new BigInt64Array(2);

/** Seconds since 1970, and nanoseconds within the second, as the kernel stamps packets. */
export function now(): { seconds: number; nanos: number } {
  clock(REALTIME, time);
  return { seconds: Number(time[0]), nanos: Number(time[1]) };
}
