/** tcpdump's text of path attributes. */
import { literal } from '../../src/bytes/text.ts';
import type { Line } from '../../src/dissect/line.ts';
import { dec64, dotted, nameOf, say } from '../say.ts';
import { unknownData } from '../unknown-data.ts';
import { extendedText } from './communities.ts';
import { ORIGINS } from './names.ts';
import { reachText, unreachText } from './reach.ts';
import { attributesText } from './update.ts';

/** Writes what an attribute says; false when something was missing. */
export type AttributeText = (w: Line, at: number, length: number, level: number, type: number) => boolean;
const INDENT = literal('\n\t    ');
const DEEP = literal('\n\t      ');

export function attributeText(w: Line, type: number, at: number, length: number, level: number): boolean {
  const text = TEXTS[type];
  if (text === undefined) {
    if (!w.has(at, length)) return false;
    say(w, '\n\t    no Attribute ', type, ' decoder');
    if (w.verbose === 1) unknownData(w, at, length, INDENT);
  } else if (!text(w, at, length, level, type)) return false;
  // What tcpdump has read to its end it counts as nothing.
  const used = type === 128 || (type === 32 && length % 12 === 0);
  if (w.verbose < 2 || length === 0 || used || w.cut) return true;
  if (!w.has(at, length)) return false;
  unknownData(w, at, length, INDENT);
  return true;
}
/** Of one length only. */
const sized =
  (size: number, text: (w: Line, at: number) => void): AttributeText =>
  (w, at, length) => {
    if (length === size) text(w, at);
    else w.str('invalid len');
    return true;
  };
/** Values of one size, as many as there are. */
const several =
  (size: number, text: (w: Line, at: number, last: boolean) => void): AttributeText =>
  (w, at, length) => {
    if (length % size !== 0) w.str('invalid len');
    else for (let i = 0; i < length && !w.cut; i += size) text(w, at + i, i + size === length);
    return true;
  };
const number = sized(4, (w, at) => say(w, w.u32(at)));
const address = sized(4, (w, at) => w.ipv4At(at));

