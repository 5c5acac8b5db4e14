import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { protocols } from '../../dissectors/index.ts';
import { ip4, ip6, join, text, u8 } from '../../fixtures/build/bytes.ts';
import {
  a,
  aaaa,
  dns,
  dnsOverTcp,
  type Message,
  QR,
  question,
  type Resource,
  resource,
} from '../../fixtures/build/dns.ts';
import { client, over4, remote, resolver } from '../../fixtures/build/hosts.ts';
import { packet } from '../../fixtures/build/layer.ts';
import { BLOCK, Section } from '../../fixtures/build/pcapng.ts';
import { tcp, udp } from '../../fixtures/build/transport.ts';
import { openFile } from '../../src/capture/file.ts';
import { Registry } from '../../src/dissect/registry.ts';
import { Names } from '../../src/flow/names.ts';
import { nameRecords } from '../../src/format/name-records.ts';
import { withFolder } from '../support/run.ts';
import { Timed } from '../support/timed.ts';

const registry = new Registry(protocols);
const listener = (most?: number) => {
  const names = new Names(registry, most);
  return { names, packets: new Timed(registry, (frame) => names.see(frame)) };
};
const over = (port: number, message: Message) => packet(...over4(resolver, client), udp(port, 45_000), dns(message));
const answer = (...answers: Resource[]): Message => ({
  flags: QR,
  questions: [question('www.example.com', 'A')],
  answers,
});
const cname = (name: string, to: string): Resource => resource(name, 'CNAME', 60, [{ name: to }]);

test('addresses have the name that was asked for', () => {
  const { names, packets } = listener();
  packets.at(0, over(53, answer(a('www.example.com', 60, '198.51.100.7'), aaaa('www.example.com', 60, '2001:db8::7'))));
  expect(names.of('198.51.100.7')).toBe('www.example.com');
  expect(names.of('2001:db8::7')).toBe('www.example.com');
  expect(names.of('198.51.100.8')).toBeUndefined();
});
test('names that stand for others are followed back', () => {
  const { names, packets } = listener();
  const chain = [cname('www.example.com', 'Edge.example.net'), cname('edge.example.net', 'e1.example.org')];
  packets.at(0, over(53, answer(...chain, a('e1.example.org', 60, '198.51.100.7'))));
  expect(names.of('198.51.100.7')).toBe('www.example.com');
  // Not into the next message, and not round and round.
  packets.at(1, over(53, answer(a('e1.example.org', 60, '198.51.100.8'))));
  expect(names.of('198.51.100.8')).toBe('e1.example.org');
  packets.at(
    2,
    over(
      53,
      answer(cname('x.example', 'y.example'), cname('y.example', 'x.example'), a('x.example', 60, '198.51.100.9')),
    ),
  );
  expect(names.of('198.51.100.9')).toMatch(/^[xy]\.example$/);
});
test('the latest answer counts; questions and what is no answer do not', () => {
  const { names, packets } = listener();
  packets.at(0, over(53, answer(a('old.example', 60, '198.51.100.7'))));
  packets.at(1, over(53, answer(a('new.example', 60, '198.51.100.7'))));
  packets.at(2, over(53, { ...answer(a('asked.example', 60, '198.51.100.7')), flags: 0 }));
  expect(names.of('198.51.100.7')).toBe('new.example');
  expect(names.size).toBe(1);
});
test('multicast DNS and DNS over TCP tell names too', () => {
  const { names, packets } = listener();
  packets.at(0, over(5353, { flags: QR, answers: [a('printer.local', 60, '192.0.2.9')] }));
  const message = dnsOverTcp(answer(a('tcp.example', 60, '198.51.100.7')));
  packets.at(1, packet(...over4(resolver, client), tcp(53, 45_000, { flags: 'P.' }), message));
  expect([names.of('192.0.2.9'), names.of('198.51.100.7')]).toEqual(['printer.local', 'tcp.example']);
});
test('what a terminal might obey is escaped, and a message that was cut tells what it has', () => {
  const { names, packets } = listener();
  const message = over(53, answer(a('\u001b[31mred.example', 60, '198.51.100.7'), a('b.example', 60, '198.51.100.8')));
  packets.at(0, message.subarray(0, message.length - 3));
  expect(names.of('198.51.100.7')).toBe('\\033[31mred.example');
  expect(names.of('198.51.100.8')).toBeUndefined();
});
test('so many are kept, those told last', () => {
  const { names, packets } = listener(3);
  for (const last of [1, 2, 3, 1, 4]) packets.at(last, over(53, answer(a(`h${last}.example`, 60, `192.0.2.${last}`))));
  expect(names.size).toBe(3);
  expect([1, 2, 3, 4].map((last) => names.of(`192.0.2.${last}`))).toEqual([
    'h1.example',
    undefined,
    'h3.example',
    'h4.example',
  ]);
});
for (const bigEndian of [false, true])
  test(`a pcapng file tells names, ${bigEndian ? 'big' : 'little'} endian`, () =>
    withFolder(async (folder) => {
      const s = new Section(bigEndian);
      const records = join(
        s.option(1, join(ip4(client.ip), text('client'), u8(0), text('another'), u8(0))),
        s.option(1, ip4('192.0.2.99')),
        s.option(2, join(ip6(remote.ip6), text('re\u0007mote'))),
        s.order.u32(0),
      );
      const path = `${folder}/names.pcapng`;
      writeFileSync(path, join(s.header(), s.interface(), s.block(BLOCK.names, records), s.block(BLOCK.names, u8(9))));
      const names = new Names(registry);
      await using source = await openFile(path);
      for await (const batch of source.batches()) {
        for (const record of nameRecords(batch)) names.learn(...record);
        batch.release();
      }
      expect([names.of(client.ip), names.of(remote.ip6), names.size]).toEqual(['client', 're\\amote', 2]);
    }));
