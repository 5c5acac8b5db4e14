/**
 * The lines of plain TCP and UDP over IPv4 over Ethernet in one function: nine of ten packets of most captures.
 *
 * The general way (walk the layers, then let each print) says the same, and the tests compare the two; here it is said
 * without a frame between, because calls from layer to layer cost more than the text itself. Fields are read through
 * their declarations, and whatever is out of the ordinary is left to the general way.
 */
import { read8 } from '../src/bytes/kind.ts';
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

  function udpLine(
    packets: DataView,
    bytes: Uint8Array,
    network: number,
    upper: number,
    length: number,
    p: number,
  ): number {
    const ports = packets.getInt32(upper);
    const source = ports >>> 16;
    const claimed = packets.getUint16(upper + datagram.length.distance);
    if (claimed < datagram.$size || claimed > length || guessed || source === BROADCOM) return 0;
    if (udpText[source] === 1 || udpText[ports & 0xffff] === 1) return 0;
    // The network layer's size tells which it is.
    const q =
      upper - network === ip.$size
        ? ends4(p, packets.getInt32(network + ip.src.distance), packets.getInt32(network + ip.dst.distance), ports)
        : ends6(p, bytes, network + ipv6Header.src.distance, network + ipv6Header.dst.distance, ports);
    return udp(q, claimed - datagram.$size);
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
    p: number,
  ): number {
    if (limit < upper + segment.$size) return 0;
    const headerLength = segment.hdr_len.read(bytes, upper);
    const first = upper + segment.$size;
    const last = upper + headerLength;
    if (headerLength < segment.$size || headerLength > length || limit < last) return 0;
    const timestamp = last - first === 12 && packets.getInt32(first) === NOP_NOP_TIMESTAMP;
    if (!timestamp && !plainOptions(bytes, first, last)) return 0;
    const payload = length - headerLength;
    const ports = packets.getInt32(upper);
    if (payload > 0 && (tcpText[ports >>> 16] === 1 || tcpText[ports & 0xffff] === 1)) return 0;
    const flags = packets.getUint8(upper + segment.flags.distance);
    if ((flags & URG) !== 0) return 0;

    const seq = packets.getInt32(upper + segment.seq_raw.distance);
    const ack = packets.getInt32(upper + segment.ack_raw.distance);
    const window = packets.getUint16(upper + segment.window_size_value.distance);
    const version4 = upper - network === ip.$size;
    const from = network + (version4 ? ip.src.distance : ipv6Header.src.distance);
    const to = network + (version4 ? ip.dst.distance : ipv6Header.dst.distance);
    let source: number;
    let destination: number;
    if (version4) {
      source = packets.getInt32(from);
      destination = packets.getInt32(to);
    } else {
      const { words } = sequences;
      words.look(bytes, from, to);
      source = words.source;
      destination = words.destination;
    }
    sequences.look(source, destination, ports, flags, seq, ack);
    let q = version4 ? ends4(p, source, destination, ports) : ends6(p, bytes, from, to, ports);
    q = numbers(q, flags, (seq - sequences.seqBase) | 0, payload, (ack - sequences.ackBase) | 0, window);
    if (timestamp) q = timestampAlone(q, packets.getInt32(first + 4), packets.getInt32(first + 8));
    else if (first < last) q = options(q, packets, first, last);
    return lengthText(q, payload);
  }
  return (packets, bytes, at, captured, wire, sequences, p) => {
    if (captured < LEAST || wire < captured || wire > MOST) return 0;
    // A long packet made the text grow.
    if (w.view !== view || p > most) return 0;
    let type = packets.getUint16(at + eth.type.distance);
    let network = at + eth.$size;
    if (type === TAG) {
      // The tag's own type stands behind its control information.
      type = packets.getUint16(network + 2);
      network += TAG_SIZE;
    }
    w.linkHeader = network - at;
    const left = wire - (network - at);
    let upper: number;
    let length: number;
    let proto: number;
    if (type === IPV4) {
      if (packets.getUint8(network + ip.first.distance) !== PLAIN_HEADER) return 0;
      const total = packets.getUint16(network + ip.len.distance);
      if (total > left || (packets.getUint16(network + ip.fragment.distance) & FRAGMENT) !== 0) return 0;
      proto = packets.getUint8(network + ip.proto.distance);
      upper = network + ip.$size;
      length = total - ip.$size;
    } else {
      if (type !== IPV6 || ipv6Header.version.read(bytes, network) !== 6) return 0;
      length = packets.getUint16(network + ipv6Header.plen.distance);
      if (length === 0 || ipv6Header.$size + length > left) return 0;
      proto = packets.getUint8(network + ipv6Header.nxt.distance);
      upper = network + ipv6Header.$size;
    }
    const limit = Math.min(at + captured, upper + length);
    if (limit < upper + datagram.$size) return 0;
    if (proto === TCP) return tcpLine(packets, bytes, network, upper, length, limit, sequences, p);
    return proto === UDP ? udpLine(packets, bytes, network, upper, length, p) : 0;
  };
};
