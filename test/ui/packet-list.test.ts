import { expect, test } from 'vitest';
import type { Frame } from '../../src/dissect/frame.ts';
import { AddressNames } from '../../ui/model/address-names.ts';
import { Listed } from '../../ui/model/listed.ts';
import type { PacketLens } from '../../ui/model/packet-lens.ts';
import { PacketList } from '../../ui/model/packet-list.ts';
import { PacketRows } from '../../ui/model/packet-rows.ts';
import type { PacketStore } from '../../ui/model/store.ts';

const names = new AddressNames({ of: (address) => (address === '2001:db8::80' ? 'www\x07' : undefined), size: 1 });
const LENS = { look: () => undefined } as unknown as PacketLens;
const PLACE = { left: 0, top: 0, columns: 120, rows: 13 };
/** Packets a second apart, of which the oldest can go. */
function store(count: number) {
  return { first: 0, count, version: 0, ports: [], seconds: (i: number) => 1000 + i, nanos: () => 5 };
}
const listedIn = (of: ReturnType<typeof store>) => new Listed(of as unknown as PacketStore, () => expect.unreachable());

test('the selected packet stays selected while the oldest go, and where it is on the screen', () => {
  const packets = store(1000);
  const list = new PacketList(LENS, listedIn(packets), names, false);
  list.pane(PLACE, true);
  list.goTo(500);
  const { selected } = list.pane(PLACE, true);
  packets.first = 300;
  expect(list.pane(PLACE, true).selected).toBe(selected);
  expect(list.selected).toBe(500);
  packets.first = 600;
  list.pane(PLACE, true);
  expect(list.selected).toBe(600);
});
test('times are counted from the first packet also when it is gone, and from a chosen one that is gone', () => {
  const packets = store(1000);
  const listed = listedIn(packets);
  listed.see({ seconds: 1000, nanos: 5 } as Frame);
  listed.see({ seconds: 1001, nanos: 5 } as Frame);
  packets.first = 300;
  expect(listed.origin).toMatchObject({ seconds: 1000, nanos: 5 });
  listed.refer(400);
  packets.first = 500;
  expect(listed.origin).toMatchObject({ seconds: 1400, nanos: 5 });
  expect(new PacketRows(LENS, listed, names).timeTitle).toBe('Since 401');
});
test('names stand before ports, without brackets, and are safe to print', () => {
  expect(names.withPort('2001:db8::80', 443)).toBe('[2001:db8::80]:443');
  names.shown = true;
  expect(names.withPort('2001:db8::80', 443)).toBe('www\\x07:443');
  expect(names.withPort('2001:db8::81', 443)).toBe('[2001:db8::81]:443');
  expect(names.of('192.0.2.1')).toBe('192.0.2.1');
});
