import { literal } from '../../src/bytes/text.ts';
import type { Line } from '../../src/dissect/line.ts';
import { checksumText } from '../isis/value.ts';
import { addressText, isCaptured } from '../osi/text.ts';
import { flagNames, hex, nameOf, say } from '../say.ts';
import { LINE, unknownData } from '../unknown-data.ts';
import { optionsText } from './options-text.ts';

export const ERROR_REPORT = 1;
const ECHO_RESPONSE = 31;
/** Types of unit, by the names that tcpdump's users know. */
export const UNITS: Readonly<Record<number, string>> = {
  [ERROR_REPORT]: 'Error Report',
  28: 'Data',
  29: 'MD',
  30: 'Echo Request',
  [ECHO_RESPONSE]: 'Echo Response',
};
const PERMITTED = 0x80;
const FLAGS = [
  [PERMITTED, 'Segmentation permitted'],
  [0x40, 'more Segments'],
  [0x20, 'request Error Report'],
] as const;
const CLNP = 0x81;
const VERSION = 1;
const HEAD_SIZE = 9;
const SEGMENT_SIZE = 6;
const CHECKSUM_AT = 7;
const IN_UNIT = literal('\n\t  ');
const TOO_SHORT = 'li < size of fixed part of CLNP header and addresses';

/** Where the parts of a header are; `left`: how many bytes of it are behind the addresses. */
interface Head {
  readonly at: number;
  readonly size: number;
  readonly destination: Run;
  readonly source: Run;
  readonly left: number;
}
interface Run {
  readonly at: number;
  readonly size: number;
}
/** What a unit's text ended with: what it carries, nothing, or the mistake that all of it is shown for. */
type Ended = { readonly carried: number } | 'done' | 'wrong';

/** tcpdump's text of a unit of `length` bytes. What it cannot make sense of is shown as bytes. */
export function clnpText(w: Line, at: number, length: number): void {
  let inner = at;
  let left = length;
  // What an error is about may be such a report itself, and so on.
  for (;;) {
    const ended = unitText(w, inner, left);
    if (ended === 'wrong' && inner === at) unknownData(w, at, length, LINE);
    if (typeof ended === 'string' || w.cut) return;
    w.str('\n\t-----original packet-----\n\t');
    left -= ended.carried - inner;
    inner = ended.carried;
  }
}
function unitText(w: Line, at: number, length: number): Ended {
  w.label = 'clnp';
  if (!isCaptured(w, at, HEAD_SIZE)) return 'done';
  if (!w.link) w.str('CLNP');
  const head = headOf(w, at, length);
  if (typeof head === 'string') return head;
  const type = w.u8(at + 4) & 0x1f;
  if (w.verbose === 0) {
    w.str(w.link ? '' : ', ');
    addressText(w, head.source.at, head.source.size);
    w.str(' > ');
    addressText(w, head.destination.at, head.destination.size);
    say(w, ', ', nameOf(UNITS, type, 'unknown (%)'), ', length ', length);
    return 'done';
  }
  headText(w, head, type, length);
  const ended = partsText(w, head);
  if (ended !== undefined) return ended;
  const data = at + head.size;
  if ((type === ERROR_REPORT || type === ECHO_RESPONSE) && w.u8(data) === CLNP) return { carried: data };
  if (length > head.size) {
    say(w, '\n\t  undecoded non-header data, length ', length - head.size);
    unknownData(w, data, length - head.size, IN_UNIT);
  }
  return 'done';
}
/** Or what the text ended with, and the reason written. */
function headOf(w: Line, at: number, length: number): Head | 'done' | 'wrong' {
  const size = w.u8(at + 1);
  const version = w.u8(at + 2);
  if (version !== VERSION) say(w, 'version ', version, ' packet not supported');
  else if (size > length) say(w, ' length indicator(', size, ') > PDU size (', length, ')!');
  else if (size < HEAD_SIZE) {
    say(w, ' length indicator ', size, ' < min PDU size:');
    for (let i = at; i < w.limit; i++) w.str(hex(w.u8(i), 2).toUpperCase());
  } else return addressesOf(w, at, size);
  return 'wrong';
}
function addressesOf(w: Line, at: number, size: number): Head | 'done' | 'wrong' {
  const end = at + size;
  const destination = counted(w, at + HEAD_SIZE, end);
  if (typeof destination === 'string') return destination;
  const source = counted(w, destination.at + destination.size, end);
  if (typeof source === 'string') return source;
  return { at, size, destination, source, left: end - source.at - source.size };
}
/** An address behind its length, if both are before `end`. */
function counted(w: Line, at: number, end: number): Run | 'done' | 'wrong' {
  const size = at < end ? w.u8(at) : 0;
  if (at >= end || at + 1 + size > end) {
    w.str(TOO_SHORT);
    return 'wrong';
  }
  return isCaptured(w, at + 1, size) ? { at: at + 1, size } : 'done';
}
function headText(w: Line, { at, size, source, destination }: Head, type: number, length: number): void {
  const lifetime = w.u8(at + 3);
  say(w, w.link ? '' : ', ', 'length ', length, '\n\t', nameOf(UNITS, type, 'unknown (%)'), ' PDU, hlen: ', size);
  say(w, ', v: ', w.u8(at + 2), ', lifetime: ', lifetime >> 1, '.', (lifetime & 1) * 5, 's');
  say(w, ', Segment PDU length: ', w.u16(at + 5), ', checksum: 0x', hex(w.u16(at + CHECKSUM_AT), 4));
  checksumText(w, at, CHECKSUM_AT, size, w.u16(at + CHECKSUM_AT));
  say(w, '\n\tFlags [', flagNames(FLAGS, w.u8(at + 4), 'none'), ']');
  say(w, '\n\tsource address (length ', source.size, '): ');
  addressText(w, source.at, source.size);
  say(w, '\n\tdest   address (length ', destination.size, '): ');
  addressText(w, destination.at, destination.size);
}
/** What is behind the addresses; tells what the text ended with, if it did. */
function partsText(w: Line, { at, source, left }: Head): 'done' | 'wrong' | undefined {
  const parts = source.at + source.size;
  if ((w.u8(at + 4) & PERMITTED) === 0) return optionsText(w, parts, left);
  if (left < SEGMENT_SIZE) {
    w.str('li < size of fixed part of CLNP header, addresses, and segment part');
    return 'wrong';
  }
  if (!isCaptured(w, parts, SEGMENT_SIZE)) return 'done';
  say(w, '\n\tData Unit ID: 0x', hex(w.u16(parts), 4), ', Segment Offset: ', w.u16(parts + 2));
  say(w, ', Total PDU Length: ', w.u16(parts + 4));
  return optionsText(w, parts + SEGMENT_SIZE, left - SEGMENT_SIZE);
}
