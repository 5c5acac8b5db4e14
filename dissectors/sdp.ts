import { type Field, header, text } from '../src/bytes/field.ts';
import { read8 } from '../src/bytes/kind.ts';
import type { Frame } from '../src/dissect/frame.ts';
import { type Expect, protocol, type Visit } from '../src/dissect/protocol.ts';
import { addressIn } from './flow-ends.ts';
import { eachLine } from './text-dialog.ts';
import { digits, find, isNumber, skipWhite, wordAt } from './text-lines.ts';

const sdp = header(
  'sdp',
  {},
  {
    version: digits('Version'),
    owner: text('Owner and session ID'),
    session_name: text('Session name'),
    session_info: text('Session information'),
    uri: text('URI of the description'),
    email: text('E-mail address'),
    phone: text('Phone number'),
    connection_info: text('Connection information'),
    'connection_info.network_type': text('Network type'),
    'connection_info.address_type': text('Address type'),
    'connection_info.address': text('Address'),
    bandwidth: text('Bandwidth'),
    time: text('Time'),
    repeat_time: text('Repeated times'),
    timezone: text('Time zone adjustments'),
    encryption_key: text('Encryption key'),
    media: text('Media'),
    'media.media': text('Kind of media'),
    'media.port': digits('Port'),
    'media.proto': text('Transport'),
    'media.format': text('Format'),
    session_attr: text('Attribute of the session'),
    media_attr: text('Attribute of the media'),
    media_title: text('Title of the media'),
    unknown: text('Line of unknown meaning'),
  },
);
/** By the letter that begins a line (RFC 8866 section 5). */
const LINES: Readonly<Record<string, Field>> = {
  v: sdp.version,
  o: sdp.owner,
  s: sdp.session_name,
  i: sdp.session_info,
  u: sdp.uri,
  e: sdp.email,
  p: sdp.phone,
  c: sdp.connection_info,
  b: sdp.bandwidth,
  t: sdp.time,
  r: sdp.repeat_time,
  z: sdp.timezone,
  k: sdp.encryption_key,
  m: sdp.media,
  a: sdp.session_attr,
};
/** What the letters mean below a line of media. */
const OF_MEDIA: Readonly<Record<string, Field>> = { ...LINES, i: sdp.media_title, a: sdp.media_attr };
const WORDS: ReadonlyMap<Field, readonly Field[]> = new Map([
  [
    sdp.connection_info,
    [sdp['connection_info.network_type'], sdp['connection_info.address_type'], sdp['connection_info.address']],
  ],
  [sdp.media, [sdp['media.media'], sdp['media.port'], sdp['media.proto']]],
]);
const SPACE = 0x20;
const EQUALS = 0x3d;
/** Longer lines of media or addresses are nobody's. */
const MAX_LINE = 256;
/** With or without encryption, feedback, or keys by DTLS (RFC 3551, 3711, 4585, 5124, 5764). */
const OVER_RTP = /^(UDP\/TLS\/)?RTP\/S?AVPF?$/;

/** What media a session has, and where they go: in messages of SIP and RTSP. */
export const sessionDescription = protocol(sdp, {
  title: 'Session Description Protocol',
  source: 'RFC 8866',
  expand(frame, d, visit) {
    const { bytes } = frame;
    const end = frame.limit(d);
    let names = LINES;
    eachLine(bytes, frame.from[d]!, end, (at, to) => {
      if (to === at) return true;
      const field = read8(bytes, at + 1) === EQUALS && to > at + 1 ? names[wordAt(bytes, at, at + 1)] : undefined;
      if (field === sdp.media) names = OF_MEDIA;
      visitLine(bytes, field ?? sdp.unknown, field === undefined ? at : at + 2, to, end, visit);
      return true;
    });
  },
  expects: announceMedia,
});
function visitLine(bytes: Uint8Array, field: Field, from: number, to: number, end: number, visit: Visit): void {
  if (from >= to) return;
  const readable = (which: Field, at: number, wordEnd: number): boolean =>
    which.spec.kind.read === undefined || isNumber(bytes, at, wordEnd, end);
  if (readable(field, from, to)) visit(field, from, to);
  let at = from;
  for (const part of WORDS.get(field) ?? []) {
    const wordEnd = find(bytes, SPACE, at, to);
    if (wordEnd > at && readable(part, at, wordEnd)) visit(part, at, wordEnd);
    at = skipWhite(bytes, wordEnd, to);
  }
  if (field === sdp.media && at < to) visit(sdp['media.format'], at, to);
}

/** Media over RTP, at the address of their own or at the session's. */
function announceMedia(frame: Frame, d: number, expect: Expect): void {
  const { bytes } = frame;
  let ofSession: Uint8Array | undefined;
  let address: Uint8Array | undefined;
  let port = 0;
  const announce = () => {
    if (address === undefined || port === 0) return;
    expect('rtp', 'udp', address, port);
    // Unless the attributes say otherwise, reports go one port higher (RFC 3550 section 11).
    expect('rtcp', 'udp', address, port + 1);
  };
  let inMedia = false;
  eachLine(bytes, frame.from[d]!, frame.limit(d), (at, to) => {
    const line = wordAt(bytes, at, Math.min(to, at + MAX_LINE));
    if (line.startsWith('c=')) {
      address = addressIn(line.split(' ')[2]?.split('/')[0] ?? '');
      if (!inMedia) ofSession = address;
    } else if (line.startsWith('m=')) {
      if (inMedia) announce();
      inMedia = true;
      address = ofSession;
      const [, number, transport = ''] = line.split(' ');
      port = OVER_RTP.test(transport) ? Number.parseInt(number!, 10) || 0 : 0;
    }
    return true;
  });
  announce();
}
