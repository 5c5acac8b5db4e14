/**
 * The lines of plain TCP and UDP over IPv4 over Ethernet in one function: nine of ten packets of most captures.
 *
 * The general way (walk the layers, then let each print) says the same, and the tests compare the two; here it is said
 * without a frame between, because calls from layer to layer cost more than the text itself. Fields are read through
 * their declarations, and whatever is out of the ordinary is left to the general way.
 */
import { read8, read16 } from '../src/bytes/kind.ts';
import type { MakeExpress, Sequences } from '../src/dissect/express.ts';
import type { Table } from '../src/dissect/protocol.ts';
import type { Registry } from '../src/dissect/registry.ts';
import { eth } from './eth/header.ts';
import { expressText, OPTION_SIZE } from './express/text.ts';
import { ip } from './ip.ts';
import { ipv6Header } from './ipv6/header.ts';
import { NFS_PORT } from './nfs/text.ts';
import { segment } from './tcp/header.ts';
import { NOP_NOP_TIMESTAMP } from './tcp/words.ts';
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
const URG = 0x20;

/** For each port: does a protocol with text of its own read there? */
function spoken(registry: Registry, table: Table): Uint8Array {
  const speaks = new Uint8Array(table.size);
  for (const [port, id] of registry.bindings[table.slot] ?? []) speaks[port] = registry.lines[id] === undefined ? 0 : 1;
  // Its text is not that of a layer.
  speaks[NFS_PORT] = 1;
  return speaks;
}

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
export const ethernetExpress: MakeExpress = (registry, w) => {
  const tcpText = spoken(registry, tcpPort);
  const udpText = spoken(registry, udpPort);
  const guessed = (registry.guessers[udpPort.slot] ?? []).some(({ id }) => registry.lines[id] !== undefined);
  const { view } = w;
  const most = view.byteLength - MOST_TEXT;
  const { ends4, ends6, udp, numbers, timestampAlone, options, length: lengthText } = expressText(view);

  /** UDP's ports lie as TCP's do. */
  function ends(packets: DataView, bytes: Uint8Array, network: number, upper: number): number {
    const ports = packets.getInt32(upper);
    // The network layer's size tells which it is.
    if (upper - network !== ip.$size)
      return ends6(w.at, bytes, network + ipv6Header.src.distance, network + ipv6Header.dst.distance, ports);
    const source = packets.getInt32(network + ip.src.distance);
    return ends4(w.at, source, packets.getInt32(network + ip.dst.distance), ports);
  }
  function udpLine(packets: DataView, bytes: Uint8Array, network: number, upper: number, length: number): boolean {
    const claimed = datagram.length.read(bytes, upper);
    const source = datagram.srcport.read(bytes, upper);
    if (claimed < datagram.$size || claimed > length || guessed || source === BROADCOM) return false;
    if (udpText[source] === 1 || udpText[datagram.dstport.read(bytes, upper)] === 1) return false;
    w.at = udp(ends(packets, bytes, network, upper), claimed - datagram.$size);
    return true;
  }
  function look(sequences: Sequences, packets: DataView, bytes: Uint8Array, network: number, upper: number): void {
    const ports = packets.getInt32(upper);
    const flags = segment.flags.read(bytes, upper);
    const seq = packets.getInt32(upper + segment.seq_raw.distance);
    const ack = packets.getInt32(upper + segment.ack_raw.distance);
    if (upper - network === ip.$size) {
      const source = packets.getInt32(network + ip.src.distance);
      sequences.look4(source, packets.getInt32(network + ip.dst.distance), ports, flags, seq, ack);
      return;
    }
    const source = network + ipv6Header.src.distance;
    sequences.look6(bytes, source, network + ipv6Header.dst.distance, ports, flags, seq, ack);
  }
  /** `limit`: where the segment or the capture ends, whichever comes first. */
  function tcpLine(
    packets: DataView,
    bytes: Uint8Array,
    network: number,
    upper: number,
    length: number,
    limit: number,
    sequences: Sequences,
  ): boolean {
    if (limit < upper + segment.$size) return false;
    const headerLength = segment.hdr_len.read(bytes, upper);
    const first = upper + segment.$size;
    const last = upper + headerLength;
    if (headerLength < segment.$size || headerLength > length || limit < last) return false;
    const timestamp = last - first === 12 && packets.getInt32(first) === NOP_NOP_TIMESTAMP;
    if (!timestamp && !plainOptions(bytes, first, last)) return false;
    const payload = length - headerLength;
    if (
      payload > 0 &&
      (tcpText[segment.srcport.read(bytes, upper)] === 1 || tcpText[segment.dstport.read(bytes, upper)] === 1)
    )
      return false;
    const flags = segment.flags.read(bytes, upper);
    if ((flags & URG) !== 0) return false;

    look(sequences, packets, bytes, network, upper);
    const seq = (packets.getInt32(upper + segment.seq_raw.distance) - sequences.seqBase) | 0;
    const ack = (packets.getInt32(upper + segment.ack_raw.distance) - sequences.ackBase) | 0;
    const window = segment.window_size_value.read(bytes, upper);
    let p = ends(packets, bytes, network, upper);
    p = numbers(p, flags, seq, payload, ack, window);
    if (timestamp) p = timestampAlone(p, packets.getInt32(first + 4), packets.getInt32(first + 8));
    else if (first < last) p = options(p, packets, first, last);
    w.at = lengthText(p, payload);
    return true;
  }
  return (packets, bytes, at, captured, wire, sequences) => {
    if (captured < LEAST || wire < captured || wire > MOST) return false;
    // A long packet made the text grow.
    if (w.view !== view || w.at > most) return false;
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
    if (proto === TCP) return tcpLine(packets, bytes, network, upper, length, limit, sequences);
    return proto === UDP && udpLine(packets, bytes, network, upper, length);
  };
};
