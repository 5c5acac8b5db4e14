import { setTimeout } from 'node:timers/promises';
import { SystemError } from '../../linux/failure.ts';
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
async function play(network: DemoNetwork, say: (text: string) => void, signal: AbortSignal): Promise<void> {
  const scenes = SCENES.filter(({ needs }) => needs === undefined || network.lacks(needs) === undefined);
  for (let i = 0; !signal.aborted; i++) {
    const scene = scenes[i % scenes.length]!;
    say(`${scene.title}:  ${[...scene.change, scene.traffic].map(({ text }) => text).join('  ;  ')}`);
    await once(network, scene);
    await setTimeout(PAUSE_MS, undefined, { signal }).catch(() => {});
  }
}
/** A network that was broken before remembers some of it: an address that is there already, the MTU of a path. */
async function once(network: DemoNetwork, scene: Scene): Promise<void> {
  for (const each of [...scene.change, scene.traffic]) await tried(() => each.run(network));
  if (scene.mend !== undefined) await scene.mend.run(network);
  else network.rules?.run(`flush chain ${FIREWALL}`);
}
async function tried(act: () => unknown): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
  }
}
