import type { Kind } from '../../src/bytes/kind.ts';
import { read16 } from '../../src/bytes/kind.ts';
import type { Text } from '../../src/bytes/text.ts';
import { asShown } from '../as-shown.ts';
import { type Element, elements, objectId, TAG } from '../asn1.ts';

/** Short names of attributes (RFC 4514 section 3, and as OpenSSL has them). */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.4': 'SN',
  '2.5.4.5': 'serialNumber',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.9': 'STREET',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.12': 'title',
  '2.5.4.15': 'businessCategory',
  '2.5.4.17': 'postalCode',
  '2.5.4.42': 'GN',
  '2.5.4.97': 'organizationIdentifier',
  '0.9.2342.19200300.100.1.1': 'UID',
  '0.9.2342.19200300.100.1.25': 'DC',
  '1.2.840.113549.1.9.1': 'emailAddress',
  '1.3.6.1.4.1.311.60.2.1.2': 'jurisdictionST',
  '1.3.6.1.4.1.311.60.2.1.3': 'jurisdictionC',
};
/** What has to be escaped in a value (RFC 4514 section 2.4). */
const SPECIAL: ReadonlySet<number> = new Set([...',+"\\<>;'].map((c) => c.charCodeAt(0)));
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const PLUS = 0x2b;
const EQUALS = 0x3d;

function writeCharacters(w: Text, bytes: Uint8Array, from: number, to: number): void {
  for (let at = from; at < to; at++) {
    if (SPECIAL.has(bytes[at]!)) w.char(BACKSLASH);
    w.printableChar(bytes[at]!);
  }
}
function writeValue(w: Text, bytes: Uint8Array, { tag, from, to }: Element): void {
  if (tag !== TAG.bmpString) {
    writeCharacters(w, bytes, from, to);
    return;
  }
  let text = '';
  for (let at = from; at + 2 <= to; at += 2) text += String.fromCharCode(read16(bytes, at));
  const utf8 = Buffer.from(text);
  writeCharacters(w, utf8, 0, utf8.length);
}
/** `CN=example.com`, or several joined by plus signs. */
function writeRelative(w: Text, bytes: Uint8Array, relative: Element): void {
  let isFirst = true;
  for (const pair of elements(bytes, relative.from, relative.to)) {
    const [type, value] = elements(bytes, pair.from, pair.to);
    if (type?.tag !== TAG.objectId || value === undefined) return;
    if (!isFirst) w.char(PLUS);
    isFirst = false;
    const dotted = objectId(bytes, type.from, type.to);
    w.str(ATTRIBUTES[dotted] ?? dotted);
    w.char(EQUALS);
    writeValue(w, bytes, value);
  }
}
/** A name such as `CN=www.example.com,O=Example,C=US` (RFC 4514): the last part comes first. */
export const nameKind: Kind = asShown('distinguished name', 0, (w, bytes, from, to) => {
  const parts = [...elements(bytes, from, to)].reverse();
  for (const [i, part] of parts.entries()) {
    if (i > 0) w.char(COMMA);
    writeRelative(w, bytes, part);
  }
});
