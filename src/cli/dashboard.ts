import { openSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import { protocols } from '../../dissectors/index.ts';
import type { Dashboard, FillingStore } from '../../ui/index.ts';
import type { CaptureSource } from '../capture/source.ts';
import { Registry } from '../dissect/registry.ts';
import { ToolError } from '../error.ts';
import type { Namespace } from '../linux/namespace.ts';
import { speaksUnicode } from './locale.ts';

export interface Shown {
  readonly source: CaptureSource;
  /** Owns the source; a log of what comes unless given. */
  readonly store?: FillingStore;
  readonly registry?: Registry;
  /** Where to look for devices and journeys; everywhere unless given. */
  readonly namespaces?: readonly Namespace[];
  /** The file that is read, if it can be read twice. */
  readonly path?: string;
  readonly theme: string | undefined;
  readonly filter?: string;
  readonly ascii?: boolean;
  readonly mouse?: boolean;
}
const SIGNALS = ['SIGTERM', 'SIGHUP', 'SIGINT'] as const;

/** Says what to do instead, where the output is no terminal. */
export function requireTerminal(instead: string): void {
  if (!process.stdout.isTTY)
    throw new ToolError('no-terminal', 'the dashboard needs a terminal for its output', instead);
}
/** Where keys come from: packets may come from the standard input. */
function keyboard(): ReadStream {
  if (process.stdin.isTTY) return process.stdin;
  try {
    return new ReadStream(openSync('/dev/tty', 'r'));
  } catch (error) {
    const why = (error as Error).message;
    throw new ToolError('no-terminal', `the dashboard needs a terminal for its keys: ${why}`, 'hooktap read -');
  }
}
/** Shows the dashboard until the user leaves, or is told to; `meanwhile` goes on beside it. The terminal is given back whatever happens. */
export async function showDashboard(shown: Shown, meanwhile?: (dashboard: Dashboard) => Promise<void>): Promise<void> {
  const { Dashboard, LogStore, Screen } = await import('../../ui/index.ts');
  const { source } = shown;
  const { env } = process;
  const store = shown.store ?? new LogStore(source);
  const terminal = new Screen({
    input: keyboard(),
    unicode: shown.ascii !== true && speaksUnicode(env),
    term: env.TERM,
    mouse: shown.mouse !== false,
  });
  // The screen is given back before anybody is told what went wrong.
  const giveBack = () => terminal.close();
  process.prependListener('uncaughtException', giveBack);
  let dashboard: Dashboard | undefined;
  const leave = () => dashboard?.app.end();
  for (const signal of SIGNALS) process.once(signal, leave);
  try {
    dashboard = new Dashboard({
      registry: shown.registry ?? new Registry(protocols),
      source,
      store,
      filter: shown.filter ?? '',
      theme: shown.theme ?? (env.NO_COLOR ? 'none' : 'dark'),
      terminal,
      namespaces: shown.namespaces,
      path: shown.path,
    });
    await Promise.all([dashboard.finished, meanwhile?.(dashboard)]);
  } finally {
    leave();
    terminal.close();
    process.off('uncaughtException', giveBack);
    for (const signal of SIGNALS) process.off(signal, leave);
  }
}
