/**
 * The lines of plain TCP and UDP over IPv4 over Ethernet in one function: nine of ten packets of most captures.
 *
 * The general way (walk the layers, then let each print) says the same, and the tests compare the two; here it is said
 * without a frame between, because calls from layer to layer cost more than the text itself. Fields are read through
 * their declarations, and whatever is out of the ordinary is left to the general way.
 */
import { read8, read16, read32 } from '../src/bytes/kind.ts';
import { putDec, putIpv4Dot, putIpv6, putWord, word } from '../src/bytes/put.ts';
import type { MakeExpress, Sequences } from '../src/dissect/express.ts';
import type { Line } from '../src/dissect/line.ts';
import type { Table } from '../src/dissect/protocol.ts';
import type { Registry } from '../src/dissect/registry.ts';
import { eth } from './eth/header.ts';
import { ip } from './ip.ts';
import { ipv6Header } from './ipv6/header.ts';
import { NFS_PORT } from './nfs/text.ts';
import { segment } from './tcp/header.ts';
import { FLAG_LENGTH, FLAG_WORDS, NOP_NOP_TIMESTAMP, TIMESTAMP_ALONE } from './tcp/words.ts';
import { tcpPort } from './tcp.ts';
import { BROADCOM } from './udp/broadcom-text.ts';
import { datagram, udpPort } from './udp.ts';

const IPV4 = 0x0800;
const IPV6 = 0x86dd;
const TAG = 0x8100;
const TAG_SIZE = 4;
/** Shorter packets have none of these lines. Where each header ends is compared with the capture's end later. */
const LEAST = 42;
/** Longer than any of these lines. */
const MOST_TEXT = 640;
const TCP = 6;
const UDP = 17;
/** Version 4, and a header without options. */
const PLAIN_HEADER = 0x45;
/** More fragments, and the offset. */
const FRAGMENT = 0x3fff;
const MOST = 262_144;
const FIN_SYN_RST = 0x07;
const ACK = 0x10;
const URG = 0x20;

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
const LENGTH = word(', length');
const SPACE = word(' ');
const UDP_LENGTH = [word('UDP, len'), word('gth ')] as const;

/** For each port: does a protocol with text of its own read there? */
function spoken(registry: Registry, table: Table): Uint8Array {
  const speaks = new Uint8Array(table.size);
  for (const port of registry.keys[table.slot] ?? [])
    speaks[port] = registry.lines[registry.ids[table.slot]![port]!] === undefined ? 0 : 1;
  // Its text is not that of a layer.
  speaks[NFS_PORT] = 1;
  return speaks;
}

