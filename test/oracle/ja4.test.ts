/** JA4 as its authors' own programs compute it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { protocols } from '../../dissectors/index.ts';
import { openFile } from '../../src/capture/file.ts';
import type { Frame } from '../../src/dissect/frame.ts';
import { Registry } from '../../src/dissect/registry.ts';
import { run } from '../../src/session.ts';
import { NEEDS, type Sink } from '../../src/sink/sink.ts';
import { captureFolder, requireAll, whyNoCaptures } from '../support/project.ts';

/** Where the expectation is not what the specification says. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'tls-non-ascii-alpn.pcapng':
    'the programs write 99 for a name that is no text, the specification its ends in hexadecimal',
};
const registry = new Registry(protocols);

/** The fingerprints of a capture's clients, by the ports of their connection. */
async function ours(path: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const take = (frame: Frame): void => {
    for (let d = 1; d < frame.depth; d++)
      for (const field of registry.protocols[frame.layer[d]!]!.computed ?? []) {
        if (!field.name.endsWith('.ja4')) continue;
        const value = field.value(frame, d);
        if (value !== undefined) found.set(portsOf(frame), String(value));
      }
  };
  const sink: Sink = { needs: NEEDS.layers, begin() {}, frame: take, flush() {}, end() {} };
  await using source = await openFile(path);
  await run({ source, registry, sinks: [sink] });
  return found;
}
function portsOf(frame: Frame): string {
  const at = frame.from[frame.find(registry.id('tcp'))]!;
  return ['tcp.srcport', 'tcp.dstport'].map((name) => registry.field(name)!.read(frame.bytes, at)).join('-');
}

/** Of connections over TCP; QUIC's hellos are encrypted. */
function expectedOf(file: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const block of readFileSync(file, 'utf8').split(/^- stream: /m)) {
    const value = (key: string) => new RegExp(`^  ${key}: (\\S+)$`, 'm').exec(block)?.[1];
    const ja4 = value('ja4');
    if (ja4 !== undefined && value('transport') === 'tcp') found.set(`${value('src_port')}-${value('dst_port')}`, ja4);
  }
  return found;
}

const missing = whyNoCaptures();
test.skipIf(missing !== undefined && !requireAll)(
  `clients have the JA4 that others find${missing === undefined ? '' : ` (${missing})`}`,
  { timeout: 60_000 },
  async () => {
    const folder = join(captureFolder, 'ja4');
    const different: string[] = [];
    let equal = 0;
    for (const name of readdirSync(join(folder, 'expected-rust'))) {
      const capture = name.replace(/\.snap$/, '');
      if (!existsSync(join(folder, 'pcap', capture)) || EXCEPTIONS[capture] !== undefined) continue;
      const found = await ours(join(folder, 'pcap', capture));
      for (const [ports, ja4] of expectedOf(join(folder, 'expected-rust', name)))
        if (found.get(ports) === ja4) equal++;
        else different.push(`${capture} ${ports}: ${ja4}, hooktap ${found.get(ports)}`);
    }
    expect(different).toEqual([]);
    expect(equal).toBeGreaterThan(70);
  },
);