/** A set or a sequence of autonomous systems, inside a confederation or not: what it begins and ends with. */
const SEGMENTS: Readonly<Record<number, readonly [open: string, close: string]>> = {
  1: ['{ ', '}'],
  2: ['', ''],
  3: ['( ', ')'],
  4: ['({ ', '})'],
};
const AS4_PATH = 17;
/** Systems have two bytes or four; which, only the open messages tell. If two make sense, it is two. */
function systemSize(w: Line, from: number, length: number, type: number): 2 | 4 {
  if (type === AS4_PATH) return 4;
  let at = from;
  while (at < from + length && !w.cut) {
    if (SEGMENTS[w.u8(at)] === undefined) return 4;
    at += 2 + w.u8(at + 1) * 2;
  }
  return at === from + length ? 2 : 4;
}
const pathText: AttributeText = (w, from, length, _level, type) => {
  if (length % 2 !== 0 || length === 0) {
    w.str(length === 0 ? 'empty' : 'invalid len');
    return true;
  }
  const size = systemSize(w, from, length, type);
  for (let at = from; at < from + length && !w.cut; ) {
    const [open, close] = SEGMENTS[w.u8(at)] ?? ['?', '?'];
    w.str(open);
    const count = w.u8(at + 1);
    for (let i = 0; i < count; i++) {
      const place = at + 2 + i * size;
      if (!w.has(place, size)) return false;
      say(w, size === 2 ? w.u16(place) : w.u32(place), ' ');
    }
    w.str(close);
    at += 2 + count * size;
  }
  return true;
};
const aggregatorText: AttributeText = (w, at, length, _level, type) => {
  if (length !== 8 && (length !== 6 || type === 18)) {
    w.str('invalid len');
    return true;
  }
  if (type !== 18 && !w.has(at, length)) return false;
  const system = length === 6 ? w.u16(at) : w.u32(at);
  say(w, ' AS #', system, ', origin ', dotted(w, at + length - 4));
  return true;
};
const WELL_KNOWN: Readonly<Record<number, string>> = {
  4294967041: ' NO_EXPORT',
  4294967042: ' NO_ADVERTISE',
  4294967043: ' NO_EXPORT_SUBCONFED',
};
const communityText = several(4, (w, at, last) => {
  const value = w.u32(at);
  const known = WELL_KNOWN[value];
  if (known !== undefined) w.str(known);
  else say(w, value >>> 16, ':', value & 0xffff, last ? '' : ', ');
});
const largeText: AttributeText = (w, at, length) => {
  if (length === 0 || length % 12 !== 0) {
    w.str('invalid len');
    return true;
  }
  w.str('\n\t    ');
  for (let i = 0; i < length && !w.cut; i += 12)
    say(w, w.u32(at + i), ':', w.u32(at + i + 4), ':', w.u32(at + i + 8), i + 12 < length ? ', ' : '');
  return true;
};
const TUNNELS: Readonly<Record<number, readonly [name: string, first: string, second?: string]>> = {
  1: ['RSVP-TE P2MP LSP', 'Extended-Tunnel-ID ', ', P2MP-ID 0x'],
  2: ['LDP P2MP LSP', 'Root-Node ', ', LSP-ID 0x'],
  3: ['PIM-SSM Tree', 'Root-Node ', ', P-Group '],
  4: ['PIM-SM Tree', 'Sender ', ', P-Group '],
  5: ['PIM-Bidir Tree', 'Sender ', ', P-Group '],
  6: ['Ingress Replication', 'Tunnel-Endpoint '],
  7: ['LDP MP2MP LSP', 'Root-Node ', ', LSP-ID 0x'],
};
/** RFC 6514 section 5. */
const tunnelText: AttributeText = (w, at, length) => {
  if (!w.has(at, 5) || length < 5) return false;
  const type = w.u8(at + 1);
  const tunnel = TUNNELS[type];
  const flags = (w.u8(at) & 1) === 0 ? 'none' : 'Leaf Information required';
  say(
    w,
    '\n\t    Tunnel-type ',
    tunnel?.[0] ?? 'Unknown',
    ' (',
    type,
    '), Flags [',
    flags,
    '], MPLS Label ',
    w.u24(at + 2) >> 4,
  );
  if (tunnel === undefined) {
    if (w.verbose === 1) unknownData(w, at + 5, length - 5, DEEP);
    return true;
  }
  const [, first, second] = tunnel;
  const other =
    second === undefined
      ? ''
      : second.endsWith('x')
        ? w
            .u32(at + 9)
            .toString(16)
            .padStart(8, '0')
        : dotted(w, at + 9);
  say(w, '\n\t      ', first, dotted(w, at + 5), second ?? '', other);
  return true;
};
/** RFC 7311. */
const metricText: AttributeText = (w, from, length) => {
  let at = from;
  while (from + length - at >= 3 && !w.cut) {
    const type = w.u8(at);
    const size = w.u16(at + 1);
    say(w, '\n\t    ', type === 1 ? 'AIGP' : 'Unknown', ' TLV (', type, '), length ', size);
    if (size < 3 || from + length - at < size || (type === 1 && size < 11)) return w.cut;
    if (type === 1) say(w, ', metric ', dec64(w, at + 3));
    else if (w.verbose === 1) unknownData(w, at + 3, size - 3, DEEP);
    at += size;
  }
  return true;
};
/** Attributes of a customer's network (RFC 6368). */
const setText: AttributeText = (w, at, length, level) => {
  if (!w.has(at, 4) || length < 4) return false;
  say(w, '\n\t    Origin AS: ', w.u32(at));
  const end = attributesText(w, at + 4, at + length, '\n\t      ', level + 1);
  // tcpdump counts what it has read, and shows so many bytes as are left of the beginning.
  if (w.verbose > 1 && end >= 0 && end < at + length) unknownData(w, at, at + length - end, INDENT);
  return end >= 0;
};
const TEXTS: Readonly<Record<number, AttributeText>> = {
  1: sized(1, (w, at) => w.str(nameOf(ORIGINS, w.u8(at), 'Unknown Origin Typecode'))),
  2: pathText,
  3: address,
  4: number,
  5: number,
  6: sized(0, () => {}),
  7: aggregatorText,
  8: communityText,
  9: address,
  10: several(4, (w, at, last) => say(w, dotted(w, at), last ? '' : ', ')),
  14: reachText,
  15: unreachText,
  16: extendedText,
  17: pathText,
  18: aggregatorText,
  22: tunnelText,
  26: metricText,
  32: largeText,
  128: setText,
};
