/**
 * Parts of the express lines, as functions that write into one view and return where their text ends.
 *
 * The view is no parameter: made once for a view that stays the same, V8 compiles where it lies and how long it is into
 * them, where each store into a view that is handed on would look that up again. They take numbers and not bytes, as V8
 * forgets what it knows of the packet's bytes with each store, too. Words are stored with no function around the store: V8
 * compiles what is called so often for itself, and once more into each that calls it.
 */
import { putDec, putIpv4Dot, putIpv6, word } from '../../src/bytes/put.ts';
import { FLAG_LENGTH, FLAG_WORDS, TIMESTAMP_ALONE } from '../tcp/words.ts';

const FIN_SYN_RST = 0x07;
const ACK = 0x10;

const IP = word('IP ');
const IP6 = word('IP6 ');
const DOT = word('.');
const TO = word(' > ');
const COLON = word(': ');
const SEQ = word(', seq ');
const ACKNOWLEDGES = word(', ack ');
const WINDOW = word(', win ');
const ECHO_REPLY = word(' ecr ');
const CLOSE = word(']');
const UDP_LENGTH = [word('UDP, len'), word('gth ')] as const;
const LENGTH = [word(', length'), word(' ')] as const;

/** The options of RFC 9293, 7323 and 2018 by kind: their size, 0 for those that are left to the general way. */
export const OPTION_SIZE = Uint8Array.from([0, 1, 4, 3, 2, 0, 0, 0, 10]);
const NAMES = ['', 'nop', 'mss ', 'wscale ', 'sackOK', '', '', '', 'TS val '] as const;
const OPTION_NAME = Float64Array.from(NAMES, word);
const OPTION_LENGTH = Uint8Array.from(NAMES, (name) => name.length);
const OPTIONS = [word(', option'), word('s [')] as const;
const COMMA = word(',');

export function expressText(view: DataView) {
  /** `IP 192.0.2.1.80 > 192.0.2.2.1024: `. Both ports in one number, as on the wire. */
  const ends4 = (from: number, source: number, destination: number, ports: number): number => {
    view.setFloat64(from, IP, true);
    let p = putDec(view, putIpv4Dot(view, from + 3, source), ports >>> 16);
    view.setFloat64(p, TO, true);
    p = putDec(view, putIpv4Dot(view, p + 3, destination), ports & 0xffff);
    view.setFloat64(p, COLON, true);
    return p + 2;
  };
  const ends6 = (from: number, bytes: Uint8Array, source: number, destination: number, ports: number): number => {
    view.setFloat64(from, IP6, true);
    let p = putIpv6(view, from + 4, bytes, source);
    view.setFloat64(p, DOT, true);
    p = putDec(view, p + 1, ports >>> 16);
    view.setFloat64(p, TO, true);
    p = putIpv6(view, p + 3, bytes, destination);
    view.setFloat64(p, DOT, true);
    p = putDec(view, p + 1, ports & 0xffff);
    view.setFloat64(p, COLON, true);
    return p + 2;
  };
  /** `UDP, length 12` */
  const udp = (p: number, length: number): number => {
    view.setFloat64(p, UDP_LENGTH[0], true);
    view.setFloat64(p + 8, UDP_LENGTH[1], true);
    return putDec(view, p + 12, length);
  };
  /** `Flags [P.], seq 1:13, ack 1, win 512`. A function of its own, as what V8 inlines into one is limited. */
  const numbers = (from: number, flags: number, seq: number, payload: number, ack: number, window: number): number => {
    view.setFloat64(from, FLAG_WORDS[2 * flags]!, true);
    view.setFloat64(from + 8, FLAG_WORDS[2 * flags + 1]!, true);
    let p = from + FLAG_LENGTH[flags]!;
    if (payload > 0 || (flags & FIN_SYN_RST) !== 0) {
      view.setFloat64(p, SEQ, true);
      p = putDec(view, p + 6, seq);
    }
    if (payload > 0) {
      view.setFloat64(p, COLON, true);
      p = putDec(view, p + 1, (seq + payload) | 0);
    }
    if ((flags & ACK) !== 0) {
      view.setFloat64(p, ACKNOWLEDGES, true);
      p = putDec(view, p + 6, ack);
    }
    view.setFloat64(p, WINDOW, true);
    return putDec(view, p + 6, window);
  };
  /** `, options [nop,nop,TS val 1 ecr 2]`: what almost every segment carries. */
  const timestampAlone = (from: number, value: number, echo: number): number => {
    view.setFloat64(from, TIMESTAMP_ALONE[0], true);
    view.setFloat64(from + 8, TIMESTAMP_ALONE[1], true);
    view.setFloat64(from + 16, TIMESTAMP_ALONE[2], true);
    view.setFloat64(from + 24, TIMESTAMP_ALONE[3], true);
    let p = putDec(view, from + 26, value);
    view.setFloat64(p, ECHO_REPLY, true);
    p = putDec(view, p + 5, echo);
    view.setFloat64(p, CLOSE, true);
    return p + 1;
  };
  /** `, options [mss 1460,sackOK,TS val 1 ecr 2,nop,wscale 7]`; at most forty bytes of them make less than 200 characters. */
  const options = (from: number, packets: DataView, start: number, to: number): number => {
    view.setFloat64(from, OPTIONS[0], true);
    view.setFloat64(from + 8, OPTIONS[1], true);
    let p = from + 11;
    for (let at = start; at < to; ) {
      const kind = packets.getUint8(at);
      if (at > start) view.setFloat64(p++, COMMA, true);
      view.setFloat64(p, OPTION_NAME[kind]!, true);
      p += OPTION_LENGTH[kind]!;
      if (kind === 2) p = putDec(view, p, packets.getUint16(at + 2));
      else if (kind === 3) p = putDec(view, p, packets.getUint8(at + 2));
      else if (kind === 8) {
        p = putDec(view, p, packets.getInt32(at + 2));
        view.setFloat64(p, ECHO_REPLY, true);
        p = putDec(view, p + 5, packets.getInt32(at + 6));
      }
      at += OPTION_SIZE[kind]!;
    }
    view.setFloat64(p, CLOSE, true);
    return p + 1;
  };
  /** `, length 12` */
  const length = (p: number, payload: number): number => {
    view.setFloat64(p, LENGTH[0], true);
    view.setFloat64(p + 8, LENGTH[1], true);
    return putDec(view, p + 9, payload);
  };
  return { ends4, ends6, udp, numbers, timestampAlone, options, length };
}
