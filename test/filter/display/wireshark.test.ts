/** Wireshark's own tests of its display filters, over its own captures. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { protocols } from '../../../dissectors/index.ts';
import { Registry } from '../../../src/dissect/registry.ts';
import { captureFolder, requireAll, whyNoCaptures } from '../../support/project.ts';
import { withFolder } from '../../support/run.ts';
import { answers } from './apply.ts';

interface Case {
  readonly call: string;
  readonly capture: string;
  readonly filter: string;
  readonly count?: number;
}
const folder = join(captureFolder, 'wireshark');
const why = whyNoCaptures();
const registry = new Registry(protocols);
const cases: readonly Case[] =
  why === undefined
    ? readFileSync(join(folder, 'dfilter.jsonl'), 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Case)
    : [];
/** Protocols that are not known here, fields that are not worked out, and link layers. */
const UNKNOWN = /\b(ipx|ntp|tftp|nfs|fc|icmp\.resptime|tcp\.checksum\.status|_ws)\b/;
const UNKNOWN_LINKS = ['captures/nfs.pcap', 'captures/arp.pcap'];
const isKnown = ({ call, capture, filter }: Case): boolean =>
  !UNKNOWN.test(filter) && !UNKNOWN_LINKS.includes(capture) && call !== 'checkDFilterCountWithSelectedFrame';

describe.skipIf(why !== undefined && !requireAll)(
  `Wireshark's own expectations${why === undefined ? '' : ` (${why})`}`,
  () => {
    test.each([...new Set(cases.map(({ capture }) => capture))])('%s', async (capture) => {
      const own = cases.filter((one) => one.capture === capture && isKnown(one));
      const found = await withFolder((scratch) =>
        answers(
          plain(capture, scratch),
          own.map(({ filter }) => filter),
          registry,
        ),
      );
      const told = own.map(({ filter, call }, i) => [filter, inWords(found[i]!, call)]);
      expect(told).toEqual(own.map(({ filter, call, count }) => [filter, expected(call, count)]));
    });
  },
);
const inWords = (answer: string | readonly number[], call: string): string => {
  if (typeof answer === 'string') return 'refused';
  return call === 'checkDFilterCount' ? String(answer.length) : 'accepted';
};
const expected = (call: string, count: number | undefined): string => {
  if (call === 'checkDFilterFail') return 'refused';
  return call === 'checkDFilterCount' ? String(count) : 'accepted';
};
function plain(capture: string, scratch: string): string {
  const path = join(folder, capture);
  if (!path.endsWith('.gz')) return path;
  const copy = join(scratch, 'plain');
  writeFileSync(copy, gunzipSync(readFileSync(path)));
  return copy;
}
