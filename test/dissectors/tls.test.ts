import { expect, test } from 'vitest';
import { protocols } from '../../dissectors/index.ts';
import { tls } from '../../dissectors/tls/fields.ts';
import { ja3, ja3sText, ja3Text, ja4 } from '../../dissectors/tls/fingerprint.ts';
import { Hello } from '../../dissectors/tls/hello.ts';
import { nameKind } from '../../dissectors/x509/name.ts';
import { certificateTimeKind } from '../../dissectors/x509/time.ts';
import { counting, join, u8, u16 } from '../../fixtures/build/bytes.ts';
import { clientHello, HANDSHAKE, handshake, record, TLS12 } from '../../fixtures/build/tls.ts';
import { Text } from '../../src/bytes/text.ts';
import { Frame } from '../../src/dissect/frame.ts';
import { Registry } from '../../src/dissect/registry.ts';
import { underLens } from '../support/stack.ts';

const registry = new Registry(protocols);
const security = registry.id('tls');
/** The value of a computed field of a lone TLS layer. */
function computed(bytes: Uint8Array, name: string, captured = bytes.length): unknown {
  const frame = new Frame(registry);
  underLens(frame, bytes, 0, captured, bytes.length).dissect(security);
  return registry.protocols[security]!.computed!.find((field) => field.name === name)!.value(frame, 0);
}
const said = (given: Partial<Hello>): Hello => Object.assign(new Hello(tls), given);
const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

test('a client is known by its hello', () => {
  const hello = clientHello('www.example.com');
  expect(computed(hello, 'tls.handshake.ja3_full')).toBe('771,4865-4866-4867-49195-49199,0-10-13-16-43-51,29-23,');
  expect(computed(hello, 'tls.handshake.ja3')).toBe('01d9fc0b1ffad07469ab6dd42de4948c');
  expect(computed(hello, 'tls.handshake.ja4')).toMatch(/^t13d0506h2_[0-9a-f]{12}_[0-9a-f]{12}$/);
});
test('a server is known by its hello', () => {
  const extensions = join(u16(0xff01, 1), u8(0), u16(0x0017, 0));
  const chosen = join(u16(TLS12), counting(32), u8(0), u16(0xc02f), u8(0), u16(extensions.length), extensions);
  const hello = record(HANDSHAKE, handshake(2, chosen));
  expect(computed(hello, 'tls.handshake.ja3s_full')).toBe('771,49199,65281-23');
  expect(computed(hello, 'tls.handshake.ja3s')).toMatch(/^[0-9a-f]{32}$/);
  expect(computed(hello, 'tls.handshake.ja3')).toBeUndefined();
  expect(computed(clientHello('www.example.com'), 'tls.handshake.ja3s')).toBeUndefined();
  expect(ja3sText(said({ version: 769, ciphers: [47], extensions: [65281, 0, 11, 35, 5, 16] }))).toBe(
    '769,47,65281-0-11-35-5-16',
  );
});
test('a hello that was not captured whole has no fingerprint', () => {
  const hello = clientHello('www.example.com');
  for (let captured = 0; captured < hello.length; captured++)
    expect(computed(hello, 'tls.handshake.ja4', captured), `${captured} bytes`).toBeUndefined();
});
test('JA3 is the MD5 of numbers in the order in which they come', () => {
  // The example of its authors.
  const hello = said({
    version: 769,
    ciphers: [47, 53, 5, 10, 49161, 49162, 49171, 49172, 50, 56, 19, 4],
    extensions: [0, 10, 11],
    groups: [23, 24, 25],
    formats: [0],
  });
  expect(ja3Text(hello)).toBe('769,47-53-5-10-49161-49162-49171-49172-50-56-19-4,0-10-11,23-24-25,0');
  expect(ja3(hello)).toBe('ada70206e40642a3e4461f35503241d5');
});
test.each([
  ['h2', 'h2'],
  ['http/1.1', 'h1'],
  ['x', 'xx'],
  ['', '00'],
  ['\u{20}', '20'],
  ['a ', '60'],
])('JA4 writes the protocol %j as %s', (protocol, written) => {
  expect(ja4(said({ version: 0x0303, protocol: ascii(protocol) }), 't')).toBe(
    `t12i0000${written}_000000000000_000000000000`,
  );
});
test.each([
  [[0x0304, 0x0303], 0x0303, 't13'],
  [[], 0x0301, 't10'],
  [[], 0x0300, 'ts3'],
  [[0xfefc, 0xfefd], 0xfefd, 'dd3'],
  [[], 0xfeff, 'dd1'],
  [[], 0x1234, 't00'],
])('JA4 writes the versions %j of a hello of %i as %s', (versions, version, written) => {
  expect(ja4(said({ versions, version }), written[0] as 't' | 'd')).toMatch(new RegExp(`^${written}`));
});

const shown = (kind: { write: typeof nameKind.write }, bytes: Uint8Array): string => {
  const w = new Text();
  kind.write(w, bytes, 0, bytes.length, 0);
  return w.toString();
};
const der = (tag: number, ...content: number[]): number[] => [tag, content.length, ...content];
const part = (oid: number[], tag: number, value: number[]): number[] =>
  der(0x31, ...der(0x30, ...der(6, ...oid), ...der(tag, ...value)));
test('names are written from their last part on, and escaped', () => {
  const name = [
    ...part([0x55, 4, 6], 0x13, [...ascii('US')]),
    ...part([0x55, 4, 10], 0x0c, [...ascii('A, "B"')]),
    ...part([0x2a, 3, 4], 0x1e, [0, 0x41, 0, 0x0a]),
  ];
  expect(shown(nameKind, Uint8Array.from(name))).toBe('1.2.3.4=A^J,O=A\\, \\"B\\",C=US');
});
test.each([
  ['491231235959Z', '2049-12-31T23:59:59Z'],
  ['500101000000Z', '1950-01-01T00:00:00Z'],
  ['20991231235959Z', '2099-12-31T23:59:59Z'],
  ['2099', '2099'],
])('the time %s is %s', (written, expected) => {
  expect(shown(certificateTimeKind, ascii(written))).toBe(expected);
});
