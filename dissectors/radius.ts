import { type Field, fixed, header, bytes as raw, u8, u16, u32 } from '../src/bytes/field.ts';
import { read8, read32 } from '../src/bytes/kind.ts';
import type { Frame } from '../src/dissect/frame.ts';
import { NONE, protocol, type Visit } from '../src/dissect/protocol.ts';
import { ENTERPRISES } from './names/enterprises.ts';
import { ATTRIBUTE_FIELDS, ATTRIBUTES, type Attribute, tagOf, VENDOR_ATTRIBUTES } from './radius/attributes.ts';
import { radiusText } from './radius/text.ts';
import { CODES } from './radius/values.ts';

const names = Object.fromEntries(Object.entries(ATTRIBUTES).map(([code, { name }]) => [code, name]));
const head = header(
  'radius',
  {
    code: u8('Code', { names: CODES }),
    id: u8('Identifier'),
    length: u16('Length', { unit: 'bytes' }),
    authenticator: fixed(16, 'Authenticator'),
  },
  {
    avp: raw('Attribute'),
    'avp.type': u8('Attribute type', { names: { ...names, 26: 'Vendor-Specific' } }),
    'avp.length': u8('Attribute length', { unit: 'bytes' }),
    'avp.vendor_id': u32('Vendor', { names: ENTERPRISES }),
    'avp.vendor_type': u8('Vendor type'),
    'avp.vendor_len': u8('Vendor length', { unit: 'bytes' }),
    Unknown_Attribute: raw('Unknown attribute'),
    ...ATTRIBUTE_FIELDS,
  },
);
const FIELDS: ReadonlyMap<string, Field> = new Map(head.$all.map((field) => [field.name, field]));
const [VENDOR_SPECIFIC, EAP_MESSAGE] = [26, 79];
const REQUESTS: ReadonlySet<number> = new Set([1, 4, 40, 43]);
const RESPONSES: ReadonlySet<number> = new Set([2, 3, 5, 11, 41, 42, 44, 45]);

/** Who may use the network, for how long, and what they used of it. */
export const remoteAuthentication = protocol(head, {
  title: 'Remote Authentication Dial In User Service',
  source: 'RFC 2865, RFC 2866, RFC 2869, RFC 5176',
  on: { 'udp.port': [1645, 1646, 1700, 1812, 1813, 3799] },
  computed: [
    {
      name: 'radius.req',
      label: 'Request',
      type: 'boolean',
      value: (frame, d) => REQUESTS.has(head.code.read(frame.bytes, frame.from[d]!)) || undefined,
    },
    {
      name: 'radius.rsp',
      label: 'Response',
      type: 'boolean',
      value: (frame, d) => RESPONSES.has(head.code.read(frame.bytes, frame.from[d]!)) || undefined,
    },
  ],
  step(frame, _bytes, at, end) {
    let eap = NONE;
    // A long message goes on in the next attributes; what they hold is not side by side.
    eachAttribute(frame, at, end, (code, from, to) => {
      if (code !== EAP_MESSAGE || eap !== NONE || to <= from) return;
      eap = frame.passOn(frame.registry.id('eap'), from, to);
    });
    return eap;
  },
  expand(frame, d, visit) {
    const { bytes } = frame;
    const limit = frame.limit(d);
    eachAttribute(frame, frame.from[d]!, limit, (code, from, to) => {
      if (to > limit) return;
      visit(head.avp, from - 2, to);
      visit(head['avp.type'], from - 2, from - 1);
      visit(head['avp.length'], from - 1, from);
      if (code === VENDOR_SPECIFIC) vendorRows(bytes, from, to, visit);
      else if (to > from) valueRows(ATTRIBUTES[code], bytes, from, to, visit);
    });
  },
  line: radiusText,
});

/** Calls `each` with the value of each attribute whose own header was captured. */
function eachAttribute(
  { bytes, end: captured }: Frame,
  start: number,
  claimed: number,
  each: (code: number, from: number, to: number) => void,
): void {
  const end = Math.min(claimed, start + head.length.read(bytes, start));
  for (let at = start + head.$size; at + 2 <= Math.min(end, captured); ) {
    const to = at + read8(bytes, at + 1);
    if (to < at + 2 || to > end) return;
    each(read8(bytes, at), at + 2, to);
    at = to;
  }
}
/** RFC 2865 section 5.26: the vendor's number, and what most vendors put behind it. */
function vendorRows(bytes: Uint8Array, from: number, to: number, visit: Visit): void {
  if (from + 4 > to) return;
  visit(head['avp.vendor_id'], from, from + 4);
  const known = VENDOR_ATTRIBUTES[read32(bytes, from)] ?? {};
  for (let at = from + 4; at + 2 <= to; ) {
    const next = at + read8(bytes, at + 1);
    visit(head['avp.vendor_type'], at, at + 1);
    visit(head['avp.vendor_len'], at + 1, at + 2);
    if (next < at + 2 || next > to) return;
    if (next > at + 2) valueRows(known[read8(bytes, at)], bytes, at + 2, next, visit);
    at = next;
  }
}
/** The highest tag: what is higher belongs to the value (RFC 2868 section 3.1). */
const LAST_TAG = 0x1f;

function valueRows(known: Attribute | undefined, bytes: Uint8Array, start: number, to: number, visit: Visit): void {
  if (known === undefined) {
    visit(head.Unknown_Attribute, start, to);
    return;
  }
  const { format, key } = known;
  let from = start;
  if (format.startsWith('tagged') && (read8(bytes, from) <= LAST_TAG || key.startsWith('egress')))
    visit(FIELDS.get(`radius.${tagOf(key)}`)!, from, ++from);
  const field = FIELDS.get(`radius.${key}`)!;
  // A number of any other size is none.
  if (from < to && (field.size === 0 || field.size === to - from)) visit(field, from, to);
}
