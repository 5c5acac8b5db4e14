import { type Field, header, ipv4, ipv6, bytes as raw, text } from '../../src/bytes/field.ts';
import type { Visit } from '../../src/dissect/protocol.ts';
import { context, type Element, elementAt, elements, objectId, TAG } from '../asn1.ts';
import { nameKind } from './name.ts';
import { certificateTimeKind } from './time.ts';

const basic = header(
  'x509af',
  {},
  {
    serialNumber: raw('Serial number'),
    issuer: { kind: nameKind, label: 'Issuer' },
    notBefore: { kind: certificateTimeKind, label: 'Valid from' },
    notAfter: { kind: certificateTimeKind, label: 'Valid until' },
    subject: { kind: nameKind, label: 'Subject' },
  },
);
const alternative = header(
  'x509ce',
  {},
  {
    rfc822Name: text('Mail address of the subject'),
    dNSName: text('Domain name of the subject'),
    uniformResourceIdentifier: text('URI of the subject'),
    'IPAddress.ipv4': ipv4('Address of the subject'),
    'IPAddress.ipv6': ipv6('Address of the subject'),
  },
);
/** Fields of whatever carries certificates. */
export const CERTIFICATE_FIELDS: readonly Field[] = [...basic.$all, ...alternative.$all];

const SUBJECT_ALT_NAME = '2.5.29.17';
const EXTENSIONS = context(3);

/**
 * Visits who a certificate is for, who says so, and for how long (RFC 5280 section 4.1).
 * Only values that are there whole are visited.
 */
export function visitCertificate(bytes: Uint8Array, from: number, end: number, visit: Visit): void {
  const certificate = elementAt(bytes, from, end);
  const signed = certificate && elementAt(bytes, certificate.from, certificate.to);
  if (certificate?.tag !== TAG.sequence || signed?.tag !== TAG.sequence) return;
  const parts = [...elements(bytes, signed.from, signed.to)];
  const first = parts[0]?.tag === context(0) ? 1 : 0;
  const [serial, , issuer, validity, subject] = parts.slice(first);
  leaf(basic.serialNumber, serial, TAG.integer, visit);
  leaf(basic.issuer, issuer, TAG.sequence, visit);
  if (validity?.tag === TAG.sequence) visitValidity(bytes, validity, visit);
  leaf(basic.subject, subject, TAG.sequence, visit);
  const extensions = parts.slice(first + 6).find(({ tag }) => tag === EXTENSIONS);
  const list = extensions && elementAt(bytes, extensions.from, extensions.to);
  if (list !== undefined)
    for (const extension of elements(bytes, list.from, list.to)) visitExtension(bytes, extension, visit);
}
function leaf(field: Field, element: Element | undefined, tag: number, visit: Visit): void {
  if (element?.tag === tag && element.whole && element.to > element.from) visit(field, element.from, element.to);
}
function visitValidity(bytes: Uint8Array, validity: Element, visit: Visit): void {
  const times = [...elements(bytes, validity.from, validity.to)];
  for (const [i, field] of [basic.notBefore, basic.notAfter].entries()) {
    const isTime: Visit = (_, from, to) => {
      if (!Number.isNaN(field.read(bytes, from))) visit(field, from, to);
    };
    leaf(field, times[i], TAG.utcTime, isTime);
    leaf(field, times[i], TAG.generalizedTime, isTime);
  }
}
/** Other names of the subject (RFC 5280 section 4.2.1.6). */
function visitExtension(bytes: Uint8Array, extension: Element, visit: Visit): void {
  const [type, ...rest] = elements(bytes, extension.from, extension.to);
  const value = rest.find(({ tag }) => tag === TAG.octetString);
  if (type?.tag !== TAG.objectId || objectId(bytes, type.from, type.to) !== SUBJECT_ALT_NAME || !value) return;
  const names = elementAt(bytes, value.from, value.to);
  if (names?.tag !== TAG.sequence) return;
  for (const name of elements(bytes, names.from, names.to)) {
    const field = name.whole && name.to > name.from ? fieldOf(name) : undefined;
    if (field !== undefined) visit(field, name.from, name.to);
  }
}
function fieldOf({ tag, from, to }: Element): Field | undefined {
  if (tag === context(1, false)) return alternative.rfc822Name;
  if (tag === context(2, false)) return alternative.dNSName;
  if (tag === context(6, false)) return alternative.uniformResourceIdentifier;
  if (tag !== context(7, false)) return undefined;
  if (to - from === 4) return alternative['IPAddress.ipv4'];
  return to - from === 16 ? alternative['IPAddress.ipv6'] : undefined;
}
