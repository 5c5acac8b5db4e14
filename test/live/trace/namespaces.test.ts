import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { NamespaceNames } from '../../../src/trace/namespaces.ts';
import { whyNotLive } from '../world.ts';
import { Network } from './network.ts';

const why = whyNotLive();
if (why !== undefined) console.warn(`names of namespaces are not tested: ${why}`);

const inodeOf = (name: string): number => statSync(`/run/netns/${name}`).ino;
const TRIES = 30;

test.skipIf(why !== undefined)('a namespace is not called by the name of another one that had its number', async () => {
  using net = new Network();
  const names = new NamespaceNames();
  const first = net.of('first');
  const number = inodeOf(first);
  names.refresh();
  expect(names.name(number)).toBe(first);
  spawnSync('ip', ['netns', 'del', first]);
  // The kernel gives numbers again, the least first; others may take it before us.
  let next: string | undefined;
  for (let i = 0; i < TRIES && next === undefined; i++) {
    const made = net.of(`n${i}`);
    if (inodeOf(made) === number) next = made;
  }
  if (next === undefined) return;
  await expect
    .poll(() => {
      names.refresh();
      return names.name(number);
    })
    .toBe(next);
});
