import { header, bytes as raw, u8, u16, u64 } from '../src/bytes/field.ts';
import { NONE, protocol } from '../src/dissect/protocol.ts';
import { eapText } from './eap/text.ts';
import { inOrder } from './in-order.ts';

const head = header(
  'eapol',
  {
    version: u8('Version'),
    type: u8('Type', {
      names: { 0: 'EAP packet', 1: 'Start', 2: 'Logoff', 3: 'Key', 4: 'Encapsulated alert', 5: 'MKA' },
    }),
    len: u16('Length', { unit: 'bytes' }),
  },
  {
    'keydes.type': u8('Key descriptor', { names: { 1: 'RC4', 2: 'RSN', 254: 'WPA' } }),
    'keydes.information': u16('Key information', { base: 'hex' }),
    'keydes.key_len': u16('Key length', { unit: 'bytes' }),
    'keydes.replay_counter': u64('Replay counter'),
    'keydes.body': raw('Key descriptor body'),
  },
);
const TYPES: Readonly<Record<number, string>> = {
  0: 'EAP packet',
  1: 'EAPOL start',
  2: 'EAPOL logoff',
  3: 'EAPOL key',
  4: 'Encapsulated ASF alert',
};
const KEY = [
  head['keydes.type'],
  head['keydes.information'],
  head['keydes.key_len'],
  head['keydes.replay_counter'],
] as const;
const [PACKET, KEY_FRAME] = [0, 3];

/** EAP over LANs: who wants onto a network tells who it is, and gets keys. */
export const eapOverLan = protocol(head, {
  title: '802.1X authentication',
  source: 'IEEE 802.1X, IEEE 802.11 clause 12.7.2',
  on: { ethertype: 0x888e },
  step(frame, bytes, at, end) {
    // Keys and the rest are its own.
    if (head.type.read(bytes, at) !== PACKET) return NONE;
    const payload = at + head.$size;
    const claimed = Math.min(end, payload + head.len.read(bytes, at));
    return frame.passOn(frame.registry.id('eap'), payload, claimed);
  },
  expand(frame, d, visit) {
    const from = frame.from[d]!;
    const end = Math.min(from + head.$size + head.len.read(frame.bytes, from), frame.limit(d));
    if (head.type.read(frame.bytes, from) !== KEY_FRAME) return;
    const rest = inOrder(KEY, from + head.$size, end, visit);
    if (rest < end) visit(head['keydes.body'], rest, end);
  },
  line(w, frame, d) {
    const at = frame.from[d]!;
    w.label = 'eap';
    if (!w.has(at, head.$size)) {
      w.trunc();
      return;
    }
    const type = w.u8(at + 1);
    const length = w.u16(at + 2);
    w.str(`${TYPES[type] ?? 'unknown'} (${type}) v${w.u8(at)}, len ${length}`);
    if (w.verbose === 0 || type !== PACKET) return;
    if (length === 0) w.trunc();
    else {
      w.str(', ');
      eapText(w, at + head.$size, length);
    }
  },
});
