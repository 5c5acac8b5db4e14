import { expect, test } from 'vitest';
import { headersOf } from '../../src/trace/headers.ts';
import { conversationKey } from '../../src/trace/identity.ts';

/** A datagram of UDP over IPv4. */
function frame(over: {
  mac?: number;
  source?: number;
  sourcePort?: number;
  destinationPort?: number;
  protocol?: number;
}) {
  const { mac = 0, source = 1, sourcePort = 1000, destinationPort = 53, protocol = 17 } = over;
  const bytes = new Uint8Array(60);
  const view = new DataView(bytes.buffer);
  view.setUint32(2, mac);
  view.setUint32(8, ~mac);
  view.setUint16(12, 0x0800);
  bytes.set([0x45, 0, 0, 46, 0, 1, 0, 0, 64, protocol, 0, 0, 10, 0, 0, source, 10, 0, 0, 200], 14);
  view.setUint16(34, sourcePort);
  view.setUint16(36, destinationPort);
  return headersOf(bytes, undefined);
}
const hex = (value: number) =>
  (value >>> 0)
    .toString(16)
    .padStart(8, '0')
    .replace(/..(?=.)/g, '$&:');

test('addresses that are alike in part are told apart', () => {
  for (const mac of [0, 1, 0x100, 0x10000, 0x01000001, 0xff00ff00, 1, 0x00ff00ff, 0])
    expect(frame({ mac })).toMatchObject({ destinationMac: `00:00:${hex(mac)}`, sourceMac: `00:00:${hex(~mac)}` });
});
test('a conversation has one key in each direction, and others have others', () => {
  const all = [{}, { source: 2 }, { sourcePort: 1001 }, { destinationPort: 54 }, { protocol: 6 }];
  // Equal in what they are kept by.
  const like = { sourcePort: 1256, destinationPort: 53 };
  const keys = [...all, like, ...all].map((over) => conversationKey(frame(over), false));
  expect(keys.slice(-all.length)).toEqual(keys.slice(0, all.length));
  expect(new Set(keys).size).toBe(all.length + 1);
  expect(conversationKey(frame({}), true)).not.toBe(keys[0]);
});
test.each([
  [8, 0],
  [13, 14],
])('what an address asks itself with ICMP type %i is not its own answer', (question, reply) => {
  const own = (type: number, sequence: number) => {
    const { bytes } = frame({ source: 200, protocol: 1, sourcePort: type << 8 });
    new DataView(bytes.buffer).setUint16(40, sequence);
    return headersOf(bytes, undefined);
  };
  const [asked, answered] = [own(question, 1), own(reply, 1)];
  expect(conversationKey(answered, true)).toBe(conversationKey(asked, false));
  expect(conversationKey(asked, true)).toBe(conversationKey(answered, false));
  expect(conversationKey(asked, true)).not.toBe(conversationKey(asked, false));
  expect(conversationKey(own(reply, 2), true)).not.toBe(conversationKey(asked, false));
});
