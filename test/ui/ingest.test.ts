import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { fixtures } from '../../fixtures/all.ts';
import { openFile } from '../../src/capture/file.ts';
import type { Frame } from '../../src/dissect/frame.ts';
import { Lens } from '../../src/dissect/lens.ts';
import { run } from '../../src/session.ts';
import { NEEDS } from '../../src/sink/sink.ts';
import { Ingest } from '../../ui/model/ingest.ts';
import { openStore } from '../../ui/model/open-store.ts';
import { packet, pcap } from '../format/build.ts';
import { folder } from '../format/reading.ts';
import { project } from '../support/project.ts';
import { cpu, filled, registry, writeBig } from './made.ts';

const { path, remove } = folder();
afterAll(remove);

const ETHERNET = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0];
const IP = [0x45, 0, 0, 40, 0, 0, 0, 0, 64, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2];
const TCP = [0, 80, 4, 0, 0, 0, 0, 9, 0, 0, 0, 7, 0x50, 0x10, 1, 0, 0, 0, 0, 0];
const big = path('big.pcap');
writeBig(big, [packet({ data: Uint8Array.from([...ETHERNET, ...IP, ...TCP]) })], 300_000);

describe('ingest', () => {
  test('shows each packet once, in order, under its number and with its layers', async () => {
    const file = join(project, 'fixtures/samples.pcap');
    const seen: string[] = [];
    await using made = await filled(file, [
      { see: (frame) => seen.push([frame.number, frame.depth, frame.seconds, frame.layer[1]].join(' ')) },
    ]);
    const wanted: string[] = [];
    await using source = await openFile(file);
    const sink = {
      needs: NEEDS.layers,
      begin() {},
      frame: (frame: Frame) => {
        wanted.push([frame.number, frame.depth, frame.seconds, frame.layer[1]].join(' '));
      },
      flush() {},
      end() {},
    };
    await run({ source, registry, sinks: [sink] });
    expect(seen).toEqual(wanted);
    expect(made.ingest.seen).toBe(wanted.length);
  });
  test('others get their turn all the time, and see it grow', async () => {
    const { source, store } = await openStore(big);
    await using _ = store;
    const ingest = new Ingest(source, store, registry, [{ see: busy }]);
    const counts = new Set<number>();
    const waits: number[] = [];
    for (let last = cpu(); store.state === 'filling'; last = cpu()) {
      await setImmediate();
      waits.push(cpu() - last);
      counts.add(store.count);
    }
    await ingest.done;
    expect(store.count).toBe(300_000);
    expect(counts.size).toBeGreaterThan(5);
    // Once or twice the runtime tidies up. A part of all of it, not milliseconds: machines differ.
    const all = waits.reduce((sum, wait) => sum + wait, 0);
    expect(waits.toSorted((a, b) => b - a)[3]).toBeLessThan(all / 4);
  });
  test('stops when it is told to', async () => {
    const { source, store } = await openStore(big);
    await using _ = store;
    const ingest = new Ingest(source, store, registry, []);
    ingest.stop();
    await ingest.done;
    expect(store.count).toBeLessThan(300_000);
  });
  test('a mistake of a program is not taken for the end of the file', async () => {
    const { source, store } = await openStore(big);
    await using _ = store;
    const wrong = () => {
      throw new TypeError('a mistake');
    };
    await expect(new Ingest(source, store, registry, [{ see: wrong }]).done).rejects.toThrow('a mistake');
  });
});
/** More connections than a table of bases has places, each of two segments. */
const connections = path('connections.pcap');
writeFileSync(
  connections,
  Buffer.concat([
    pcap([]),
    ...Array.from({ length: 40_000 }, (_, n) => {
      const segment = (seq: number) =>
        packet({
          data: Uint8Array.from([
            ...ETHERNET,
            ...IP,
            0,
            80,
            n >> 8,
            n & 255,
            0,
            0,
            n >> 8,
            seq,
            0,
            0,
            n & 255,
            7,
            0x50,
            0x10,
            1,
            0,
            0,
            0,
            0,
            0,
          ]),
        });
      return pcap([segment(1), segment(9)]).subarray(24);
    }),
  ]),
);

describe('relative numbers', () => {
  const captures = fixtures.map(({ path: name }) => join(project, 'fixtures', name));
  test.each([...captures.map((each) => [each]), [big], [connections]])('%s: at random as in order', async (file) => {
    const wanted: string[] = [];
    await using source = await openFile(file);
    const sink = {
      needs: NEEDS.sequences,
      begin() {},
      frame: (frame: Frame) => {
        wanted.push(bases(frame));
      },
      flush() {},
      end() {},
    };
    await run({ source, registry, sinks: [sink] });
    await using made = await filled(file);
    const { store, ingest } = made;
    const lens = new Lens(registry, store.ports);
    const found: string[] = new Array(store.count);
    for (let i = store.count - 1; i >= 0; i--) {
      const { batch, row } = store.batch(i)!;
      lens.look(batch, row);
      ingest.relative(i, lens.frame);
      found[i] = bases(lens.frame);
    }
    expect(found).toEqual(wanted);
  });
});
const tcp = registry.id('tcp');
const icmps = [registry.id('icmp'), registry.id('icmpv6')];
/** Of the innermost TCP layer that is printed. */
function bases(frame: Frame): string {
  const layers = [...frame.layer.subarray(0, frame.depth)];
  const quote = layers.findIndex((id) => icmps.includes(id));
  const d = layers.slice(0, quote < 0 ? layers.length : quote).lastIndexOf(tcp);
  return d < 0 ? '' : `${frame.seqBase[d]} ${frame.ackBase[d]} ${frame.sackBase[d]}`;
}
/** Some work for each packet. */
function busy(frame: Frame): void {
  for (let i = 0; i < 200; i++) work.sum += frame.bytes[frame.start + (i % frame.captured)]!;
}
const work = { sum: 0 };
