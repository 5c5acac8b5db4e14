import type { Line } from '../../src/dissect/line.ts';

const OPTIONS: Readonly<Record<number, string>> = {
  0: 'nop',
  1: 'mandatory',
  2: 'slowreceiver',
  32: 'change_l',
  33: 'confirm_l',
  34: 'change_r',
  35: 'confirm_r',
  36: 'initcookie',
  37: 'ndp_count',
  38: 'ack_vector0',
  39: 'ack_vector1',
  40: 'data_dropped',
  41: 'timestamp',
  42: 'timestamp_echo',
  43: 'elapsed_time',
  44: 'data_checksum',
};
const FEATURES = [
  'reserved',
  'ccid',
  'allow_short_seqno',
  'sequence_window',
  'ecn_incapable',
  'ack_ratio',
  'send_ack_vector',
  'send_ndp_count',
  'minimum checksum coverage',
  'check data checksum',
] as const;
/** From here on options belong to the congestion control. */
const CCID = 128;
/** From here on options have a length. */
const LONG = 32;

/** ` <timestamp 1, elapsed_time 2>`. */
export function optionsText(w: Line, from: number, length: number): void {
  w.str(' <');
  const end = from + length;
  for (let at = from; !w.cut; ) {
    const size = optionText(w, at, end - at);
    if (size === 0 || at + size >= end) break;
    at += size;
    w.str(', ');
  }
  w.char(0x3e);
}
/** Returns the option's size; 0: nothing more can be read. */
function optionText(w: Line, at: number, room: number): number {
  const type = w.u8(at);
  const size = type >= LONG ? w.u8(at + 1) : 1;
  if (w.cut) return 0;
  const name = type >= CCID ? `CCID option ${type}` : (OPTIONS[type] ?? `Option ${type}`);
  if (type >= LONG && size < 2) {
    w.str(`${name} optlen too short`);
    return 0;
  }
  if (room < size) {
    w.str(`${name} optlen goes past header length`);
    return 0;
  }
  if (!w.has(at, size)) {
    w.trunc();
    return 0;
  }
  w.str(name);
  const value = type >= CCID ? ccidText : VALUES[type];
  value?.(w, at + 2, size - 2);
  return size;
}
type Value = (w: Line, at: number, length: number) => void;
const spaced = (w: Line, value: number): void => {
  w.char(0x20);
  w.dec(value);
};
function ccidText(w: Line, at: number, length: number): void {
  if (length === 2) spaced(w, w.u16(at));
  else if (length === 4) spaced(w, w.u32(at));
}
function numbers(w: Line, at: number, length: number): void {
  for (let i = 0; i < length; i++) spaced(w, w.u8(at + i));
}
const feature: Value = (w, at, length) => {
  if (length < 1) {
    w.str(' optlen too short');
    return;
  }
  const name = FEATURES[w.u8(at)];
  if (name === undefined) return;
  w.char(0x20);
  w.str(name);
  numbers(w, at + 1, length - 1);
};
const octets =
  (before: string): Value =>
  (w, at, length) => {
    if (length === 0) return;
    w.str(before);
    w.hexAt(at, length);
  };
const hex = octets(' 0x');
const VALUES: Readonly<Record<number, Value>> = {
  32: feature,
  33: feature,
  34: feature,
  35: feature,
  36: hex,
  37: numbers,
  38: hex,
  39: hex,
  40: hex,
  41(w, at, length) {
    if (length === 4) spaced(w, w.u32(at));
    else w.str(' [optlen != 6]');
  },
  42(w, at, length) {
    if (length !== 4 && length !== 6 && length !== 8) {
      w.str(' [optlen != 6 or 8 or 10]');
      return;
    }
    spaced(w, w.u32(at));
    if (length > 4) w.str(` (elapsed time ${length === 6 ? w.u16(at + 4) : w.u32(at + 4)})`);
  },
  43(w, at, length) {
    if (length === 4) spaced(w, w.u32(at));
    else if (length === 2) spaced(w, w.u16(at));
    else w.str(' [optlen != 4 or 6]');
  },
  44: octets(' '),
};
