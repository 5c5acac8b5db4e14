import type { Registry } from '../../../src/dissect/registry.ts';
import { type Capture, layersOf } from '../../support/captures.ts';
import type { Random } from '../../support/random.ts';
import { type Answer, answers, everyFrame } from './apply.ts';
import { Generator, isComparable } from './generate.ts';
import { type Shown, shownIn } from './shown.ts';
import { tsharkAnswers } from './tshark.ts';

/** Fields of layers 2 to 4, and of what nearly every network has. */
const COMPARED = /^(eth|vlan|arp|ip|ipv6|icmp|icmpv6|igmp|udp|tcp|dns|frame)\./;
const LAYERS = ['eth', 'arp', 'ip', 'ipv6', 'icmp', 'udp', 'tcp', 'frame', 'vlan', 'icmpv6'];
/** Values taken of each packet, so that options do not crowd out addresses. */
const VALUES = 30;

export interface Tally {
  filters: number;
  agreed: number;
  /** Of those, filters that match some packet. */
  matching: number;
  refusedByBoth: number;
  failedRuns: number;
  readonly differences: string[];
}
export const newTally = (): Tally => ({
  filters: 0,
  agreed: 0,
  matching: 0,
  refusedByBoth: 0,
  failedRuns: 0,
  differences: [],
});

/** Compares made-up filters over a capture with tshark's answers; leaves out captures in which tshark finds other layers. */
export async function compareCapture(
  capture: Capture,
  count: number,
  random: Random,
  registry: Registry,
  types: ReadonlyMap<string, string>,
  tally: Tally,
): Promise<void> {
  const values = await valuesOf(capture, random, registry, types);
  if (values === undefined) return;
  const made = new Generator(random, values, LAYERS);
  const texts = Array.from({ length: count }, () => made.filter());
  const theirs = tsharkAnswers(capture.path, texts);
  if (theirs === undefined) {
    tally.failedRuns++;
    return;
  }
  const ours = await answers(capture.path, texts, registry);
  texts.forEach((text, i) => {
    const [a, b] = [ours[i]!, theirs[i]!];
    tally.filters++;
    if (typeof a === 'string' && typeof b === 'string') tally.refusedByBoth++;
    else if (typeof a !== 'string' && typeof b !== 'string' && a.join() === b.join()) {
      tally.agreed++;
      if (a.length > 0) tally.matching++;
    } else tally.differences.push(`${capture.name}: ${text}\n    ours ${inShort(a)}\n    tshark ${inShort(b)}`);
  });
}
/** Values that packets have; undefined where the layers are not those of tshark, and so the fields neither. */
async function valuesOf(
  capture: Capture,
  random: Random,
  registry: Registry,
  types: ReadonlyMap<string, string>,
): Promise<Shown[] | undefined> {
  const values: Shown[] = [];
  const theirLayers = layersOf(capture.name) ?? [];
  let same = true;
  const look = everyFrame(capture.path, registry, (frame) => {
    const ours = Array.from({ length: frame.depth }, (_, d) => registry.protocols[frame.layer[d]!]!.name);
    same &&= lower(ours) === lower(theirLayers[frame.number] ?? []);
    const all = shownIn(frame).filter((value) => COMPARED.test(value.name) && isComparable(value, types));
    for (let i = 0; i < VALUES && all.length > 0; i++) values.push(kept(random.of(all)));
  });
  await look.catch(() => {
    same = false;
  });
  return same && values.length >= 20 ? values : undefined;
}
const lower = (layers: readonly string[]): string => layers.filter((layer) => LAYERS.includes(layer)).join(':');
/** A batch's bytes are gone when the next one comes. */
const kept = (value: Shown): Shown => ({
  ...value,
  bytes: value.bytes.slice(value.from, value.to),
  from: 0,
  to: value.to - value.from,
});
function inShort(answer: Answer): string {
  if (typeof answer === 'string') return answer.split('\n')[0]!.slice(0, 200);
  return `${answer.length}: ${answer.slice(0, 12).join(' ')}`;
}
