import type { Frame } from '../../src/dissect/frame.ts';
import type { Line } from '../../src/dissect/line.ts';
import { transportEnds } from '../transport-ends.ts';
import { forcesText } from './forces/text.ts';
import { CHUNK, sctp } from './header.ts';
import { m3uaText } from './m3ua-text.ts';

/** The kinds of chunk, by the names that tcpdump's users know. */
const NAMES: Readonly<Record<number, string>> = {
  0: 'DATA',
  1: 'INIT',
  2: 'INIT ACK',
  3: 'SACK',
  4: 'HB REQ',
  5: 'HB ACK',
  6: 'ABORT',
  7: 'SHUTDOWN',
  8: 'SHUTDOWN ACK',
  9: 'OP ERR',
  10: 'COOKIE ECHO',
  11: 'COOKIE ACK',
  12: 'ECN ECHO',
  13: 'ECN CWR',
  14: 'SHUTDOWN COMPLETE',
  192: 'FOR CUM TSN',
  193: 'REL CTRL',
  194: 'REL CTRL ACK',
};
const PAYLOADS: Readonly<Record<number, string>> = {
  1: 'ISDN Q.921',
  2: 'M2UA',
  3: 'M3UA',
  4: 'SUA',
  5: 'M2PA',
  6: 'V5.2',
  7: 'H.248',
  8: 'BICC',
  9: 'TALI',
  10: 'DUA',
  11: 'ASAP',
  12: 'ENRP',
  13: 'H.323',
  14: 'Q.IPC',
  15: 'SIMCO',
  16: 'DDPSC',
  17: 'DDPSSC',
  18: 'S1AP',
  19: 'RUA',
  20: 'HNBAP',
  21: 'ForCES HP',
  22: 'ForCES MP',
  23: 'ForCES LP',
  24: 'SBc-AP',
  25: 'NBAP',
  27: 'X2AP',
};
/** Forwarding and Control Element Separation (RFC 5811) has ports of its own. */
const FORCES: Readonly<Record<number, string>> = { 6704: 'ForCES HP', 6705: 'ForCES MP', 6706: 'ForCES LP' };

const M3UA = 3;
const isForcesPayload = (payload: number): boolean => payload >= 21 && payload <= 23;

