import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { project } from '../support/project.ts';
import type { Printed } from '../support/run.ts';

const PATIENCE_MS = 60_000;
const SETTLED_MS = 400;

/** A program that runs beside the test. */
export class Program implements AsyncDisposable {
  out = '';
  err = '';
  private readonly child: ChildProcess;
  private readonly closed: Promise<number | null>;

  /** `hear` is told what it prints, when it does. */
  constructor(command: string, args: readonly string[], hear: (text: string) => void = () => {}) {
    this.child = spawn(command, args, { env: { ...process.env, TZ: 'UTC' }, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child.stdout!.on('data', (part: Buffer) => {
      const text = part.toString('latin1');
      hear(text);
      this.out += text;
    });
    this.child.stderr!.on('data', (part: Buffer) => (this.err += part.toString('latin1')));
    this.closed = new Promise((resolve) => this.child.once('close', (code) => resolve(code)));
  }
  get pid(): number {
    return this.child.pid!;
  }
  /** Reads no further: what the program prints piles up in front of it. */
  stall(): void {
    this.child.stdout!.pause();
  }
  goOn(): void {
    this.child.stdout!.resume();
  }
  /** Waits until something is true of it. */
  async until(what: string, is: (program: this) => boolean): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    while (!is(this)) {
      if (Date.now() > deadline || this.child.exitCode !== null)
        throw new Error(`waited in vain until ${what}; it said: ${this.err}${this.out.slice(0, 2000)}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
  /** Waits until nothing grows any more: what it printed, or a file that it writes. */
  async settled(size: () => number = () => this.out.length): Promise<void> {
    for (let before = -1, now = size(); now !== before || now === 0; ) {
      await new Promise((resolve) => setTimeout(resolve, SETTLED_MS));
      before = now;
      now = size();
    }
  }
  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }
  /** Waits for its end; a signal asks for that. */
  async end(name?: NodeJS.Signals): Promise<Printed> {
    if (name !== undefined) this.signal(name);
    const late = setTimeout(() => this.child.kill('SIGKILL'), PATIENCE_MS);
    const code = await this.closed;
    clearTimeout(late);
    return { code, out: this.out, err: this.err };
  }
  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill('SIGKILL');
    await this.closed;
  }
}
/** Builds what is missing or old, so that no test waits for it. */
export function built(): void {
  const { status, stderr } = spawnSync(join(project, 'hooktap'), ['--version'], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`hooktap does not build: ${stderr}`);
}
/** Runs a command of hooktap to its end, without capabilities if it is to have none. */
export async function hooktapOnce(...given: (string | { readonly capable: false })[]): Promise<Printed> {
  const args = given.filter((each) => typeof each === 'string');
  const incapable = args.length < given.length;
  const words = [process.execPath, join(project, 'dist', 'hooktap.cjs'), ...args];
  const as = incapable ? ['setpriv', '--bounding-set=-all', '--inh-caps=-all'] : [];
  const [command, ...rest] = [...as, ...words];
  await using program = new Program(command!, rest);
  const { code, out, err } = await program.end();
  const decoded = (text: string) => Buffer.from(text, 'latin1').toString('utf8');
  return { code, out: decoded(out), err: decoded(err) };
}
const listening = (program: Program) => program.until('it listens', ({ err }) => err.includes('listening on'));

export async function hooktap(...args: string[]): Promise<Program> {
  const program = new Program(process.execPath, [join(project, 'dist', 'hooktap.cjs'), 'capture', ...args]);
  await listening(program);
  return program;
}
/** tcpdump in a namespace, with no waiting. Its ring has a slot of the snapshot length for each packet: few if that is long. */
export async function tcpdump(netns: string, ...args: string[]): Promise<Program> {
  const program = new Program('ip', [
    'netns',
    'exec',
    netns,
    'tcpdump',
    '-nn',
    '--immediate-mode',
    '-B',
    '16384',
    ...args,
  ]);
  await listening(program);
  return program;
}
/** `N packets captured`, `received by filter`, `dropped by kernel`. */
export function counters(err: string): { captured: number; received: number; dropped: number } {
  const of = (what: string) => Number(new RegExp(`(\\d+) packets? ${what}`).exec(err)?.[1] ?? Number.NaN);
  return { captured: of('captured'), received: of('received by filter'), dropped: of('dropped by kernel') };
}
