import type { Line } from '../../src/dissect/line.ts';

export const EAP_CODES: Readonly<Record<number, string>> = { 1: 'Request', 2: 'Response', 3: 'Success', 4: 'Failure' };
/** IANA's registry "EAP Method Types", by the names that tcpdump's users know. */
export const EAP_TYPES: Readonly<Record<number, string>> = {
  0: 'No proposed',
  1: 'Identity',
  2: 'Notification',
  3: 'Nak',
  4: 'MD5-challenge',
  5: 'OTP',
  6: 'GTC',
  13: 'TLS',
  18: 'SIM',
  21: 'TTLS',
  23: 'AKA',
  43: 'FAST',
  254: 'Expanded types',
  255: 'Experimental',
};
const SIM_SUBTYPES: Readonly<Record<number, string>> = {
  1: 'Challenge',
  2: 'Auth reject',
  4: 'Sync failure',
  5: 'Identity',
  10: 'Start',
  11: 'Challenge',
  12: 'Notification',
  13: 'Reauth',
  14: 'Client error',
};
const TLS_FLAGS = [
  [0x80, 'L bit'],
  [0x40, 'More fragments bit'],
  [0x20, 'Start bit'],
] as const;
const HEADER = 5;

/** tcpdump's text of an EAP packet at `at` in `room` bytes. */
export function eapText(w: Line, at: number, room: number): void {
  const code = w.u8(at);
  const length = w.u16(at + 2);
  if (w.cut) return;
  if (length !== room) {
    w.str('EAP fragment?');
    return;
  }
  w.str(`${EAP_CODES[code] ?? 'unknown'} (${code}), id ${w.u8(at + 1)}, len ${length}`);
  if (length < 4) w.str(' (too short for EAP header)');
  else if (!w.has(at, length)) w.trunc();
  else if (code === 1 || code === 2) {
    if (length < HEADER) w.str(' (too short for EAP request/response)');
    else typeText(w, at + 4, length);
  }
}
const named = (w: Line, type: number): void => w.str(`${EAP_TYPES[type] ?? 'unknown'} (${type})`);

function typeText(w: Line, at: number, length: number): void {
  const type = w.u8(at);
  w.str('\n\t\t Type ');
  named(w, type);
  const method = METHODS[type];
  if (method === undefined) return;
  const [what, text] = method;
  if (what !== '' && length < HEADER + 1) w.str(` (too short for EAP ${what} request/response)`);
  else text(w, at + 1, length - HEADER, type);
}
type Method = (w: Line, at: number, length: number, type: number) => void;
function identityText(w: Line, at: number, length: number): void {
  if (length === 0) return;
  w.str(', Identity: ');
  paddedText(w, at, length);
}
/** Zeros may follow the text. */
function paddedText(w: Line, at: number, length: number): void {
  for (let i = 0; i < length && w.u8(at + i) !== 0; i++) w.textAt(at + i, 1);
}
const tlsText =
  (what: string, version: string): Method =>
  (w, at, length) => {
    const flags = w.u8(at);
    if (version !== '') w.str(` ${version}v${flags & 7}`);
    w.str(' flags [');
    w.flags(TLS_FLAGS, flags, 'none');
    w.str('] 0x');
    w.hex2(flags);
    if (flags < 0x80) return;
    if (length < 5) w.str(` (too short for EAP ${what} request/response with length)`);
    else w.str(`, len ${w.u32(at + 1)}`);
  };
const simText: Method = (w, at) => {
  const subtype = w.u8(at);
  w.str(` subtype [${SIM_SUBTYPES[subtype] ?? 'unknown'}] 0x`);
  w.hex2(subtype);
};
/** By type: what is too short when nothing follows, and what is said of what follows. */
const METHODS: Readonly<Record<number, readonly [what: string, text: Method]>> = {
  1: ['', identityText],
  2: [
    'Notification',
    (w, at, length) => {
      w.str(', Notification: ');
      paddedText(w, at, length);
    },
  ],
  3: [
    'Legacy NAK',
    (w, at, length) => {
      for (let i = 0; i < length; i++) {
        w.str(i === 0 ? ' ' : ', ');
        named(w, w.u8(at + i));
      }
    },
  ],
  13: ['TLS/TTLS', tlsText('TLS/TTLS', '')],
  18: ['SIM/AKA', simText],
  21: ['TLS/TTLS', tlsText('TLS/TTLS', 'TTLS')],
  23: ['SIM/AKA', simText],
  43: ['FAST', tlsText('FAST', 'FAST')],
};
