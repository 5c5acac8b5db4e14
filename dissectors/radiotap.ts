import { type Field, header, u8, u16le, u32le, u64le } from '../src/bytes/field.ts';
import { type Kind, read8, read16le, u8Kind } from '../src/bytes/kind.ts';
import type { Frame } from '../src/dissect/frame.ts';
import { protocol } from '../src/dissect/protocol.ts';
import { BIT, FLAG, flagsOf, presentEnd, SIZES, sizeOf, walkFields } from './radiotap/fields.ts';
import { radiotapText } from './radiotap/text.ts';

const signed = (bytes: Uint8Array, at: number): number => (read8(bytes, at) << 24) >> 24;
/** A byte with a sign: decibels are mostly negative. */
const s8Kind: Kind = {
  ...u8Kind,
  name: 's8',
  read: (distance) => (bytes, at) => signed(bytes, at + distance),
  write: (w, bytes, from) => w.signed(signed(bytes, from)),
  parse(text) {
    const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= -128 && value < 128)) throw new RangeError(`"${text}" is not a number from -128 to 127`);
    return value;
  },
};
const head = header(
  'radiotap',
  {
    version: u8('Version'),
    pad: u8('Padding'),
    length: u16le('Length', { unit: 'bytes' }),
    present: u32le('Present', { base: 'hex' }),
  },
  {
    mactime: u64le('Time of the first bit', { unit: 'microseconds' }),
    flags: u8('Flags', { base: 'hex' }),
    datarate: u8('Data rate', { unit: '500 kb/s' }),
    'channel.freq': u16le('Frequency', { unit: 'MHz' }),
    'channel.flags': u16le('Channel flags', { base: 'hex' }),
    dbm_antsignal: { kind: s8Kind, label: 'Signal', unit: 'dBm' },
    dbm_antnoise: { kind: s8Kind, label: 'Noise', unit: 'dBm' },
    quality: u16le('Signal quality'),
    txpower: { kind: s8Kind, label: 'Transmit power', unit: 'dBm' },
    antenna: u8('Antenna'),
    db_antsignal: u8('Signal', { unit: 'dB' }),
    db_antnoise: u8('Noise', { unit: 'dB' }),
    rxflags: u16le('Receive flags', { base: 'hex' }),
    txflags: u16le('Transmit flags', { base: 'hex' }),
    data_retries: u8('Data retries'),
    'xchannel.flags': u32le('Channel flags', { base: 'hex' }),
    'xchannel.freq': u16le('Frequency', { unit: 'MHz' }),
    'xchannel.channel': u8('Channel'),
    'mcs.known': u8('Known of the modulation and coding scheme', { base: 'hex' }),
    'mcs.flags': u8('Flags of the modulation and coding scheme', { base: 'hex' }),
    'mcs.index': u8('Modulation and coding scheme'),
    'ampdu.reference': u32le('A-MPDU reference', { base: 'hex' }),
    'ampdu.flags': u16le('A-MPDU flags', { base: 'hex' }),
    'vht.known': u16le('Known of the VHT information', { base: 'hex' }),
    'vht.flags': u8('VHT flags', { base: 'hex' }),
    'vht.bw': u8('VHT bandwidth'),
  },
);
/** By bit: the fields that its numbers are. */
const FIELDS: Readonly<Record<number, readonly Field[]>> = {
  0: [head.mactime],
  1: [head.flags],
  2: [head.datarate],
  3: [head['channel.freq'], head['channel.flags']],
  5: [head.dbm_antsignal],
  6: [head.dbm_antnoise],
  7: [head.quality],
  10: [head.txpower],
  11: [head.antenna],
  12: [head.db_antsignal],
  13: [head.db_antnoise],
  14: [head.rxflags],
  15: [head.txflags],
  17: [head.data_retries],
  18: [head['xchannel.flags'], head['xchannel.freq'], head['xchannel.channel']],
  19: [head['mcs.known'], head['mcs.flags'], head['mcs.index']],
  20: [head['ampdu.reference'], head['ampdu.flags']],
  21: [head['vht.known'], head['vht.flags'], head['vht.bw']],
};
const CHECKSUM_SIZE = 4;

