import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { displayed } from '../../format/shell.ts';

/** A shell's code for a program that a signal ended is this and the signal's number. */
const BY_SIGNAL = 128;
/** Of a program that could not be run. */
const FAILED = 1;

/** The command whose packets are traced. An interruption ends it, too. */
export class Workload {
  ended = false;
  /** As a shell would tell it. */
  readonly code: Promise<number>;

  private constructor(program: string, args: readonly string[], signal: AbortSignal) {
    // Its output goes beside ours: standard output is for journeys.
    const child = spawn(program, args, { stdio: ['inherit', 2, 2], signal });
    this.code = new Promise<number>((resolve) => {
      child.once('error', (error: NodeJS.ErrnoException) => {
        // It was told to end, and is about to.
        if (error.name === 'AbortError') return;
        complain(program, error);
        resolve(FAILED);
      });
      child.once('exit', (code, by) => resolve(code ?? BY_SIGNAL + constants.signals[by!]));
    });
    void this.code.then(() => (this.ended = true));
  }
  /** Of the words that follow `--`, if there are any. */
  static start([program, ...args]: readonly string[], signal: AbortSignal): Workload | undefined {
    return program === undefined ? undefined : new Workload(program, args, signal);
  }
}
function complain(program: string, error: NodeJS.ErrnoException): void {
  const name = displayed(program);
  const why = error.code === 'ENOENT' ? 'there is no such program' : displayed(error.message);
  process.stderr.write(`hooktap: ${name}: ${why}\n  try: command -v ${name}\n`);
}
