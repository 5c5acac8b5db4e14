/** Our compiler against libpcap's own expectations, and against libpcap itself where tcpdump is installed. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compile, matcher } from '../../../src/filter/capture/compile.ts';
import { FilterError } from '../../../src/filter/capture/error.ts';
import { requireAll, whyNoCaptures } from '../../support/project.ts';
import { Random } from '../../support/random.ts';
import { tcpdumpVersion } from '../../support/run.ts';
import { compareRound, packetsByLinkType, type Tally } from './compare.ts';
import { accepted, applied, folder, isKnown, isLive, linkTypeOf, netmaskOf, rejected } from './expected.ts';
import { Libpcap } from './libpcap.ts';
import { readListing } from './listing.ts';
import { packetsOf } from './packets.ts';
import { disagreement, packetsFor, run } from './wanted.ts';

const missing = whyNoCaptures();
const noTcpdump = missing ?? (tcpdumpVersion() === '4.99.3' ? undefined : 'no tcpdump 4.99.3');

/** Skips with the reason, or fails where nothing may be skipped. */
function available(why: string | undefined, skip: (note: string) => void): void {
  if (why === undefined) return;
  if (requireAll) throw new Error(why);
  skip(why);
}

describe('the expectations of libpcap', () => {
  it('compiles every filter of every link type, to a program that judges packets alike', ({ skip }) => {
    available(missing, skip);
    const random = new Random(11);
    for (const row of accepted()) {
      expect(isKnown(row.dlt), row.dlt).toBe(true);
      const options = {
        linkType: linkTypeOf(row.dlt),
        snaplen: row.snaplen ?? 262_144,
        netmask: netmaskOf(row.netmask),
        target: isLive(row.name) ? ('kernel' as const) : ('file' as const),
      };
      const [first, ...others] = row.exprs.map((text) => compile(text, { ...options, optimise: row.opt !== null }));
      // Only the optimiser makes one program of many ways to say the same.
      if (row.opt !== null) for (const other of others) expect(other, row.name).toEqual(first);
      const listings = [row.opt, row.unopt].filter((each) => each !== null);
      for (const theirs of listings.map(readListing)) {
        expect(
          disagreement(first!, theirs, packetsFor(theirs, random, 40)),
          `${row.name}: ${row.exprs[0]}`,
        ).toBeUndefined();
      }
    }
  });

  it('refuses a filter that no packet can match', ({ skip }) => {
    available(missing, skip);
    for (const row of accepted().filter(({ opt }) => opt === null)) {
      expect(() => compile(row.exprs[0]!, { linkType: linkTypeOf(row.dlt) }), row.exprs[0]).toThrow(/rejects all/);
    }
  });

  it('judges every packet of its captures as it does', async ({ skip }) => {
    available(missing, skip);
    for (const row of applied()) {
      const [capture] = await packetsOf(join(folder, row.savefile));
      const options = {
        linkType: capture!.linkType,
        netmask: netmaskOf(row.netmask),
        snaplen: Math.max(1, ...row.results),
      };
      const match = matcher(compile(row.expr, { ...options, optimise: row.results.some((result) => result > 0) }));
      expect(
        capture!.packets.map((packet) => run(match, packet)),
        `${row.savefile} ${row.expr}`,
      ).toEqual(row.results);
    }
  });

  it('refuses what it refuses', ({ skip }) => {
    available(missing, skip);
    for (const row of rejected()) {
      expect(
        () => compile(row.expr, { linkType: linkTypeOf(row.dlt) }),
        `${row.dlt} ${row.expr} (${row.errstr})`,
      ).toThrow(FilterError);
    }
  });
});

describe('libpcap 1.10.3', () => {
  it('makes programs of filters that people write, and ours give the same packets', async ({ skip }) => {
    available(noTcpdump, skip);
    const random = new Random(2);
    using pcap = new Libpcap();
    const tally: Tally = {
      compared: 0,
      agreed: 0,
      refusedByBoth: 0,
      rejecting: 0,
      tooShort: 0,
      corrected: 0,
      failures: [],
    };
    for (const [linkType, packets] of await packetsByLinkType(10, 6)) {
      if (![1, 101, 113, 276, 9, 105, 127].includes(linkType) || packets.length === 0) continue;
      compareRound(
        pcap,
        random,
        { linkType, packets: packets.slice(0, 300), filters: linkType === 1 ? 60 : 8, madeUp: 30 },
        tally,
      );
    }
    expect(tally.failures).toEqual([]);
    expect(tally.compared).toBeGreaterThan(50);
  });
});
