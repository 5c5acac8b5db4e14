import { bits, header, bytes as raw, u8, u16, u32 } from '../src/bytes/field.ts';
import { read8 } from '../src/bytes/kind.ts';
import { protocol } from '../src/dissect/protocol.ts';
import { inOrder } from './in-order.ts';

/** RFC 3551 section 6; numbers from 96 on are agreed upon elsewhere. */
const PAYLOADS = {
  0: 'PCMU',
  3: 'GSM',
  4: 'G723',
  5: 'DVI4 8000 Hz',
  6: 'DVI4 16000 Hz',
  7: 'LPC',
  8: 'PCMA',
  9: 'G722',
  10: 'L16 stereo',
  11: 'L16 mono',
  12: 'QCELP',
  13: 'Comfort noise',
  14: 'MPA',
  15: 'G728',
  16: 'DVI4 11025 Hz',
  17: 'DVI4 22050 Hz',
  18: 'G729',
  25: 'CelB',
  26: 'JPEG',
  28: 'nv',
  31: 'H261',
  32: 'MPV',
  33: 'MP2T',
  34: 'H263',
};
const head = header(
  'rtp',
  {
    flags: u8('Version and flags', { base: 'hex' }),
    version: bits('flags', 0xc0, 'Version'),
    padding: bits('flags', 0x20, 'Padding'),
    ext: bits('flags', 0x10, 'Extension'),
    cc: bits('flags', 0x0f, 'Number of contributing sources'),
    marker_and_type: u8('Marker and payload type', { base: 'hex' }),
    marker: bits('marker_and_type', 0x80, 'Marker'),
    p_type: bits('marker_and_type', 0x7f, 'Payload type', { names: PAYLOADS }),
    seq: u16('Sequence number'),
    timestamp: u32('Timestamp'),
    ssrc: u32('Synchronization source', { base: 'hex' }),
  },
  {
    'csrc.item': u32('Contributing source', { base: 'hex' }),
    'ext.profile': u16('Kind of extension', { base: 'hex' }),
    'ext.len': u16('Extension length', { unit: '32-bit words' }),
    hdr_ext: raw('Extension'),
    payload: raw('Payload'),
    'padding.count': u8('Padding count', { unit: 'bytes' }),
  },
);

/** Media. Its ports are mostly agreed upon elsewhere: it is found at the default one, where SDP or RTSP announces it, or where somebody says so. */
export const realTime = protocol(head, {
  title: 'Real-Time Transport Protocol',
  source: 'RFC 3550 section 5, RFC 3551 section 8',
  on: { 'udp.port': 5004 },
  fromFlow: 'lasting',
  expand(frame, d, visit) {
    const { bytes } = frame;
    const start = frame.from[d]!;
    const end = frame.limit(d);
    let at = start + head.$size;
    for (let i = head.cc.read(bytes, start); i > 0; i--) at = inOrder([head['csrc.item']], at, end, visit);
    if (head.ext.read(bytes, start) !== 0) {
      const body = inOrder([head['ext.profile'], head['ext.len']], at, end, visit);
      if (body === end) return;
      at = Math.min(end, body + 4 * head['ext.len'].read(bytes, body - 2));
      if (at > body) visit(head.hdr_ext, body, at);
    }
    const isPadded = head.padding.read(bytes, start) !== 0 && end === frame.to[d] && at < end;
    const payloadEnd = isPadded ? Math.max(at, end - Math.max(1, read8(bytes, end - 1))) : end;
    if (payloadEnd > at) visit(head.payload, at, payloadEnd);
    if (isPadded) visit(head['padding.count'], end - 1, end);
  },
});
