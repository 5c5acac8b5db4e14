/** The RSN element: which ciphers and which keys a network takes (IEEE 802.11 clause 9.4.2.24). */
import { bits, type Field, header, bytes as raw, u8, u16le, u24 } from '../../src/bytes/field.ts';
import { read16le } from '../../src/bytes/kind.ts';
import type { Visit } from '../../src/dissect/protocol.ts';
import { inOrder } from '../in-order.ts';

/** Table 9-149. */
const CIPHERS = {
  0: 'Group cipher',
  1: 'WEP-40',
  2: 'TKIP',
  4: 'CCMP-128',
  5: 'WEP-104',
  6: 'BIP-CMAC-128',
  8: 'GCMP-128',
  9: 'GCMP-256',
  10: 'CCMP-256',
};
/** Table 9-151. */
const KEY_MANAGEMENT = {
  1: '802.1X',
  2: 'PSK',
  3: 'FT over 802.1X',
  4: 'FT-PSK',
  5: '802.1X, SHA-256',
  6: 'PSK, SHA-256',
  8: 'SAE',
  9: 'FT-SAE',
  11: 'Suite B',
  12: 'Suite B, 192 bits',
  18: 'OWE',
};
const capability = (mask: number, label: string) => bits('rsn.capabilities', mask, label);
export const security = header(
  'wlan',
  {},
  {
    'rsn.version': u16le('RSN version'),
    'rsn.gcs.oui': u24('Cipher for groups, organization'),
    'rsn.gcs.type': u8('Cipher for groups', { names: CIPHERS }),
    'rsn.pcs.count': u16le('Ciphers for pairs'),
    'rsn.pcs.oui': u24('Cipher for pairs, organization'),
    'rsn.pcs.type': u8('Cipher for pairs', { names: CIPHERS }),
    'rsn.akms.count': u16le('Kinds of key management'),
    'rsn.akms.oui': u24('Key management, organization'),
    'rsn.akms.type': u8('Key management', { names: KEY_MANAGEMENT }),
    'rsn.capabilities': u16le('RSN capabilities', { base: 'hex' }),
    'rsn.capabilities.preauth': capability(0x0001, 'Takes authentication in advance'),
    'rsn.capabilities.no_pairwise': capability(0x0002, 'No key for pairs'),
    'rsn.capabilities.ptksa_replay_counter': capability(0x000c, 'Replay counters for pairs'),
    'rsn.capabilities.gtksa_replay_counter': capability(0x0030, 'Replay counters for groups'),
    'rsn.capabilities.mfpr': capability(0x0040, 'Management frames must be protected'),
    'rsn.capabilities.mfpc': capability(0x0080, 'Management frames can be protected'),
    'rsn.pmkid.count': u16le('Master keys'),
    'pmkid.akms': raw('Master key'),
    'rsn.gmcs.oui': u24('Cipher for management, organization'),
    'rsn.gmcs.type': u8('Cipher for management', { names: CIPHERS }),
  },
);
const FIRST = [security['rsn.version'], security['rsn.gcs.oui'], security['rsn.gcs.type']];
const PAIRS = [security['rsn.pcs.oui'], security['rsn.pcs.type']];
const KEYS = [security['rsn.akms.oui'], security['rsn.akms.type']];
const CAPABILITIES = security.$all.filter(({ name }) => name.startsWith('wlan.rsn.capabilities'));
const MANAGEMENT = [security['rsn.gmcs.oui'], security['rsn.gmcs.type']];
const SUITE = 4;
const KEY_ID = 16;

/** All but the version may be left out, from the end on. */
export function securityRows(bytes: Uint8Array, from: number, end: number, visit: Visit): void {
  let at = inOrder(FIRST, from, end, visit);
  at = suiteRows(security['rsn.pcs.count'], PAIRS, bytes, at, end, visit);
  at = suiteRows(security['rsn.akms.count'], KEYS, bytes, at, end, visit);
  at = inOrder(CAPABILITIES, at, end, visit);
  if (at + 2 > end) return;
  visit(security['rsn.pmkid.count'], at, at + 2);
  const keys = read16le(bytes, at);
  at += 2;
  for (let i = 0; i < keys && at + KEY_ID <= end; i++, at += KEY_ID) visit(security['pmkid.akms'], at, at + KEY_ID);
  inOrder(MANAGEMENT, at, end, visit);
}
/** A number, and so many suites; returns where they end, or `end`. */
function suiteRows(
  count: Field,
  suite: readonly Field[],
  bytes: Uint8Array,
  from: number,
  end: number,
  visit: Visit,
): number {
  let at = inOrder([count], from, end, visit);
  if (at === end) return end;
  for (let left = read16le(bytes, from); left > 0; left--) {
    if (at + SUITE > end) return end;
    at = inOrder(suite, at, end, visit);
  }
  return at;
}
