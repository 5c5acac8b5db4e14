import { writeFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { ip4, join, text } from '../../fixtures/build/bytes.ts';
import { a, dns, QR } from '../../fixtures/build/dns.ts';
import { client, over4, remote, resolver } from '../../fixtures/build/hosts.ts';
import { packet } from '../../fixtures/build/layer.ts';
import { BLOCK, Section } from '../../fixtures/build/pcapng.ts';
import { at } from '../../fixtures/build/record.ts';
import { udp } from '../../fixtures/build/transport.ts';
import { Names } from '../../src/flow/names.ts';
import { hearing } from '../../ui/model/hearing.ts';
import { folder } from '../format/reading.ts';
import { filled, registry } from './made.ts';

const { path, remove } = folder();
afterAll(remove);

test('names are heard in packets, and read in the blocks of a file', async () => {
  const s = new Section();
  const answer = dns({ flags: QR, answers: [a('www.example.com', 60, remote.ip)] });
  const heard = s.packet(0, at(0, packet(...over4(resolver, client), udp(53, 4000), answer)));
  const told = s.block(BLOCK.names, join(s.option(1, join(ip4(client.ip), text('client\0'))), s.order.u32(0)));
  writeFileSync(path('names.pcapng'), join(s.header(), s.interface(), heard, told));
  const names = new Names(registry);
  await using made = await filled(path('names.pcapng'), [hearing(names)]);
  expect(made.ingest.seen).toBe(1);
  expect([names.of(remote.ip), names.of(client.ip)]).toEqual(['www.example.com', 'client']);
});
