import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { fixtures } from '../../fixtures/all.ts';
import { runCommand } from '../../src/cli/command.ts';
import { command } from '../../src/cli/read.ts';
import type { ToolError } from '../../src/error.ts';
import { LogStore } from '../../ui/model/log.ts';
import { Matches } from '../../ui/model/matches.ts';
import { save } from '../../ui/model/save.ts';
import { packet } from '../format/build.ts';
import { folder, readFile } from '../format/reading.ts';
import { project } from '../support/project.ts';
import { drained, filled, filledWith, NoSource, numbered, registry, writeBig } from './made.ts';

const { path, remove } = folder();
afterAll(remove);
let files = 0;
const fresh = (): string => path(`saved-${files++}.pcapng`);
const captures = fixtures.map(({ path: name }) => join(project, 'fixtures', name));
const big = path('big.pcap');
writeBig(big, [packet({}), packet({ wire: 100 }), packet({})], 50_000);

async function written(file: string, filter?: string): Promise<Buffer> {
  const out = fresh();
  await runCommand(command, [file, '-w', out, ...(filter === undefined ? [] : ['-Y', filter])]);
  return readFileSync(out);
}

describe('saving', () => {
  test.each(captures.map((each) => [each]))('%s: what read -Y -w writes', async (file) => {
    await using made = await filled(file);
    for (const filter of [undefined, 'ip', 'tcp or frame.number == 2', 'frame.number > 1000']) {
      const matches = filter === undefined ? undefined : new Matches(filter, made.store, registry);
      const out = fresh();
      const count = await save(made.store, { path: out, matches });
      expect(readFileSync(out).equals(await written(file, filter)), filter).toBe(true);
      expect(count).toBe((await readFile(out)).packets.length);
    }
  });
  test('a compressed file keeps its comments and names', async () => {
    const file = path('packed.gz');
    const plain = join(project, 'fixtures/formats/blocks.pcapng');
    writeFileSync(file, gzipSync(readFileSync(plain)));
    await using made = await filled(file);
    const out = fresh();
    await save(made.store, { path: out });
    expect(readFileSync(out).equals(await written(plain))).toBe(true);
  });
  test('from a pipe or live: each packet with its port, its time and its flags', async () => {
    for (const name of [
      'formats/interfaces.pcapng',
      'formats/sections.pcapng',
      'samples.pcap',
      'formats/plain-be.pcapng',
    ]) {
      const file = join(project, 'fixtures', name);
      await using made = await filledWith(file, (source) => new LogStore(source));
      const out = fresh();
      await save(made.store, { path: out });
      const [was, is] = [await readFile(file), await readFile(out)];
      expect(is.packets).toEqual(was.packets);
      expect(is.ports.map((p) => [p.name, p.linkType])).toEqual(was.ports.map((p) => [p.name, p.linkType]));
    }
  });
  test('live, the packets that are there: the right ones, also when older ones go meanwhile', async () => {
    await using store = new LogStore(new NoSource(), { memory: 6 << 20, disk: 0 });
    const matches = new Matches('frame.number % 7 == 0', store, registry);
    for (let n = 0; n < 12; n++) {
      store.append(numbered(store.count, 1000, 1000));
      while (matches.next < store.count) await new Promise((go) => setTimeout(go, 5));
    }
    const out = fresh();
    const progress = () => store.append(numbered(store.count, 3000, 1000));
    await save(store, { path: out, matches, progress });
    const numbers = (await readFile(out)).packets.map(({ data }) => new DataView(data.buffer).getUint32(0));
    expect(numbers.length).toBeGreaterThan(200);
    expect(numbers.at(-1)).toBeLessThan(12_000);
    expect(numbers.filter((i) => i % 7 !== 6)).toEqual([]);
    expect(new Set(numbers).size).toBe(numbers.length);
    matches.stop();
  });
  test('it writes over nothing', async () => {
    await using made = await filled(captures[0]!);
    const out = fresh();
    writeFileSync(out, 'precious');
    await expect(save(made.store, { path: out })).rejects.toSatisfy((e: ToolError) => e.code === 'file-exists');
    expect(readFileSync(out, 'utf8')).toBe('precious');
  });
  test.each([
    ['below a file', (file: string) => `${file}/x.pcapng`, 'no-such-file'],
    ['under a name that is too long', (file: string) => `${file}${'x'.repeat(300)}`, 'cannot-write'],
  ])('%s it says that it cannot', async (_, name, code) => {
    await using made = await filled(captures[0]!);
    const file = fresh();
    writeFileSync(file, 'precious');
    await expect(save(made.store, { path: name(file) })).rejects.toSatisfy((e: ToolError) => e.code === code);
  });
  test('it tells how far it is; aborted, it leaves no file', async () => {
    await using made = await filled(big);
    const controller = new AbortController();
    const out = fresh();
    const seen: number[] = [];
    const progress = (packets: number) => {
      seen.push(packets);
      if (packets > 50_000) controller.abort();
    };
    await save(made.store, { path: out, signal: controller.signal, progress });
    expect(existsSync(out)).toBe(false);
    expect(seen.at(-1)).toBeLessThan(150_000);
    expect(await save(made.store, { path: out, progress: (packets) => seen.push(packets) })).toBe(150_000);
    expect(seen.at(-1)).toBe(150_000);
  });
  test('a damaged file: what there is of it, and then what is wrong', async () => {
    const file = path('cut.pcap');
    writeFileSync(file, readFileSync(big).subarray(0, -1));
    await using made = await filled(file);
    const out = fresh();
    await expect(save(made.store, { path: out })).rejects.toSatisfy((e: ToolError) => e.code === 'damaged-file');
    expect((await readFile(out)).packets).toHaveLength(149_999);
    expect(made.store.failure?.code).toBe('damaged-file');
    expect((await drained(await made.store.source())).length).toBe(149_999);
  });
});
