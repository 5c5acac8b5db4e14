import { shouldBe16 } from '../src/bytes/checksum.ts';
import { putDec, putWord, word } from '../src/bytes/put.ts';
import { literal } from '../src/bytes/text.ts';
import type { Frame } from '../src/dissect/frame.ts';
import type { Line } from '../src/dissect/line.ts';
import { NONE, protocol, table } from '../src/dissect/protocol.ts';
import { FLAG } from '../src/frame/batch.ts';
import { absentText, OVER_TCP } from './absent.ts';
import { checksumStatus } from './checksum-status.ts';
import { NFS_PORT, nfsSegmentText } from './nfs/text.ts';
import { networkBelow, pseudoChecksum } from './pseudo-header.ts';
import { tcpComputed, tcpSummary } from './tcp/computed.ts';
import { segment } from './tcp/header.ts';
import { tcpOptionsText } from './tcp/options.ts';
import { FLAG_LENGTH, FLAG_WORDS } from './tcp/words.ts';
import { isFragment } from './udp.ts';

export const tcpPort = table('tcp.port', 0x1_0000);
/** Is a TCP segment what carries layer `d`? */
export const isOverTcp = (frame: Frame, d: number): boolean =>
  d > 0 && frame.layer[d - 1] === frame.registry.id(segment.$name);
const FIN_SYN_RST = 0x07;
const ACK = 0x10;
const RST = 0x04;
const URG = 0x20;

/** Transmission Control Protocol. */
export const tcp = protocol(segment, {
  title: 'Transmission Control Protocol',
  source: 'RFC 9293',
  summary: tcpSummary,
  on: { 'ip.proto': 6 },
  opens: [tcpPort],
  ends: [segment.srcport, segment.dstport],
  spansPayload: true,
  computed: [checksumStatus('tcp'), ...tcpComputed],
  step(frame, bytes, at, end) {
    const headerLength = segment.hdr_len.read(bytes, at);
    if (headerLength < segment.$size || at + headerLength > end) return frame.malformed();
    const payload = at + headerLength;
    if (payload === end) return NONE;
    const source = segment.srcport.read(bytes, at);
    const destination = segment.dstport.read(bytes, at);
    // The lower port is the better known one.
    const low = Math.min(source, destination);
    let id = frame.handOn(tcpPort, low, payload, end);
    if (id === NONE) id = frame.handOn(tcpPort, source + destination - low, payload, end);
    return id === NONE ? frame.guess(tcpPort, payload, end) : id;
  },
  expand(frame, d, visit) {
    const { bytes } = frame;
    const start = frame.from[d]!;
    const end = Math.min(start + segment.hdr_len.read(bytes, start), frame.limit(d));
    for (let at = start + segment.$size; at < end; ) {
      const kind = segment.option_kind.read(bytes, at);
      visit(segment.option_kind, at, at + 1);
      if (kind < 2) {
        at++;
        continue;
      }
      if (at + 2 > end) return;
      visit(segment.option_len, at + 1, at + 2);
      const length = segment.option_len.read(bytes, at + 1);
      if (length < 2 || at + length > end) return;
      visitOption(kind, at + 2, at + length, visit);
      at += length;
    }
  },
  check(frame, d) {
    const at = frame.from[d]!;
    const end = frame.claim[d]!;
    if ((frame.flags & FLAG.checksumNotReady) !== 0 || frame.limit(d) < end || isFragment(frame, d)) return;
    const sum = pseudoChecksum(frame, d, 6, end - at);
    if (sum !== undefined) frame.verified(d, sum === 0);
  },
  line(w, frame, d) {
    const at = frame.from[d]!;
    const { bytes } = frame;
    w.label = 'tcp';
    if (w.limit - at < segment.$size) {
      cutText(w, frame, d);
      return;
    }
    w.endsOf(frame, d);
    let length = frame.claim[d]! - at;
    const headerLength = segment.hdr_len.read(bytes, at);
    if (headerLength < segment.$size) {
      w.str(' tcp ');
      // tcpdump prints this difference as an unsigned number.
      w.dec((length - headerLength) >>> 0);
      w.str(' [bad hdr length ');
      w.dec(headerLength);
      w.str(' - too short, < 20]');
      return;
    }
    if (w.quiet > 0) {
      w.put(TCP);
      w.dec((length - headerLength) >>> 0);
      if (headerLength > length) tooLong(w, headerLength, length);
      return;
    }
    const flags = segment.flags.read(bytes, at);
    flagsText(w, flags);
    if (headerLength > length) {
      tooLong(w, headerLength, length);
      return;
    }
    if (w.verbose > 0 && w.checksums && !isFragment(frame, d)) checksumText(w, frame, d, length);
    length -= headerLength;
    numbersText(w, frame, d, flags, length);
    if (headerLength > segment.$size) {
      const from = at + segment.$size;
      const sackBase = w.absolute ? 0 : frame.sackBase[d]!;
      if (!tcpOptionsText(w, from, headerLength - segment.$size, at + headerLength + length, sackBase, flags)) return;
    }
    const p = w.open(32);
    putWord(w.view, p, LENGTH);
    putWord(w.view, p + 8, SPACE);
    w.at = putDec(w.view, p + 9, length);
    if (length === 0) return;
    if (w.limit < at + headerLength) {
      w.str(' [remaining caplen(');
      w.dec(w.limit - at);
      w.str(') < header length(');
      w.dec(headerLength);
      w.str(')]');
      w.cutHere();
      return;
    }
    if ((flags & RST) !== 0 && w.verbose > 0) resetText(w, at + headerLength, length);
    else if (!w.next(frame, d)) {
      const payload = at + headerLength;
      if (!w.has(payload, 1)) {
        const known = OVER_TCP[segment.srcport.read(bytes, at)] ?? OVER_TCP[segment.dstport.read(bytes, at)];
        if (absentText(w, known, payload, length)) return;
      }
      if (segment.dstport.read(bytes, at) === NFS_PORT) nfsSegmentText(w, frame, d, true, payload, length);
      if (segment.srcport.read(bytes, at) === NFS_PORT) nfsSegmentText(w, frame, d, false, payload, length);
    }
  },
});

