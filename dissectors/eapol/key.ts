/** The frames that agree on keys of 802.11 (IEEE 802.11 clause 12.7.2): the 4-way handshake, and the group key's. */
import { bits, type Field, fixed, header, bytes as raw, u8, u16, u64 } from '../../src/bytes/field.ts';
import type { Visit } from '../../src/dissect/protocol.ts';
import { inOrder } from '../in-order.ts';
import { elementRows } from '../wlan/elements.ts';
import { wlan } from '../wlan/header.ts';
import { security } from '../wlan/security.ts';

const flag = (mask: number, label: string) => bits('key_info', mask, label);
/** What all descriptors begin with. */
export const descriptor = header(
  'eapol.keydes',
  {},
  {
    type: u8('Key descriptor', { names: { 1: 'RC4', 2: 'RSN', 254: 'WPA' } }),
    key_len: u16('Key length', { unit: 'bytes' }),
    replay_counter: u64('Replay counter'),
    key_iv: fixed(16, 'Initialization vector'),
    body: raw('Key descriptor body'),
  },
);
export const wlanKey = header(
  'wlan_rsna_eapol.keydes',
  {},
  {
    key_info: u16('Key information', { base: 'hex' }),
    'key_info.keydes_version': flag(0x0007, 'Version of the descriptor'),
    'key_info.key_type': flag(0x0008, 'Pairwise'),
    'key_info.key_index': flag(0x0030, 'Key index'),
    'key_info.install': flag(0x0040, 'Install'),
    'key_info.key_ack': flag(0x0080, 'Acknowledgment wanted'),
    'key_info.key_mic': flag(0x0100, 'Integrity code is there'),
    'key_info.secure': flag(0x0200, 'Secure'),
    'key_info.error': flag(0x0400, 'Error'),
    'key_info.request': flag(0x0800, 'Request'),
    'key_info.encrypted_key_data': flag(0x1000, 'Key data is encrypted'),
    'key_info.smk_message': flag(0x2000, 'Message about a station-to-station key'),
    nonce: fixed(32, 'Nonce'),
    rsc: fixed(8, 'Receive sequence counter'),
    id: fixed(8, 'Reserved'),
    mic: fixed(16, 'Integrity code'),
    data_len: u16('Length of the key data', { unit: 'bytes' }),
    data: raw('Key data'),
  },
);
/** What elements in key data have, where it is not encrypted: the network's ciphers in the second message, for one. */
export const keyElements: readonly Field[] = [
  wlan['tag.number'],
  wlan['tag.length'],
  wlan['tag.oui'],
  wlan['tag.data'],
  ...security.$all,
];
const INFO = wlanKey.$all.filter(({ name }) => name.startsWith('wlan_rsna_eapol.keydes.key_info'));
const FIELDS = [
  ...INFO,
  descriptor.key_len,
  descriptor.replay_counter,
  wlanKey.nonce,
  descriptor.key_iv,
  wlanKey.rsc,
  wlanKey.id,
  wlanKey.mic,
  wlanKey.data_len,
];
const KINDS: ReadonlySet<number> = new Set([2, 254]);
/** Of the descriptor up to the key data. */
const SIZE = 95;
const DATA_LENGTH_AT = 93;

/** The descriptor at `[from, end)`; RC4's has another form. */
export function keyRows(bytes: Uint8Array, from: number, end: number, visit: Visit): void {
  const at = inOrder([descriptor.type], from, end, visit);
  if (at >= end) return;
  if (!KINDS.has(descriptor.type.read(bytes, from))) {
    visit(descriptor.body, at, end);
    return;
  }
  const data = inOrder(FIELDS, at, end, visit);
  if (data < from + SIZE) return;
  const to = Math.min(end, data + wlanKey.data_len.read(bytes, data - 2));
  if (to <= data) return;
  visit(wlanKey.data, data, to);
  if (wlanKey['key_info.encrypted_key_data'].read(bytes, at) === 1) return;
  elementRows(bytes, data, to, (field, first, last) => {
    if (keyElements.includes(field)) visit(field, first, last);
  });
}
/** Which message of the handshake a descriptor is; undefined when it is none, or not all there. */
export function messageNumber(bytes: Uint8Array, from: number, end: number): number | undefined {
  if (from + SIZE > end || !KINDS.has(descriptor.type.read(bytes, from))) return undefined;
  const asked = wlanKey['key_info.key_ack'].read(bytes, from + 1) === 1;
  const isSigned = wlanKey['key_info.key_mic'].read(bytes, from + 1) === 1;
  if (wlanKey['key_info.key_type'].read(bytes, from + 1) === 0) return asked ? 1 : 2;
  if (asked) return isSigned ? 3 : 1;
  if (!isSigned) return undefined;
  return wlanKey.data_len.read(bytes, from + DATA_LENGTH_AT) > 0 ? 2 : 4;
}
