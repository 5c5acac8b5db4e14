/**
 * Compares display filters with tshark's over made-up filters and captures that others made:
 * node build.mjs test/filter/display/differential.ts && node dist/scripts/test/filter/display/differential.js [SEED] [CAPTURES] [FILTERS]
 * FILTERS is for each capture. Needs a tshark with Lua; what it answered is kept in the temporary folder.
 */
import { protocols } from '../../../dissectors/index.ts';
import { Registry } from '../../../src/dissect/registry.ts';
import { allCaptures, type Capture, layersOf } from '../../support/captures.ts';
import { Random } from '../../support/random.ts';
import { answers, everyFrame } from './apply.ts';
import { Generator, isComparable } from './generate.ts';
import { type Shown, shownIn } from './shown.ts';
import { tsharkAnswers, tsharkTypes } from './tshark.ts';

process.env.TZ = 'UTC';
const [seed = 1, captures = 40, filters = 50] = process.argv.slice(2).map(Number);
const registry = new Registry(protocols);
const types = tsharkTypes();
if (types === undefined) throw new Error('tshark is not installed');
const random = new Random(seed);
/** What every packet has, and what is the same in both: layers 2 to 4, ARP, ICMP, DNS. */
const COMPARED = /^(eth|vlan|arp|ip|ipv6|icmp|icmpv6|igmp|udp|tcp|dns|frame)\./;
const LAYERS = ['eth', 'arp', 'ip', 'ipv6', 'icmp', 'udp', 'tcp', 'frame', 'vlan', 'icmpv6'];
const tally = { filters: 0, agreed: 0, refusedByBoth: 0, oneRefuses: 0, differ: 0, failedRuns: 0, matching: 0 };

for (const capture of chosen(captures)) {
  const values: Shown[] = [];
  const theirLayers = layersOf(capture.name) ?? [];
  let same = true;
  await everyFrame(capture.path, registry, (frame) => {
    const ours = Array.from({ length: frame.depth }, (_, d) => registry.protocols[frame.layer[d]!]!.name);
    same &&= lower(ours) === lower(theirLayers[frame.number] ?? []);
    const all = shownIn(frame).filter((value) => COMPARED.test(value.name) && isComparable(value, types));
    // As many of each layer, whatever it has of options.
    for (let i = 0; i < 30 && all.length > 0; i++) values.push({ ...random.of(all) });
  }).catch(() => undefined);
  // Where tshark finds other layers, it finds other fields.
  if (values.length < 20 || !same) continue;
  for (const value of values) keepBytes(value);
  const made = new Generator(random, values, LAYERS);
  const texts = Array.from({ length: filters }, () => made.filter());
  compare(capture, texts, await answers(capture.path, texts, registry));
}
console.log(JSON.stringify({ seed, ...tally }));

function lower(layers: readonly string[]): string {
  return layers.filter((layer) => LAYERS.includes(layer)).join(':');
}
function compare(capture: Capture, texts: readonly string[], ours: Awaited<ReturnType<typeof answers>>): void {
  const theirs = tsharkAnswers(capture.path, texts);
  if (theirs === undefined) {
    tally.failedRuns++;
    console.log(`${capture.name}: tshark failed`);
    return;
  }
  texts.forEach((text, i) => {
    const [a, b] = [ours[i]!, theirs[i]!];
    tally.filters++;
    if (typeof a === 'string' && typeof b === 'string') tally.refusedByBoth++;
    else if (typeof a === 'string' || typeof b === 'string') {
      tally.oneRefuses++;
      console.log(`REFUSED ${capture.name}: ${text}\n    ours ${shortened(a)}\n    tshark ${shortened(b)}`);
    } else if (a.join() === b.join()) {
      tally.agreed++;
      if (a.length > 0) tally.matching++;
    } else {
      tally.differ++;
      console.log(`DIFFER ${capture.name}: ${text}\n    ours ${shortened(a)}\n    tshark ${shortened(b)}`);
    }
  });
}
function shortened(answer: string | readonly number[]): string {
  if (typeof answer === 'string') return answer.split('\n')[0]!.slice(0, 200);
  return `${answer.length}: ${answer.slice(0, 12).join(' ')}`;
}
/** A batch's bytes are gone when the next one comes. */
function keepBytes(value: Shown): void {
  Object.assign(value, { bytes: value.bytes.slice(value.from, value.to), from: 0, to: value.to - value.from });
}
function chosen(count: number): Capture[] {
  const small = allCaptures().filter(
    ({ format, packets, name }) =>
      /^pcap-us-le$/.test(format) && packets >= 4 && packets <= 120 && !/fuzz|crash|invalid|malform/i.test(name),
  );
  return Array.from({ length: count }, () => random.of(small));
}
