import { setTimeout } from 'node:timers/promises';
import { ToolError } from '../../error.ts';
import { showDashboard } from '../dashboard.ts';
import { capturing } from './capturing.ts';
import { DemoNetwork, FIREWALL, OWN_PACKETS } from './network.ts';
import { SCENES, type Scene } from './scenes.ts';

/** Between two scenes: so long a person may look at what happened. */
const PAUSE_MS = 4000;

/** The demo's network in the dashboard: its scenes are played over and over, each told in the lower line. */
export async function demoInDashboard(): Promise<void> {
  using network = await DemoNetwork.build();
  const leaving = new AbortController();
  await showDashboard(
    { source: await capturing(network.namespaces), namespaces: network.namespaces, theme: undefined },
    async (dashboard) => {
      const { app } = dashboard;
      void app.done.then(() => leaving.abort());
      await dashboard.trace(OWN_PACKETS);
      await play(network, (text) => app.say(text), leaving.signal);
    },
  );
}
/** Plays scenes over and over, until the signal says so: at once, also in the middle of one. */
export async function play(
  network: DemoNetwork,
  say: (text: string) => void,
  signal: AbortSignal,
  all: readonly Scene[] = SCENES,
): Promise<void> {
  const scenes = all.filter(({ needs }) => needs === undefined || network.lacks(needs) === undefined);
  for (let i = 0; !signal.aborted; i++) {
    const scene = scenes[i % scenes.length]!;
    say(`${scene.title}:  ${[...scene.change, scene.traffic].map(({ text }) => text).join('  ;  ')}`);
    await once(network, scene, say, signal);
    await setTimeout(PAUSE_MS, undefined, { signal }).catch(() => {});
  }
}
/**
 * What a scene left behind may be in the way of its next time: a path MTU that was learned. That is told, and no end.
 * Who leaves waits for no scene: the network goes, broken or not.
 */
async function once(
  network: DemoNetwork,
  { change, traffic, mend }: Scene,
  say: (text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  try {
    for (const each of [...change, traffic]) await each.run(network, signal);
  } catch (error) {
    if (signal.aborted) return;
    if (!(error instanceof ToolError)) throw error;
    say(error.message);
  }
  if (mend !== undefined) await mend.run(network);
  else network.rules?.run(`flush chain ${FIREWALL}`);
}
