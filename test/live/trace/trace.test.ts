import { describe, expect, test } from 'vitest';
import { whyNotLive } from '../world.ts';
import { Network } from './network.ts';
import { RULE_SCENARIOS } from './rule-scenarios.ts';
import { SCENARIOS } from './scenarios.ts';
import { watch } from './watch.ts';

const why = whyNotLive('ping', 'nft');
if (why !== undefined) console.warn(`tracing is not tested: ${why}`);

describe.skipIf(why !== undefined)('trace', () => {
  test.each([...SCENARIOS, ...RULE_SCENARIOS])('$name', async ({ expression, build, send, journeys, patience }) => {
    using net = new Network();
    await build(net);
    const seen = await watch(net, expression, () => send(net), patience);
    const text = seen.map((each) => each.text).join('');
    for (const [i, expected] of journeys.entries()) {
      const found = seen[i];
      expect(found?.end, text).toBe(expected.end);
      if (expected.path !== undefined) expect(found!.path, text).toEqual(expected.path);
      for (const line of expected.says ?? []) expect(found!.text).toMatch(line);
      for (const [n, socket] of (expected.sockets ?? []).entries())
        expect(found!.sockets[n], text).toMatch(socket instanceof RegExp ? socket : new RegExp(`^${escaped(socket)}$`));
      expect(found!.journey.lost).toBe(0);
    }
  });
});
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
