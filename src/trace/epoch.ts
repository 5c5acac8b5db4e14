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
  const nanos = ns - seconds * SECOND;
  const upper = Math.floor(nanos / 10_000);
  w.dec(whole + seconds);
  w.char(DOT);
  w.char(ZERO + Math.floor(upper / 10_000));
  w.digits4(upper % 10_000);
  w.digits4(nanos % 10_000);
}
const [DOT, ZERO] = [0x2e, 0x30];
