import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Text } from '../../src/bytes/text.ts';
import { headersOf } from '../../src/trace/headers.ts';
import type { Ending, Journey } from '../../src/trace/journey.ts';
import { type JsonOptions, putJson } from '../../src/trace/json.ts';
import { restore, store } from '../../src/trace/stored.ts';
import { block } from '../../src/trace/text.ts';

const PACKET = Buffer.from(
  '02000000000202000000000108004500001c0001400040112b8f0a0000010a000002138800090008d4d5',
  'hex',
);
const first = headersOf(PACKET, undefined);
const ending: Ending = {
  outcome: 'dropped',
  where: { netns: 7, device: 'é"0', hook: 'input' },
  at: 2500,
  reason: 'NETFILTER_DROP',
  meaning: 'x'.repeat(150_000),
  symbol: undefined,
  stack: ['ip_rcv', 'process_backlog'],
  rule: { family: 'ip', table: 't', chain: 'c', handle: 3, text: 'drop', comment: '\u0007', verdict: 'drop' },
  socket: undefined,
};
const event = { bytes: PACKET, tag: undefined, length: PACKET.length };
const journey: Journey = {
  number: 5,
  replyTo: 4,
  retransmission: false,
  first,
  last: first,
  length: PACKET.length,
  segments: 1,
  deliveries: [],
  endings: [{ ...ending, copy: 0 }],
  ending,
  lost: 0,
  steps: [
    { netns: 7, device: 'é"0', hook: 'receive', at: 1000, copy: 0, changed: [], note: 'n', rules: [], event },
    {
      ...{ netns: 7, device: 'é"0', hook: 'input', at: 2000, copy: 0, note: undefined, rules: [], event },
      changed: [{ what: 'ttl', from: '64', to: '63' }],
    },
  ],
};
function json(journey: Journey, options: JsonOptions): string {
  const w = new Text();
  putJson(w, journey, options);
  return w.toString();
}
const nameOf = () => 'blue';
const epoch = 1_700_000_000_123_456_789n;

describe('a journey in comments', () => {
  test('is the same afterwards, however long', () => {
    const comments = store(journey, nameOf, epoch);
    expect(comments.length).toBeGreaterThan(2);
    const back = restore(['by hand', ...comments], [PACKET, PACKET])!;
    expect(json(back.journey, back)).toBe(json(journey, { nameOf, epoch }));
    expect(block(back.journey, back.nameOf)).toBe(block(journey, nameOf));
  });
  test('makes sense, or is none', () => {
    const [comment] = store({ ...journey, ending: { ...ending, meaning: undefined }, endings: [] }, nameOf, epoch);
    expect(restore([comment!.replace('"number":5', '"number":"5"')], [PACKET])).toBeUndefined();
    expect(restore([comment!.replace('dropped', 'flown')], [PACKET])).toBeUndefined();
    expect(restore([comment!.slice(0, -1)], [PACKET])).toBeUndefined();
    expect(restore(['nothing'], [PACKET])).toBeUndefined();
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(restore([`hooktap journey: ${text}`], [])).toBeUndefined();
      }),
      { numRuns: 200 },
    );
  });
  test('lives without its packets', () => {
    const back = restore(store(journey, nameOf, epoch), [])!;
    expect(block(back.journey, back.nameOf)).toContain('#5');
  });
});
