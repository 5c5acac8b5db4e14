import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { fixtures } from '../../fixtures/all.ts';
import { openFile } from '../../src/capture/file.ts';
import type { Frame } from '../../src/dissect/frame.ts';
import { compileDisplayFilter } from '../../src/filter/display/compile.ts';
import { DisplayFilterError } from '../../src/filter/display/error.ts';
import { run } from '../../src/session.ts';
import { NEEDS } from '../../src/sink/sink.ts';
import { Ingest } from '../../ui/model/ingest.ts';
import { LogStore } from '../../ui/model/log.ts';
import { Matches } from '../../ui/model/matches.ts';
import { openStore } from '../../ui/model/open-store.ts';
import { packet } from '../format/build.ts';
import { folder } from '../format/reading.ts';
import { project } from '../support/project.ts';
import { cpu, filled, filledWith, NoSource, numbered, registry, writeBig } from './made.ts';

const { path, remove } = folder();
afterAll(remove);

const FILTERS = [
  'tcp',
  'ip.src == 10.0.0.1 or ipv6',
  'tcp.stream == 1',
  'udp.stream == 0 and dns',
  'frame.number >= 3 and frame.time_relative > 0',
  'frame.time_delta > 0.001',
  'tcp.seq == 1',
  'udp.length > 1480',
  'frame.comment or frame.interface_id == 1',
  'not ip',
];
const captures = fixtures.map(({ path: name }) => join(project, 'fixtures', name));

/** What `read -Y` shows. */
async function shown(file: string, text: string): Promise<number[]> {
  const numbers: number[] = [];
  const { matches, flow } = compileDisplayFilter(text, registry);
  await using source = await openFile(file);
  const sink = {
    needs: NEEDS.layers,
    begin() {},
    frame: (frame: Frame) => void numbers.push(frame.number - 1),
    flush() {},
    end() {},
  };
  const display = { matches, needs: flow ? NEEDS.streams : NEEDS.layers };
  await run({ source, registry, sinks: [sink], display });
  return numbers;
}
const listed = (matches: Matches): number[] =>
  Array.from({ length: matches.length - matches.first }, (_, n) => matches.at(matches.first + n));

describe('the packets that match', () => {
  test.each(captures.map((each) => [each]))('%s: those that read -Y shows', async (file) => {
    await using indexed = await filled(file);
    await using logged = await filledWith(file, (source) => new LogStore(source));
    for (const text of FILTERS) {
      const wanted = await shown(file, text);
      for (const { store } of [indexed, logged]) {
        const matches = new Matches(text, store, registry);
        await matches.done;
        expect(listed(matches), text).toEqual(wanted);
        expect([matches.length, matches.progress]).toEqual([wanted.length, undefined]);
        for (const [n, i] of wanted.entries()) expect([matches.rank(i), matches.has(i)]).toEqual([n, true]);
      }
    }
  });
  test('a filter that is none is refused where it is wrong', async () => {
    await using store = new LogStore(new NoSource());
    const wrong = () => new Matches('tcp.port = = 80', store, registry);
    expect(wrong).toThrow(DisplayFilterError);
    expect(wrong).toThrow(/\^/);
  });
});

const ETHERNET = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0];
const IP = [0x45, 0, 0, 28, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0];
const to = (host: number) => Uint8Array.from([...ETHERNET, ...IP, host, 0, 80, 4, 0, 0, 8, 0, 0]);
const big = path('big.pcap');
writeBig(big, [packet({ data: to(2) }), packet({ data: to(3) }), packet({ data: to(4) })], 100_000);

describe('while it goes on', () => {
  test('it tells how far it is, others get their turn, and it can be stopped', async () => {
    await using made = await filled(big);
    const matches = new Matches('ip.dst == 10.0.0.3', made.store, registry);
    const progress: number[] = [];
    const waits: number[] = [];
    let last = cpu();
    while (matches.progress !== undefined) {
      progress.push(matches.progress);
      await setImmediate();
      waits.push(cpu() - last);
      last = cpu();
    }
    await matches.done;
    expect(matches.length).toBe(100_000);
    expect(matches.at(99_999)).toBe(299_998);
    expect(matches.rank(150_000)).toBe(50_000);
    expect(matches.has(150_000)).toBe(false);
    expect(progress.length).toBeGreaterThan(3);
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
    const all = waits.reduce((sum, wait) => sum + wait, 0);
    expect(waits.toSorted((a, b) => b - a)[3]).toBeLessThan(all / 4);
    const stopped = new Matches('ip', made.store, registry);
    await setImmediate();
    stopped.stop();
    await stopped.done;
    expect(stopped.length).toBeLessThan(300_000);
  });
  test('a file that is read behind is asked to its end', async () => {
    const { source, store } = await openStore(big);
    await using _ = store;
    const ingest = new Ingest(source, store, registry, []);
    const matches = new Matches('ip.dst == 10.0.0.3', store, registry);
    await Promise.all([matches.done, ingest.done]);
    expect(matches.length).toBe(100_000);
  });
  test('what comes live is asked as it comes, and what went is no match any more', async () => {
    await using store = new LogStore(new NoSource(), { memory: 6 << 20, disk: 0 });
    const matches = new Matches('frame.number % 2 == 0', store, registry);
    const { version } = matches;
    for (let n = 0; n < 40; n++) {
      store.append(numbered(store.count, 1000, 1000));
      const until = Date.now() + 5000;
      while (matches.next < store.count && Date.now() < until) await new Promise((go) => globalThis.setTimeout(go, 5));
    }
    expect(matches.version).not.toBe(version);
    expect(store.first).toBeGreaterThan(10_000);
    expect(matches.length).toBe(20_000);
    expect(listed(matches)).toEqual(
      Array.from({ length: 40_000 }, (_, i) => i).filter((i) => i % 2 === 1 && i >= store.first),
    );
    store.end();
    await matches.done;
  });
  test('stopped, it does not wait for what comes', async () => {
    await using store = new LogStore(new NoSource());
    const matches = new Matches('ip', store, registry);
    await setImmediate();
    matches.stop();
    await matches.done;
  });
});
