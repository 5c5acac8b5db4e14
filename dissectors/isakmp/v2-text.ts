import type { Line } from '../../src/dissect/line.ts';
import { attributesText } from './attribute-text.ts';
import {
  AUTHENTICATIONS2,
  ENCRYPTION_ATTRIBUTES2,
  GROUPS2,
  NOTIFICATIONS2,
  PAYLOAD,
  PAYLOADS,
  PROTOCOLS,
  TRANSFORM_TYPES2,
  TRANSFORMS2,
} from './names.ts';
import {
  bodyText,
  cutPayload,
  GENERIC,
  hexText,
  nameOf,
  newLine,
  type PayloadText,
  STOP,
  someText,
} from './writing.ts';

const CRITICAL = 0x80;
/** `v2n[C]:` */
function title(w: Line, name: string, at: number): void {
  w.str(name);
  w.str((w.u8(at + 1) & CRITICAL) !== 0 ? '[C]:' : ':');
}
const plain: PayloadText = (w, at, size, _context, type) => {
  title(w, nameOf(PAYLOADS, type), at);
  w.str(` len=${size - GENERIC}`);
  return bodyText(w, at + GENERIC, size - GENERIC) ? at + size : cutPayload(w, type);
};

/** Writes the `n`th of the things in a list, at `at`; returns where it ends, or STOP. */
type Item = (w: Line, at: number, size: number, n: number, depth: number) => number;
/**
 * Things of one type in a payload, `[from, end)`, each with a header of its own. What has another type has only its name
 * written. `outer` is the payload's type, for when it is cut.
 */
function listText(w: Line, from: number, end: number, depth: number, outer: number, inner: number, text: Item): number {
  let at = from;
  let rest = end - from;
  for (let type = inner, n = 1; type !== 0; n++) {
    if (w.cut) return STOP;
    if (rest < GENERIC) return tooLong(w, at + rest, outer);
    if (!w.has(at, GENERIC)) return cutPayload(w, outer);
    const size = w.u16(at + 2);
    if (size <= GENERIC) return cutPayload(w, outer);
    if (rest < size) return tooLong(w, at + rest, outer);
    if (!w.has(at, size)) return cutPayload(w, outer);
    newLine(w, depth);
    const next = w.u8(at);
    if (type === inner) {
      at = text(w, at, size, n, depth + 1);
      if (at === STOP) return STOP;
    } else {
      w.str(nameOf(PAYLOADS, type));
      at += size;
    }
    w.char(0x29);
    type = next;
    rest -= size;
  }
  return at;
}
/** Something in a list claims more than the list has: the rest is passed over. */
function tooLong(w: Line, end: number, type: number): number {
  cutPayload(w, type);
  return end;
}
const association: PayloadText = (w, at, size, context, type) => {
  title(w, 'sa', at);
  w.str(` len=${size - GENERIC}`);
  return listText(w, at + GENERIC, at + size, context.depth, type, PAYLOAD.proposal, proposal);
};
/** RFC 7296 section 3.3.1. */
const proposal: Item = (w, at, size, _n, depth) => {
  if (!w.has(at, 8)) return cutPayload(w, PAYLOAD.proposal);
  title(w, 'p', at);
  w.str(` #${w.u8(at + 4)} protoid=${nameOf(PROTOCOLS, w.u8(at + 5))} transform=${w.u8(at + 7)} len=${size}`);
  // tcpdump counts the generic header only, so that the list may seem longer than it is.
  const end = at + 8 + size - GENERIC;
  const spi = w.u8(at + 6);
  if (spi > 0) {
    if (size - GENERIC < spi) return tooLong(w, end, PAYLOAD.proposal);
    w.str(' spi=');
    if (!hexText(w, at + 8, spi)) return cutPayload(w, PAYLOAD.proposal);
  }
  return listText(w, at + 8 + spi, end, depth, PAYLOAD.proposal, PAYLOAD.transform, transform);
};
/** RFC 7296 section 3.3.2. */
const transform: Item = (w, at, size, n) => {
  if (!w.has(at, 8)) return cutPayload(w, PAYLOAD.transform);
  title(w, 't', at);
  const type = w.u8(at + 4);
  const id = w.u16(at + 6);
  const names = TRANSFORMS2[type];
  w.str(` #${n} type=${nameOf(TRANSFORM_TYPES2, type)} id=${names === undefined ? id : nameOf(names, id)} `);
  const next = attributesText(w, at + 8, at + size, type === 1 ? ENCRYPTION_ATTRIBUTES2 : undefined);
  if (next === STOP) return cutPayload(w, PAYLOAD.transform);
  if (w.limit < at + size) w.str('...');
  return next;
};
const keyExchange: PayloadText = (w, at, size, _context, type) => {
  if (!w.has(at, 8)) return cutPayload(w, type);
  title(w, 'v2ke', at);
  if (size < 8) {
    w.str(` len=${size} < 8`);
    return at + size;
  }
  w.str(` len=${size - 8} group=${nameOf(GROUPS2, w.u16(at + 4))}`);
  return bodyText(w, at + 8, size - 8) ? at + size : cutPayload(w, type);
};
const IDENTITIES: Readonly<Record<number, readonly [name: string, isText: boolean]>> = {
  1: ['ipv4', false],
  2: ['fqdn', true],
  3: ['rfc822', true],
  5: ['ipv6', false],
  9: ['dn', false],
  10: ['gn', false],
  11: ['keyid', false],
};
const isPlain = (byte: number): boolean => byte >= 0x20 && byte < 0x7f;
/** What is no letter is a dot. */
function dottedText(w: Line, at: number, count: number): void {
  for (let i = 0; i < count; i++) w.char(isPlain(w.u8(at + i)) ? w.u8(at + i) : 0x2e);
}
const identity: PayloadText = (w, at, size, _context, type) => {
  if (!w.has(at, 8)) return cutPayload(w, type);
  title(w, nameOf(PAYLOADS, type), at);
  w.str(` len=${size - GENERIC}`);
  if (!bodyText(w, at + GENERIC, size - GENERIC)) return cutPayload(w, type);
  const known = IDENTITIES[w.u8(at + 4)];
  if (known === undefined) return at + size;
  w.str(` ${known[0]}:`);
  const length = size - 8;
  // A payload too short makes tcpdump look for almost 4 GiB.
  if (length < 0 || !w.has(at + 8, length)) return cutPayload(w, type);
  if (known[1]) dottedText(w, at + 8, length);
  else w.hexAt(at + 8, length);
  return at + size;
};
const authentication: PayloadText = (w, at, size, _context, type) => {
  if (!w.has(at, 8)) return cutPayload(w, type);
  title(w, nameOf(PAYLOADS, type), at);
  w.str(` len=${size - GENERIC} method=${nameOf(AUTHENTICATIONS2, w.u8(at + 4))}`);
  if (w.verbose > 1) {
    w.str(' authdata=(');
    if (size < 8 || !hexText(w, at + 8, size - 8)) return cutPayload(w, type);
    w.str(') ');
  } else if (!someText(w, at + 8, w.limit)) return cutPayload(w, type);
  return at + size;
};
const nonce: PayloadText = (w, at, size, _context, type) => {
  title(w, 'nonce', at);
  w.str(` len=${size - GENERIC}`);
  if (w.verbose > 1) {
    w.str(' nonce=(');
    if (!hexText(w, at + GENERIC, size - GENERIC)) return cutPayload(w, type);
    w.str(') ');
  } else if (!someText(w, at + GENERIC, w.limit)) return cutPayload(w, type);
  return at + size;
};
/** Of these, the SPI is shown when there is one; of what nobody knows, too. */
const WITHOUT_SPI: ReadonlySet<number> = new Set([
  ...[1, 5, 35, 36, 37, 39, 16_384, 16_385, 16_386, 16_387, 16_391, 16_392, 16_394, 16_395],
]);
const COOKIE = 16_390;
const unknownNotification = (type: number): string =>
  type < 8192 ? 'error' : type < 16_384 ? 'private-error' : type < 40_960 ? 'status' : 'private-status';
