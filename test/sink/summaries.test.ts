/** Layers as one text, which tell what their message is about. */
import { expect, test } from 'vitest';
import { protocols } from '../../dissectors/index.ts';
import { hex, join, padded, u8, u16, u24 } from '../../fixtures/build/bytes.ts';
import { Registry } from '../../src/dissect/registry.ts';
import { FieldsSink } from '../../src/sink/fields.ts';
import { memory, Printed } from './printed.ts';

const registry = new Registry(protocols);
async function summary(protocol: string, layer: Uint8Array, captured = layer.length): Promise<string> {
  const { output, text } = memory();
  const printed = new Printed(registry, new FieldsSink(output, [protocol], registry), text);
  return (await printed.of(layer, registry.id(protocol), captured)).trimEnd();
}

test.each([
  [0x0800, 'IP'],
  [0x6558, 'Transparent Ethernet bridging'],
  [0x8360, 'ARUBA WLAN'],
  [0x8361, '0x8361 - unknown'],
  [0xabcd, '0xABCD - unknown'],
])('GRE that carries %i', async (type, name) => {
  expect(await summary('gre', u16(0, type))).toBe(`Generic Routing Encapsulation (${name})`);
});
test.each([
  [0, ''],
  [0x80, ', OAM'],
  [0x40, ''],
])('Geneve with flags %i', async (flags, more) => {
  const layer = join(u8(0, flags), u16(0x0800), u24(0x0ab), u8(0));
  expect(await summary('geneve', layer)).toBe(`Generic Network Virtualization Encapsulation, VNI: 0x0000ab${more}`);
});
test('DHCP names the message that it has come to the end of', async () => {
  const message = (options: Uint8Array): Uint8Array =>
    join(u8(1, 1, 6, 0), padded(u8(), 232), hex('63825363'), options);
  expect(await summary('dhcp', message(hex('3501 01 ff')))).toBe('Dynamic Host Configuration Protocol (Discover)');
  expect(await summary('dhcp', message(hex('00 0c01 41 3501 08 ff')))).toBe(
    'Dynamic Host Configuration Protocol (Inform)',
  );
  expect(await summary('dhcp', message(hex('3501 63 ff')))).toBe('dhcp');
  expect(await summary('dhcp', message(hex('ff')))).toBe('dhcp');
  const whole = message(hex('3501 01 0c01 41 ff'));
  expect(await summary('dhcp', whole, whole.length - 1)).toBe('dhcp');
});