const TCP = literal('tcp ');
const SEQ = word(', seq ');
const ACKNOWLEDGES = word(', ack ');
const WINDOW = word(', win ');
const URGENT = word(', urg ');
const LENGTH = word(', length');
const SPACE = word(' ');
function flagsText(w: Line, flags: number): void {
  const p = w.open(16);
  putWord(w.view, p, FLAG_WORDS[2 * flags]!);
  putWord(w.view, p + 8, FLAG_WORDS[2 * flags + 1]!);
  w.at = p + FLAG_LENGTH[flags]!;
}

/** Sequence and acknowledgment numbers, window and urgent pointer. */
function numbersText(w: Line, frame: Frame, d: number, flags: number, length: number): void {
  const { bytes } = frame;
  const at = frame.from[d]!;
  let p = w.open(96);
  const { view } = w;
  if (length > 0 || (flags & FIN_SYN_RST) !== 0 || w.verbose > 1) {
    const raw = segment.seq_raw.read(bytes, at);
    const seq = w.absolute ? raw : (raw - frame.seqBase[d]!) >>> 0;
    putWord(view, p, SEQ);
    p = putDec(view, p + 6, seq);
    if (length > 0) {
      w.bytes[p] = 0x3a;
      p = putDec(view, p + 1, (seq + length) >>> 0);
    }
  }
  if ((flags & ACK) !== 0) {
    const raw = segment.ack_raw.read(bytes, at);
    putWord(view, p, ACKNOWLEDGES);
    p = putDec(view, p + 6, w.absolute ? raw : (raw - frame.ackBase[d]!) >>> 0);
  }
  putWord(view, p, WINDOW);
  p = putDec(view, p + 6, segment.window_size_value.read(bytes, at));
  if ((flags & URG) !== 0) {
    putWord(view, p, URGENT);
    p = putDec(view, p + 6, segment.urgent_pointer.read(bytes, at));
  }
  w.at = p;
}
function tooLong(w: Line, headerLength: number, length: number): void {
  w.str(' [bad hdr length ');
  w.dec(headerLength);
  w.str(' - too long, > ');
  w.dec(Math.max(0, length));
  w.char(0x5d);
}
/** The header was not captured whole. */
function cutText(w: Line, frame: Frame, d: number): void {
  const network = networkBelow(frame, d);
  if (w.has(frame.from[d]!, 4)) w.endsOf(frame, d);
  else if (network >= 0) {
    w.addressesOf(frame, network);
    w.char(0x3a);
  }
  w.trunc();
}
function checksumText(w: Line, frame: Frame, d: number, length: number): void {
  const at = frame.from[d]!;
  if (!w.has(at, length)) return;
  const sum = pseudoChecksum(frame, d, 6, length);
  if (sum === undefined) return;
  const found = segment.checksum.read(frame.bytes, at);
  w.str(', cksum 0x');
  w.hexPadded(found, 4);
  if (sum === 0) {
    w.str(' (correct)');
    return;
  }
  w.str(' (incorrect -> 0x');
  w.hexPadded(shouldBe16(found, sum), 4);
  w.char(0x29);
}
/** A reset may carry a reason as text (RFC 9293 section 3.5.3, MUST-2). */
function resetText(w: Line, from: number, length: number): void {
  w.str(w.has(from, length) ? ' [RST' : ' [!RST');
  if (length > 30) w.char(0x2b);
  w.char(0x20);
  w.printable(w.frame.bytes, from, Math.min(from + Math.min(length, 30), w.limit));
  w.char(0x5d);
}

type Visitor = Parameters<NonNullable<typeof tcp.expand>>[2];
/** One option's body (RFC 9293 section 3.2 and the RFCs of IANA's registry "TCP Option Kind Numbers"). */
function visitOption(kind: number, from: number, to: number, visit: Visitor): void {
  const size = to - from;
  if (size === 0) return;
  if (kind === 2 && size === 2) visit(segment['options.mss_val'], from, to);
  else if (kind === 3 && size === 1) visit(segment['options.wscale.shift'], from, to);
  else if (kind === 5 && size % 8 === 0)
    for (let at = from; at < to; at += 8) {
      visit(segment['options.sack_le'], at, at + 4);
      visit(segment['options.sack_re'], at + 4, at + 8);
    }
  else if (kind === 8 && size === 8) {
    visit(segment['options.timestamp.tsval'], from, from + 4);
    visit(segment['options.timestamp.tsecr'], from + 4, to);
  } else if (kind === 28 && size === 2) visit(segment['options.user_to_val'], from, to);
  else if (kind === 19) visit(segment['options.md5.digest'], from, to);
  else if (kind === 29 && size >= 2) {
    visit(segment['options.ao.keyid'], from, from + 1);
    visit(segment['options.ao.rnextkeyid'], from + 1, from + 2);
    if (size > 2) visit(segment['options.ao.mac'], from + 2, to);
  } else if (kind === 34) visit(segment['options.tfo.cookie'], from, to);
  else if (kind === 30) visit(segment['options.mptcp.subtype'], from, from + 1);
  else if (kind >= 253 && size >= 2) visit(segment['options.experimental.exid'], from, from + 2);
  else visit(segment['options.unknown.payload'], from, to);
}
