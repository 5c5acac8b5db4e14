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
const isakmp = (names: string): string[] => names.split(' ').map((name) => `isakmp.${name}`);
const ISAKMP_1 = [
  ...isakmp('sa.doi sa.situation prop.number prop.protoid spisize prop.transforms spi trans.number trans.id'),
  ...isakmp('ike.attr.type ike.attr.value ike.attr.encryption_algorithm ike.attr.hash_algorithm'),
  ...isakmp('ike.attr.authentication_method ike.attr.group_description ike.attr.life_type ike.attr.life_duration'),
  ...isakmp('ipsec.attr.type ipsec.attr.value ipsec.attr.life_type ipsec.attr.life_duration ipsec.attr.encap_mode'),
  ...isakmp('key_exchange.data id.type id.protoid id.port id.data.ipv4_addr id.data.fqdn id.data.ipv6_addr hash nonce'),
  ...isakmp('notify.doi notify.protoid notify.msgtype notify.data vid_bytes sig'),
];
const ISAKMP_2 = [
  ...isakmp('prop.number prop.protoid spisize spi tf.type tf.id.encr tf.id.prf tf.id.integ tf.id.dh tf.id.esn'),
  ...isakmp('ike2.attr.type ike2.attr.value ike2.attr.key_length key_exchange.dh_group key_exchange.data nonce'),
  ...isakmp('notify.protoid notify.msgtype notify.data vid_bytes auth.method auth.data id.type id.data.fqdn'),
];
const SECURITY = [
  ...'version gcs.oui gcs.type pcs.count pcs.oui pcs.type akms.count akms.oui akms.type capabilities'.split(' '),
  ...'capabilities.preauth capabilities.mfpr capabilities.mfpc pmkid.count gmcs.type'.split(' '),
]
  .map((name) => `wlan.rsn.${name}`)
  .concat('wlan.pmkid.akms', 'wlan.tag.number', 'wlan.tag.length');
interface Case {
  readonly capture: string;
  readonly fields: readonly string[];
  readonly settings?: readonly string[];
  /** Packets, from 1, that are cut or contradict themselves, of which tshark tells other parts. */
  readonly odd?: readonly number[];
}
const CASES: readonly Case[] = [
  { capture: 'ip', fields: ['ip.checksum.status'], settings: VERIFY },
  { capture: 'tcp', fields: ['ip.checksum.status', 'tcp.checksum.status'], settings: VERIFY },
  { capture: 'udp', fields: ['udp.checksum.status'], settings: VERIFY },
  { capture: 'sctp', fields: ['sctp.checksum.status'], settings: VERIFY },
  { capture: 'icmp', fields: ['icmp.checksum.status'] },
  { capture: 'icmpv6', fields: ['icmpv6.checksum.status'] },
  { capture: 'vrrp', fields: ['vrrp.checksum.status'] },
  { capture: 'gre', fields: ['gre.checksum.status'] },
  { capture: 'tcp', fields: ['tcp.time_relative', 'tcp.time_delta', 'tcp.options'] },
  {
    capture: 'dns',
    fields: ['dns.response_to', 'dns.time', 'dns.retransmit_request_in', 'udp.time_relative', 'udp.time_delta'],
  },
  { capture: 'isakmp-1', fields: ISAKMP_1, odd: [6, 8, 11, 12, 15] },
  { capture: 'isakmp-2', fields: ISAKMP_2, odd: [3, 4, 6, 7] },
  { capture: 'wlan-management', fields: SECURITY },
  { capture: 'eapol', fields: SECURITY },
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
  async ({ capture, fields, settings = [], odd = [] }) => {
    const path = join(project, 'fixtures', 'protocols', `${capture}.pcap`);
    const expected = theirs(path, fields, settings);
    expect(expected.trim()).not.toBe('');
    const usual = (text: string): string[] => text.split('\n').filter((_, i) => !odd.includes(i + 1));
    expect(usual(await ours(path, fields))).toEqual(usual(expected));
  },
);
