import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type Command = readonly [program: string, ...args: string[]];
/** Node understands each certificate of a file that this names at every start, which takes longer than the start itself. */
const { NODE_EXTRA_CA_CERTS: _, ...inherited } = process.env;
const env = { ...inherited, TZ: 'UTC' };

/**
 * User and system time of a command in seconds, by the kernel's accounts of its process. bash's `time` gives
 * milliseconds, where `times` gives hundredths; what a shell adds is one fork.
 */
export function cpuSeconds(command: Command): number {
  const script = 'TIMEFORMAT="%3U %3S"; time "$@" > /dev/null 2> /dev/null';
  const { stderr, status } = spawnSync('bash', ['-c', script, 'bench', ...command], { env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command.join(' ')} failed with ${status}`);
  const [user, system] = stderr.trim().split(/\s+/).map(Number);
  return user! + system!;
}
/** From start to end, in seconds. */
export function wallSeconds([program, ...args]: Command): number {
  const before = process.hrtime.bigint();
  const { status } = spawnSync(program, args, { env, stdio: 'ignore' });
  const after = process.hrtime.bigint();
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} failed with ${status}`);
  return Number(after - before) / 1e9;
}
/** Told by the process itself when it ends: its own peak, not that of who started it. */
const TELL = `data:text/javascript,${encodeURIComponent(
  "import{readFileSync,writeSync}from'node:fs';process.on('exit',()=>writeSync(3,readFileSync('/proc/self/status')))",
)}`;
/** The most resident memory that a Node program ever had (VmHWM), in MiB. */
export function peakMiB([program, ...args]: Command): number {
  const path = join(tmpdir(), `hooktap-bench-peak-${process.pid}`);
  const fd = openSync(path, 'w');
  spawnSync(program, ['--import', TELL, ...args], { env, stdio: ['ignore', 'ignore', 'ignore', fd] });
  closeSync(fd);
  const kib = /VmHWM:\s+(\d+)/.exec(readFileSync(path, 'utf8'))?.[1];
  if (kib === undefined) throw new Error(`${args.join(' ')} did not tell its memory`);
  return Number(kib) / 1024;
}

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};
/** Two commands in turn, A B A B: the machine's mood meets both. */
export interface Pair {
  readonly ours: number;
  readonly theirs: number;
  /** The median of the ratios within each turn. */
  readonly ratio: number;
}
export function inTurn(runs: number, ours: () => number, theirs: () => number): Pair {
  const a: number[] = [];
  const b: number[] = [];
  for (let i = 0; i < runs; i++) {
    a.push(ours());
    b.push(theirs());
  }
  return { ours: median(a), theirs: median(b), ratio: median(a.map((value, i) => value / b[i]!)) };
}
/** Reads a file once, so that it is in the page cache. */
export function warm(path: string): void {
  spawnSync('cat', [path], { stdio: ['ignore', 'ignore', 'ignore'] });
}
