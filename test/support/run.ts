import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Capture, plainBytes } from './captures.ts';
import { project } from './project.ts';

/** What a program printed. Bytes of text become characters one to one, so that nothing is lost. */
export interface Printed {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}
/** Prints a capture with options of tcpdump. */
export type Printer = (path: string, args: readonly string[]) => Promise<Printed>;

const run = (command: string, args: readonly string[]): Promise<Printed> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { env: { ...process.env, TZ: 'UTC' }, stdio: ['ignore', 'pipe', 'pipe'] });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (part: Buffer) => out.push(part));
    child.stderr.on('data', (part: Buffer) => err.push(part));
    child.on('error', reject);
    child.on('close', (code) =>
      resolve({ code, out: Buffer.concat(out).toString('latin1'), err: Buffer.concat(err).toString('latin1') }),
    );
  });

/** `TZ=UTC tcpdump -r PATH ARGS`. */
export const tcpdump: Printer = (path, args) => run('tcpdump', ['-r', path, ...args]);
/** The command as in a checkout, a process for each call. */
export const command: Printer = (path, args) => run(join(project, 'hooktap'), ['read', path, ...args]);

/** The version that the expectations are made with; undefined when tcpdump is not installed. */
export const tcpdumpVersion = (): string | undefined =>
  /version (\S+)/.exec(spawnSync('tcpdump', ['--version'], { encoding: 'utf8' }).stdout ?? '')?.[1];

/** A folder that is gone when the work is done. */
export async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'hooktap-test-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
/** Where both programs find the capture: tcpdump knows no compression. */
export function uncompressed(capture: Capture, folder: string): string {
  if (!capture.format.endsWith('.gz')) return capture.path;
  const path = join(folder, 'plain');
  writeFileSync(path, plainBytes(capture));
  return path;
}
