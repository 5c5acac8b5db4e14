import type { Line } from '../../src/dissect/line.ts';
import { attributesText } from './attribute-text.ts';
import { payloadsText } from './chain-text.ts';
import { identityText } from './identity-text.ts';
import {
  CERTIFICATES,
  ERRORS,
  IKE_ATTRIBUTES,
  IPSEC_ATTRIBUTES,
  IPSEC_STATUSES,
  PAYLOAD,
  PAYLOADS,
  PROTOCOLS,
  TRANSFORMS,
} from './names.ts';
import { bodyText, cutPayload, GENERIC, hexText, nameOf, type PayloadText, STOP, someText } from './writing.ts';

const IPSEC = 1;
const IDENTITY_ONLY = 1;
const MOST_TEXT = 1 << 20;

/** RFC 2408 section 3.4, RFC 2407 section 4.6.1. */
const association: PayloadText = (w, at, _size, context, type) => {
  w.str('sa:');
  if (!w.has(at, 12)) return cutPayload(w, type);
  const doi = w.u32(at + GENERIC);
  const situation = w.u32(at + 8);
  if (doi !== IPSEC) {
    w.str(` doi=${doi} situation=${situation}`);
    return at + 12;
  }
  w.str(' doi=ipsec situation=');
  const bits = ['identity', 'secrecy', 'integrity'].filter((_, i) => (situation & (1 << i)) !== 0);
  w.str(bits.join('+'));
  let next = at + 12;
  if (situation !== IDENTITY_ONLY) {
    w.str(` ident=${w.u32(at + GENERIC)}`);
    next += 4;
  }
  return w.has(next, GENERIC) ? payloadsText(w, PAYLOAD.proposal, next, context) : cutPayload(w, type);
};
const proposal: PayloadText = (w, at, _size, context, type) => {
  w.str('p:');
  if (!w.has(at, 8)) return cutPayload(w, type);
  const proto = w.u8(at + 5);
  w.str(` #${w.u8(at + 4)} protoid=${nameOf(PROTOCOLS, proto)} transform=${w.u8(at + 7)}`);
  const spi = w.u8(at + 6);
  if (!spiText(w, at + 8, spi)) return cutPayload(w, type);
  const next = at + 8 + spi;
  if (!w.has(next, GENERIC)) return cutPayload(w, type);
  return payloadsText(w, PAYLOAD.transform, next, { ...context, proto });
};
function spiText(w: Line, at: number, size: number): boolean {
  if (size === 0) return true;
  w.str(' spi=');
  return hexText(w, at, size);
}
const transform: PayloadText = (w, at, size, { proto }, type) => {
  w.str('t:');
  if (!w.has(at, 8)) return cutPayload(w, type);
  const names = TRANSFORMS[proto];
  const id = w.u8(at + 5);
  w.str(` #${w.u8(at + 4)} id=${names === undefined ? id : nameOf(names, id)} `);
  const known = names && (proto === 1 ? IKE_ATTRIBUTES : IPSEC_ATTRIBUTES);
  const next = attributesText(w, at + 8, at + size, known);
  if (next === STOP) return cutPayload(w, type);
  if (w.limit < at + size) w.str('...');
  return next;
};
/** A name, a length and with `-vvv` the body. */
const plain =
  (length: string): PayloadText =>
  (w, at, size, _context, type) => {
    w.str(`${nameOf(PAYLOADS, type)}: ${length}=${size - GENERIC}`);
    return bodyText(w, at + GENERIC, size - GENERIC) ? at + size : cutPayload(w, type);
  };
