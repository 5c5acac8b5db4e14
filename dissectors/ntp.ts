import { bits, type FieldSpec, fixed, header, bytes as raw, s8, u8, u16, u32 } from '../src/bytes/field.ts';
import { type Kind, read32 } from '../src/bytes/kind.ts';
import { protocol, type Visit } from '../src/dissect/protocol.ts';
import { inOrder } from './in-order.ts';
import { MODES, ntpText, TIME_SIZE } from './ntp/text.ts';
import { recordRows } from './records.ts';

const LEAPS = {
  0: 'No warning',
  1: 'The last minute has 61 seconds',
  2: 'The last minute has 59 seconds',
  3: 'Unknown',
};
/** Powers of two, in seconds. */
const logarithm = (label: string): FieldSpec => s8(label, { unit: 'log2 seconds' });
/** Between 1900 and 1970. */
const EPOCH = 2_208_988_800;
/** Seconds since 1900 in 32 bits and a fraction in 32 more (RFC 5905 section 6). */
const stampKind: Kind = {
  name: 'NTP time',
  size: 8,
  write(w, bytes, from) {
    const seconds = read32(bytes, from);
    if (seconds === 0 && read32(bytes, from + 4) === 0) {
      w.str('none');
      return;
    }
    const whole = new Date((seconds - EPOCH) * 1000).toISOString().slice(0, 19);
    w.str(`${whole}.${String(Math.floor((read32(bytes, from + 4) / 2 ** 32) * 1e9)).padStart(9, '0')}Z`);
  },
  parse(text) {
    const ms = Date.parse(text);
    if (Number.isNaN(ms)) throw new RangeError(`"${text}" is not a time such as 2020-02-02T20:20:20Z`);
    return (bytes, from) => read32(bytes, from) === Math.floor(ms / 1000) + EPOCH;
  },
};
const stamp = (label: string): FieldSpec => ({ kind: stampKind, label });

const ntp = header(
  'ntp',
  {
    flags: u8('Leap indicator, version and mode', { base: 'hex' }),
    'flags.li': bits('flags', 0xc0, 'Leap indicator', { names: LEAPS }),
    'flags.vn': bits('flags', 0x38, 'Version'),
    'flags.mode': bits('flags', 0x07, 'Mode', { names: MODES }),
  },
  {
    stratum: u8('Stratum'),
    ppoll: logarithm('Interval of polling'),
    precision: logarithm('Precision'),
    rootdelay: u32('Root delay', { unit: '1/65536 s' }),
    rootdispersion: u32('Root dispersion', { unit: '1/65536 s' }),
    refid: fixed(4, 'Reference'),
    reftime: stamp('Reference time'),
    org: stamp('Origin time'),
    rec: stamp('Receive time'),
    xmt: stamp('Transmit time'),
    'ext.type': u16('Extension type', { base: 'hex' }),
    'ext.length': u16('Extension length', { unit: 'bytes' }),
    'ext.value': raw('Extension value'),
    keyid: fixed(4, 'Key'),
    mac: raw('Message authentication code'),
    'ctrl.flags2': u8('Flags and operation', { base: 'hex' }),
    'ctrl.flags2.r': bits('ctrl.flags2', 0x80, 'Response'),
    'ctrl.flags2.error': bits('ctrl.flags2', 0x40, 'Error'),
    'ctrl.flags2.more': bits('ctrl.flags2', 0x20, 'More follows'),
    'ctrl.flags2.opcode': bits('ctrl.flags2', 0x1f, 'Operation'),
    'ctrl.sequence': u16('Sequence'),
    'ctrl.status': u16('Status', { base: 'hex' }),
    'ctrl.associd': u16('Association'),
    'ctrl.offset': u16('Offset', { unit: 'bytes' }),
    'ctrl.count': u16('Count', { unit: 'bytes' }),
    'ctrl.data': raw('Data'),
  },
);
const TIME = [
  ...[ntp.stratum, ntp.ppoll, ntp.precision, ntp.rootdelay, ntp.rootdispersion, ntp.refid],
  ...[ntp.reftime, ntp.org, ntp.rec, ntp.xmt],
];
const CONTROL = ntp.$all.filter((field) => field.name.startsWith('ntp.ctrl.'));
const MODE_CONTROL = 6;
/** Without a key identifier, only the key's (a crypto-NAK), and with digests of two lengths (RFC 5905 section 7.5). */
const SIGNATURES = [4, 20, 24];

const KINDS = [
  ...['reserved', 'symmetric active', 'symmetric passive', 'client'],
  ...['server', 'broadcast', 'control', 'private'],
];

/** Network Time Protocol, with its control messages. */
export const networkTime = protocol(ntp, {
  title: 'Network Time Protocol',
  source: 'RFC 5905, RFC 9327',
  summary: (frame, d) =>
    `Network Time Protocol (NTP Version {ntp.flags.vn}, ${KINDS[ntp['flags.mode'].read(frame.bytes, frame.from[d]!)]})`,
  on: { 'udp.port': 123 },
  expand(frame, d, visit) {
    const { bytes } = frame;
    const at = frame.from[d]!;
    const end = frame.limit(d);
    const mode = ntp['flags.mode'].read(bytes, at);
    if (mode === MODE_CONTROL) inOrder(CONTROL, at + ntp.$size, end, visit);
    else if (mode < MODE_CONTROL) {
      inOrder(TIME, at + ntp.$size, end, visit);
      trailerRows(bytes, at + TIME_SIZE, end, frame.to[d]!, visit);
    }
  },
  line: (w, frame, d) => ntpText(w, frame.from[d]!, frame.claim[d]! - frame.from[d]!),
});
/** Extensions, until no more is left than a signature. */
function trailerRows(bytes: Uint8Array, from: number, end: number, to: number, visit: Visit): void {
  let at = from;
  while (at + 4 <= end && !SIGNATURES.includes(to - at)) {
    const next = at + ntp['ext.length'].read(bytes, at + 2);
    if (next < at + 4) return;
    recordRows(EXTENSION, bytes, at, Math.min(next, end), visit, (_type, value, valueEnd) =>
      visit(ntp['ext.value'], value, valueEnd),
    );
    at = next;
  }
  if (at < end) inOrder([ntp.keyid, ntp.mac], at, end, visit);
}
const EXTENSION = { type: ntp['ext.type'], length: ntp['ext.length'], whole: true };
