/** ICMPv6 errors (RFC 4443 section 3): each quotes the packet that it is about, 8 bytes from its start. */
import type { Line } from '../../src/dissect/line.ts';
import { ipv6Header } from '../ipv6/header.ts';
import { LINE, unknownData } from '../unknown-data.ts';
import type { MessageText } from './message.ts';

const QUOTED_AT = 8;
const UNREACHABLE: Readonly<Record<number, string>> = {
  0: 'unreachable route',
  1: ' unreachable prohibited',
  2: 'beyond scope',
  3: 'unreachable address',
  4: 'unreachable port',
};
const quotedSource = (at: number): number => at + QUOTED_AT + ipv6Header.src.distance;
const quotedDestination = (at: number): number => at + QUOTED_AT + ipv6Header.dst.distance;
function destination(w: Line, at: number, before: string): void {
  if (!w.need(quotedDestination(at), 16)) return;
  w.str(before);
  w.ipv6At(quotedDestination(at));
}

const unreachable: MessageText = (w, at, length, code) => {
  w.str(', ');
  w.named(UNREACHABLE, code, 'unknown unreach code (%u)');
  if (code === 4) return portText(w, at) ? 'length' : 'cut';
  if (code < 4) {
    if (code === 2 && !w.need(quotedSource(at), 32)) return 'length';
    destination(w, at, ' ');
    if (code === 2) {
      w.str(', source address ');
      w.ipv6At(quotedSource(at));
    }
    return 'length';
  }
  if (w.verbose > 1) return 'length';
  unknownData(w, at, length, LINE);
  return 'nothing';
};
const tooBig: MessageText = (w, at) => {
  const mtu = w.u32(at + 4);
  w.str(', mtu ');
  w.dec(mtu);
  return 'length';
};
const timeExceeded: MessageText = (w, at, _length, code) => {
  if (code === 0) destination(w, at, ' for ');
  else if (code === 1) w.str(' (reassembly)');
  else {
    w.str(', unknown code (');
    w.dec(code);
    w.char(0x29);
  }
  return 'length';
};
const PROBLEMS = ['erroneous', 'next header', 'option', 'incomplete header chain'] as const;
const parameterProblem: MessageText = (w, at, _length, code) => {
  if (!w.has(quotedDestination(at), 16)) return 'cut';
  const problem = PROBLEMS[code];
  w.str(', ');
  if (problem === undefined) {
    w.str('code-#');
    w.dec(code);
  } else {
    w.str(problem);
    w.str(' - octet ');
    w.dec(w.u32(at + 4));
  }
  return 'length';
};
export const ERRORS: Readonly<Record<number, MessageText>> = {
  1: unreachable,
  2: tooBig,
  3: timeExceeded,
  4: parameterProblem,
};

const TCP = 6;
const UDP = 17;
/** `, 2001:db8::1 udp port 53`: where nobody listened. False when the quoted packet does not tell. */
function portText(w: Line, at: number): boolean {
  const quoted = at + QUOTED_AT;
  if (!w.has(quoted + ipv6Header.nxt.distance, 1)) return false;
  let next = w.u8(quoted + ipv6Header.nxt.distance);
  let upper = quoted + ipv6Header.$size;
  while (next !== TCP && next !== UDP) {
    const size = extensionSize(w, next, upper);
    if (size < 0) return false;
    next = w.u8(upper);
    upper += size;
  }
  if (!w.has(upper + 2, 2)) return false;
  destination(w, at, ', ');
  w.str(next === TCP ? ' tcp port ' : ' udp port ');
  w.dec(w.u16(upper + 2));
  return true;
}
/** -1: no extension header, or cut. */
function extensionSize(w: Line, next: number, at: number): number {
  if (next === 0 || next === 60 || next === 43) return w.has(at + 1, 1) ? (w.u8(at + 1) + 1) * 8 : -1;
  // Only the first fragment goes on with the next header.
  if (next === 44) return w.has(at + 2, 2) && (w.u16(at + 2) & 0xfff8) === 0 ? 8 : -1;
  // The authentication header counts in words of four bytes, less two.
  if (next === 51) return w.has(at + 1, 1) ? (w.u8(at + 1) + 2) * 4 : -1;
  return -1;
}
