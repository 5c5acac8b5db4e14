import { fixed, header, bytes as raw, text, u8, u32 } from '../src/bytes/field.ts';
import { read8, read32 } from '../src/bytes/kind.ts';
import type { Frame } from '../src/dissect/frame.ts';
import type { Line } from '../src/dissect/line.ts';
import { type Computed, protocol, type Visit } from '../src/dissect/protocol.ts';
import { segment } from './tcp/header.ts';
import { lineEnd, nextLine, wordAt } from './text-lines.ts';
import { usesPort } from './text-message.ts';
import { md5 } from './tls/fingerprint.ts';

/** RFC 4253 section 12, RFC 4252 section 6. */
const MESSAGES = {
  1: 'Disconnect',
  2: 'Ignore',
  3: 'Unimplemented',
  4: 'Debug',
  5: 'Service Request',
  6: 'Service Accept',
  20: 'Key Exchange Init',
  21: 'New Keys',
  30: 'Key exchange 30',
  31: 'Key exchange 31',
  32: 'Key exchange 32',
  33: 'Key exchange 33',
  34: 'Key exchange 34',
};
/** What the two sides can do, in the order in which they say it (RFC 4253 section 7.1). */
const LISTS = [
  'kex_algorithms',
  'server_host_key_algorithms',
  'encryption_algorithms_client_to_server',
  'encryption_algorithms_server_to_client',
  'mac_algorithms_client_to_server',
  'mac_algorithms_server_to_client',
  'compression_algorithms_client_to_server',
  'compression_algorithms_server_to_client',
  'languages_client_to_server',
  'languages_server_to_client',
] as const;
const label = (name: string): string => `${name[0]!.toUpperCase()}${name.slice(1).replaceAll('_', ' ')}`;

const ssh = header(
  'ssh',
  {},
  {
    protocol: text('Protocol'),
    packet_length: u32('Packet length', { unit: 'bytes' }),
    padding_length: u8('Padding length', { unit: 'bytes' }),
    message_code: u8('Message', { names: MESSAGES }),
    cookie: fixed(16, 'Cookie'),
    ...Object.fromEntries(
      LISTS.flatMap((name) => [
        [`${name}_length`, u32(`${label(name)} length`, { unit: 'bytes' })],
        [name, text(label(name))],
      ]),
    ),
    first_kex_packet_follows: u8('First key exchange packet follows'),
    payload: raw('Payload'),
    encrypted_packet: raw('Encrypted packet, or a part of one'),
  },
);
const NAME_LISTS = LISTS.map((name) => {
  const field = (key: string) => ssh.$all.find((known) => known.name === `ssh.${key}`)!;
  return [field(`${name}_length`), field(name)] as const;
});
const PORT = 22;
const PORTS: readonly number[] = [PORT, 29_418];
const PACKET_HEADER = 6;
/** RFC 4253 section 6.1. */
const MAX_PACKET = 35_000;
const KEY_EXCHANGE_INIT = 20;

/** What a client, or a server, is known by (Salesforce, "Profiling Method for SSH Clients and Servers"). */
const [CLIENT_LISTS, SERVER_LISTS] = ['client_to_server', 'server_to_client'].map((way) => [
  'ssh.kex_algorithms',
  ...['encryption', 'mac', 'compression'].map((what) => `ssh.${what}_algorithms_${way}`),
]) as [string[], string[]];
/** The lists as one text, and its MD5. */
function known(name: string, label: string, lists: readonly string[], isServer: boolean): Computed[] {
  const text = (frame: Frame, d: number): string | undefined => {
    const found = new Map<string, string>();
    if (comesFromServer(frame, d) !== isServer) return undefined;
    expand(frame, d, (field, from, to) => {
      if (field === ssh.first_kex_packet_follows) found.set(END, '');
      else if (lists.includes(field.name)) found.set(field.name, wordAt(frame.bytes, from, to));
    });
    // Lists may have no entries, but all of them must have been captured.
    return found.has(END) ? lists.map((list) => found.get(list) ?? '').join(';') : undefined;
  };
  const hash = (frame: Frame, d: number): string | undefined => {
    const all = text(frame, d);
    return all === undefined ? undefined : md5(all);
  };
  return [
    { name: `ssh.kex.${name}_algorithms`, label: `${label} in full`, type: 'text', value: text },
    { name: `ssh.kex.${name}`, label, type: 'text', value: hash },
  ];
}
const END = 'end';
const comesFromServer = (frame: Frame, d: number): boolean =>
  d > 0 && PORTS.includes(segment.srcport.read(frame.bytes, frame.from[d - 1]!));

