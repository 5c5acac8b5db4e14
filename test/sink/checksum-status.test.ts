/** What checksums are found to be, as a field. */
import { expect, test } from 'vitest';
import { protocols } from '../../dissectors/index.ts';
import { hex, patched, u16 } from '../../fixtures/build/bytes.ts';
import { Registry } from '../../src/dissect/registry.ts';
import { FieldsSink } from '../../src/sink/fields.ts';
import { JsonSink } from '../../src/sink/json.ts';
import { TreeSink } from '../../src/sink/tree.ts';
import { memory, Printed } from './printed.ts';

const registry = new Registry(protocols);
/** From 192.0.2.10 to 192.0.2.20, four bytes of data. */
const DATAGRAM = hex('45000020000000004011f6ae c000020a c0000214 0400 03e7 000c 0000 01020304');
const UDP_CHECKSUM = 26;
const RIGHT = 0x6fca;

async function status(packet: Uint8Array, captured = packet.length): Promise<string> {
  const { output, text } = memory();
  const sink = new FieldsSink(output, ['ip.checksum.status', 'udp.checksum.status'], registry);
  return (await new Printed(registry, sink, text).of(packet, registry.id('ip'), captured)).trimEnd();
}
test('right, wrong, absent, and not all there', async () => {
  const right = patched(DATAGRAM, UDP_CHECKSUM, u16(RIGHT));
  expect(await status(right)).toBe('1\t1');
  expect(await status(patched(right, 10, u16(0x1234)))).toBe('0\t1');
  expect(await status(patched(right, UDP_CHECKSUM, u16(RIGHT + 1)))).toBe('1\t0');
  expect(await status(DATAGRAM)).toBe('1\t3');
  expect(await status(right, right.length - 1)).toBe('1\t2');
});
test('who does not ask is not told: trees and JSON mark what is wrong', async () => {
  const packet = patched(DATAGRAM, UDP_CHECKSUM, u16(RIGHT));
  const { output, text } = memory();
  for (const sink of [new JsonSink(output), new TreeSink(output, false)]) {
    const shown = await new Printed(registry, sink, text).of(packet, registry.id('ip'));
    expect(shown).not.toMatch(/checksum.status|marks|\[bad/);
  }
});
