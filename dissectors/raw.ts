import { header } from '../src/bytes/field.ts';
import { NONE, protocol } from '../src/dissect/protocol.ts';
import { etherType } from './eth.ts';
import { bareVersion, unknownVersion } from './ip/bare.ts';
import { ip } from './ip.ts';

/** Packets without a link layer: the first half byte tells which IP it is. */
export const raw = protocol(header('raw', {}), {
  title: 'Raw IP',
  source: 'LINKTYPE_RAW',
  link: true,
  // 12 and 14 are what systems call it themselves, and some write into files.
  on: { link: [12, 14, 101] },
  step(frame, bytes, at, end) {
    if (at >= frame.end) return NONE;
    const version = ip.version.read(bytes, at);
    if (version === 4) return frame.handOn(etherType, 0x0800, at, end);
    return version === 6 ? frame.handOn(etherType, 0x86dd, at, end) : NONE;
  },
  line(w, frame, d) {
    const version = bareVersion(w, frame, d);
    if (!w.next(frame, d)) unknownVersion(w, version);
  },
});
