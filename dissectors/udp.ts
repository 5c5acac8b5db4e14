import { shouldBe16 } from '../src/bytes/checksum.ts';
import { header, u16 } from '../src/bytes/field.ts';
import { literal } from '../src/bytes/text.ts';
import { type Frame, MARK } from '../src/dissect/frame.ts';
import type { Line } from '../src/dissect/line.ts';
import { NONE, protocol, table } from '../src/dissect/protocol.ts';
import { FLAG } from '../src/frame/batch.ts';
import { AS_GIVEN, absentText, OVER_UDP } from './absent.ts';
import { checksumStatus } from './checksum-status.ts';
import { moreFragments } from './ip.ts';
import { NFS_PORT, nfsText } from './nfs/text.ts';
import { payloadOf } from './payload.ts';
import { networkBelow, pseudoChecksum } from './pseudo-header.ts';
import { streamTimes } from './stream-times.ts';
import { BROADCOM, broadcomText, isBroadcom } from './udp/broadcom-text.ts';

export const datagram = header('udp', {
  srcport: u16('Source port', { also: 'udp.port' }),
  dstport: u16('Destination port', { also: 'udp.port' }),
  length: u16('Length', { unit: 'bytes' }),
  checksum: u16('Checksum', { base: 'hex' }),
});
export const udpPort = table('udp.port', 0x1_0000);

/** User Datagram Protocol. */
export const udp = protocol(datagram, {
  title: 'User Datagram Protocol',
  source: 'RFC 768',
  summary: 'User Datagram Protocol, Src Port: {udp.srcport}, Dst Port: {udp.dstport}',
  on: { 'ip.proto': 17 },
  opens: [udpPort],
  ends: [datagram.srcport, datagram.dstport],
  computed: [
    checksumStatus('udp'),
    {
      name: 'udp.stream',
      label: 'Conversation',
      type: 'number',
      flow: true,
      value: (frame, d) => (frame.stream[d]! < 0 ? undefined : frame.stream[d]),
    },
    ...streamTimes('udp'),
    payloadOf(
      'udp',
      (frame, d) => frame.from[d]! + datagram.$size,
      (frame, d) => {
        const at = frame.from[d]!;
        return at + (datagram.length.read(frame.bytes, at) || frame.limit(d) - at);
      },
    ),
  ],
  step(frame, bytes, at, end) {
    const length = datagram.length.read(bytes, at);
    // A length of 0 is a jumbogram's (RFC 2675 section 4) or an offloaded packet's.
    if (length !== 0 && length < datagram.$size) return frame.malformed();
    // What the datagram says counts only as far as the layer below has room.
    const claimed = length === 0 ? end : Math.min(at + length, frame.claim[frame.depth - 1]!);
    const payload = at + datagram.$size;
    const source = datagram.srcport.read(bytes, at);
    const destination = datagram.dstport.read(bytes, at);
    // The lower port is the better known one.
    const low = Math.min(source, destination);
    let id = frame.handOn(udpPort, low, payload, claimed);
    if (id === NONE) id = frame.handOn(udpPort, source + destination - low, payload, claimed);
    return id === NONE ? frame.guess(udpPort, payload, claimed) : id;
  },
  check(frame, d) {
    const at = frame.from[d]!;
    const length = datagram.length.read(frame.bytes, at);
    if (datagram.checksum.read(frame.bytes, at) === 0) {
      frame.mark(d, MARK.noChecksum);
      return;
    }
    if ((frame.flags & FLAG.checksumNotReady) !== 0) return;
    if (length < datagram.$size || at + length > frame.limit(d) || isFragment(frame, d)) return;
    const sum = pseudoChecksum(frame, d, 17, length);
    if (sum !== undefined) frame.verified(d, sum === 0);
  },
  line(w, frame, d) {
    const at = frame.from[d]!;
    const { bytes } = frame;
    w.label = 'udp';
    if (w.limit - at < 4) {
      if (networkBelow(frame, d) === d - 1) {
        w.addressesOf(frame, d - 1);
        w.put(COLON);
      }
      w.trunc();
      return;
    }
    w.endsOf(frame, d);
    let length = frame.claim[d]! - at;
    if (length < datagram.$size) {
      w.str('truncated-udp ');
      w.dec(length);
      return;
    }
    if (!w.has(at + 4, 2)) {
      w.trunc();
      return;
    }
    let claimed = datagram.length.read(bytes, at);
    if (claimed === 0 && length > 0xffff) claimed = length;
    if (claimed < datagram.$size) {
      w.str('truncated-udplength ');
      w.dec(claimed);
      return;
    }
    claimed -= datagram.$size;
    length -= datagram.$size;
    if (claimed < length) length = claimed;
    if (w.limit < at + datagram.$size) {
      w.trunc();
      return;
    }
    const fragmented = isFragment(frame, d);
    // Its text leaves the checksum out, so that it is not written with those of other payloads.
    if (w.quiet === 0 && nfsWritten(w, frame, d, length)) return;
    if (w.verbose > 0 && w.checksums && !fragmented) checksumText(w, frame, d, length);
    if (w.quiet === 0 && broadcomWritten(w, frame, d, length)) return;
    if (
      w.quiet === 0 &&
      (w.next(frame, d) || absentText(w, knownOf(frame, d), frame.from[d]! + datagram.$size, length))
    )
      return;
    if (claimed > length && !fragmented) {
      w.str('UDP, bad length ');
      w.dec(claimed);
      w.put(TO);
      w.dec(length);
      return;
    }
    w.put(LENGTH);
    w.dec(claimed);
  },
});
function nfsWritten(w: Line, frame: Frame, d: number, length: number): boolean {
  const at = frame.from[d]!;
  const payload = at + datagram.$size;
  return (
    (datagram.dstport.read(frame.bytes, at) === NFS_PORT && nfsText(w, frame, d, true, payload, length)) ||
    (datagram.srcport.read(frame.bytes, at) === NFS_PORT && nfsText(w, frame, d, false, payload, length))
  );
}
function broadcomWritten(w: Line, frame: Frame, d: number, length: number): boolean {
  const { bytes, registry } = frame;
  const at = frame.from[d]!;
  if (!isBroadcom(datagram.srcport.read(bytes, at), datagram.dstport.read(bytes, at))) return false;
  // With -T all ports are of one protocol.
  if (registry.idsIn(udpPort)[BROADCOM] !== NONE) return false;
  broadcomText(w, frame, d, at + datagram.$size, length);
  return true;
}
const LENGTH = literal('UDP, length ');
const COLON = literal(': ');
const TO = literal(' > ');

