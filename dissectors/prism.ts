import { header, u32, u32le, u64 } from '../src/bytes/field.ts';
import { textKind } from '../src/bytes/kind.ts';
import type { Frame } from '../src/dissect/frame.ts';
import type { Line } from '../src/dissect/line.ts';
import { type Protocol, protocol } from '../src/dissect/protocol.ts';

const prismHead = header('prism', {
  msgcode: u32le('Message code', { base: 'hex' }),
  msglen: u32le('Message length', { unit: 'bytes' }),
  devname: { kind: { ...textKind, size: 16 }, label: 'Device' },
});
const avsHead = header(
  'wlancap',
  { magic: u32('Magic number', { base: 'hex' }), length: u32('Length', { unit: 'bytes' }) },
  {
    mactime: u64('Time of the frame', { unit: 'microseconds' }),
    hosttime: u64('Time of the host'),
    phytype: u32('Kind of radio'),
    channel: u32('Channel'),
    data_rate: u32('Data rate', { unit: '100 kb/s' }),
    antenna: u32('Antenna'),
    priority: u32('Priority'),
    ssi_type: u32('Kind of signal strength'),
  },
);
const PRISM_SIZE = 144;

/** The frame behind a header of `size` bytes. */
function frameBehind(w: Line, frame: Frame, d: number, label: string, least: number, size: number): void {
  w.label = label;
  w.linkHeader = frame.end - frame.start;
  if (!w.has(frame.from[d]!, least) || size < least || !w.has(frame.from[d]!, size)) {
    w.trunc();
    return;
  }
  if (w.next(frame, d)) return;
  w.label = '802.11';
  w.trunc();
}
const avsSize = (frame: Frame, at: number): number => avsHead.length.read(frame.bytes, at);

/** What receivers told of 802.11 frames before radiotap, in the format of the Absolute Value Systems company. */
export const avs: Protocol = protocol(avsHead, {
  title: 'AVS 802.11 capture header',
  source: 'LINKTYPE_IEEE802_11_AVS',
  link: true,
  on: { link: 163 },
  step(frame, _, at, end) {
    const size = avsSize(frame, at);
    return size < avsHead.$size ? frame.malformed() : frame.passOn(frame.registry.id('wlan_radio'), at + size, end);
  },
  expand(frame, d, visit) {
    const from = frame.from[d]!;
    const end = Math.min(from + avsSize(frame, from), frame.limit(d));
    let at = from + avsHead.$size;
    for (const field of avsHead.$all.slice(2)) {
      // The parameters of frequency hopping stand before the channel.
      if (field === avsHead.channel) at += 4;
      if (at + field.size > end) return;
      visit(field, at, at + field.size);
      at += field.size;
    }
  },
  line: (w, frame, d) =>
    frameBehind(
      w,
      frame,
      d,
      '802.11_radio_avs',
      avsHead.$size,
      w.has(frame.from[d]!, 8) ? avsSize(frame, frame.from[d]!) : 0,
    ),
});
/** The same of still earlier: the driver's own numbers, in the order of the machine's bytes. */
export const prism = protocol(
  { ...prismHead, $size: PRISM_SIZE },
  {
    title: 'Prism capture header',
    source: 'LINKTYPE_IEEE802_11_PRISM',
    link: true,
    on: { link: 119 },
    step: (frame, _, at, end) => frame.passOn(frame.registry.id('wlan_radio'), at + PRISM_SIZE, end),
    line: (w, frame, d) => frameBehind(w, frame, d, 'prism', PRISM_SIZE, PRISM_SIZE),
  },
);
