import { header } from '../src/bytes/field.ts';
import { literal } from '../src/bytes/text.ts';
import { NONE, type Protocol, protocol } from '../src/dissect/protocol.ts';
import { etherType } from './eth.ts';
import { ip } from './ip.ts';

const shape: Omit<Protocol, 'name' | 'fields' | 'size' | 'on' | 'source' | 'opens'> = {
  title: 'Raw IP',
  link: true,
  step(frame, bytes, at, end) {
    if (at >= frame.end) return NONE;
    const version = ip.version.read(bytes, at);
    if (version === 4) return frame.handOn(etherType, 0x0800, at, end);
    return version === 6 ? frame.handOn(etherType, 0x86dd, at, end) : NONE;
  },
  line(w, frame, d) {
    const at = frame.from[d]!;
    if (w.link) w.put(IP);
    w.label = 'ipn';
    const version = w.u8(at) >> 4;
    if (w.next(frame, d)) return;
    w.str('unknown ip ');
    w.dec(version);
  },
};
/** Packets without a link layer: the first half byte tells which IP it is. */
export const raw = protocol(header('raw', {}), {
  ...shape,
  source: 'LINKTYPE_RAW',
  // 12 and 14 are what systems call it themselves, and some write into files.
  on: { link: [12, 14, 101] },
});
/** The same where the link type is one IP; whose layer, as for Wireshark, is then the first. */
export const rawVersion = protocol(header('raw.ip', {}), {
  ...shape,
  source: 'LINKTYPE_IPV4, LINKTYPE_IPV6',
  framing: true,
  on: { link: [228, 229] },
});
const IP = literal('ip: ');
