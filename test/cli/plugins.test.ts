import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { protocols } from '../../dissectors/index.ts';
import { withPlugins } from '../../src/cli/plugins.ts';
import { Frame } from '../../src/dissect/frame.ts';
import { Line } from '../../src/dissect/line.ts';
import { FieldsSink } from '../../src/sink/fields.ts';
import { JsonSink } from '../../src/sink/json.ts';
import { TreeSink } from '../../src/sink/tree.ts';
import { memory, Printed } from '../sink/printed.ts';
import { project } from '../support/project.ts';
import { command } from '../support/run.ts';
import { underLens } from '../support/stack.ts';

const folder = mkdtempSync(join(tmpdir(), 'hooktap-plugins-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;
/** Not twice the same name: a module is loaded once. */
function file(text: string, suffix = 'mjs'): string {
  const path = join(folder, `plugin-${files++}.${suffix}`);
  writeFileSync(path, text);
  return path;
}
const guide = readFileSync(join(project, 'docs', 'plugins.md'), 'utf8');
const EXAMPLE = /```js\n(.*?)```/s.exec(guide)![1]!;
const BEACON = [0xbe, 0xac, 0x80, 21, 1, 4, 0x64, 0x6f, 0x6f, 0x72];
const PACKET = Uint8Array.from([
  0x45,
  0,
  0,
  38,
  0,
  0,
  0,
  0,
  64,
  17,
  0,
  0,
  192,
  0,
  2,
  1,
  192,
  0,
  2,
  2,
  4,
  0,
  0x27,
  0x0f,
  0,
  18,
  0,
  0,
  ...BEACON,
]);

test('the example of the guide, in every output', async () => {
  const registry = await withPlugins(protocols, [file(EXAMPLE)]);
  const RAW = registry.id('raw');
  const out = memory();
  const printed = (sink: JsonSink | FieldsSink | TreeSink) => new Printed(registry, sink, out.text).of(PACKET, RAW);
  expect(
    await printed(new FieldsSink(out.output, ['beacon.name', 'beacon.temperature', 'frame.protocols'], registry)),
  ).toBe('door\t21\traw:ip:udp:beacon\n');
  expect(JSON.parse(await printed(new JsonSink(out.output))).layers[3]).toMatchObject({
    protocol: 'beacon',
    'beacon.urgent': 1,
    'beacon.kind': 1,
    'beacon.name': ['door'],
  });
  expect(await printed(new TreeSink(out.output, false))).toContain('  Temperature: 21 °C [31-32] beacon.temperature\n');
  const frame = new Frame(registry);
  underLens(frame, PACKET).dissect(RAW);
  const w = new Line();
  w.packetLine(frame);
  expect(w.toString()).toBe('IP 192.0.2.1.1024 > 192.0.2.2.9999: Beacon, Hello, length 10');
});

const protocol = (rest: string, name = 'mine'): string =>
  `export default (h) => [h.protocol(h.header('${name}', { a: h.u8('A') }), { title: 'T', source: 'S', ${rest} })]`;
test.each([
  ['no such file', '/nowhere/plugin.js', /Cannot find module/],
  ['no default export', file('export const a = 1;'), /no function as its default export/],
  ['a mistake of syntax', file('export default ('), /^the plug-in /],
  ['a function that throws', file('export default () => { throw new Error("oh"); }'), /: oh$/],
  ['no array', file('export default () => 1'), /returns no array/],
  ['no protocol', file('export default () => [{ name: "x" }]'), /protocol "x": it lacks a title/],
  ['a name that is taken', file(protocol('', 'tcp')), /there is a protocol "tcp" already/],
  ['a table that nobody opens', file(protocol("on: { 'no.port': 1 }")), /no protocol opens the table "no.port"/],
])('%s', async (_, path, message) => {
  await expect(withPlugins(protocols, [path])).rejects.toMatchObject({
    code: 'plugin',
    message: expect.stringMatching(message),
    hint: expect.any(String),
  });
});
/** A capture of one packet: LINKTYPE_RAW, one microsecond after 1970. */
function capture(): string {
  const path = join(folder, 'one.pcap');
  const head = new Uint32Array([0xa1b2c3d4, 0x0004_0002, 0, 0, 65_535, 101, 0, 1, PACKET.length, PACKET.length]);
  writeFileSync(path, Buffer.concat([Buffer.from(head.buffer), PACKET]));
  return path;
}
test('the command loads it, also when it starts from its kept compiled code', async () => {
  const args = ['--plugin', file(EXAMPLE), '-Y', 'beacon.urgent == 1', '-T', 'fields', '-e', 'beacon.name'];
  for (let start = 0; start < 2; start++)
    expect(await command(capture(), args)).toMatchObject({ code: 0, out: 'door\n' });
}, 60_000);
test('what its code throws names the plug-in', async () => {
  const registry = await withPlugins(protocols, [file(protocol("on: { 'udp.port': 9999 }, step() { null.x; }"))]);
  const frame = new Frame(registry);
  expect(() => underLens(frame, PACKET).dissect(registry.id('raw'))).toThrow(
    /plugin-\d+\.mjs: protocol "mine", step: /,
  );
});
