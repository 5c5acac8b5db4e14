import { existsSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { ToolError } from '../error.ts';
import { tell } from '../format/destination.ts';
import { displayed } from '../format/shell.ts';
import type { CommandSpec } from './command.ts';
import { requireTerminal } from './dashboard.ts';
import type { Conclusion } from './demo/conclusion.ts';
import { demoInDashboard } from './demo/dashboard.ts';
import { DemoNetwork, FIREWALL } from './demo/network.ts';
import { Paint, screenOf } from './demo/paint.ts';
import { enterInside, isAble, isInside, runInside } from './demo/rootless.ts';
import { type Command, SCENES, type Scene } from './demo/scenes.ts';
import { Story } from './demo/story.ts';
import { Watch } from './demo/watch.ts';
import { Interruption } from './interrupt.ts';

export const command: CommandSpec = {
  name: 'demo',
  about:
    'Builds a small network of its own, breaks it in several ways, and shows what hooktap sees of it. Leaves nothing behind.',
  arguments: [],
  options: [
    { flags: '--keep <file>', about: 'write all packets of it to this file, as pcapng' },
    { flags: '--ui', about: 'look at it in the dashboard, until you leave' },
  ],
  examples: [
    ['hooktap demo', 'without root: with less to see, in a user namespace'],
    ['sudo hooktap demo', 'with the journey of each packet'],
    ['sudo hooktap demo --ui', 'the same network in the dashboard'],
  ],
  run: (_, options) => demo(options as DemoFlags),
};
interface DemoFlags {
  readonly keep?: string;
  readonly ui?: boolean;
}
/** So long a person may look at a scene. */
const PAUSE_MS = 1200;

async function demo({ keep, ui }: DemoFlags): Promise<number> {
  if (ui === true && keep !== undefined)
    throw new ToolError('usage', '--keep is for the demo that tells its story: with --ui, save with the key w');
  if (ui === true) requireTerminal('hooktap demo');
  if (keep !== undefined && existsSync(keep))
    throw new ToolError('file-exists', `${displayed(keep)} is there already`, '--keep with another name');
  if (!isAble()) return runInside();
  if (isInside()) enterInside();
  if (ui === true) {
    await demoInDashboard();
    return 0;
  }
  using interruption = new Interruption();
  const story = new Story(new Paint(screenOf(process.stdout, process.env)), tell);
  const start = performance.now();
  {
    story.opening();
    using network = await DemoNetwork.build();
    await using watch = await Watch.open(network, keep);
    if (watch.without !== undefined) story.poorer(isInside() ? 'they take root' : watch.without);
    for (const [i, scene] of SCENES.entries()) {
      if (interruption.happened) break;
      if (i > 0 && process.stdout.isTTY)
        await setTimeout(PAUSE_MS, undefined, { signal: interruption.signal }).catch(() => {});
      await play(i + 1, scene, { network, watch, story });
    }
  }
  story.end((performance.now() - start) / 1000, keep);
  return interruption.happened ? 130 : 0;
}
interface Stage {
  readonly network: DemoNetwork;
  readonly watch: Watch;
  readonly story: Story;
}
async function play(number: number, scene: Scene, { network, watch, story }: Stage): Promise<void> {
  story.title(number, scene);
  const missing = scene.needs === undefined ? undefined : network.lacks(scene.needs);
  if (missing !== undefined) return story.leftOut(missing);
  for (const each of scene.change) {
    story.command(each);
    await each.run(network);
  }
  story.command(scene.traffic);
  const seen = await watch.during(async () => scene.traffic.run(network), scene.ends ?? scene.about);
  const conclusion = story.seen(scene, seen, watch.nameOf);
  const mend = scene.mend ?? deletion(conclusion);
  if (mend === undefined) return;
  await mend.run(network);
  story.mended(mend);
}
/** What takes away the rule that did it. */
function deletion(conclusion: Conclusion | undefined): Command | undefined {
  const handle = conclusion?.rule?.handle;
  if (handle === undefined) return undefined;
  const words = `delete rule ${FIREWALL} handle ${handle}`;
  return { host: 'router', prompt: '#', text: `nft ${words}`, run: ({ rules }) => rules!.run(words) };
}