/** Sequence and acknowledgment numbers and the window. A function of its own, as what V8 inlines into one is limited. */
function numbers(
  view: DataView,
  from: number,
  bytes: Uint8Array,
  upper: number,
  flags: number,
  payload: number,
  sequences: Sequences,
): number {
  let p = from;
  if (payload > 0 || (flags & FIN_SYN_RST) !== 0) {
    const seq = (segment.seq_raw.read(bytes, upper) - sequences.seqBase) | 0;
    putWord(view, p, SEQ);
    p = putDec(view, p + 6, seq);
    if (payload > 0) {
      putWord(view, p, COLON);
      p = putDec(view, p + 1, (seq + payload) | 0);
    }
  }
  if ((flags & ACK) !== 0) {
    putWord(view, p, ACKNOWLEDGES);
    p = putDec(view, p + 6, (segment.ack_raw.read(bytes, upper) - sequences.ackBase) | 0);
  }
  putWord(view, p, WINDOW);
  p = putDec(view, p + 6, segment.window_size_value.read(bytes, upper));
  return p;
}
/** `, options [nop,nop,TS val 1 ecr 2]`: what almost every segment carries. */
function timestampAlone(view: DataView, from: number, bytes: Uint8Array, options: number): number {
  putWord(view, from, TIMESTAMP_ALONE[0]);
  putWord(view, from + 8, TIMESTAMP_ALONE[1]);
  putWord(view, from + 16, TIMESTAMP_ALONE[2]);
  putWord(view, from + 24, TIMESTAMP_ALONE[3]);
  const p = putDec(view, from + 26, read32(bytes, options + 4) | 0);
  putWord(view, p, ECHO_REPLY);
  const end = putDec(view, p + 5, read32(bytes, options + 8) | 0);
  putWord(view, end, CLOSE);
  return end + 1;
}
/** The options of RFC 9293, 7323 and 2018 by kind: their size, 0 for those that are left to the general way. */
const OPTION_SIZE = Uint8Array.from([0, 1, 4, 3, 2, 0, 0, 0, 10]);
/** Are these whole and of the usual kinds, with no end of list? */
function plainOptions(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; ) {
    const kind = read8(bytes, at);
    const size = kind < OPTION_SIZE.length ? OPTION_SIZE[kind]! : 0;
    if (size === 0 || at + size > to || (size > 1 && read8(bytes, at + 1) !== size)) return false;
    at += size;
  }
  return true;
}
/** `, options [mss 1460,sackOK,TS val 1 ecr 2,nop,wscale 7]`; at most forty bytes of them make less than 200 characters. */
function optionsText(view: DataView, from: number, bytes: Uint8Array, start: number, to: number): number {
  let p = from;
  putWord(view, p, TIMESTAMP_ALONE[0]);
  putWord(view, p + 8, OPTIONS_REST);
  p += 11;
  for (let at = start; at < to; ) {
    const kind = read8(bytes, at);
    if (at > start) {
      putWord(view, p, COMMA);
      p += 1;
    }
    putWord(view, p, OPTION_NAME[kind]!);
    p += OPTION_LENGTH[kind]!;
    if (kind === 2) p = putDec(view, p, read16(bytes, at + 2));
    else if (kind === 3) p = putDec(view, p, read8(bytes, at + 2));
    else if (kind === 8) {
      p = putDec(view, p, read32(bytes, at + 2) | 0);
      putWord(view, p, ECHO_REPLY);
      p = putDec(view, p + 5, read32(bytes, at + 6) | 0);
    }
    at += OPTION_SIZE[kind]!;
  }
  putWord(view, p, CLOSE);
  return p + 1;
}
const OPTIONS_REST = word('s [');
const COMMA = word(',');
const NAMES = ['', 'nop', 'mss ', 'wscale ', 'sackOK', '', '', '', 'TS val '] as const;
const OPTION_NAME = Float64Array.from(NAMES, word);
const OPTION_LENGTH = Uint8Array.from(NAMES, (name) => name.length);

