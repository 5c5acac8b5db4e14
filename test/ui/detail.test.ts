import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Lens } from '../../src/dissect/lens.ts';
import { NONE } from '../../src/dissect/protocol.ts';
import { Fragments } from '../../src/flow/fragments.ts';
import { detailsOf } from '../../ui/model/detail.ts';
import { PacketLens } from '../../ui/model/packet-lens.ts';
import type { PacketStore } from '../../ui/model/store.ts';
import { project } from '../support/project.ts';
import { filled, registry } from './made.ts';

/** The layers of each packet, as whoever reads them in order puts them together. */
function inOrder(store: PacketStore): string[][] {
  const lens = new Lens(registry, store.ports);
  const fragments = new Fragments(registry);
  return Array.from({ length: store.count }, (_, i) => {
    const { batch, row } = store.batch(i)!;
    lens.look(batch, row);
    const { frame } = lens;
    fragments.join(frame);
    const titles = Array.from({ length: frame.depth }, (_, d) => registry.protocols[frame.layer[d]!]!.title);
    return frame.restFrom === NONE ? titles : [...titles, 'Data'];
  });
}
describe('layers', () => {
  test('stand out when something is wrong with them, not when their checksums are right', async () => {
    const bad = async (path: string) => {
      await using made = await filled(join(project, 'fixtures', path));
      const { store } = made;
      const lens = new PacketLens(registry, store, () => {});
      return Array.from({ length: store.count }, (_, i) => detailsOf(lens.whole(i)!).some((row) => row.bad));
    };
    expect(await bad('first.pcap')).not.toContain(true);
    expect(await bad('broken/cut-arp.pcap')).toContain(true);
  });
});
describe('fragments', () => {
  test.each(['ip-fragments', 'ipv6-fragments'])(
    '%s are put together for the packet that completes them',
    async (name) => {
      await using made = await filled(join(project, 'fixtures/protocols', `${name}.pcap`));
      const { store } = made;
      const lens = new PacketLens(registry, store, () => {});
      const found = Array.from({ length: store.count }, (_, i) => {
        const rows = detailsOf(lens.whole(i)!).filter(({ depth }) => depth === 0);
        return rows
          .map(({ label }) => label)
          .slice(1)
          .filter((label) => !label.startsWith('Put together'));
      });
      const expected = inOrder(store);
      expect(found).toEqual(expected);
      // Not in their order either.
      const last = expected.findLastIndex((titles) => titles.includes('User Datagram Protocol'));
      const frame = lens.whole(last)!;
      const together = detailsOf(frame).find(({ label }) => label === 'Put together from fragments')!;
      const datagram = detailsOf(frame).find(({ label }) => label === 'User Datagram Protocol')!;
      expect([together.from, together.from]).toEqual([store.captured(last), datagram.from]);
      expect(together.to).toBeGreaterThan(store.captured(last) + 1000);
    },
  );
  test('are looked for among the packets just before, however many there are', async () => {
    await using made = await filled(join(project, 'fixtures/protocols/ip-fragments.pcap'));
    const { store } = made;
    const last = inOrder(store).findIndex((titles) => titles.includes('User Datagram Protocol'));
    const long = (gap: number) => {
      let looks = 0;
      const at = (i: number) => (i < last ? i : i === last + gap ? last : store.count - 1);
      const batch = (i: number) => {
        looks++;
        return store.batch(at(i));
      };
      const lens = new PacketLens(
        registry,
        { ports: store.ports, first: 0, batch } as unknown as PacketStore,
        () => {},
      );
      const frame = lens.whole(last + gap)!;
      return { whole: frame.joined !== NONE, looks };
    };
    expect(long(4000).whole).toBe(true);
    const { whole, looks } = long(100_000);
    expect(whole).toBe(false);
    expect(looks).toBeLessThan(5000);
  });
});