const certificate: PayloadText = (w, at, size, _context, type) => {
  w.str(`${nameOf(PAYLOADS, type)}:`);
  if (!w.has(at, 6)) return cutPayload(w, type);
  w.str(` len=${size - GENERIC} type=${nameOf(CERTIFICATES, w.u8(at + GENERIC))}`);
  return bodyText(w, at + GENERIC, size - GENERIC) ? at + size : cutPayload(w, type);
};
const nonce: PayloadText = (w, at, size, _context, type) => {
  w.str(`nonce: n len=${size - GENERIC}`);
  let isThere = bodyText(w, at + GENERIC, size - GENERIC);
  if (w.verbose === 2) {
    w.char(0x20);
    isThere = someText(w, at + GENERIC, w.limit);
  }
  return isThere ? at + size : cutPayload(w, type);
};
function notificationName(type: number, isIpsec: boolean): string {
  if (type < 8192) return nameOf(ERRORS, type);
  if (isIpsec && type < 16_384) return type === 8192 ? 'RESERVED' : `#${type - 8192}`;
  if (type >= 16_384 && type < 24_576) return type === 16_384 ? 'CONNECTED' : `#${type - 16_384}`;
  return isIpsec && type >= 24_576 && type < 32_768 ? nameOf(IPSEC_STATUSES, type - 24_576) : `#${type}`;
}
const RESPONDER_LIFETIME = 24_576;
const REPLAY_STATUS = 24_577;
/** RFC 2408 section 3.14. */
const notification: PayloadText = (w, at, size, _context, type) => {
  w.str('n:');
  if (!w.has(at, 12)) return cutPayload(w, type);
  const doi = w.u32(at + GENERIC);
  const proto = w.u8(at + 8);
  const what = w.u16(at + 10);
  w.str(doi === IPSEC ? ` doi=ipsec proto=${nameOf(PROTOCOLS, proto)}` : ` doi=${doi} proto=${proto}`);
  w.str(` type=${notificationName(what, doi === IPSEC)}`);
  const spi = w.u8(at + 9);
  if (!spiText(w, at + 12, spi)) return cutPayload(w, type);
  const data = at + 12 + spi;
  if (doi !== IPSEC) return data;
  return notificationData(w, what, data, at + size) ? at + size : cutPayload(w, type);
};
/** Up to the end of what was captured, as tcpdump has it. */
function notificationData(w: Line, what: number, at: number, end: number): boolean {
  if (at >= w.limit) return true;
  if (what === RESPONDER_LIFETIME) {
    w.str(' attrs=(');
    const isThere = attributesText(w, at, end, IKE_ATTRIBUTES) !== STOP;
    w.char(0x29);
    return isThere;
  }
  if (what === REPLAY_STATUS) {
    w.str(' status=(');
    w.str(`replay detection ${w.u32(at) === 0 ? 'dis' : 'en'}abled)`);
    return true;
  }
  if (w.verbose <= 3) return someText(w, at, w.limit);
  w.str(' data=(');
  if (!hexText(w, at, w.limit - at)) return false;
  w.char(0x29);
  return true;
}
/** RFC 2408 section 3.15. */
const deletion: PayloadText = (w, at, _size, _context, type) => {
  w.str('d:');
  if (!w.has(at, 12)) return cutPayload(w, type);
  const doi = w.u32(at + GENERIC);
  const proto = w.u8(at + 8);
  w.str(doi === IPSEC ? ` doi=ipsec proto=${nameOf(PROTOCOLS, proto)}` : ` doi=${doi} proto=${proto}`);
  const spi = w.u8(at + 9);
  const count = w.u16(at + 10);
  w.str(` spilen=${spi} nspi=${count} spi=`);
  let next = at + 12;
  for (let i = 0; i < count && w.at < MOST_TEXT; i++, next += spi) {
    if (i > 0) w.char(0x2c);
    if (!hexText(w, next, spi)) return cutPayload(w, type);
  }
  return next;
};

/** By type; what is not here has nothing written but its name. */
export const PAYLOADS1: Readonly<Record<number, PayloadText>> = {
  [PAYLOAD.sa]: association,
  [PAYLOAD.proposal]: proposal,
  [PAYLOAD.transform]: transform,
  [PAYLOAD.keyExchange]: plain('key len'),
  [PAYLOAD.identification]: identityText,
  [PAYLOAD.certificate]: certificate,
  [PAYLOAD.certificateRequest]: certificate,
  [PAYLOAD.hash]: plain('len'),
  [PAYLOAD.signature]: plain('len'),
  [PAYLOAD.nonce]: nonce,
  [PAYLOAD.notification]: notification,
  [PAYLOAD.delete]: deletion,
  [PAYLOAD.vendor]: plain('len'),
};
