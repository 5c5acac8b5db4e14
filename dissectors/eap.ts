import { header, bytes as raw, text, u8, u16, u32 } from '../src/bytes/field.ts';
import { protocol } from '../src/dissect/protocol.ts';
import { EAP_CODES, EAP_TYPES } from './eap/text.ts';

const head = header(
  'eap',
  { code: u8('Code', { names: EAP_CODES }), id: u8('Identifier'), len: u16('Length', { unit: 'bytes' }) },
  {
    type: u8('Type', { names: EAP_TYPES }),
    identity: text('Identity'),
    notification: text('Notification'),
    desired_type: u8('Desired type', { names: EAP_TYPES }),
    'md5.value_size': u8('Value size', { unit: 'bytes' }),
    'md5.value': raw('Value'),
    'tls.flags': u8('Flags', { base: 'hex' }),
    'tls.len': u32('Length of the whole message', { unit: 'bytes' }),
    data: raw('Data'),
  },
);
const [REQUEST, RESPONSE] = [1, 2];
/** Types that carry TLS records: TLS, TTLS, PEAP, FAST. */
const TLS: ReadonlySet<number> = new Set([13, 21, 25, 43]);
const LENGTH_INCLUDED = 0x80;

/** Extensible Authentication Protocol. */
export const extensibleAuthentication = protocol(head, {
  title: 'Extensible Authentication Protocol',
  source: 'RFC 3748',
  expand(frame, d, visit) {
    const { bytes } = frame;
    const from = frame.from[d]!;
    const end = Math.min(from + head.len.read(bytes, from), frame.limit(d));
    const code = head.code.read(bytes, from);
    let at = from + head.$size;
    if ((code !== REQUEST && code !== RESPONSE) || at + 1 > end) return;
    const type = head.type.read(bytes, at);
    visit(head.type, at, ++at);
    if (at >= end) return;
    if (type === 1) visit(head.identity, at, end);
    else if (type === 2) visit(head.notification, at, end);
    else if (type === 3) for (; at < end; at++) visit(head.desired_type, at, at + 1);
    else if (type === 4) {
      visit(head['md5.value_size'], at, at + 1);
      const value = Math.min(at + 1 + head['md5.value_size'].read(bytes, at), end);
      if (value > at + 1) visit(head['md5.value'], at + 1, value);
    } else {
      if (TLS.has(type)) {
        const long = (head['tls.flags'].read(bytes, at) & LENGTH_INCLUDED) !== 0;
        visit(head['tls.flags'], at, ++at);
        if (long && at + 4 <= end) visit(head['tls.len'], at, (at += 4));
      }
      if (at < end) visit(head.data, at, end);
    }
  },
});
