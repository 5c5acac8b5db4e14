import { afterEach, expect, test, vi } from 'vitest';
import { AddressNames } from '../../ui/model/address-names.ts';
import { type OverviewParts, OverviewView } from '../../ui/model/overview-view.ts';

afterEach(() => vi.useRealTimers());

test('what is selected stays so when others overtake it; the first line stays the first', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const row = (id: number) => ({ id, a: `192.0.2.${id}`, b: '192.0.2.99', bytesAB: 0, bytesBA: 0 });
  const store = { version: 0, ports: [] };
  let order = [1, 2, 3];
  let shares = ['tcp', 'udp', 'arp'];
  const none = { length: 0 };
  const tcp = { length: 3, top: () => [0, 1, 2], row: (i: number) => row(order[i]!) };
  const view = new OverviewView({
    store,
    traffic: { ports: [], series: () => ({ packets: new Float64Array(1), bytes: new Float64Array(1), width: 1 }) },
    shares: { top: () => shares.map((protocol) => ({ protocol, packets: 1, bytes: 1 })) },
    conversations: { of: (kind: string) => (kind === 'tcp' ? tcp : none) },
    losses: { version: 0, lines: () => [] },
    names: new AddressNames({ of: () => undefined, size: 0 }),
    live: false,
    unicode: true,
  } as unknown as OverviewParts);
  const after = (ids: number[], protocols: string[]) => {
    [order, shares] = [ids, protocols];
    store.version++;
    vi.advanceTimersByTime(2000);
    view.panes({ columns: 120, rows: 40 });
    return view.subject!.filter;
  };
  expect(after([1, 2, 3], shares)).toContain('192.0.2.1 ');
  expect(after([2, 1, 3], shares)).toContain('192.0.2.2 ');
  view.act('down');
  expect(after([3, 2, 1], shares)).toContain('192.0.2.1 ');
  view.act('next-pane');
  view.act('down');
  expect(after([3, 2, 1], ['udp', 'arp', 'tcp'])).toBe('udp');
  view.act('last');
  expect(after([3, 2, 1], ['tcp', 'arp', 'udp'])).toBe('tcp');
});
