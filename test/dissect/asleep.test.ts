import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { protocols } from '../../dissectors/index.ts';
import { fixtures } from '../../fixtures/all.ts';
import { openFile } from '../../src/capture/file.ts';
import { textOptions } from '../../src/cli/text-options.ts';
import { asleep, type Outline, outlineOf } from '../../src/dissect/asleep.ts';
import type { Protocol } from '../../src/dissect/protocol.ts';
import { Registry } from '../../src/dissect/registry.ts';
import { run } from '../../src/session.ts';
import { JsonSink } from '../../src/sink/json.ts';
import type { Sink } from '../../src/sink/sink.ts';
import { TextSink } from '../../src/sink/text.ts';
import { memory } from '../sink/printed.ts';
import { project } from '../support/project.ts';

/** All protocols asleep, and the names of those that woke up. */
function sleepers(): { registry: Registry; woken: Set<string> } {
  const woken = new Set<string>();
  const all = protocols.map((protocol): Protocol => {
    const outline = JSON.parse(JSON.stringify(outlineOf(protocol))) as Outline;
    return asleep(outline, () => {
      woken.add(protocol.name);
      return protocol;
    });
  });
  return { registry: new Registry(all), woken };
}
async function printed(path: string, registry: Registry, make: typeof lines): Promise<string> {
  const { output, text } = memory();
  await using source = await openFile(join(project, 'fixtures', path));
  await run({ source, registry, sinks: [make(output)], quoted: true });
  return text();
}
type Out = ReturnType<typeof memory>['output'];
const lines = (output: Out): Sink =>
  new TextSink(output, textOptions({ t: 0, q: 0, verbose: 1, x: 0, X: 0, A: 0, e: true }));
const json = (output: Out): Sink => new JsonSink(output);

describe('protocols that are asleep', () => {
  const awake = new Registry(protocols);
  test.each(fixtures.map(({ path }) => path))('print what they print awake: %s', async (path) => {
    expect(await printed(path, sleepers().registry, lines)).toBe(await printed(path, awake, lines));
    expect(await printed(path, sleepers().registry, json)).toBe(await printed(path, awake, json));
  });
  test('wake up when a packet of theirs comes, and only then', async () => {
    const { registry, woken } = sleepers();
    await printed('first.pcap', registry, lines);
    expect(woken).toContain('arp');
    expect(woken).toContain('dns');
    for (const other of ['bgp', 'isis', 'ospf', 'netlink', 'wlan', 'sctp']) expect(woken).not.toContain(other);
  });
  test('wake up for the names of their fields', () => {
    const { registry, woken } = sleepers();
    expect(registry.meanings('dns.qry.name').map(({ protocol }) => registry.shown[protocol])).toEqual(
      awake.meanings('dns.qry.name').map(({ protocol }) => awake.shown[protocol]),
    );
    expect([...woken].filter((name) => !['dns', 'dns.tcp', 'mdns', 'llmnr'].includes(name))).toEqual([]);
    expect(registry.meanings('nobody.has_this')).toEqual([]);
    expect([...registry.fields.keys()]).toEqual([...awake.fields.keys()]);
    for (const [name, all] of awake.fields) expect(registry.meanings(name)).toEqual(all);
  });
  test('are found where they are bound', () => {
    const { registry, woken } = sleepers();
    for (const table of awake.tables.values()) expect(registry.idsIn(table)).toEqual(awake.idsIn(table));
    expect(registry.endSize).toEqual(awake.endSize);
    expect(registry.endSource).toEqual(awake.endSource);
    expect(registry.endDestination).toEqual(awake.endDestination);
    expect(woken.size).toBe(0);
  });
});