export const ethernetExpress: MakeExpress = (registry) => {
  const tcpText = spoken(registry, tcpPort);
  const udpText = spoken(registry, udpPort);
  const guessed = (registry.guessers[udpPort.slot] ?? []).some(({ id }) => registry.lines[id] !== undefined);

  /** `IP 192.0.2.1.80 > 192.0.2.2.1024: `; returns where it ends. UDP's ports lie as TCP's do. */
  function ends4(view: DataView, from: number, bytes: Uint8Array, network: number, ports: number): number {
    putWord(view, from, IP);
    let p = putIpv4Dot(view, from + 3, bytes, network + ip.src.distance);
    p = putDec(view, p, segment.srcport.read(bytes, ports));
    putWord(view, p, TO);
    p = putIpv4Dot(view, p + 3, bytes, network + ip.dst.distance);
    p = putDec(view, p, segment.dstport.read(bytes, ports));
    putWord(view, p, COLON);
    return p + 2;
  }
  function ends6(view: DataView, from: number, bytes: Uint8Array, network: number, ports: number): number {
    putWord(view, from, IP6);
    let p = putIpv6(view, from + 4, bytes, network + ipv6Header.src.distance);
    putWord(view, p, DOT);
    p = putDec(view, p + 1, segment.srcport.read(bytes, ports));
    putWord(view, p, TO);
    p = putIpv6(view, p + 3, bytes, network + ipv6Header.dst.distance);
    putWord(view, p, DOT);
    p = putDec(view, p + 1, segment.dstport.read(bytes, ports));
    putWord(view, p, COLON);
    return p + 2;
  }
  function udpLine(w: Line, bytes: Uint8Array, network: number, upper: number, length: number): boolean {
    const claimed = datagram.length.read(bytes, upper);
    if (claimed < datagram.$size || claimed > length || guessed) return false;
    if (datagram.srcport.read(bytes, upper) === BROADCOM) return false;
    if (udpText[datagram.srcport.read(bytes, upper)] === 1 || udpText[datagram.dstport.read(bytes, upper)] === 1)
      return false;
    const from = w.open(MOST_TEXT);
    const { view } = w;
    // The network layer's size tells which it is.
    const p =
      upper - network === ip.$size
        ? ends4(view, from, bytes, network, upper)
        : ends6(view, from, bytes, network, upper);
    putWord(view, p, UDP_LENGTH[0]);
    putWord(view, p + 8, UDP_LENGTH[1]);
    w.at = putDec(view, p + 12, claimed - datagram.$size);
    return true;
  }
  /** `limit`: where the segment or the capture ends, whichever comes first. */
  function tcpLine(
    w: Line,
    bytes: Uint8Array,
    network: number,
    upper: number,
    length: number,
    limit: number,
    sequences: Sequences,
  ): boolean {
    if (limit < upper + segment.$size) return false;
    const headerLength = segment.hdr_len.read(bytes, upper);
    const options = upper + segment.$size;
    if (headerLength < segment.$size || headerLength > length || limit < upper + headerLength) return false;
    const timestamp = headerLength === segment.$size + 12 && read32(bytes, options) === NOP_NOP_TIMESTAMP;
    if (!timestamp && !plainOptions(bytes, options, upper + headerLength)) return false;
    const payload = length - headerLength;
    if (
      payload > 0 &&
      (tcpText[segment.srcport.read(bytes, upper)] === 1 || tcpText[segment.dstport.read(bytes, upper)] === 1)
    )
      return false;
    const flags = segment.flags.read(bytes, upper);
    if ((flags & URG) !== 0) return false;

    const from = w.open(MOST_TEXT);
    const { view } = w;
    let p: number;
    if (upper - network === ip.$size) {
      sequences.look4(bytes, network + ip.src.distance, network + ip.dst.distance, upper);
      p = ends4(view, from, bytes, network, upper);
    } else {
      sequences.look6(bytes, network + ipv6Header.src.distance, network + ipv6Header.dst.distance, upper);
      p = ends6(view, from, bytes, network, upper);
    }
    putWord(view, p, FLAG_WORDS[2 * flags]!);
    putWord(view, p + 8, FLAG_WORDS[2 * flags + 1]!);
    p = numbers(view, p + FLAG_LENGTH[flags]!, bytes, upper, flags, payload, sequences);
    if (timestamp) p = timestampAlone(view, p, bytes, options);
    else if (headerLength > segment.$size) p = optionsText(view, p, bytes, options, upper + headerLength);
    putWord(view, p, LENGTH);
    putWord(view, p + 8, SPACE);
    w.at = putDec(view, p + 9, payload);
    return true;
  }
  return (w, bytes, at, captured, wire, sequences) => {
    if (captured < LEAST || wire < captured || wire > MOST) return false;
    let type = eth.type.read(bytes, at);
    let network = at + eth.$size;
    if (type === TAG) {
      // The tag's own type stands behind its control information.
      type = read16(bytes, network + 2);
      network += TAG_SIZE;
    }
    w.linkHeader = network - at;
    const left = wire - w.linkHeader;
    let upper: number;
    let length: number;
    let proto: number;
    if (type === IPV4) {
      if (ip.first.read(bytes, network) !== PLAIN_HEADER) return false;
      const total = ip.len.read(bytes, network);
      if (total > left || (ip.fragment.read(bytes, network) & FRAGMENT) !== 0) return false;
      proto = ip.proto.read(bytes, network);
      upper = network + ip.$size;
      length = total - ip.$size;
    } else {
      if (type !== IPV6 || ipv6Header.version.read(bytes, network) !== 6) return false;
      length = ipv6Header.plen.read(bytes, network);
      if (length === 0 || ipv6Header.$size + length > left) return false;
      proto = ipv6Header.nxt.read(bytes, network);
      upper = network + ipv6Header.$size;
    }
    const limit = Math.min(at + captured, upper + length);
    if (limit < upper + datagram.$size) return false;
    if (proto === TCP) return tcpLine(w, bytes, network, upper, length, limit, sequences);
    return proto === UDP && udpLine(w, bytes, network, upper, length);
  };
};
