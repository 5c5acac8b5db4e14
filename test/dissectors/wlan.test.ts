import { expect, test } from 'vitest';
import { protocols } from '../../dissectors/index.ts';
import { counting, hex, join, u8, u16, zeros } from '../../fixtures/build/bytes.ts';
import { Registry } from '../../src/dissect/registry.ts';
import { FieldsSink } from '../../src/sink/fields.ts';
import { memory, Printed } from '../sink/printed.ts';

const registry = new Registry(protocols);
async function fieldsOf(protocol: string, names: readonly string[], bytes: Uint8Array): Promise<string> {
  const { output, text } = memory();
  const printed = new Printed(registry, new FieldsSink(output, names, registry), text);
  return (await printed.of(bytes, registry.id(protocol))).replace('\n', '');
}
/** IEEE 802.11 figure 12-34. */
function key(information: number, data: number, { type = 2, size = 95 + data } = {}): Uint8Array {
  const head = join(u8(type), u16(information, 16), zeros(7), u8(5), counting(32), zeros(16 + 8 + 8), counting(16));
  return join(u8(2, 3), u16(size), head, u16(data), counting(data));
}

test.each([
  ['asks', 0x008a, 0, '1'],
  ['answers', 0x010a, 22, '2'],
  ['installs', 0x13ca, 56, '3'],
  ['confirms', 0x030a, 0, '4'],
  ['gives the key of the group', 0x1382, 40, '1'],
  ['confirms the key of the group', 0x0302, 0, '2'],
])('a key frame that %s', async (_, information, data, number) => {
  expect(await fieldsOf('eapol', ['wlan_rsna_eapol.keydes.msgnr'], key(information, data))).toBe(number);
  expect(await fieldsOf('eapol', ['wlan_rsna_eapol.keydes.msgnr'], key(information, data, { type: 254 }))).toBe(number);
});
test('what a key frame holds, and what is no key frame of 802.11', async () => {
  const names = [
    'eapol.keydes.replay_counter',
    'wlan_rsna_eapol.keydes.key_info.install',
    'wlan_rsna_eapol.keydes.data',
  ];
  expect(await fieldsOf('eapol', names, key(0x13ca, 3))).toBe('5\t1\t000102');
  const other = ['wlan_rsna_eapol.keydes.msgnr', 'wlan_rsna_eapol.keydes.nonce', 'eapol.keydes.type'];
  expect(await fieldsOf('eapol', other, key(0x13ca, 3, { type: 1 }))).toBe('\t\t1');
  expect(await fieldsOf('eapol', other.slice(0, 1), key(0x13ca, 3, { size: 60 }))).toBe('');
});

const radio = (present: number, ...values: readonly Uint8Array[]): Uint8Array => {
  const body = join(...values);
  return join(
    u8(0, 0, 8 + body.length, 0),
    hex(present.toString(16).padStart(8, '0')).toReversed(),
    body,
    hex('d4000000'),
    zeros(6),
  );
};
const RADIO = ['wlan_radio.data_rate', 'wlan_radio.channel'];
test.each([
  ['6c09', '1'],
  ['b409', '14'],
  ['3c14', '36'],
  ['4317', '1'],
  ['0010', ''],
])('the frequency %s is of channel "%s"', async (frequency, channel) => {
  const channelOnly = radio(0x8, hex(frequency), u16(0));
  expect(await fieldsOf('radiotap', RADIO, channelOnly)).toBe(`\t${channel}`);
});
test.each([
  [0x00, 0, '6.5'],
  [0x04, 7, '72.2222'],
  [0x01, 15, '270'],
  [0x00, 32, ''],
])('modulation with flags %i and index %i has the rate "%s"', async (flags, index, rate) => {
  expect(await fieldsOf('radiotap', RADIO, radio(0x8_0000, u8(7, flags, index)))).toBe(`${rate}\t`);
});
test('a rate that is told is not worked out', async () => {
  expect(await fieldsOf('radiotap', RADIO, radio(0x8_0004, u8(11), u8(7, 0, 0)))).toBe('5.5\t');
});