/** tcpdump's text of the chunks. */
export function sctpText(w: Line, frame: Frame, d: number): void {
  const at = frame.from[d]!;
  const length = frame.claim[d]! - at;
  w.label = 'sctp';
  if (length < sctp.$size) {
    w.str('truncated-sctp - ');
    w.dec(sctp.$size - length);
    w.str(' bytes missing!');
    return;
  }
  if (!w.has(at, sctp.$size)) {
    w.trunc();
    return;
  }
  transportEnds(w, frame, d);
  w.str(': sctp');
  const forces = [w.u16(at), w.u16(at + 2)].filter((port) => FORCES[port] !== undefined);
  for (const port of forces) w.str(`[${FORCES[port]}]`);
  chunksText(w, at + sctp.$size, length - sctp.$size, forces.length > 0);
}
/** tcpdump counts what is left in 32 bits without a sign, also when a chunk claims more than there is. */
function chunksText(w: Line, from: number, length: number, forces: boolean): void {
  let at = from;
  let left = length;
  let isForces = forces;
  let separator = w.verbose > 1 ? '\n\t' : ' (';
  for (let count = 1; left !== 0 && !w.cut; count++) {
    const problem = chunkProblem(w, at, left);
    if (problem === 'cut') {
      w.trunc();
      return;
    }
    w.str(separator);
    w.dec(count);
    w.str(') ');
    if (problem !== '') {
      w.str(problem);
      return;
    }
    const size = w.u16(at + 2);
    // From the first such payload on, all of the packet's are taken for that.
    isForces ||= w.u8(at) === CHUNK.data && size >= 16 && isForcesPayload(w.u32(at + 12));
    if (!chunkText(w, at, size, isForces)) return;
    if (w.verbose < 2) separator = ', (';
    const padding = -size & 3;
    if (padding !== 0 && !w.has(at + size, padding)) {
      w.trunc();
      return;
    }
    at += size + padding;
    left = (left - size - padding) >>> 0;
  }
}
/** What keeps the chunk at `at` from being read; nothing when it can be. */
function chunkProblem(w: Line, at: number, left: number): string {
  if (left < 4) return '[chunk descriptor cut off at end of packet]';
  if (!w.has(at, 4)) return 'cut';
  const size = w.u16(at + 2);
  if (size < 4) return `[Bad chunk length ${size}, < size of chunk descriptor]`;
  if (left < (-size & 3)) return `[Bad chunk length ${size}, > remaining data in packet]`;
  return w.has(at, size) ? '' : 'cut';
}
/** False when the chunk is too short for what it is. */
function chunkText(w: Line, at: number, size: number, forces: boolean): boolean {
  const type = w.u8(at);
  w.char(0x5b);
  w.named(NAMES, type, 'Unknown chunk type: 0x%x');
  w.str('] ');
  const value = at + 4;
  const whole = CONTENTS[type]?.(w, value, size - 4, forces) ?? true;
  if (!whole) w.str(`bogus chunk length ${size}]`);
  return whole;
}
const CONTENTS: Readonly<Record<number, (w: Line, at: number, size: number, forces: boolean) => boolean>> = {
  [CHUNK.data]: dataText,
  [CHUNK.init]: initText,
  [CHUNK.initAck]: initText,
  [CHUNK.sack]: sackText,
};
function bracketed(w: Line, name: string, value: number): void {
  w.char(0x5b);
  w.str(name);
  w.dec(value);
  w.str('] ');
}
function dataText(w: Line, at: number, size: number, forces: boolean): boolean {
  const flags = w.u8(at - 3);
  if ((flags & 4) !== 0) w.str('(U)');
  if ((flags & 2) !== 0) w.str('(B)');
  if ((flags & 1) !== 0) w.str('(E)');
  if ((flags & 7) !== 0) w.char(0x20);
  if (size < 12) return false;
  bracketed(w, 'TSN: ', w.u32(at));
  bracketed(w, 'SID: ', w.u16(at + 4));
  bracketed(w, 'SSEQ ', w.u16(at + 6));
  w.str('[PPID ');
  const payload = w.u32(at + 8);
  w.named(PAYLOADS, payload, '0x%x');
  w.str('] ');
  if (size === 12) return false;
  if (forces) forcesText(w, at + 12, size - 12);
  else if (w.verbose > 1 && payload === M3UA) m3uaText(w, at + 12, size - 12);
  else if (w.verbose > 1) {
    w.str('[Payload');
    if (w.dumps) {
      w.char(0x3a);
      w.hexDump(at + 12, at + size, true);
    }
    w.char(0x5d);
  }
  return true;
}
function initText(w: Line, at: number, size: number): boolean {
  if (size < 16) return false;
  bracketed(w, 'init tag: ', w.u32(at));
  bracketed(w, 'rwnd: ', w.u32(at + 4));
  bracketed(w, 'OS: ', w.u16(at + 8));
  bracketed(w, 'MIS: ', w.u16(at + 10));
  bracketed(w, 'init TSN: ', w.u32(at + 12));
  return true;
}
function sackText(w: Line, at: number, size: number): boolean {
  if (size < 12) return false;
  const base = w.u32(at);
  const gaps = w.u16(at + 8);
  const duplicates = w.u16(at + 10);
  bracketed(w, 'cum ack ', base);
  bracketed(w, 'a_rwnd ', w.u32(at + 4));
  bracketed(w, '#gap acks ', gaps);
  bracketed(w, '#dup tsns ', duplicates);
  const end = at + size;
  let next = at + 12;
  for (let i = 1; next < end && i <= gaps; i++, next += 4) {
    if (next + 4 > end) return false;
    w.str('\n\t\t');
    const first = (base + w.u16(next)) >>> 0;
    w.str(`[gap ack block #${i}: start = ${first}, end = ${(base + w.u16(next + 2)) >>> 0}] `);
  }
  for (let i = 1; next < end && i <= duplicates; i++, next += 4) {
    if (next + 4 > end) return false;
    w.str(`\n\t\t[dup TSN #${i}: ${w.u32(next)}] `);
  }
  return true;
}
