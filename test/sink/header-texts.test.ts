import { describe, expect, test } from 'vitest';
import { protocols } from '../../dissectors/index.ts';
import { Text } from '../../src/bytes/text.ts';
import { writeTime } from '../../src/dissect/frame-fields.ts';
import { Registry } from '../../src/dissect/registry.ts';
import { JsonSink } from '../../src/sink/json.ts';
import { TreeSink } from '../../src/sink/tree.ts';
import { memory, Printed } from './printed.ts';

const registry = new Registry(protocols);
const ETHERNET = registry.linkLayer(1);
const printed = (shape: 'tree' | 'json'): Printed => {
  const { output, text } = memory();
  return new Printed(registry, shape === 'tree' ? new TreeSink(output, false) : new JsonSink(output), text);
};
/** An ARP request behind `tags` VLAN tags, the innermost with this priority, drop eligibility and id. */
function tagged(tci: number, tags = 1): Uint8Array {
  const outer = Array.from({ length: tags - 1 }, () => [0x81, 0, 0, 1]).flat();
  const arp = [0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 1, 10, 0, 0, 1, 0, 0, 0, 0, 0, 0, 10, 0, 0, 2];
  const tag = [0x81, 0, tci >> 8, tci & 0xff, 8, 6];
  return Uint8Array.from([3, 0, 0, 0, 0, 2, 0x00, 0, 0, 0, 0, 1, ...outer, ...tag, ...arp]);
}
/** An empty UDP datagram behind hop-by-hop options of so many units of eight bytes, beside the first. */
function behindOptions(length: number): Uint8Array {
  const options = [17, length, 1, 4, 0, 0, 0, 0, ...Array.from({ length }, () => [1, 6, 0, 0, 0, 0, 0, 0]).flat()];
  const size = options.length + 8;
  const ethernet = [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x86, 0xdd];
  const network = [0x60, 0, 0, 0, size >> 8, size & 0xff, 0, 64, ...Array<number>(32).fill(1)];
  return Uint8Array.from([...ethernet, ...network, ...options, 0x12, 0x34, 0x56, 0x78, 0, 8, 0x0a, 0xbc]);
}
const rowsOf = (tree: string, name: string): string[] => tree.split('\n').filter((row) => row.includes(name));

describe('texts of headers that are kept', () => {
  test('are what is written where no more are kept, and where they stand in another place', async () => {
    const tree = printed('tree');
    const json = printed('json');
    // More values of one header than are kept, and the first again.
    for (const tci of [...Array.from({ length: 1500 }, (_, i) => i * 43), 0]) {
      const [priority, id] = [tci >> 13, tci & 0xfff];
      const once = await tree.of(tagged(tci), ETHERNET);
      expect(rowsOf(once, 'vlan.priority')).toEqual([`    Priority: ${priority} [14-16] vlan.priority`]);
      expect(rowsOf(once, 'vlan.id')).toEqual([`    Identifier: ${id} [14-16] vlan.id`]);
      const twice = await tree.of(tagged(tci, 2), ETHERNET);
      expect(rowsOf(twice, 'vlan.id')[1]).toBe(`    Identifier: ${id} [18-20] vlan.id`);
      const { layers } = JSON.parse(await json.of(tagged(tci), ETHERNET));
      expect(layers[1]).toMatchObject({ 'vlan.id': id, 'vlan.priority': priority });
    }
  });
  test('in more places than are kept', async () => {
    const tree = printed('tree');
    for (let length = 0; length < 80; length++) {
      const place = 14 + 40 + 8 * (length + 1);
      expect(rowsOf(await tree.of(behindOptions(length), ETHERNET), 'udp.')).toEqual([
        `  Source port: 4660 [${place}-${place + 2}] udp.srcport`,
        `  Destination port: 22136 [${place + 2}-${place + 4}] udp.dstport`,
        `  Length: 8 bytes [${place + 4}-${place + 6}] udp.length`,
        `  Checksum: 0x0abc [${place + 6}-${place + 8}] udp.checksum`,
        '  Conversation: 0 udp.stream',
      ]);
    }
  });
  test('a header that is cut is written as far as it goes, and nothing is worked out from it', async () => {
    const packet = tagged(0xe123);
    const whole = await printed('tree').of(packet, ETHERNET);
    expect(rowsOf(whole, 'eth.').map((row) => row.trim())).toEqual([
      'Destination: 03:00:00:00:00:02 [0-6] eth.dst',
      'Source: 00:00:00:00:00:01 [6-12] eth.src',
      expect.stringContaining('(0x8100) [12-14] eth.type'),
      'Destination: administered locally: 1 eth.dst.lg',
      'Destination: a group: 1 eth.dst.ig',
      'Source: administered locally: 0 eth.src.lg',
      'Source: a group: 0 eth.src.ig',
    ]);
    const cut = await printed('tree').of(packet, ETHERNET, 12);
    expect(cut).toContain('Ethernet [0-12] eth [cut]\n');
    expect(rowsOf(cut, ' eth.')).toHaveLength(2);
    const { layers } = JSON.parse(await printed('json').of(packet, ETHERNET, 12));
    expect(layers).toEqual([
      { protocol: 'eth', 'eth.dst': '03:00:00:00:00:02', 'eth.src': '00:00:00:00:00:01', marks: ['cut'] },
    ]);
  });
});

test('times whose nanoseconds are less than nothing or more than a second', () => {
  const time = (seconds: number, nanos: number): string => {
    const w = new Text();
    writeTime(w, seconds, nanos);
    return w.toString();
  };
  expect(time(5, -3_500_000_000)).toBe('1.500000000');
  expect(time(5, 3_500_000_001)).toBe('8.500000001');
  expect(time(0, -1)).toBe('-0.000000001');
  expect(time(0x1_0000_0001, 2)).toBe('4294967297.000000002');
});
