import type { Line } from '../../../src/dissect/line.ts';
import { MESSAGES, recordsText } from './messages.ts';
import { dump } from './record.ts';

const [ACKNOWLEDGES, MODES, ATOMIC, PHASES] = [
  ['NoACK', 'SuccessACK', 'FailureACK', 'AlwaysACK'],
  ['EMReserved', 'execute-all-or-none', 'execute-until-failure', 'continue-execute-on-failure'],
  ['Standalone', '2PCtransaction'],
  ['StartofTransaction', 'MiddleofTransaction', 'EndofTransaction', 'abort'],
] as const;
const HEADER = 24;
/** Numbers that stand for a message without being one. */
const isMessage = (type: number): boolean => (type > 0 && type < 7) || type === 15 || (type > 16 && type <= 20);

/** tcpdump's text of a message of `size` bytes. */
export function forcesText(w: Line, at: number, size: number): void {
  w.label = 'forces';
  if (!w.has(at, HEADER)) w.trunc();
  else if (!messageText(w, at, size)) {
    dump(w, at, size, '\n\t[');
    w.str('\n\t]');
  } else if (w.verbose >= 4) {
    w.str('\n\t  Raw ForCES message\n\t [');
    dump(w, at, size, '\n\t ');
    w.str('\n\t ]');
  }
  w.label = 'sctp';
}
/** False when the message makes no sense: then its bytes are shown. */
function messageText(w: Line, at: number, size: number): boolean {
  const type = w.u8(at + 1);
  const message = MESSAGES[type];
  if (!isMessage(type)) w.str(`Invalid ForCES message type ${type}\n`);
  else if (message === undefined) w.str(`\n\tUnknown ForCES message type=0x${type.toString(16)}`);
  else {
    w.str(`\n\tForCES ${message.name} `);
    const length = w.u16(at + 2) * 4;
    if (size >= HEADER && length === size) {
      if (w.verbose > 0) addressText(w, at, length);
      if (w.verbose > 1) flagsText(w, w.u32(at + 20));
      return recordsText(w, at + HEADER, size - HEADER, message);
    }
    w.str(`Illegal ForCES pkt len - min ${HEADER}, total recvd ${size}, advertised ${length} `);
  }
  return false;
}
function addressText(w: Line, at: number, length: number): void {
  const [source, destination] = [w.u32(at + 4), w.u32(at + 8)];
  const flags = w
    .u32(at + 20)
    .toString(16)
    .padStart(8, '0');
  w.str(`\n\tForCES Version ${w.u8(at) >> 4} len ${length}B flags 0x${flags} `);
  w.str(`\n\tSrcID 0x${source.toString(16)}(${nodeName(source)}) DstID 0x${destination.toString(16)}`);
  w.str(`(${nodeName(destination)}) Correlator 0x`);
  const [high, low] = [w.u32(at + 12), w.u32(at + 16)];
  if (high > 0) w.hex(high);
  w.hexPadded(low, high > 0 ? 8 : 1);
}
/** Section 6.1: forwarding elements, control elements, and groups of them. */
function nodeName(id: number): string {
  if (id <= 0x3fff_ffff) return 'FE';
  if (id <= 0x7fff_ffff) return 'CE';
  if (id >= 0xc000_0000 && id <= 0xffff_ffef) return 'AllMulticast';
  return BROADCASTS[id - 0xffff_fffd] ?? 'ForCESreserved';
}
const BROADCASTS = ['AllCEsBroadcast', 'AllFEsBroadcast', 'AllBroadcast'] as const;

function flagsText(w: Line, flags: number): void {
  const bits = (shift: number, mask: number): number => (flags >>> shift) & mask;
  const named = (names: readonly string[], value: number): string => `${names[value]}(0x${value.toString(16)})`;
  w.str(
    `\n\tForCES flags:\n\t  ${named(ACKNOWLEDGES, bits(30, 3))}, prio=${bits(27, 7)}, ${named(MODES, bits(22, 3))},`,
  );
  w.str(`\n\t  ${named(ATOMIC, bits(21, 1))}, ${named(PHASES, bits(19, 3))}\n`);
  w.str(`\t  Extra flags: rsv(b5-7) 0x${bits(24, 7).toString(16)} rsv(b13-31) 0x${bits(0, 0x7ffff).toString(16)}\n`);
}
