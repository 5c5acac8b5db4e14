import { bits, type Field, header, bytes as raw, text, u8, u32 } from '../src/bytes/field.ts';
import type { Frame } from '../src/dissect/frame.ts';
import { protocol } from '../src/dissect/protocol.ts';
import { AUTHENTICATION, bfdText, DIAGNOSTICS, STATES } from './bfd/text.ts';
import { inOrder } from './in-order.ts';
import { say } from './say.ts';
import { datagram } from './udp.ts';
import { LINE, unknownData } from './unknown-data.ts';

const interval = (label: string) => u32(label, { unit: 'microseconds' });
const head = header(
  'bfd',
  {
    first: u8('Version and diagnostic', { base: 'hex' }),
    version: bits('first', 0xe0, 'Version'),
    diag: bits('first', 0x1f, 'Diagnostic', { names: DIAGNOSTICS }),
    flags: u8('State and flags', { base: 'hex' }),
    sta: bits('flags', 0xc0, 'State', { names: STATES }),
    'flags.p': bits('flags', 0x20, 'Poll'),
    'flags.f': bits('flags', 0x10, 'Final'),
    'flags.c': bits('flags', 0x08, 'Independent of the control plane'),
    'flags.a': bits('flags', 0x04, 'Authentication present'),
    'flags.d': bits('flags', 0x02, 'Demand'),
    'flags.m': bits('flags', 0x01, 'Multipoint'),
    detect_time_multiplier: u8('Detection time multiplier'),
    message_length: u8('Length', { unit: 'bytes' }),
    my_discriminator: u32('My discriminator', { base: 'hex' }),
    your_discriminator: u32('Your discriminator', { base: 'hex' }),
    desired_min_tx_interval: interval('Desired interval of sending'),
    required_min_rx_interval: interval('Required interval of receiving'),
    required_min_echo_interval: interval('Required interval of receiving echoes'),
  },
  {
    'auth.type': u8('Authentication type', { names: AUTHENTICATION }),
    'auth.len': u8('Authentication length', { unit: 'bytes' }),
    'auth.key': u8('Authentication key'),
    'auth.password': text('Password'),
    'auth.reserved': u8('Reserved'),
    'auth.seq_num': u32('Sequence number', { base: 'hex' }),
    checksum: raw('Digest'),
  },
);
const PASSWORD = 1;
const AUTH_HEAD = [head['auth.type'], head['auth.len'], head['auth.key']];
const SIGNED: readonly Field[] = [head['auth.reserved'], head['auth.seq_num'], head.checksum];
const ECHO = 3785;

/** Bidirectional Forwarding Detection: its control packets. */
export const forwardingDetection = protocol(head, {
  title: 'Bidirectional Forwarding Detection',
  source: 'RFC 5880',
  on: { 'udp.port': [3784, 4784, 6784] },
  summary: 'BFD Control message',
  expand(frame, d, visit) {
    const at = frame.from[d]!;
    if (head['flags.a'].read(frame.bytes, at) === 0) return;
    const auth = at + head.$size;
    const end = frame.limit(d);
    const body = inOrder(AUTH_HEAD, auth, end, visit);
    if (body >= end) return;
    const to = Math.min(end, Math.max(body, auth + head['auth.len'].read(frame.bytes, auth + 1)));
    const password = head['auth.type'].read(frame.bytes, auth) === PASSWORD;
    inOrder(password ? [head['auth.password']] : SIGNED, body, to, visit);
  },
  line: (w, frame, d) => bfdText(w, frame, d, destination(frame, d)),
});
const echo = header('bfd_echo', {}, { packet: raw('Data') });
/** What the receiver sends back to its sender; everything in it is the sender's own affair. */
export const forwardingEcho = protocol(echo, {
  title: 'Bidirectional Forwarding Detection: echo',
  source: 'RFC 5880 section 5',
  on: { 'udp.port': ECHO },
  summary: 'BFD Echo message',
  expand: (frame, d, visit) => inOrder([echo.packet], frame.from[d]!, frame.limit(d), visit),
  line(w, frame, d) {
    if (destination(frame, d) !== ECHO) return false;
    w.label = 'bfd';
    const length = frame.claim[d]! - frame.from[d]!;
    say(w, 'BFD, Echo, length: ', length);
    if (w.verbose > 0) unknownData(w, frame.from[d]!, length, LINE);
    return true;
  },
});
const destination = (frame: Frame, d: number): number => datagram.dstport.read(frame.bytes, frame.from[d - 1]!);
