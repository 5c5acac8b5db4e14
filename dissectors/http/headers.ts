import { type FieldSpec, text } from '../../src/bytes/field.ts';

/** Headers with a field of their own (IANA's registry "HTTP Field Names"), by the ends of Wireshark's names. */
const NAMES = [
  'Accept',
  'Accept-Encoding',
  'Accept-Language',
  'Authorization',
  'Cache-Control',
  'Connection',
  'Content-Encoding',
  'Content-Type',
  'Cookie',
  'Date',
  'Host',
  'Last-Modified',
  'Location',
  'Proxy-Authenticate',
  'Proxy-Authorization',
  'Referer',
  'Sec-WebSocket-Accept',
  'Sec-WebSocket-Extensions',
  'Sec-WebSocket-Key',
  'Sec-WebSocket-Protocol',
  'Sec-WebSocket-Version',
  'Server',
  'Set-Cookie',
  'Transfer-Encoding',
  'Upgrade',
  'User-Agent',
  'WWW-Authenticate',
  'X-Forwarded-For',
] as const;
/** `User-Agent` as `user_agent`. */
export const keyOf = (name: string): string => name.toLowerCase().replaceAll('-', '_');
export const HEADER_FIELDS: Readonly<Record<string, FieldSpec>> = Object.fromEntries(
  NAMES.map((name) => [keyOf(name), text(name)]),
);
export const MAX_NAME = Math.max(...NAMES.map((name) => name.length));
