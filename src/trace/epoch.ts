import { putDigits9 } from '../bytes/put.ts';
import type { Text } from '../bytes/text.ts';

const SECOND = 1e9;
/** The last one asked for, in seconds and what is left of them in ns. */
let split = { epoch: 0n, whole: 0, rest: 0 };
function splitOf(epoch: bigint): typeof split {
  if (split.epoch !== epoch)
    split = { epoch, whole: Number(epoch / BigInt(SECOND)), rest: Number(epoch % BigInt(SECOND)) };
  return split;
}
/** Seconds since 1970 with nine decimals. `epoch`: when tracing began, `at`: since then, both in ns. */
export function epochText(epoch: bigint, at: number): string {
  const { whole, rest } = splitOf(epoch);
  const ns = rest + Math.round(at);
  return `${whole + Math.floor(ns / SECOND)}.${String(ns % SECOND).padStart(9, '0')}`;
}
/** The same as bytes. */
export function putEpoch(w: Text, epoch: bigint, at: number): void {
  const { whole, rest } = splitOf(epoch);
  const ns = rest + Math.round(at);
  const seconds = Math.floor(ns / SECOND);
  w.dec(whole + seconds);
  const p = w.open(16);
  w.view.setUint8(p, DOT);
  w.at = putDigits9(w.view, p + 1, ns - seconds * SECOND);
}
const DOT = 0x2e;
