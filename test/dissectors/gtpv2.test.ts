import { expect, test } from 'vitest';
import { protocols } from '../../dissectors/index.ts';
import { hex, join, u8, u16, u32 } from '../../fixtures/build/bytes.ts';
import { Registry } from '../../src/dissect/registry.ts';
import { FieldsSink } from '../../src/sink/fields.ts';
import { memory, Printed } from '../sink/printed.ts';

const registry = new Registry(protocols);
/** What `-T fields` prints of a payload on the port of the control plane. */
async function fieldsOf(names: readonly string[], message: Uint8Array): Promise<string> {
  const { output, text } = memory();
  const printed = new Printed(registry, new FieldsSink(output, names, registry), text);
  const datagram = join(u16(40_000, 2123, 8 + message.length, 0), message);
  return (await printed.of(datagram, registry.id('udp'))).trimEnd();
}
const element = (type: number, value: Uint8Array): Uint8Array => join(u8(type), u16(value.length), u8(0x21), value);
const message = (...elements: readonly Uint8Array[]): Uint8Array => {
  const rest = join(u32(0x1001), hex('4b5462 00'), ...elements);
  return join(u8(0x48, 32), u16(rest.length), rest);
};

test('versions are told apart on one port', async () => {
  const names = ['frame.protocols', 'gtpv2.message_type', 'gtpv2.teid', 'gtpv2.seq', 'gtp.message'];
  expect(await fieldsOf(names, message())).toBe('udp:gtp:gtpv2\t32\t0x00001001\t0x4b5462');
  expect(await fieldsOf(names, hex('40 01 0004 000007 00'))).toBe('udp:gtp:gtpv2\t1\t\t0x000007');
  expect(await fieldsOf(names, hex('32 01 0004 00001001 0001 00 00'))).toBe('udp:gtp\t\t\t\t0x01');
});
test('numbers of telephony, names of networks, endpoints', async () => {
  const names = [
    'e212.imsi',
    'gtpv2.mei',
    'gtpv2.apn',
    'gtpv2.f_teid_interface_type',
    'gtpv2.f_teid_ipv6',
    'gtpv2.f_teid_ipv4',
  ];
  const all = message(
    element(1, hex('8967 4521 f3')),
    element(75, hex('21 43')),
    element(71, hex('03 61622c 02 1b63')),
    element(87, join(u8(0x8a), u32(1), hex('c0000201'))),
  );
  expect(await fieldsOf(names, all)).toBe('987654123\t1234\tab,.\\033c\t10\t\t192.0.2.1');
});
test('elements in elements, and none behind what is too long', async () => {
  const names = ['gtpv2.ie_type', 'gtpv2.ebi', 'gtpv2.instance', 'gtpv2.cr'];
  const grouped = element(109, element(93, element(73, u8(0xf5))));
  expect(await fieldsOf(names, message(grouped, hex('02 0009 00 10')))).toBe('109,93,73,2\t5\t1,1,1,0\t2,2,2,0');
});
