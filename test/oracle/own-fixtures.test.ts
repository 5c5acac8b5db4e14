/** Fields of our own captures, beside what tshark says of the same packets. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { protocols } from '../../dissectors/index.ts';
import { openFile } from '../../src/capture/file.ts';
import { Registry } from '../../src/dissect/registry.ts';
import { run } from '../../src/session.ts';
import { FieldsSink } from '../../src/sink/fields.ts';
import { memory } from '../sink/printed.ts';
import { project, requireAll } from '../support/project.ts';

/** What tshark does not do unless it is told to. */
const VERIFY = [
  'ip.check_checksum:TRUE',
  'tcp.check_checksum:TRUE',
  'udp.check_checksum:TRUE',
  'sctp.checksum:Automatic',
];
const CASES: readonly { readonly capture: string; readonly fields: readonly string[]; readonly settings?: string[] }[] =
  [
    { capture: 'ip', fields: ['ip.checksum.status'], settings: VERIFY },
    { capture: 'tcp', fields: ['ip.checksum.status', 'tcp.checksum.status'], settings: VERIFY },
    { capture: 'udp', fields: ['udp.checksum.status'], settings: VERIFY },
    { capture: 'sctp', fields: ['sctp.checksum.status'], settings: VERIFY },
    { capture: 'icmp', fields: ['icmp.checksum.status'] },
    { capture: 'icmpv6', fields: ['icmpv6.checksum.status'] },
    { capture: 'vrrp', fields: ['vrrp.checksum.status'] },
    { capture: 'gre', fields: ['gre.checksum.status'] },
    { capture: 'tcp', fields: ['tcp.time_relative', 'tcp.time_delta'] },
    {
      capture: 'dns',
      fields: ['dns.response_to', 'dns.time', 'dns.retransmit_request_in', 'udp.time_relative', 'udp.time_delta'],
    },
    { capture: 'dns-tcp', fields: ['dns.response_to', 'dns.time', 'tcp.time_delta'] },
    {
      capture: 'sip',
      fields: [
        ...'r-uri r-uri.user r-uri.host r-uri.port CSeq.seq CSeq.method'.split(' '),
        ...'from.display.info from.addr from.user from.host from.port from.tag'.split(' '),
        ...'to.addr to.user to.host to.port to.tag contact.uri contact.user contact.host contact.port'.split(' '),
        ...'transport sent-by.address sent-by.port branch received rport maddr ttl'
          .split(' ')
          .map((name) => `Via.${name}`),
      ].map((name) => `sip.${name}`),
    },
  ];

const registry = new Registry(protocols);
async function ours(path: string, fields: readonly string[]): Promise<string> {
  const { output, text } = memory();
  await using source = await openFile(path);
  await run({ source, registry, sinks: [new FieldsSink(output, fields, registry)] });
  return text();
}
function theirs(path: string, fields: readonly string[], settings: readonly string[]): string {
  const columns = fields.flatMap((name) => ['-e', name]);
  const options = settings.flatMap((setting) => ['-o', setting]);
  const args = ['-n', '-r', path, ...options, '-T', 'fields', ...columns];
  return spawnSync('tshark', args, { encoding: 'utf8', maxBuffer: 2 ** 26 }).stdout;
}
const missing = spawnSync('tshark', ['--version']).error === undefined ? undefined : 'tshark is not installed';
const why = missing === undefined ? '' : ` (${missing})`;
test.skipIf(missing !== undefined && !requireAll).each(CASES)(
  `$capture: $fields are tshark's${why}`,
  { timeout: 20_000 },
  async ({ capture, fields, settings = [] }) => {
    const path = join(project, 'fixtures', 'protocols', `${capture}.pcap`);
    const expected = theirs(path, fields, settings);
    expect(expected.trim()).not.toBe('');
    expect(await ours(path, fields)).toBe(expected);
  },
);
