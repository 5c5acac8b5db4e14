import type { Computed } from '../../src/dissect/protocol.ts';
import { CLIENT_HELLO, SERVER_HELLO } from './handshake.ts';
import { type Hello, type HelloSource, helloOf } from './hello.ts';

/** `version,ciphers,extensions,groups,point formats` in decimal numbers (Salesforce, "TLS Fingerprinting with JA3"). */
export const ja3Text = (hello: Hello): string =>
  [[hello.version], hello.ciphers, hello.extensions, hello.groups, hello.formats]
    .map((numbers) => numbers.join('-'))
    .join(',');
/** `version,cipher,extensions` of what the server chose (the same, JA3S). */
export const ja3sText = ({ version, ciphers, extensions }: Hello): string =>
  [version, ciphers.join('-'), extensions.join('-')].join(',');
/** Loaded only by who asks for a fingerprint: it would take a tenth of the time to start. */
const hashOf = (name: string) => process.getBuiltinModule('node:crypto').createHash(name);

export const md5 = (text: string): string => hashOf('md5').update(text).digest('hex');
export const ja3 = (hello: Hello): string => md5(ja3Text(hello));

const VERSIONS: Readonly<Record<number, string>> = {
  772: '13',
  771: '12',
  770: '11',
  769: '10',
  768: 's3',
  2: 's2',
  65279: 'd1',
  65277: 'd2',
  65276: 'd3',
};
const SERVER_NAME = 0x0000;
const APPLICATION_PROTOCOLS = 0x0010;
const DIGITS = 12;
const NOTHING = '0'.repeat(DIGITS);

/**
 * JA4, the fingerprint of a TLS client, as FoxIO specifies it (technical_details/JA4.md): what is easily seen, then
 * hashes of the cipher suites and of the extensions with the signature algorithms.
 * `transport` is `t` over TCP, `d` for DTLS.
 */
export function ja4(hello: Hello, transport: 't' | 'd'): string {
  const { ciphers, extensions, algorithms } = hello;
  const names = extensions.includes(SERVER_NAME) ? 'd' : 'i';
  const count = (numbers: readonly number[]) => String(Math.min(numbers.length, 99)).padStart(2, '0');
  const seen = `${transport}${versionOf(hello)}${names}${count(ciphers)}${count(extensions)}${endsOf(hello.protocol)}`;
  const others = extensions.filter((type) => type !== SERVER_NAME && type !== APPLICATION_PROTOCOLS);
  const signed = algorithms.length === 0 ? '' : `_${hexList(algorithms)}`;
  return [
    seen,
    ciphers.length === 0 ? NOTHING : digest(hexList(sorted(ciphers))),
    extensions.length === 0 ? NOTHING : digest(`${hexList(sorted(others))}${signed}`),
  ].join('_');
}
/** The highest version that the client offers. DTLS counts downwards. */
function versionOf({ versions, version }: Hello): string {
  const known = versions.filter((one) => VERSIONS[one] !== undefined);
  const isDatagram = version >= 0xfe00;
  const best = known.length === 0 ? version : isDatagram ? Math.min(...known) : Math.max(...known);
  return VERSIONS[best] ?? '00';
}
/** First and last character of a protocol's name, or of the name in hexadecimal when they are no letters or digits. */
function endsOf(name: Uint8Array | undefined): string {
  if (name === undefined || name.length === 0) return '00';
  const characters = String.fromCharCode(name[0]!, name.at(-1)!);
  if (/^[0-9A-Za-z]{2}$/.test(characters)) return characters;
  const digits = Buffer.from(name).toString('hex');
  return `${digits[0]}${digits.at(-1)}`;
}
const sorted = (numbers: readonly number[]): number[] => numbers.toSorted((a, b) => a - b);
const hexList = (numbers: readonly number[]): string =>
  numbers.map((number) => number.toString(16).padStart(4, '0')).join(',');
const digest = (text: string): string => hashOf('sha256').update(text).digest('hex').slice(0, DIGITS);

/** What hellos are known by, as fields of `protocol`. */
export const fingerprints = (protocol: string, transport: 't' | 'd', source: HelloSource): readonly Computed[] => {
  const field = (name: string, label: string, of: (hello: Hello) => string, type = CLIENT_HELLO): Computed => ({
    name: `${protocol}.handshake.${name}`,
    label,
    type: 'text',
    value(frame, d) {
      const hello = helloOf(frame, d, type, source);
      return hello && of(hello);
    },
  });
  return [
    field('ja3_full', 'JA3 in full', ja3Text),
    field('ja3', 'JA3', ja3),
    field('ja4', 'JA4', (hello) => ja4(hello, transport)),
    field('ja3s_full', 'JA3S in full', ja3sText, SERVER_HELLO),
    field('ja3s', 'JA3S', (hello) => md5(ja3sText(hello)), SERVER_HELLO),
  ];
};
