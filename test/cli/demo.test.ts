import { expect, test } from 'vitest';
import { play } from '../../src/cli/demo/dashboard.ts';
import type { DemoNetwork } from '../../src/cli/demo/network.ts';
import type { Command, Scene } from '../../src/cli/demo/scenes.ts';

test('who leaves the demo waits for no scene: what goes on ends, and nothing else is begun', async () => {
  const leaving = new AbortController();
  const ran: string[] = [];
  const command = (text: string, run: Command['run']): Command => ({ host: 'client', prompt: '$', text, run });
  const endless = (signal: AbortSignal | undefined) =>
    new Promise((_, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason));
      setImmediate(() => leaving.abort());
    });
  const scene = {
    title: 'A wait without end',
    change: [command('first', () => ran.push('first'))],
    traffic: command('endless', (_, signal) => endless(signal)),
    mend: command('mend', () => ran.push('mend')),
  } as unknown as Scene;
  const said: string[] = [];
  await play({} as DemoNetwork, (text) => said.push(text), leaving.signal, [scene]);
  expect(ran).toEqual(['first']);
  expect(said).toEqual(['A wait without end:  first  ;  endless']);
});
