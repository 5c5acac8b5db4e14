import { bits, fixed, header, bytes as raw, u8, u16, u32 } from '../src/bytes/field.ts';
import { read8 } from '../src/bytes/kind.ts';
import { protocol, type Visit } from '../src/dissect/protocol.ts';
import { inOrder } from './in-order.ts';
import { BODIES, body as parts } from './isakmp/bodies.ts';
import { EXCHANGES, PAYLOADS } from './isakmp/names.ts';
import { isakmpText } from './isakmp/text.ts';

const named = (names: readonly (string | undefined)[]): Record<number, string> =>
  Object.fromEntries(names.flatMap((name, i) => (name === undefined ? [] : [[i, name]])));
const payloads = named(PAYLOADS);
const head = header(
  'isakmp',
  {
    ispi: fixed(8, "Initiator's SPI"),
    rspi: fixed(8, "Responder's SPI"),
    nextpayload: u8('Next payload', { names: payloads }),
    version: u8('Version', { base: 'hex' }),
    mjver: bits('version', 0xf0, 'Major version'),
    mnver: bits('version', 0x0f, 'Minor version'),
    exchangetype: u8('Exchange', { names: named(EXCHANGES) }),
    flags: u8('Flags', { base: 'hex' }),
    flag_e: bits('flags', 0x01, 'Encrypted (version 1)'),
    flag_c: bits('flags', 0x02, 'Commit (version 1)'),
    flag_a: bits('flags', 0x04, 'Only authenticated (version 1)'),
    flag_i: bits('flags', 0x08, 'From the initiator (version 2)'),
    flag_v: bits('flags', 0x10, 'Knows a higher version (version 2)'),
    flag_r: bits('flags', 0x20, 'Response (version 2)'),
    messageid: u32('Message ID', { base: 'hex' }),
    length: u32('Length', { unit: 'bytes' }),
  },
  {
    typepayload: u8('Payload', { names: payloads }),
    criticalpayload: u8('Critical', { base: 'hex' }),
    payloadlength: u16('Payload length', { unit: 'bytes' }),
    datapayload: raw('Payload data'),
    'enc.data': raw('Encrypted data'),
  },
);
const GENERIC = 4;
const ENCRYPTED_PAYLOAD = 46;

/** Internet Key Exchange: how the ends of IPsec agree on keys. */
export const keyExchange = protocol(
  { ...head, $all: [...head.$all, ...parts.$all] },
  {
    title: 'Internet Security Association and Key Management Protocol',
    source: 'RFC 2408, RFC 7296',
    // tcpdump takes two more ports for it than tshark.
    on: { 'udp.port': [500, 7500, 8500] },
    expand(frame, d, visit) {
      const { bytes } = frame;
      const start = frame.from[d]!;
      const end = frame.limit(d);
      let at = start + head.$size;
      if (head.flag_e.read(bytes, start) !== 0) {
        if (at < end) visit(head['enc.data'], at, end);
        return;
      }
      let type = head.nextpayload.read(bytes, start);
      // Each payload says what the next one is, the header what the first one is.
      const place = start + head.nextpayload.distance;
      if (type !== 0) visit(head.typepayload, place, place + 1);
      while (type !== 0 && at + GENERIC <= end) {
        // What is encrypted is the last one: its next payload is inside.
        const next = type === ENCRYPTED_PAYLOAD ? 0 : read8(bytes, at);
        if (next !== 0) visit(head.typepayload, at, at + 1);
        const body = inOrder([head.criticalpayload, head.payloadlength], at + 1, end, visit);
        const size = head.payloadlength.read(bytes, at + 2);
        const to = Math.min(end, at + size);
        if (to > body) bodyRows(bytes, type, body, to, visit);
        if (size < GENERIC) return;
        type = next;
        at = to;
      }
    },
    line(w, frame, d) {
      isakmpText(w, frame, d, frame.from[d]!, frame.claim[d]! - frame.from[d]!);
    },
  },
);

function bodyRows(bytes: Uint8Array, type: number, from: number, to: number, visit: Visit): void {
  const rows = BODIES[type];
  if (rows !== undefined) rows(bytes, from, to, visit);
  else visit(type === ENCRYPTED_PAYLOAD ? head['enc.data'] : head.datapayload, from, to);
}