/** Secure Shell: what is said before the encryption begins. */
export const secureShell = protocol(ssh, {
  title: 'Secure Shell',
  source: 'RFC 4253',
  on: { 'tcp.port': PORTS },
  expand,
  computed: [
    ...known('hassh', 'HASSH', CLIENT_LISTS, false),
    ...known('hasshserver', 'HASSH of the server', SERVER_LISTS, true),
  ],
  line: bannerText,
});

function expand(frame: Frame, d: number, visit: Visit): void {
  const { bytes } = frame;
  const end = frame.limit(d);
  let at = frame.from[d]!;
  if (at + 4 <= end && wordAt(bytes, at, at + 4) === 'SSH-') {
    const to = lineEnd(bytes, at, end);
    visit(ssh.protocol, at, to);
    at = nextLine(bytes, to, end);
  }
  while (at < end) at = visitPacket(bytes, at, end, visit);
}

/** Returns where the packet ends; what is encrypted has no header that makes sense. */
function visitPacket(bytes: Uint8Array, at: number, end: number, visit: Visit): number {
  const length = at + PACKET_HEADER <= end ? read32(bytes, at) : 0;
  const padding = length > 0 ? read8(bytes, at + 4) : 0;
  if (length > MAX_PACKET || (length + 4) % 8 !== 0 || padding < 4 || padding + 2 > length) {
    visit(ssh.encrypted_packet, at, end);
    return end;
  }
  visit(ssh.packet_length, at, at + 4);
  visit(ssh.padding_length, at + 4, at + 5);
  visit(ssh.message_code, at + 5, at + PACKET_HEADER);
  const body = at + PACKET_HEADER;
  const bodyEnd = Math.min(at + 4 + length - padding, end);
  if (read8(bytes, at + 5) === KEY_EXCHANGE_INIT) visitInit(bytes, body, bodyEnd, visit);
  else if (bodyEnd > body) visit(ssh.payload, body, bodyEnd);
  return Math.min(at + 4 + length, end);
}
function visitInit(bytes: Uint8Array, from: number, end: number, visit: Visit): void {
  let at = from + ssh.cookie.size;
  if (at > end) return;
  visit(ssh.cookie, from, at);
  for (const [length, list] of NAME_LISTS) {
    if (at + 4 > end) return;
    visit(length, at, at + 4);
    const to = Math.min(at + 4 + read32(bytes, at), end);
    if (to > at + 4) visit(list, at + 4, to);
    at = to;
  }
  if (at < end) visit(ssh.first_kex_packet_follows, at, at + 1);
}

const LF = 0x0a;
const CR = 0x0d;
const MAGIC = [0x53, 0x53, 0x48, 0x2d] as const;
/** tcpdump shows the line that both sides begin with. */
function bannerText(w: Line, frame: Frame, d: number): void {
  if (!usesPort(frame, d, [PORT])) return;
  const at = frame.from[d]!;
  const end = frame.claim[d]!;
  w.label = 'ssh';
  for (const [i, byte] of MAGIC.entries()) if (w.u8(at + i) !== byte) return;
  let to = at + MAGIC.length;
  for (; to < end && w.u8(to) !== LF; to++) {
    const byte = w.u8(to);
    if (byte === CR && to + 1 < end && w.u8(to + 1) === LF) break;
    if (byte < 0x20 || byte > 0x7e) return;
  }
  if (to >= end) return;
  w.str(': SSH: ');
  for (let i = at; i < to; i++) w.char(w.u8(i));
}
