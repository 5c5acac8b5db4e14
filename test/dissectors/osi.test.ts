import { expect, test } from 'vitest';
import { protocols } from '../../dissectors/index.ts';
import { systemIdKind } from '../../dissectors/osi/address.ts';
import { hex, join, u8, u16 } from '../../fixtures/build/bytes.ts';
import { Registry } from '../../src/dissect/registry.ts';
import { FieldsSink } from '../../src/sink/fields.ts';
import { memory, Printed } from '../sink/printed.ts';

const registry = new Registry(protocols);
/** What `-T fields` prints of a packet of ISO's network layer. */
async function fieldsOf(names: readonly string[], bytes: Uint8Array): Promise<string> {
  const { output, text } = memory();
  const printed = new Printed(registry, new FieldsSink(output, names, registry), text);
  return (await printed.of(bytes, registry.id('osi'))).trimEnd();
}
const AREA = '49000100000000000';
const data = (type: number, ...rest: readonly Uint8Array[]): Uint8Array => {
  const behind = join(hex(`0a ${AREA}221 0a ${AREA}121`), ...rest);
  return join(u8(0x81, 9 + behind.length, 1, 33, type), u16(9 + behind.length, 0), behind);
};

test('the addresses, the place of a segment and the options of CLNP', async () => {
  const segment = data(0xfc, u16(0x1234, 512, 1400), hex('c301d8 c10291 07 cd0102'));
  const names = ['clnp.dsap', 'clnp.ssap', 'clnp.cnf.type', 'clnp.segment_offset', 'clnp.total_length'];
  expect(await fieldsOf(names, segment)).toBe(`${AREA}221\t${AREA}121\t28\t512\t1400`);
  const options = ['osi.options.qos.maintenance', 'osi.options.qos.seq_vs_trs', 'osi.options.rtd_source_routing'];
  expect(await fieldsOf([...options, 'osi.options.rfd.field', 'osi.options.priority'], segment)).toBe('3\t1\t1\t7\t2');
});
test('a report of an error tells of the packet that it is about, and nothing else does', async () => {
  const names = ['frame.protocols', 'clnp.cnf.type'];
  expect(await fieldsOf(names, join(data(1), data(28)))).toBe('osi:clnp:clnp\t1,28');
  expect(await fieldsOf(names, join(data(28), data(28)))).toBe('osi:clnp:data\t28');
});
test('hops are told only when the quality of service has a scope for them, and routes hop by hop', async () => {
  const names = ['osi.options.qos.maintenance', 'osi.options.qos.cong_exped', 'osi.options.route'];
  expect(await fieldsOf(names, data(28, hex('c301 48 cb07 0003 03490001 09')))).toBe('1\t\t49.0001');
});
test('hellos of end systems, and redirects of intermediate ones', async () => {
  const whole = '39840f80005a0b000000010001 000000000001 00';
  const hello = hex(`82 29 01 00 02 003c 0000 02 14 ${whole} 03 490001 c602001e`);
  expect(await fieldsOf(['esis.type', 'esis.htime', 'esis.sa', 'osi.options.esct'], hello)).toBe(
    '2\t60\t[39|84:0f][80|00:5a:0b|00:00][00:01|00:01]0000.0000.0001[00],49.0001\t30',
  );
  const redirect = hex(`82 21 01 00 06 003c 0000 05 ${AREA.slice(0, 10)} 06 020000000014 03 490002 e203 ffff00`);
  expect(await fieldsOf(['esis.da', 'esis.bsnpa', 'esis.net', 'osi.options.snpa_mask'], redirect)).toBe(
    '49000100.00\t0200.0000.0014\t49.0002\tff.ff00',
  );
});
test('IDs of systems are typed as they are shown', () => {
  const wanted = systemIdKind.parse('0000.0000.0001.02-03');
  expect(typeof wanted === 'function' && wanted(hex('0000000000010203'), 0, 8, 0)).toBe(true);
});
