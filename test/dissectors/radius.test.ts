import { expect, test } from 'vitest';
import { protocols } from '../../dissectors/index.ts';
import { Registry } from '../../src/dissect/registry.ts';
import { FIELDS_DEFAULT, FieldsSink } from '../../src/sink/fields.ts';
import { memory, Printed } from '../sink/printed.ts';

const registry = new Registry(protocols);
const RADIUS = registry.id('radius');
/** What `-T fields` prints of a message with these attributes, `rest` behind the length that it claims. */
function fieldsOf(code: number, names: readonly string[], attributes: readonly number[][], rest = 0): Promise<string> {
  const body = attributes.flatMap(([type, ...value]) => [type!, value.length + 2, ...value]);
  const message = [code, 7, 0, 20 + body.length - rest, ...Array.from({ length: 16 }, () => 0), ...body];
  const { output, text } = memory();
  return new Printed(registry, new FieldsSink(output, names, registry, FIELDS_DEFAULT), text).of(
    Uint8Array.from(message),
    RADIUS,
  );
}
const ascii = (text: string): number[] => [...Buffer.from(text, 'latin1')];

test('a tag is told apart from a text that has none (RFC 2868 section 3.3)', async () => {
  const names = ['radius.Tunnel_Server_Endpoint.tag', 'radius.Tunnel_Server_Endpoint', 'radius.Tunnel_Type'];
  const attributes = [
    [67, 3, ...ascii('192.0.2.9')],
    [67, ...ascii('192.0.2.10')],
    [64, 1, 0, 0, 13],
  ];
  expect(await fieldsOf(2, names, attributes)).toBe('0x03\t192.0.2.9,192.0.2.10\t13\n');
});
test('vendors name their own attributes', async () => {
  const names = ['radius.avp.vendor_id', 'radius.Cisco_AVPair', 'radius.MS_CHAP_Challenge', 'radius.Unknown_Attribute'];
  const cisco = [26, 0, 0, 0, 9, 1, 5, ...ascii('a=b')];
  const microsoft = [26, 0, 0, 1, 55, 11, 4, 0xca, 0xfe, 99, 3, 1];
  expect(await fieldsOf(2, names, [cisco, microsoft])).toBe('9,311\ta=b\tcafe\t01\n');
});
test('a number of the wrong size is no value, and what lies behind the message none of it', async () => {
  const names = ['radius.avp.type', 'radius.Framed_MTU', 'radius.Reply_Message'];
  expect(
    await fieldsOf(
      2,
      names,
      [
        [12, 5],
        [12, 0, 0, 5, 220],
        [18, 65],
      ],
      3,
    ),
  ).toBe('12,12\t1500\t\n');
});
test('an EAP message is a layer, and requests are told from responses', async () => {
  const names = ['frame.protocols', 'eap.identity', 'radius.req', 'radius.rsp'];
  const identity = [79, 2, 1, 0, 8, 1, ...ascii('bob')];
  expect(await fieldsOf(1, names, [[1, 98], identity])).toBe('radius:eap\tbob\t1\t\n');
  expect(await fieldsOf(11, names, [[1, 98]])).toBe('radius\t\t\t1\n');
});
