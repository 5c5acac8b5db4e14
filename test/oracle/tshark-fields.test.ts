/** Fields against tshark, over the third-party captures: docs/tshark-fields.md tells the numbers. */
import { expect, test } from 'vitest';
import { requireAll, whyNoCaptures } from '../support/project.ts';
import { compareFields } from './tshark-fields.ts';

/** Of the packets whose layers, up to TCP, are all registered: of the chains of layers, and of all else. */
const BARS = { chain: 0.995, field: 0.999 } as const;
/** What tshark tells with the help of protocols that are not registered yet. */
const LEAST: Readonly<Record<string, number>> = {
  'dns.qry.name': 0.99,
  'udp.srcport': 0.995,
  'udp.dstport': 0.995,
  'tcp.stream': 0.999,
};

const why = whyNoCaptures();
test.skipIf(why !== undefined && !requireAll)(
  `fields are tshark's${why === undefined ? '' : ` (${why})`}`,
  async () => {
    const { columns, differences } = await compareFields('');
    for (const [name, { compared, equal, excused }] of columns) {
      const bar = name === 'frame.protocols' ? BARS.chain : (LEAST[name] ?? BARS.field);
      const examples = differences.filter(({ column }) => column === name).slice(0, 5);
      expect(compared, name).toBeGreaterThan(0);
      expect(equal / (compared - excused), `${name}: ${JSON.stringify(examples)}`).toBeGreaterThanOrEqual(bar);
    }
  },
  120_000,
);
