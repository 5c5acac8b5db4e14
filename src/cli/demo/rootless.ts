import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { ToolError } from '../../error.ts';
import { capabilities } from '../../linux/capabilities.ts';
import { endWithParent } from '../../linux/privileges.ts';
import { answering } from '../interrupt.ts';
import { SELF } from './paint.ts';

/** Tells the one inside who started it. */
const PARENT = 'HOOKTAP_DEMO_PARENT';
const ROOT = `sudo ${SELF} demo`;

/** May this process make network namespaces, and what is in them? */
export function isAble(): boolean {
  const own = capabilities();
  return own.has('CAP_SYS_ADMIN') && own.has('CAP_NET_ADMIN') && own.has('CAP_NET_RAW');
}
/** Are we in a user namespace of our own, where only what is in our namespaces is ours? */
export const isInside = (): boolean => process.env[PARENT] !== undefined;

/** Not to outlive who started us, also if that was killed. */
export function enterInside(): void {
  endWithParent();
  if (process.ppid !== Number(process.env[PARENT])) process.exit(1);
}
/** Runs the same command as root of a user namespace of its own. Resolves to its exit code. */
export async function runInside(): Promise<number> {
  if (isInside()) throw refused('a user namespace of its own gives no rights to networks here');
  const program = ['/usr/bin/unshare', '/bin/unshare'].find((path) => existsSync(path));
  if (program === undefined) throw refused('without root it takes the program unshare', 'apt-get install util-linux');
  const args = ['--user', '--map-root-user', '--net', process.execPath, ...process.argv.slice(1)];
  const env = { ...process.env, [PARENT]: String(process.pid) };
  const child = spawn(program, args, { env, stdio: ['inherit', 'inherit', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (data: Buffer) => (errors += data));
  // Ctrl-C reaches both; the one inside ends in its own way, and so do we.
  using _signals = answering({ SIGINT: () => {}, SIGTERM: () => child.kill('SIGTERM') });
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve(status ?? 1));
  });
  if (code !== 0 && errors.startsWith('unshare:')) throw refused(errors.trim());
  process.stderr.write(errors);
  return code;
}
const refused = (why: string, remedy = ROOT): ToolError =>
  new ToolError('cannot-build', `no network can be built: ${why}`, remedy);
