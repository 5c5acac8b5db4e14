import { ToolError } from '../error.ts';
import type { CommandSpec } from './command.ts';
import { version } from './package.ts';

/** The commands, in the order of the help. A command's module is loaded only when it runs. */
const COMMANDS: readonly { name: string; about: string; load: () => Promise<{ command: CommandSpec }> }[] = [
  {
    name: 'capture',
    about: 'capture on devices, in any network namespace: print, write, or both',
    load: () => import('./capture.ts'),
  },
  {
    name: 'interfaces',
    about: 'the devices of every network namespace, and how they hang together',
    load: () => import('./interfaces.ts'),
  },
  { name: 'read', about: 'print a capture file as tcpdump does, or copy it', load: () => import('./read.ts') },
  {
    name: 'replay',
    about: "send a capture's packets on a device, as they were or faster",
    load: () => import('./replay.ts'),
  },
  {
    name: 'filter',
    about: "explain a filter of tcpdump's or Wireshark's language",
    load: () => import('./filter.ts'),
  },
  {
    name: 'trace',
    about: 'follow packets through the kernel: where they went, and what dropped them',
    load: () => import('./trace.ts'),
  },
  {
    name: 'ui',
    about: 'the dashboard: packets, conversations, topology and journeys, live or of a file',
    load: () => import('./ui.ts'),
  },
  {
    name: 'doctor',
    about: 'what this machine allows, and what enables the rest',
    load: () => import('./doctor.ts'),
  },
  {
    name: 'demo',
    about: 'a small network of its own, broken in several ways, and what hooktap sees of it',
    load: () => import('./demo.ts'),
  },
  {
    name: 'protocols',
    about: 'what can be dissected, and the fields of a protocol',
    load: () => import('./protocols.ts'),
  },
];

const HELP = `hooktap: packet capture and diagnostics for Linux virtual networks

Usage: hooktap <command> [options]

Commands:
${COMMANDS.map((c) => `  ${c.name.padEnd(12)}${c.about}`).join('\n')}

Options:
  -V, --version  show the version
  -h, --help     show this; hooktap <command> --help tells a command's options
`;

/** Exit codes: 0 done, 1 failed, 2 wrong usage. */
async function main(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === 'help' || name === '-h' || name === '--help') {
    await tellAll(HELP);
    return name === undefined ? 2 : 0;
  }
  if (name === '-V' || name === '--version') {
    await tellAll(`hooktap ${version()}\n`);
    return 0;
  }
  const found = COMMANDS.find((c) => c.name === name);
  if (found === undefined) throw new ToolError('usage', `there is no command "${name}"`, 'hooktap --help');
  const [{ runCommand }, { command }] = await Promise.all([import('./command.ts'), found.load()]);
  return runCommand(command, rest);
}
/** Loaded only here: what the commands need of it they load with the rest. */
async function tellAll(text: string): Promise<void> {
  const { tell } = await import('../format/destination.ts');
  tell(text);
}
/** What happened and what mends it, on stderr. A closed pipe is how readers say that they have enough. */
async function report(error: unknown): Promise<number> {
  // Names may hold anything, and a terminal must not obey them.
  const { displayed } = await import('../format/shell.ts');
  if (error instanceof ToolError) {
    if (error.code === 'closed-pipe') return 0;
    // Its line feeds are our own.
    const message = error.message.split('\n').map(displayed).join('\n');
    process.stderr.write(`hooktap: ${message}\n`);
    if (error.hint !== undefined) process.stderr.write(`  try: ${displayed(error.hint)}\n`);
    return error.code === 'usage' ? 2 : 1;
  }
  if ((error as NodeJS.ErrnoException).code === 'EPIPE') return 0;
  process.stderr.write(`hooktap: a fault in hooktap itself: ${error instanceof Error ? error.stack : String(error)}\n`);
  return 1;
}

// Whoever reads what we say may close the pipe, which a stream tells when nobody waits for it any more.
process.on('uncaughtException', (error) => void report(error).then((code) => process.exit(code)));
void main(process.argv.slice(2))
  .catch(report)
  .then((code) => {
    process.exitCode = code;
    // Where nothing is under way, such as text for a slow reader, at once: to take everything apart takes a while.
    if (process.getActiveResourcesInfo().length === 0) process.exit();
  });
