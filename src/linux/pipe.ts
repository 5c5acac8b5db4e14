import { checked } from './failure.ts';
import { libc } from './library.ts';

const pipe = libc<(ends: Int32Array, flags: number) => number>('int pipe2(_Out_ int *, int)');
const CLOSE_ON_EXEC = 0o2000000;

/** A pipe. A program that is started gets an end of it only if that is handed to it. */
export function openPipe(): { readonly from: number; readonly to: number } {
  const ends = new Int32Array(2);
  checked(pipe(ends, CLOSE_ON_EXEC), 'opening a pipe');
  return { from: ends[0]!, to: ends[1]! };
}
