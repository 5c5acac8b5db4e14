import { header, u8, u16 } from '../src/bytes/field.ts';
import type { Frame } from '../src/dissect/frame.ts';
import { NONE, protocol } from '../src/dissect/protocol.ts';
import { eapText } from './eap/text.ts';
import { descriptor, keyElements, keyRows, messageNumber, wlanKey } from './eapol/key.ts';

const head = header('eapol', {
  version: u8('Version'),
  type: u8('Type', {
    names: { 0: 'EAP packet', 1: 'Start', 2: 'Logoff', 3: 'Key', 4: 'Encapsulated alert', 5: 'MKA' },
  }),
  len: u16('Length', { unit: 'bytes' }),
});
const TYPES: Readonly<Record<number, string>> = {
  0: 'EAP packet',
  1: 'EAPOL start',
  2: 'EAPOL logoff',
  3: 'EAPOL key',
  4: 'Encapsulated ASF alert',
};
const [PACKET, KEY_FRAME] = [0, 3];

/** EAP over LANs: who wants onto a network tells who it is, and gets keys. */
export const eapOverLan = protocol(
  { ...head, $all: [...head.$all, ...descriptor.$all, ...wlanKey.$all, ...keyElements] },
  {
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
      if (head.type.read(frame.bytes, from) === KEY_FRAME)
        keyRows(frame.bytes, from + head.$size, keyEnd(frame, d), visit);
    },
    computed: [
      {
        name: 'wlan_rsna_eapol.keydes.msgnr',
        label: 'Message of the handshake',
        type: 'number',
        value(frame, d) {
          const at = frame.from[d]!;
          const isKey = head.type.read(frame.bytes, at) === KEY_FRAME;
          return isKey ? messageNumber(frame.bytes, at + head.$size, keyEnd(frame, d)) : undefined;
        },
      },
    ],
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
  },
);
const keyEnd = (frame: Frame, d: number): number => {
  const at = frame.from[d]!;
  return Math.min(at + head.$size + head.len.read(frame.bytes, at), frame.limit(d));
};
