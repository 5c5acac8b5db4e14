/**
 * Compares our compiler with libpcap's over made-up filters and all captures:
 * node build.mjs test/filter/capture/differential.ts && node dist/scripts/test/filter/capture/differential.js [SEED] [FILTERS] [WHOLE]
 * FILTERS is for each link type (six times as many for Ethernet). WHOLE is how many filters also run through tcpdump itself.
 */
import { compile, matcher } from '../../../src/filter/capture/compile.ts';
import { LINK_LAYERS } from '../../../src/filter/capture/link/table.ts';
import { Random } from '../../support/random.ts';
import { attempt, compareRound, packetsByLinkType, type Tally } from './compare.ts';
import { Expressions } from './expressions.ts';
import { Libpcap } from './libpcap.ts';
import type { Packet } from './packets.ts';
import { run } from './wanted.ts';

const [seed = 1, filters = 60, whole = 50] = process.argv.slice(2).map(Number);
const random = new Random(seed);
const byLinkType = await packetsByLinkType(40);
const tally: Tally = {
  compared: 0,
  agreed: 0,
  refusedByBoth: 0,
  rejecting: 0,
  tooShort: 0,
  corrected: 0,
  failures: [],
};
using pcap = new Libpcap();
/** Enough of each link type: a thousand packets tell as much as ten thousand. */
const MOST = 1000;

for (const [linkType, packets] of byLinkType) {
  if (!LINK_LAYERS.some((link) => link.types.includes(linkType))) continue;
  const sample = packets.length <= MOST ? packets : Array.from({ length: MOST }, () => random.of(packets));
  const count = linkType === 1 ? filters * 6 : packets.length < 5 ? Math.ceil(filters / 4) : filters;
  compareRound(pcap, random, { linkType, packets: sample, filters: count, madeUp: 40 }, tally);
}
for (const failure of tally.failures.slice(0, 40)) console.log(failure.slice(0, 400));
const { failures, ...counts } = tally;
console.log(JSON.stringify({ seed, linkTypes: byLinkType.size, ...counts, failures: failures.length }));
console.log(JSON.stringify(throughTcpdump(byLinkType.get(1) ?? [], whole)));

/** The same number of packets as `tcpdump --count -r`, end to end. */
function throughTcpdump(packets: readonly Packet[], count: number): { whole: number; same: number } {
  const file = pcap.write('all', 1, packets);
  const make = new Expressions(random, 1, packets);
  const result = { whole: 0, same: 0 };
  while (result.whole < count) {
    const filter = make.filter();
    const program = attempt(filter, { linkType: 1 });
    if (typeof program === 'string') continue;
    const match = matcher(compile(filter, { linkType: 1 }));
    const ours = packets.filter((packet) => run(match, packet) !== 0).length;
    const theirs = pcap.count(file, filter);
    result.whole++;
    if (ours === theirs) result.same++;
    else console.log(`\`${filter}\`: ${ours} packets, tcpdump ${theirs}`);
  }
  return result;
}
