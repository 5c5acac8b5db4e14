import { read8, read16le, read32le, u64leKind } from '../../src/bytes/kind.ts';
import type { Frame } from '../../src/dissect/frame.ts';
import type { Line } from '../../src/dissect/line.ts';
import { channelText } from './channel-text.ts';
import { BIT, presentEnd, SIZES, sizeOf, walkFields } from './fields.ts';
import { mcsText, vhtText } from './rate-text.ts';

const HEADER = 8;
/** tcpdump takes the attenuation in decibels for a single byte, and knows nothing from bit 22 on, nor 15 to 17. */
const TCPDUMP_SIZES = SIZES.slice(0, 22).map((sizes, bit) =>
  bit === 9 ? [1] : bit > 14 && bit < 18 ? undefined : sizes,
);

/** tcpdump's text of the header and of the frame behind it. */
export function radiotapText(w: Line, frame: Frame, d: number): void {
  const at = frame.from[d]!;
  w.label = '802.11_radio';
  w.linkHeader = frame.end - frame.start;
  const size = w.has(at, HEADER) ? sizeOf(frame.bytes, at) : 0;
  if (size < HEADER || !w.has(at, size) || presentEnd(frame.bytes, at, at + size) < 0) {
    w.trunc();
    return;
  }
  const { bytes } = frame;
  walkFields(bytes, at, at + size, {
    sizes: TCPDUMP_SIZES,
    field: (bit, places, present) => TEXTS[bit]!(w, bytes, places, present),
    stop(bit) {
      if (bit === undefined) w.trunc();
      else w.str(`[bit ${bit}] `);
    },
  });
  if (w.next(frame, d)) return;
  // Nothing is left for the frame.
  w.label = '802.11';
  w.trunc();
}
type Text = (w: Line, bytes: Uint8Array, places: readonly number[], present: number) => void;
const FLAGS = [
  [0x01, 'cfp '],
  [0x02, 'short preamble '],
  [0x04, 'wep '],
  [0x08, 'fragmented '],
  [0x40, 'bad-fcs '],
] as const;
const unsigned =
  (read: (bytes: Uint8Array, at: number) => number, after: string): Text =>
  (w, bytes, [at]) => {
    w.dec(read(bytes, at!));
    w.str(after);
  };
const signed8 =
  (after: string, sign = 1): Text =>
  (w, bytes, [at]) => {
    w.signed(((read8(bytes, at!) << 24) >> 24) * sign);
    w.str(after);
  };
const nothing: Text = () => {};
function rateText(w: Line, rate: number): void {
  // Between these it is an index, as FreeBSD writes it.
  if (rate >= 0x80 && rate <= 0x8f) w.str(`MCS ${rate & 0x7f} `);
  else w.str(`${(rate / 2).toFixed(1)} Mb/s `);
}
const TEXTS: readonly Text[] = [
  (w, bytes, [at]) => {
    u64leKind.write(w, bytes, at!, at! + 8, at!);
    w.str('us tsft ');
  },
  (w, bytes, [at]) => w.flags(FLAGS, read8(bytes, at!), '', ''),
  (w, bytes, [at]) => rateText(w, read8(bytes, at!)),
  (w, bytes, [frequency, flags], present) => {
    // The longer form of the same says more.
    if ((present & (1 << BIT.xchannel)) !== 0) return;
    channelText(w, read16le(bytes, frequency!), read16le(bytes, flags!), present);
  },
  (w, bytes, [set, pattern]) => w.str(`fhset ${read8(bytes, set!)} fhpat ${read8(bytes, pattern!)} `),
  signed8('dBm signal '),
  signed8('dBm noise '),
  unsigned(read16le, ' sq '),
  (w, bytes, [at]) => {
    w.signed(-((read16le(bytes, at!) << 16) >> 16) + 0);
    w.str(' tx power ');
  },
  signed8('dB tx attenuation ', -1),
  signed8('dBm tx power '),
  (w, bytes, [at]) => w.str(`antenna ${read8(bytes, at!)} `),
  unsigned(read8, 'dB signal '),
  unsigned(read8, 'dB noise '),
  nothing,
  nothing,
  nothing,
  nothing,
  (w, bytes, [flags, frequency], present) =>
    channelText(w, read16le(bytes, frequency!), read32le(bytes, flags!), present),
  (w, bytes, [known, flags, index]) => mcsText(w, read8(bytes, known!), read8(bytes, flags!), read8(bytes, index!)),
  nothing,
  (w, bytes, places) => vhtText(w, bytes, places),
];