const notification: PayloadText = (w, at, size) => {
  const type = PAYLOAD.notification;
  if (!w.has(at, 8)) return cutPayload(w, type);
  title(w, nameOf(PAYLOADS, type), at);
  const what = w.u16(at + 6);
  const name = NOTIFICATIONS2[what] ?? unknownNotification(what);
  w.str(` prot_id=${nameOf(PROTOCOLS, w.u8(at + 4))} type=${what}(${name})`);
  const spi = w.u8(at + 5);
  if (spi > 0 && !WITHOUT_SPI.has(what)) {
    w.str(' spi=');
    if (!hexText(w, at + 8, spi)) return cutPayload(w, type);
  }
  return notificationData(w, what, at + 8 + spi) ? at + size : cutPayload(w, type);
};
/** Up to the end of what was captured, as tcpdump has it. */
function notificationData(w: Line, what: number, at: number): boolean {
  if (at >= w.limit) return true;
  if (w.verbose > 3 || (what === COOKIE && w.limit - at < 30)) {
    w.str(' data=(');
    w.hexAt(at, w.limit - at);
    w.char(0x29);
    return true;
  }
  return what !== COOKIE || someText(w, at, w.limit);
}
const vendor: PayloadText = (w, at, size, _context, type) => {
  title(w, nameOf(PAYLOADS, type), at);
  const length = size - GENERIC;
  w.str(` len=${length} vid=`);
  if (!w.has(at + GENERIC, length)) return cutPayload(w, type);
  dottedText(w, at + GENERIC, length);
  return length <= 4 || bodyText(w, at + GENERIC, length) ? at + size : cutPayload(w, type);
};
/** What follows is encrypted: nothing comes behind it. */
const encrypted: PayloadText = (w, at, size, _context, type) => {
  title(w, nameOf(PAYLOADS, type), at);
  const length = size - GENERIC;
  w.str(` len=${length}`);
  if ((length > 4 && !bodyText(w, at + GENERIC, length)) || !w.has(at + GENERIC, length)) return cutPayload(w, type);
  return STOP;
};

/** By type; what is not here has nothing written but its name. */
export const PAYLOADS2: Readonly<Record<number, PayloadText>> = {
  [PAYLOAD.sa2]: association,
  [PAYLOAD.keyExchange2]: keyExchange,
  [PAYLOAD.initiator2]: identity,
  [PAYLOAD.responder2]: identity,
  [PAYLOAD.certificate2]: plain,
  [PAYLOAD.certificateRequest2]: plain,
  [PAYLOAD.authentication2]: authentication,
  [PAYLOAD.nonce2]: nonce,
  [PAYLOAD.notification2]: notification,
  [PAYLOAD.delete2]: plain,
  [PAYLOAD.vendor2]: vendor,
  [PAYLOAD.initiatorTraffic2]: plain,
  [PAYLOAD.responderTraffic2]: plain,
  [PAYLOAD.encrypted2]: encrypted,
  [PAYLOAD.configuration2]: plain,
  [PAYLOAD.extensible2]: plain,
};
