import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { protocols } from '../../dissectors/index.ts';
import { soundFixtures } from '../../fixtures/all.ts';
import { openFile } from '../../src/capture/file.ts';
import { pcapParser } from '../../src/capture/pcap-parser/source.ts';
import type { CaptureSource } from '../../src/capture/source.ts';
import { Registry } from '../../src/dissect/registry.ts';
import type { ToolError } from '../../src/error.ts';
import { run } from '../../src/session.ts';
import { CopySink } from '../../src/sink/copy.ts';
import { sourceContract } from '../contract/source.ts';
import { project } from '../support/project.ts';
import { type Packet, packet, pcap } from './build.ts';
import { drain, folder, type Reading } from './reading.ts';

const { path, remove } = folder();
afterAll(remove);
const file = (name: string, bytes: Uint8Array): string => {
  writeFileSync(path(name), bytes);
  return path(name);
};
const open = (at: string): Promise<CaptureSource> => pcapParser.open({ path: at });
const sent: Packet[] = Array.from({ length: 20_000 }, (_, i) =>
  packet({ seconds: i, nanos: (i % 1000) * 1000, data: new Uint8Array(i % 60).fill(i), wire: 70 }),
);
const whole = file('pcap', pcap(sent));

sourceContract('pcap-parser', { open: () => open(whole), packets: sent });
const big = file('big', pcap(sent, { littleEndian: false }));
sourceContract('pcap-parser on a big-endian file', { open: () => open(big), packets: sent });
const cut = file('cut', pcap(sent).subarray(0, -1));
sourceContract('pcap-parser on a cut file', {
  open: () => open(cut),
  packets: sent.slice(0, -1),
  ends: 'damaged-file',
});
const none = file('none', pcap([]));
sourceContract('pcap-parser on a file without packets', { open: () => open(none), packets: [] });

const refusal = (at: string): Promise<ToolError> =>
  open(at)
    .then(drain, (error: ToolError) => ({ error }))
    .then(({ error }) => error!);
test.each([
  ['nanoseconds', pcap(sent.slice(0, 1), { magic: 'nano' }), 'unknown magic number'],
  ['another format', Buffer.from('\n\r\r\n and so on, 24 bytes'), 'unknown magic number'],
  ['another version', pcap([], { version: [3, 0] }), 'unsupported version'],
])('%s: what the package says, and the way round', async (name, bytes, what) => {
  const error = await refusal(file(name, bytes));
  expect([error.code, error.hint]).toEqual(['unknown-format', expect.stringContaining('hooktap read ')]);
  expect(error.message).toContain(what);
});
test('a length beyond all bounds is not waited for', async () => {
  const bytes = pcap([packet(), packet()]);
  new DataView(bytes.buffer).setUint32(24 + 21 + 8, 0x7fff_ffff, true);
  const { packets, error } = await drain(await open(file('long', bytes)));
  expect(packets).toEqual([packet()]);
  expect(error?.message).toContain('damaged at byte 45: the packet there claims 2147483647 captured bytes');
  expect((await refusal(file('short', pcap([]).subarray(0, 20)))).message).toContain(
    'takes 24 bytes, of which 20 are there',
  );
});

const registry = new Registry(protocols);
async function copied(from: string): Promise<string> {
  const to = path('copy.pcap');
  await using source = await openFile(from);
  await run({ source, registry, sinks: [new CopySink({ path: to, format: 'pcap', force: true })] });
  return to;
}
test('classic pcap that we write is read the same by pcap-parser', async () => {
  let compared = 0;
  for (const { path: name } of soundFixtures) {
    if (name === 'formats/link-types.pcapng') continue;
    const to = await copied(join(project, 'fixtures', name));
    const [ours, theirs] = [await openFile(to), await open(to)];
    const [mine, other]: Reading[] = [await drain(ours), await drain(theirs)];
    expect(other!.error, name).toBeUndefined();
    expect(other!.packets, name).toEqual(mine!.packets);
    expect(other!.ports, name).toEqual(mine!.ports);
    compared += mine!.packets.length;
    await Promise.all([ours, theirs].map((source) => source[Symbol.asyncDispose]()));
  }
  expect(compared).toBeGreaterThan(500);
});
test('it is there, as a development dependency', async () => {
  expect(await pcapParser.available()).toEqual({ ok: true });
});