/** What the receiver tells of an 802.11 frame: when, on which channel, how loud. */
export const radiotap = protocol(head, {
  title: 'IEEE 802.11 radiotap capture header',
  source: 'radiotap.org',
  link: true,
  on: { link: 127 },
  step(frame, bytes, at, end) {
    const size = sizeOf(bytes, at);
    if (size < head.$size) return frame.malformed();
    const limit = Math.min(end, frame.end);
    if (at + size > limit || presentEnd(bytes, at, at + size) < 0) return frame.passOn(-1, at + size, end);
    const checksum = (flagsOf(bytes, at, limit) & FLAG.checksum) !== 0 ? CHECKSUM_SIZE : 0;
    return frame.passOn(frame.registry.id('wlan_radio'), at + size, end - checksum);
  },
  expand(frame, d, visit) {
    const { bytes } = frame;
    const at = frame.from[d]!;
    const end = at + sizeOf(bytes, at);
    if (end < at + head.$size || end > frame.limit(d) || presentEnd(bytes, at, end) < 0) return;
    walkFields(bytes, at, end, {
      sizes: SIZES,
      field(bit, places) {
        for (const [i, field] of (FIELDS[bit] ?? []).entries()) visit(field, places[i]!, places[i]! + field.size);
      },
      stop() {},
    });
  },
  line: radiotapText,
});
/** Lowest and highest frequency in MHz, and the number of the channel at the lowest (IEEE 802.11 annex E); they are 5 MHz apart. */
const BANDS = [
  [2412, 2472, 1],
  [2484, 2484, 14],
  [5000, 5925, 0],
  [5950, 7125, 0],
  [4910, 4980, 182],
] as const;
function channelAt(bytes: Uint8Array, at: number): number | undefined {
  const frequency = read16le(bytes, at);
  const band = BANDS.find(([lowest, highest]) => frequency >= lowest && frequency <= highest);
  return band && Math.floor((frequency - band[0]) / 5) + band[2];
}
/** What the radiotap header below tells with the field of a bit. */
function told(wanted: number, read: (bytes: Uint8Array, at: number) => number | undefined) {
  return (frame: Frame, d: number): number | undefined => {
    if (d === 0 || frame.layer[d - 1] !== frame.registry.id('radiotap')) return undefined;
    const at = frame.from[d - 1]!;
    let found: number | undefined;
    walkFields(frame.bytes, at, at + sizeOf(frame.bytes, at), {
      sizes: SIZES,
      field(bit, places) {
        if (bit === wanted) found ??= read(frame.bytes, places[0]!);
      },
      stop() {},
    });
    return found;
  };
}
/** In units of 500 kb/s; or by the modulation, for high throughput. */
const plainRate = told(2, (bytes, at) => read8(bytes, at) / 2);
/** Of a stream, in Mb/s, with a guard interval of 800 ns, for channels of 20 MHz and of 40 MHz (IEEE 802.11 clause 19.5). */
const RATES = [
  [6.5, 13, 19.5, 26, 39, 52, 58.5, 65],
  [13.5, 27, 40.5, 54, 81, 108, 121.5, 135],
] as const;
const MOST_STREAMS = 4;
const modulationRate = told(BIT.mcs, (bytes, at) => {
  const flags = read8(bytes, at + 1);
  const index = read8(bytes, at + 2);
  const streams = (index >> 3) + 1;
  if (streams > MOST_STREAMS) return undefined;
  const rate = RATES[(flags & 3) === 1 ? 1 : 0]![index & 7]! * streams;
  // A guard interval of 400 ns.
  return Number(((flags & 4) === 0 ? rate : (rate * 10) / 9).toPrecision(6));
});
const dataRate = (frame: Frame, d: number): number | undefined => plainRate(frame, d) ?? modulationRate(frame, d);
/** Wireshark's summary of what any such header tells: a layer of no bytes. */
export const radioInformation = protocol(header('wlan_radio', {}), {
  title: 'IEEE 802.11 radio information',
  source: 'IEEE 802.11',
  link: true,
  computed: [
    { name: 'wlan_radio.data_rate', label: 'Data rate', unit: 'Mb/s', type: 'float', value: dataRate },
    { name: 'wlan_radio.channel', label: 'Channel', type: 'number', value: told(3, channelAt) },
    { name: 'wlan_radio.frequency', label: 'Frequency', unit: 'MHz', type: 'number', value: told(3, read16le) },
    { name: 'wlan_radio.signal_dbm', label: 'Signal', unit: 'dBm', type: 'number', value: told(5, signed) },
    { name: 'wlan_radio.noise_dbm', label: 'Noise', unit: 'dBm', type: 'number', value: told(6, signed) },
  ],
  step: (frame, _, at, end) => frame.passOn(frame.registry.id('wlan'), at, end),
  line: (w, frame, d) => {
    w.next(frame, d);
  },
});
