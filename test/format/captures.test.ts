import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { allCaptures, type Capture, plainBytes, type Row, readTable } from '../support/captures.ts';
import { oracleFolder, requireAll, whyNoCaptures } from '../support/project.ts';
import type { Packet } from './build.ts';
import { folder, type Reading, readBytes } from './reading.ts';

const { path, remove } = folder();
afterAll(remove);
const missing = whyNoCaptures();

/** Captures that tshark reads otherwise, and why we do not. */
const exceptions: readonly { readonly file: RegExp; readonly reason: string }[] = [
  { file: /pcap-invalid-version-2\.pcap/, reason: 'version 2.5 does not exist; libpcap refuses it, too' },
  {
    file: /pcapng-test-generator\/.*\/test(102|202|017|018)\.pcapng/,
    reason: 'tshark counts custom blocks and unknown blocks as packets; libpcap passes over them',
  },
  {
    file: /pcapplusplus\/fuzz\/igmplayer/,
    reason: 'tshark guesses another variant of pcap; libpcap reads it as we do',
  },
  {
    file: /atm-oam-loopback-print-overrun/,
    reason: "tshark takes SunATM's four bytes of pseudo-header out of the lengths",
  },
];
/** tshark's answers for the packets of a capture; undefined when it refused the file. */
function answers(capture: Capture): Row[] | undefined {
  const at = join(oracleFolder, `${capture.name}.tsv.gz`);
  return existsSync(at) ? readTable(gunzipSync(readFileSync(at)).toString('utf8')) : undefined;
}
/** What tshark and we say differently of a packet. */
function difference(row: Row, packet: Packet, snaplen: number): string | undefined {
  const time = `${packet.seconds}.${String(packet.nanos).padStart(9, '0')}`;
  // tshark's lengths have 31 bits; it keeps what a snaplen would have cut, libpcap and we do not.
  const wire = Math.min(packet.wire, 0x7fff_ffff);
  const kept = Math.min(Number(row['frame.cap_len']), snaplen || Number.POSITIVE_INFINITY);
  const theirs = row['frame.time_epoch']!;
  // Simple packets have no time, and a fraction of a second and more is carried by us, not by tshark.
  const comparable = theirs !== '' && !theirs.startsWith('-') && (theirs.split('.')[1] ?? '').length === 9;
  if (comparable && theirs !== time) return `time ${theirs} and ${time}`;
  if (Number(row['frame.len']) !== wire) return `length ${row['frame.len']} and ${wire}`;
  if (kept !== packet.data.length) return `captured length ${kept} and ${packet.data.length}`;
  return undefined;
}
function differences(reading: Reading, rows: readonly Row[]): string[] {
  const found: string[] = [];
  const { packets, ports } = reading;
  // The oracle has the first 5000 packets of a capture.
  if (rows.length !== Math.min(packets.length, 5000)) found.push(`${rows.length} and ${packets.length} packets`);
  for (let i = 0; i < Math.min(rows.length, packets.length); i++) {
    const packet = packets[i]!;
    const what = difference(rows[i]!, packet, ports[packet.port]!.snaplen);
    if (what !== undefined) found.push(`packet ${i + 1}: ${what}`);
  }
  return found;
}

test.skipIf(missing !== undefined && !requireAll)(
  `lengths and times of every third-party capture are tshark's${missing === undefined ? '' : ` (skipped: ${missing})`}`,
  async () => {
    const wrong: string[] = [];
    let packets = 0;
    for (const capture of allCaptures()) {
      const reading = await readBytes(path('capture'), plainBytes(capture));
      packets += reading.packets.length;
      if (exceptions.some(({ file }) => file.test(capture.name))) continue;
      const rows = answers(capture);
      const found = rows === undefined ? [] : differences(reading, rows);
      if (found.length > 0) wrong.push(`${capture.name}: ${found.slice(0, 3).join('; ')}`);
    }
    expect(wrong).toEqual([]);
    expect(packets).toBeGreaterThan(100_000);
  },
  600_000,
);
