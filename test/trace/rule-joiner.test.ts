import { beforeEach, describe, expect, test } from 'vitest';
import { headersOf } from '../../src/trace/headers.ts';
import type { Step } from '../../src/trace/journey.ts';
import { Path } from '../../src/trace/path.ts';
import { RuleJoiner, type StrayRule } from '../../src/trace/rule-joiner.ts';
import type { MetRule } from '../../src/trace/rules.ts';

const NETNS = 7;
const [SECOND, MILLISECOND] = [1e9, 1e6];

/** A datagram with a number of its own. */
function datagram(id: number): Uint8Array {
  const bytes = new Uint8Array(42);
  const view = new DataView(bytes.buffer);
  view.setUint16(12, 0x0800);
  bytes.set([0x45, 0, 0, 28, 0, 0, 0x40, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2], 14);
  view.setUint16(18, id);
  return bytes;
}
function met(id: number): MetRule {
  const bytes = datagram(id);
  const parts = { link: bytes.subarray(0, 14), network: bytes.subarray(14, 34), transport: bytes.subarray(34) };
  const message = { family: 'inet', table: 'wall', chain: 'f', kind: 'rule', handle: 3, verdict: 'drop' } as const;
  const rule = {
    family: 'inet',
    table: 'wall',
    chain: 'f',
    handle: 3,
    text: 'drop',
    comment: undefined,
    verdict: 'drop',
  };
  return { met: { ...message, ...parts, id, target: undefined, input: 2, output: 0 }, hook: 'forward', rule };
}
/** The journey of a datagram that came through the namespace. */
function path(id: number): Path {
  const made = new Path(id, headersOf(datagram(id), undefined), 42, 1, 0);
  made.steps.push({ netns: NETNS } as Step);
  return made;
}

describe('a rule whose packet is not known yet', () => {
  let now: number;
  let joiner: RuleJoiner;
  const strays: StrayRule[] = [];
  const retry = (known: number) => joiner.retry(known, (rule) => strays.push(rule));
  beforeEach(() => {
    now = 2 * SECOND;
    strays.length = 0;
    joiner = new RuleJoiner(() => now);
    joiner.expected = true;
  });

  test('waits for events that are looked at late: it was read before they were', () => {
    joiner.add(met(1), NETNS);
    // A second of events is waiting, and takes its time: what is known lags behind the clock.
    for (let known = 1 * SECOND; known <= 2 * SECOND; known += 50 * MILLISECOND) {
      now += 100 * MILLISECOND;
      retry(known);
    }
    const late = path(1);
    joiner.begin(late);
    retry(2 * SECOND);
    expect(late.rules.map(({ rule }) => rule.text)).toEqual(['drop']);
    expect(strays).toEqual([]);
  });
  test('is given up when all is known of the time when it was read, and some more', () => {
    joiner.add(met(1), NETNS);
    retry(now + 99 * MILLISECOND);
    expect(strays.length).toBe(0);
    retry(now + 101 * MILLISECOND);
    expect(strays.length).toBe(1);
    const late = path(1);
    joiner.begin(late);
    retry(now + SECOND);
    expect(late.rules).toEqual([]);
    expect(strays.length).toBe(1);
  });
  test('belongs to its own packet only', () => {
    const [other, own] = [path(2), path(1)];
    joiner.begin(other);
    joiner.add(met(1), NETNS);
    joiner.begin(own);
    retry(now);
    expect([own, other].map(({ rules }) => rules.length)).toEqual([1, 0]);
  });
  test('is tried again when something is heard of its packet, not at each look: a backlog takes as long as it is', () => {
    let tries = 0;
    const rule = met(1);
    const { met: message } = rule;
    const counting = () => {
      tries++;
      return message;
    };
    joiner.add(Object.defineProperty(rule, 'met', { get: counting }), NETNS);
    const before = tries;
    for (let look = 0; look < 100; look++) {
      joiner.begin(path(1000 + look));
      retry(1 * SECOND);
    }
    expect(tries).toBe(before);
    const late = path(1);
    late.steps.length = 0;
    joiner.begin(late);
    retry(1 * SECOND);
    expect(late.rules).toEqual([]);
    late.steps.push({ netns: NETNS } as Step);
    joiner.hear(late);
    retry(1 * SECOND);
    expect(late.rules.length).toBe(1);
  });
  const rest = (text: string): MetRule => {
    const { met: message, hook, rule } = met(1);
    return {
      met: { ...message, network: new Uint8Array(), transport: new Uint8Array() },
      hook,
      rule: { ...rule, text },
    };
  };
  test('is not that of another packet that has the same number of nftables later', () => {
    const own = path(1);
    joiner.begin(own);
    joiner.add(met(1), NETNS);
    joiner.add(rest('its own'), NETNS);
    const other = met(2);
    joiner.add({ ...other, met: { ...other.met, id: 1 } }, NETNS);
    joiner.add(rest('of the other'), NETNS);
    retry(now);
    expect(own.rules.map(({ rule }) => rule.text)).toEqual(['drop', 'its own']);
    const late = path(2);
    joiner.begin(late);
    retry(now);
    expect(late.rules.map(({ rule }) => rule.text)).toEqual(['drop', 'of the other']);
  });
  test('brings those of its chain that have no headers', () => {
    joiner.add(met(1), NETNS);
    joiner.add(rest('second'), NETNS);
    joiner.add(rest('third'), NETNS);
    joiner.add({ ...rest('other'), met: { ...rest('other').met, id: 99 } }, NETNS);
    const late = path(1);
    joiner.begin(late);
    retry(now);
    expect(late.rules.map(({ rule }) => rule.text)).toEqual(['drop', 'second', 'third']);
    // Nobody knows what the other one belongs to.
    retry(now + SECOND);
    expect(strays).toEqual([]);
  });
});
