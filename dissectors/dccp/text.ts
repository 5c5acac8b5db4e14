import { fold16, shouldBe16 } from '../../src/bytes/checksum.ts';
import { read48 } from '../../src/bytes/kind.ts';
import type { Frame } from '../../src/dissect/frame.ts';
import type { Line } from '../../src/dissect/line.ts';
import { pseudoChecksum } from '../pseudo-header.ts';
import { transportEnds } from '../transport-ends.ts';
import { acknowledges, dccp, genericSize, TYPE, TYPES } from './header.ts';
import { optionsText } from './options-text.ts';

const DCCP = 33;
const RESETS = [
  'unspecified',
  'closed',
  'aborted',
  'no_connection',
  'packet_error',
  'option_error',
  'mandatory_error',
  'connection_refused',
  'bad_service_code',
  'too_busy',
  'bad_init_cookie',
  'aggression_penalty',
] as const;

/** tcpdump's text. */
export function dccpText(w: Line, frame: Frame, d: number): void {
  const at = frame.from[d]!;
  const length = frame.claim[d]! - at;
  w.label = 'dccp';
  if (!w.has(at, dccp.$size)) {
    w.trunc();
    return;
  }
  const fixed = length < dccp.$size ? dccp.$size : genericSize(frame.bytes, at);
  if (length < fixed) {
    w.str(`truncated-dccp - ${fixed - length} bytes missing!`);
    return;
  }
  if (!w.has(at, fixed)) {
    w.trunc();
    return;
  }
  transportEnds(w, frame, d);
  w.str(': DCCP');
  const headerLength = w.u8(at + dccp.data_offset.distance) * 4;
  if (w.quiet > 0) {
    w.char(0x20);
    w.dec((length - headerLength) >>> 0);
    if (headerLength > length) w.str(` [bad hdr length ${headerLength} - too long, > ${length}]`);
    return;
  }
  if (w.verbose > 0) coverageText(w, frame, d, length);
  w.char(0x20);
  typeText(w, at, length, headerLength, fixed);
}
/** ` (CCVal 0, CsCov 0, cksum 0x1234 (correct))`. */
function coverageText(w: Line, frame: Frame, d: number, length: number): void {
  const at = frame.from[d]!;
  const { bytes } = frame;
  const coverage = dccp.cscov.read(bytes, at);
  w.str(` (CCVal ${dccp.ccval.read(bytes, at)}, CsCov ${coverage}`);
  if (w.has(at, length)) {
    const found = dccp.checksum.read(bytes, at);
    w.str(', cksum 0x');
    w.hexPadded(found, 4);
    // RFC 4340 section 9.2: the header, and as many words of data as are said, less one.
    const covered = coverage === 0 ? length : (dccp.data_offset.read(bytes, at) + coverage - 1) * 4;
    const sum = pseudoChecksum(frame, d, DCCP, length, Math.min(covered, length)) ?? fold16(0xffff);
    w.str(sum === 0 ? ' (correct)' : ` (incorrect -> 0x${shouldBe16(found, sum).toString(16).padStart(4, '0')})`);
  }
  w.char(0x29);
}
/** How much each type adds to the header: acknowledgment, service code, reset code. tcpdump counts the long form. */
const extraSize = (type: number): number => {
  if (type === TYPE.request) return 4;
  if (type === TYPE.response || type === TYPE.reset) return 12;
  return type === TYPE.data || type > TYPE.last ? 0 : 8;
};
function typeText(w: Line, at: number, length: number, headerLength: number, generic: number): void {
  const type = (w.u8(at + dccp.kind.distance) >> 1) & 0xf;
  const name = TYPES[type];
  const extra = extraSize(type);
  const fixed = generic + extra;
  if (length < fixed) {
    w.str(`truncated-DCCP-${name} - ${fixed - length} bytes missing!`);
    return;
  }
  const more = type === TYPE.request || type === TYPE.response || type === TYPE.reset;
  if (more && !w.has(at + generic, extra)) {
    w.trunc();
    return;
  }
  if (name === undefined) w.str(`unknown-type-${type} `);
  else w.str(`DCCP-${name} `);
  const last = at + fixed - 4;
  if (type === TYPE.reset) w.str(`(code=${RESETS[w.u8(last)] ?? 'invalid'}) `);
  else if (more) w.str(`(service=${w.u32(last)}) `);
  const long = generic !== dccp.$size;
  if (acknowledges(type)) acknowledgmentText(w, at + generic, long);
  if (w.verbose < 2) return;
  w.str('seq ');
  w.dec(long ? number48(w, at + 10) : w.u24(at + dccp.low.distance));
  if (headerLength > fixed) optionsText(w, at + fixed, headerLength - fixed);
}
const number48 = (w: Line, at: number): number => (w.need(at, 6) ? read48(w.frame.bytes, at) : 0);

function acknowledgmentText(w: Line, at: number, long: boolean): void {
  const number = long ? number48(w, at + 2) : w.u24(at + 1);
  w.str('(ack=');
  w.dec(number);
  w.str(') ');
}
