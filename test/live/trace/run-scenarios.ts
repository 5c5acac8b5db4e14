import { describe, expect, test } from 'vitest';
import { whyNotLive } from '../world.ts';
import { Network } from './network.ts';
import type { Expected, Scenario } from './scenario.ts';
import { type Seen, watch } from './watch.ts';

/** Others may use the same machine. */
const OURS = 'net 10.64.0.0/11 or net fd70::/16';

/** Builds each network, sends, and compares what became of the packets with what must. */
export function runScenarios(title: string, scenarios: readonly Scenario[]): void {
  const why = whyNotLive('ping', 'nft', 'tc', 'python3', 'clang');
  if (why !== undefined) console.warn(`${title} are not tested: ${why}`);
  describe.skipIf(why !== undefined)(title, () => {
    test.each(scenarios)('$name', async ({ expression, build, send, journeys, patience }) => {
      using net = new Network();
      await build(net);
      const seen = await watch(net, `(${expression}) and (${OURS})`, () => send(net), patience);
      const text = seen.map((each) => each.text).join('');
      for (const [i, expected] of journeys.entries()) compare(seen[i], expected, text);
    });
  });
}
function compare(found: Seen | undefined, expected: Expected, text: string): void {
  const { end } = expected;
  if (end instanceof RegExp) expect(found?.end ?? '', text).toMatch(end);
  else expect(found?.end, text).toBe(end);
  if (expected.path !== undefined) expect(found!.path, text).toEqual(expected.path);
  for (const line of expected.says ?? []) expect(found!.text).toMatch(line);
  for (const [n, socket] of (expected.sockets ?? []).entries())
    expect(found!.sockets[n], text).toMatch(socket instanceof RegExp ? socket : new RegExp(`^${escaped(socket)}$`));
  expect(found!.journey.lost).toBe(0);
}
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
