import { literal } from '../../src/bytes/text.ts';
import type { Line } from '../../src/dissect/line.ts';
import { checksumText } from '../isis/value.ts';
import { NLPIDS } from '../names/nlpids.ts';
import { OPTION } from '../osi/options.ts';
import { addressText, isCaptured, type OptionText, optionsText } from '../osi/text.ts';
import { hex, nameOf, say } from '../say.ts';
import { LINE, unknownData } from '../unknown-data.ts';

export const UNIT = { end: 2, intermediate: 4, redirect: 6 } as const;
/** By the names that tcpdump's users know. */
export const UNITS: Readonly<Record<number, string>> = {
  [UNIT.end]: 'ESH',
  [UNIT.intermediate]: 'ISH',
  [UNIT.redirect]: 'redirect',
};
const VERSION = 1;
const HEAD_SIZE = 9;
const LEAST_SIZE = HEAD_SIZE + 2;
const CHECKSUM_AT = 7;
const MAC_SIZE = 6;
const IN_UNIT = literal('\n\t  ');

/** tcpdump's text of a unit of `length` bytes. */
export function esisText(w: Line, at: number, length: number): void {
  w.label = 'esis';
  if (!w.link) w.str('ES-IS');
  if (length <= 2) {
    w.str(w.quiet > 0 ? 'bad pkt!' : 'no header at all!');
    return;
  }
  if (!isCaptured(w, at, HEAD_SIZE)) return;
  const size = w.u8(at + 1);
  if (!isSound(w, at, size, length)) return;
  const type = w.u8(at + 4) & 0x1f;
  if (w.verbose === 0) {
    say(w, w.link ? '' : ', ', nameOf(UNITS, type, 'unknown type (%)'), ', length ', length);
    return;
  }
  say(w, w.link ? '' : ', ', 'length ', length, '\n\t', nameOf(UNITS, type, 'unknown type: %'), ' (', type, ')');
  say(w, ', v: ', VERSION, ', checksum: 0x', hex(w.u16(at + CHECKSUM_AT), 4));
  checksumText(w, at, CHECKSUM_AT, size, w.u16(at + CHECKSUM_AT));
  say(w, ', holding time: ', w.u16(at + 5), 's, length indicator: ', size);
  if (w.verbose > 1) unknownData(w, at, HEAD_SIZE, LINE);
  bodyText(w, at + HEAD_SIZE, size - HEAD_SIZE, type);
}
function isSound(w: Line, at: number, size: number, length: number): boolean {
  const version = w.u8(at + 2);
  if (version !== VERSION) say(w, ' version ', version, ' packet not supported');
  else if (size > length) say(w, ' length indicator(', size, ') > PDU size (', length, ')!');
  else if (size < LEAST_SIZE) {
    say(w, ' length indicator ', size, ' < min PDU size:');
    for (let i = at; i < w.limit; i++) w.str(hex(w.u8(i), 2).toUpperCase());
  } else return true;
  return false;
}
interface Run {
  readonly at: number;
  readonly size: number;
}
/** The parts of a unit, one after the other, as far as its length says that they are there. */
class Parts {
  constructor(
    readonly w: Line,
    public at: number,
    public left: number,
    /** What is said of one that is not there. */
    readonly mistake: string,
  ) {}
  /** One byte; undefined, and the mistake written, when there is none. */
  number(): number | undefined {
    if (!isCaptured(this.w, this.at, 1) || !this.has(1)) return undefined;
    this.at++;
    this.left--;
    return this.w.u8(this.at - 1);
  }
  has(size: number): boolean {
    if (this.left >= size) return true;
    this.w.str(this.mistake);
    return false;
  }
  /** Bytes behind their number: where they are. */
  counted(): Run | undefined {
    const size = this.number();
    return size === undefined ? undefined : this.run(size);
  }
  run(size: number): Run | undefined {
    if (!isCaptured(this.w, this.at, size) || !this.has(size)) return undefined;
    this.at += size;
    this.left -= size;
    return { at: this.at - size, size };
  }
}
function bodyText(w: Line, at: number, left: number, type: number): void {
  const write = BODIES[type];
  if (write === undefined) {
    if (w.verbose <= 1 && w.has(at, 1)) unknownData(w, at, w.limit - at, IN_UNIT);
    return;
  }
  const parts = new Parts(w, at, left, `, bad ${type === UNIT.redirect ? 'redirect' : UNITS[type]!.toLowerCase()}/li`);
  if (write(w, parts)) optionsText(w, parts.at, parts.left, OPTIONS);
}
const titleText = (w: Line, { at, size }: Run): void => {
  say(w, '\n\t  NET (length: ', size, '): ');
  addressText(w, at, size);
};
const BODIES: Readonly<Record<number, (w: Line, parts: Parts) => boolean>> = {
  [UNIT.end](w, parts) {
    const count = parts.number();
    if (count === undefined) return false;
    say(w, '\n\t  Number of Source Addresses: ', count);
    for (let i = 0; i < count && !w.cut; i++) {
      const address = parts.counted();
      if (address === undefined) return false;
      titleText(w, address);
    }
    return true;
  },
  [UNIT.intermediate](w, parts) {
    const title = parts.counted();
    if (title === undefined) return false;
    titleText(w, title);
    return true;
  },
  [UNIT.redirect](w, parts) {
    const destination = parts.counted();
    if (destination === undefined) return false;
    w.str('\n\t  ');
    addressText(w, destination.at, destination.size);
    const link = parts.counted();
    if (link === undefined) return false;
    const size = parts.number();
    if (size === undefined) return false;
    // tcpdump does not count this length: it takes the options to have one byte more than they have.
    parts.left++;
    const title = parts.run(size);
    if (title === undefined) return false;
    say(w, '\n\t  SNPA (length: ', link.size, '): ');
    linkText(w, link.at, link.size);
    if (title.size === 0) return true;
    say(w, '\n\t  NET (length: ', title.size, ') ');
    addressText(w, title.at, title.size);
    return true;
  },
};
function linkText(w: Line, at: number, size: number): void {
  if (size === 0) w.str('<empty>');
  else if (size === MAC_SIZE) w.macAt(at);
  else w.str(Array.from({ length: size }, (_, i) => hex(w.u8(at + i), 2)).join(':'));
}
const OPTIONS = {
  names: {
    [OPTION.protocols]: 'Protocols supported',
    [OPTION.quality]: 'QoS Maintenance',
    [OPTION.security]: 'Security',
    [OPTION.pollTime]: 'ES Configuration Time',
    [OPTION.priority]: 'Priority',
    // Sic.
    [OPTION.addressMask]: 'Addressk Mask',
    [OPTION.deviceMask]: 'SNPA Mask',
  } as Readonly<Record<number, string>>,
  isWhole: false,
  values: {
    [OPTION.pollTime](w, at, size) {
      if (size === 2 && !isCaptured(w, at, 2)) return undefined;
      if (size === 2) say(w, w.u16(at), 's');
      else w.str('(bad length)');
      return size;
    },
    [OPTION.protocols](w, at, size) {
      for (let i = 0; i < size && !w.cut; i++) {
        const nlpid = w.u8(at + i);
        say(w, NLPIDS[nlpid] ?? 'unknown', ' (0x', hex(nlpid, 2), ')', i < size - 1 ? ', ' : '');
      }
      // tcpdump reads the same bytes once more, as the next option.
      return 0;
    },
  } as Readonly<Record<number, OptionText>>,
};
