import { join } from 'node:path';
import { expect, test } from 'vitest';
import { protocols } from '../../dissectors/index.ts';
import { openFile } from '../../src/capture/file.ts';
import { Registry } from '../../src/dissect/registry.ts';
import { run } from '../../src/session.ts';
import { FIELDS_DEFAULT, type FieldsOptions, FieldsSink } from '../../src/sink/fields.ts';
import { project } from '../support/project.ts';
import { memory } from './printed.ts';

const registry = new Registry(protocols);
/** What `-T fields -e NAME` prints of a fixture: all that differs, and without what is empty. */
async function linesOf(name: string, fixture: string, options: FieldsOptions = FIELDS_DEFAULT): Promise<string[]> {
  const { output, text } = memory();
  await using source = await openFile(join(project, 'fixtures', 'protocols', `${fixture}.pcap`));
  await run({ source, registry, sinks: [new FieldsSink(output, [name], registry, options)] });
  return [...new Set(text().split('\n'))].filter((line) => line !== '');
}
const repeated = (text: string, ...values: readonly string[]): string =>
  values.map((value) => text.replace('%', value)).join();

test('each message of a layer has a text of its own, or the one that is asked for', async () => {
  const label = 'MultiProtocol Label Switching Header, Label: %, TTL: 64';
  const stack = ['16, Exp: 0, S: 0', '17, Exp: 0, S: 0', '18, Exp: 0, S: 1'];
  const lines = await linesOf('mpls', 'mpls');
  expect(lines).toContain(repeated(label, ...stack));
  expect(lines).toContain(repeated(label, '19, Exp: 0, S: 0', '2 (IPv6 Explicit-Null), Exp: 0, S: 1'));
  const last = await linesOf('mpls', 'mpls', { ...FIELDS_DEFAULT, occurrence: 'last' });
  expect(last).toContain(repeated(label, stack[2]!));
  const first = await linesOf('mpls', 'mpls', { ...FIELDS_DEFAULT, occurrence: 'first' });
  expect(first).toContain(repeated(label, stack[0]!));
});
test('messages of streams and of media', async () => {
  const gateway = 'Border Gateway Protocol - % Message';
  expect(await linesOf('bgp', 'bgp')).toEqual(
    expect.arrayContaining([
      repeated(gateway, 'OPEN', 'KEEPALIVE'),
      repeated(gateway, 'NOTIFICATION'),
      'Border Gateway Protocol - Unknown message type (0x09)',
      // Continues what began in another segment.
      'bgp',
    ]),
  );
  const queue = 'MQ Telemetry Transport Protocol, %';
  const published = repeated(queue, 'Publish Message', 'Ping Request');
  expect(await linesOf('mqtt', 'mqtt')).toEqual(expect.arrayContaining([repeated(queue, 'Connect Ack'), published]));
  const control = 'Real-time Transport Control Protocol (%)';
  expect(await linesOf('rtcp', 'rtcp')).toEqual([
    repeated(control, 'Sender Report', 'Source description'),
    repeated(control, 'Receiver Report', 'Goodbye', 'Application specific'),
  ]);
  const session = 'Session Initiation Protocol (%)';
  expect(await linesOf('sip', 'sip')).toEqual(
    expect.arrayContaining([repeated(session, 'INVITE'), repeated(session, '180')]),
  );
  expect((await linesOf('rpc', 'nfs-v3-1'))[0]).toMatch(/^Remote Procedure Call, Type:Call XID:0x[\da-f]{8}$/);
  expect(await linesOf('whois', 'whois')).toEqual(expect.arrayContaining(['WHOIS: Query', 'WHOIS: Answer']));
});
test('messages to the administrator with where they come from', async () => {
  expect(await linesOf('syslog', 'syslog')).toEqual(
    expect.arrayContaining([
      'Syslog message: AUTH.CRIT: Oct 11 22:14:15 mymachine su: failed for lonvick on /dev/pts/8',
      'Syslog message: (unknown): no number',
    ]),
  );
});
test('frames of 802.11 with their flags, and whether a checksum follows', async () => {
  const lines = [...(await linesOf('wlan', 'wlan')), ...(await linesOf('wlan', 'radiotap'))];
  expect(lines).toEqual(
    expect.arrayContaining([
      'IEEE 802.11 Data, Flags: .p..R..T',
      'IEEE 802.11 Null function (No data), Flags: ...P...T',
      'IEEE 802.11 VHT/HE NDP Announcement',
      'IEEE 802.11 QoS Data, Flags: .......TC',
      'IEEE 802.11 Clear-to-send, Flags: ........',
    ]),
  );
  expect(await linesOf('wlan', 'wlan-management')).toContain(
    'IEEE 802.11 Unrecognized (Reserved frame), Flags: ........',
  );
});
test('identifiers in both notations, ports twice, types of headers', async () => {
  const bus = 'Controller Area Network, %';
  expect(await linesOf('can', 'can')).toEqual(
    expect.arrayContaining([
      repeated(bus, 'ID: 291 (0x123), Length: 8'),
      repeated(bus, 'Ext. ID: 417018865 (0x18db33f1), Length: 3'),
    ]),
  );
  expect(await linesOf('canfd', 'can-cooked')).toEqual(['Controller Area Network FD, ID: 291 (0x123), Length: 12']);
  expect(await linesOf('sctp', 'sctp')).toContain(
    'Stream Control Transmission Protocol, Src Port: 40000 (40000), Dst Port: 9007 (9007)',
  );
  const mirrored = 'Encapsulated Remote Switch Packet ANalysis Type %';
  expect((await linesOf('erspan', 'erspan')).toSorted()).toEqual(
    ['I', 'II', 'III'].map((type) => repeated(mirrored, type)),
  );
  const routed = 'Routing Header for IPv6 (%)';
  expect(await linesOf('ipv6.routing', 'ipv6-extensions')).toEqual(
    expect.arrayContaining([repeated(routed, 'Type 2 Routing'), repeated(routed, 'Segment Routing')]),
  );
  expect(await linesOf('ftp-data', 'streams')).toContainEqual(expect.stringMatching(/^FTP Data \(\d+ bytes data\)$/));
});
