import { bits, type FieldSpec, header, bytes as raw, text, u8, u16 } from '../src/bytes/field.ts';
import { NONE, protocol } from '../src/dissect/protocol.ts';
import { pppoeText } from './pppoe/text.ts';

/** RFC 2516 section 4, with RFC 4638's tag for longer payloads. */
const CODES = { 0: 'Session data', 7: 'PADO', 9: 'PADI', 25: 'PADR', 101: 'PADS', 167: 'PADT' };
const common: Record<'first' | 'version' | 'type' | 'code' | 'session_id' | 'payload_length', FieldSpec> = {
  first: u8('Version and type', { base: 'hex' }),
  version: bits('first', 0xf0, 'Version'),
  type: bits('first', 0x0f, 'Type'),
  code: u8('Code', { base: 'hex', names: CODES }),
  session_id: u16('Session ID', { base: 'hex' }),
  payload_length: u16('Payload length', { unit: 'bytes' }),
};
const head = header('pppoe', common);
const TAGS = {
  0: 'End of list',
  257: 'Service name',
  258: 'Access concentrator name',
  259: 'Host unique',
  260: 'Access concentrator cookie',
  261: 'Vendor specific',
  272: 'Relay session ID',
  288: 'Maximum payload',
  513: 'Service name error',
  514: 'Access concentrator error',
  515: 'Generic error',
};
const tags = header(
  'pppoed',
  {},
  {
    tag: u16('Tag', { base: 'hex', names: TAGS }),
    tag_length: u16('Tag length', { unit: 'bytes' }),
    'tags.service_name': text('Service name'),
    'tags.ac_name': text('Access concentrator name'),
    'tags.host_uniq': raw('Host unique'),
    'tags.ac_cookie': raw('Access concentrator cookie'),
    'tags.relay_session_id': raw('Relay session ID'),
    'tags.max_payload': u16('Maximum payload', { unit: 'bytes' }),
    'tags.service_name_error': text('Service name error'),
    'tags.ac_system_error': text('Access concentrator error'),
    'tags.generic_error': text('Generic error'),
    'tag.unknown_data': raw('Tag data'),
  },
);
const VALUES = {
  257: tags['tags.service_name'],
  258: tags['tags.ac_name'],
  259: tags['tags.host_uniq'],
  260: tags['tags.ac_cookie'],
  272: tags['tags.relay_session_id'],
  288: tags['tags.max_payload'],
  513: tags['tags.service_name_error'],
  514: tags['tags.ac_system_error'],
  515: tags['tags.generic_error'],
} as const;
const valueField = (type: number) => VALUES[type as keyof typeof VALUES];

/** PPP over Ethernet: finding somebody to talk to. */
export const pppoeDiscovery = protocol(
  { $name: 'pppoed', $size: head.$size, $all: [...head.$all, ...tags.$all] },
  {
    title: 'PPP-over-Ethernet discovery',
    source: 'RFC 2516',
    on: { ethertype: 0x8863 },
    expand(frame, d, visit) {
      const { bytes } = frame;
      const from = frame.from[d]! + head.$size;
      const to = Math.min(from + head.payload_length.read(bytes, frame.from[d]!), frame.limit(d));
      for (let at = from; at + 4 <= to; ) {
        visit(tags.tag, at, at + 2);
        visit(tags.tag_length, at + 2, at + 4);
        const size = tags.tag_length.read(bytes, at + 2);
        const next = at + 4 + size;
        if (next > to) return;
        const known = valueField(tags.tag.read(bytes, at));
        const field = known === undefined || (known.size > 0 && known.size !== size) ? tags['tag.unknown_data'] : known;
        if (size > 0) visit(field, at + 4, next);
        at = next;
      }
    },
    line: pppoeText,
  },
);
/** PPP over Ethernet: the session. */
export const pppoeSession = protocol(
  { ...head, $name: 'pppoes' },
  {
    title: 'PPP-over-Ethernet session',
    source: 'RFC 2516',
    link: true,
    on: { ethertype: 0x8864, link: 51 },
    step(frame, bytes, at, end) {
      if (head.code.read(bytes, at) !== 0) return NONE;
      const payload = at + head.$size;
      const claimed = Math.min(payload + head.payload_length.read(bytes, at), end);
      return frame.passOn(frame.registry.id('ppp'), payload, claimed);
    },
    line: pppoeText,
  },
);
