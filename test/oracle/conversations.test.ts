/** Conversations and what was sent again, against tshark over some of the third-party captures. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { captureFolder, requireAll, whyNoCaptures } from '../support/project.ts';
import { compare, tsharkVersion } from './conversations.ts';

/** Which conversations tshark counts otherwise, by a pattern, and why. */
const EXCEPTIONS: Readonly<Record<string, readonly [RegExp, string]>> = {
  'ndpi/pcap/hart_ip.pcap': [/^udp 192.168.0.101:49905 /, 'tshark cuts it in two where HART-IP begins'],
  'pcapplusplus/pcap/ip6_fragments.pcap': [/^ipv6 /, 'tshark counts of IPv6 only the fragments that complete a packet'],
};
/** Streams of which tshark thinks otherwise of a segment, and why. */
const JUDGED: Readonly<Record<string, readonly [stream: number, why: string]>> = {
  'ndpi/pcap/ethereum.pcap': [
    13,
    'bytes that were seen one by one and come again together: tshark calls it out of order',
  ],
  'tcptrace/input/urgent.dmp.gz': [0, 'of four segments sent again in a row tshark calls the last three out of order'],
  'tcptrace/input/sack_nasa_sim.dump.gz': [0, 'the same'],
};
const CAPTURES = [
  ...Object.keys(EXCEPTIONS),
  ...Object.keys(JUDGED),
  'arkime/pcap/v6.pcap',
  'ndpi/pcap/dropbox.pcap',
  'ndpi/pcap/ftp.pcap',
  'ndpi/pcap/iphone.pcap',
  'ndpi/pcap/wa_voice.pcap',
  'ndpi/pcap/zoom_p2p.pcapng',
  'zeek/traces/tunnels/gre-within-gre.pcap',
] as const;

const why = whyNoCaptures() ?? (tsharkVersion() === undefined ? 'tshark is not installed' : undefined);
test.skipIf(why !== undefined && !requireAll)(
  `conversations are tshark's${why === undefined ? '' : ` (${why})`}`,
  async () => {
    let sentAgain = 0;
    let conversations = 0;
    for (const name of CAPTURES) {
      const path = join(captureFolder, name);
      const { rows, differences, again } = await compare(path);
      conversations += rows;
      expect(
        differences.filter(({ key }) => EXCEPTIONS[name]?.[0].test(key) !== true),
        name,
      ).toEqual([]);
      for (const [stream, [theirs, ours]] of again) {
        if (JUDGED[name]?.[0] === stream) continue;
        expect(ours, `${name}, stream ${stream}`).toBe(theirs);
        sentAgain += theirs;
      }
    }
    expect(conversations).toBeGreaterThan(300);
    expect(sentAgain).toBeGreaterThan(20);
  },
  120_000,
);
