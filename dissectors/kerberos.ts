import { type Field, header, text, u8, u32 } from '../src/bytes/field.ts';
import { protocol, type Visit } from '../src/dissect/protocol.ts';
import { context, type Element, elementAt, elements, TAG } from './asn1.ts';
import { kerberosText } from './kerberos/text.ts';
import { isOverTcp } from './tcp.ts';

const MESSAGES = {
  10: 'AS-REQ',
  11: 'AS-REP',
  12: 'TGS-REQ',
  13: 'TGS-REP',
  14: 'AP-REQ',
  15: 'AP-REP',
  20: 'KRB-SAFE',
  21: 'KRB-PRIV',
  22: 'KRB-CRED',
  30: 'KRB-ERROR',
};
const kerberos = header(
  'kerberos',
  {},
  {
    'rm.length': u32('Record length', { unit: 'bytes' }),
    pvno: u8('Version'),
    msg_type: u8('Message', { names: MESSAGES }),
    error_code: u8('Error'),
    CNameString: text('Client'),
    crealm: text("Client's realm"),
    realm: text('Realm'),
    SNameString: text('Service'),
  },
);
/** What the elements of a message mean by their tags: a number, a text, a name of several, or more elements. */
type Meaning = Field | Readonly<Record<number, Field>>;
const { pvno, msg_type, error_code, CNameString, crealm, realm, SNameString } = kerberos;
const REQUEST: Readonly<Record<number, Meaning>> = {
  1: pvno,
  2: msg_type,
  4: { 1: CNameString, 2: realm, 3: SNameString },
};
const REPLY: Readonly<Record<number, Meaning>> = { 0: pvno, 1: msg_type, 3: crealm, 4: CNameString };
const OTHER: Readonly<Record<number, Meaning>> = { 0: pvno, 1: msg_type };
/** RFC 4120 section 5, by the tag of the message. */
const LAYOUTS: Readonly<Record<number, Readonly<Record<number, Meaning>>>> = {
  10: REQUEST,
  11: REPLY,
  12: REQUEST,
  13: REPLY,
  14: OTHER,
  15: OTHER,
  20: OTHER,
  21: OTHER,
  22: OTHER,
  30: { ...OTHER, 6: error_code, 7: crealm, 8: CNameString, 9: realm, 10: SNameString },
};
const APPLICATION = 0x60;
const RECORD_MARK = 4;

/** Kerberos, version 5; of version 4 there is only tcpdump's text. */
export const kerberosMessages = protocol(kerberos, {
  title: 'Kerberos',
  source: 'RFC 4120',
  on: { 'udp.port': [88, 750], 'tcp.port': 88 },
  expand(frame, d, visit) {
    let at = frame.from[d]!;
    const end = frame.limit(d);
    if (isOverTcp(frame, d)) {
      if (at + RECORD_MARK > end) return;
      visit(kerberos['rm.length'], at, at + RECORD_MARK);
      at += RECORD_MARK;
    }
    visitMessage(frame.bytes, at, end, visit);
  },
  line(w, frame, d) {
    if (!isOverTcp(frame, d)) kerberosText(w, frame.from[d]!);
  },
});
function visitMessage(bytes: Uint8Array, at: number, end: number, visit: Visit): void {
  const message = elementAt(bytes, at, end);
  const layout = message && LAYOUTS[message.tag - APPLICATION];
  if (layout !== undefined) visitFields(bytes, message!, layout, visit);
}
function visitFields(bytes: Uint8Array, outer: Element, layout: Readonly<Record<number, Meaning>>, visit: Visit): void {
  const sequence = elementAt(bytes, outer.from, outer.to);
  if (sequence?.tag !== TAG.sequence) return;
  for (const part of elements(bytes, sequence.from, sequence.to)) {
    const meaning = layout[part.tag - context(0)];
    if (meaning === undefined) continue;
    if ('spec' in meaning) visitValue(bytes, part, meaning as Field, visit);
    else visitFields(bytes, part, meaning as Readonly<Record<number, Field>>, visit);
  }
}
/** A number of one byte, a text, or a name that is a list of texts (RFC 4120 section 5.2.2). */
function visitValue(bytes: Uint8Array, part: Element, field: Field, visit: Visit): void {
  const value = elementAt(bytes, part.from, part.to);
  if (value === undefined) return;
  if (value.tag !== TAG.sequence) {
    const fits = value.whole && value.to > value.from && (field.size === 0 || value.to - value.from === field.size);
    if (fits) visit(field, value.from, value.to);
    return;
  }
  for (const inner of elements(bytes, value.from, value.to)) {
    const list = inner.tag === context(1) ? elementAt(bytes, inner.from, inner.to) : undefined;
    if (list?.tag !== TAG.sequence) continue;
    for (const name of elements(bytes, list.from, list.to))
      if (name.whole && name.to > name.from) visit(field, name.from, name.to);
  }
}