/** What a port announces. */
function knownOf({ bytes, from, registry }: Frame, d: number) {
  // With -T all ports are of one protocol.
  const given = registry.idsIn(udpPort)[BROADCOM]!;
  if (given !== NONE) return AS_GIVEN[registry.protocols[given]!.name];
  return OVER_UDP[datagram.srcport.read(bytes, from[d]!)] ?? OVER_UDP[datagram.dstport.read(bytes, from[d]!)];
}
/** Does the datagram go on in other fragments? Then its checksum cannot be checked here. */
export function isFragment(frame: Frame, d: number): boolean {
  for (let below = d - 1; below >= 0; below--) {
    const { name } = frame.registry.protocols[frame.layer[below]!]!;
    if (name === 'ip') return moreFragments(frame, below);
    if (name === 'ipv6') return false;
    if (name === 'ipv6.fraghdr') return true;
  }
  return false;
}
function checksumText(w: Line, frame: Frame, d: number, length: number): void {
  const at = frame.from[d]!;
  const network = networkBelow(frame, d);
  if (network < 0) return;
  const found = w.u16(at + datagram.checksum.distance);
  if (frame.registry.protocols[frame.layer[network]!]!.name === 'ip') {
    if (w.verbose < 2) return;
    if (found === 0) {
      w.str('[no cksum] ');
      return;
    }
  }
  if (!w.has(at + datagram.$size, length)) return;
  const sum = pseudoChecksum(frame, d, 17, length + datagram.$size);
  if (sum === 0) {
    w.str('[udp sum ok] ');
    return;
  }
  w.str('[bad udp cksum 0x');
  w.hexPadded(found, 4);
  w.str(' -> 0x');
  w.hexPadded(shouldBe16(found, sum!), 4);
  w.str('!] ');
}
