import { protocols } from '../../dissectors/index.ts';
import { ring } from '../capture/ring.ts';
import { EVERYTHING } from '../capture/selection.ts';
import { ToolError } from '../error.ts';
import { compileDisplayFilter } from '../filter/display/compile.ts';
import { quoted } from '../format/shell.ts';
import { HERE, namespacesOf } from '../linux/namespace.ts';
import type { CommandSpec } from './command.ts';
import { requireTerminal, showDashboard } from './dashboard.ts';
import { numberedDevice } from './devices.ts';
import { withPlugins } from './plugins.ts';

interface UiFlags {
  readonly interface: readonly string[];
  readonly netns: readonly string[];
  readonly Y?: string;
  readonly theme?: string;
  readonly ascii?: boolean;
  readonly mouse?: boolean;
  readonly promiscuousMode?: boolean;
  readonly plugin: readonly string[];
}
const THEME_NAMES = ['dark', 'light', 'colour-blind', 'none'];

export const command: CommandSpec = {
  name: 'ui',
  about: 'The dashboard: a capture file, or with -i or --netns what passes now.',
  arguments: [['[words...]', 'a capture file, or - for the standard input; live, a filter as for tcpdump']],
  options: [
    {
      flags: '-i, --interface <device>',
      about: 'capture on it, or on several: a,b; any; may be repeated',
      repeated: true,
    },
    {
      flags: '--netns <name>',
      about: 'in this network namespace: a name, a process, or all; may be repeated',
      repeated: true,
    },
    { flags: '-Y <filter>', about: "list only what matches this filter of Wireshark's language" },
    { flags: '-p, --no-promiscuous-mode', about: "do not ask for other stations' packets" },
    { flags: '--theme <name>', about: 'dark, light, colour-blind, or none', choices: THEME_NAMES },
    { flags: '--ascii', about: 'draw with ASCII only' },
    { flags: '--no-mouse', about: 'leave the mouse to the terminal' },
    {
      flags: '--plugin <file>',
      about: 'a file with dissectors of your own (docs/plugins.md); may be repeated',
      repeated: true,
    },
  ],
  examples: [
    ['hooktap ui capture.pcapng', 'explore a file'],
    ['hooktap ui -i any --netns all', 'all that passes on this machine'],
    ['hooktap ui -i br0 tcp port 80', 'what a filter lets through'],
  ],
  run: (words, options) => ui(words, options as unknown as UiFlags),
};

async function ui(words: readonly string[], flags: UiFlags): Promise<number> {
  const live = flags.interface.length > 0 || flags.netns.length > 0;
  if (!live && words.length !== 1)
    throw new ToolError(
      'usage',
      'what to look at? A file, or devices with -i',
      'hooktap ui FILE, or hooktap ui -i any',
    );
  requireTerminal(live ? 'hooktap capture -i any' : `hooktap read ${quoted(words[0]!)}`);
  const registry = await withPlugins(protocols, flags.plugin);
  if (flags.Y !== undefined) compileDisplayFilter(flags.Y, registry);
  const { openStore } = await import('../../ui/index.ts');
  const namespaces = flags.netns.length === 0 ? [HERE] : flags.netns.flatMap(namespacesOf);
  const [path] = words;
  const opened = live
    ? {
        source: await openLive(words.join(' '), flags, namespaces),
        ...(flags.netns.length === 0 || flags.netns.includes('all') ? {} : { namespaces }),
      }
    : { ...(await openStore(path!)), ...(path === '-' ? {} : { path: path! }) };
  await showDashboard({
    ...opened,
    registry,
    theme: flags.theme,
    filter: flags.Y ?? '',
    ascii: flags.ascii === true,
    mouse: flags.mouse !== false,
  });
  return 0;
}
async function openLive(expression: string, flags: UiFlags, namespaces: ReturnType<typeof namespacesOf>) {
  const named = flags.interface.flatMap((names) => names.split(',')).filter((name) => name !== '');
  const may = await ring.available();
  if (!may.ok) throw new ToolError('cannot-capture', may.why, may.remedy.replace('capture', 'ui'));
  return ring.open({
    ...EVERYTHING,
    devices: (named.length === 0 ? ['any'] : named).map((name) => numberedDevice(namespaces, name)),
    namespaces,
    everyNamespace: flags.netns.includes('all'),
    expression,
    promiscuous: flags.promiscuousMode !== false,
    haste: 'usual',
  });
}
