/** tcpdump's text of advertisements for traffic engineering (RFC 3630, RFC 4203, RFC 4124). */
import { literal } from '../../src/bytes/text.ts';
import type { Line } from '../../src/dissect/line.ts';
import { BANDWIDTH_MODELS, ENCODINGS, PROTECTIONS, SWITCHINGS } from '../names/gmpls.ts';
import { dotted, flagNames, hex, megabits, nameOf, say } from '../say.ts';
import { unknownData } from '../unknown-data.ts';

const RECORDS: Readonly<Record<number, string>> = { 1: 'Router Address', 2: 'Link' };
const PARTS: Readonly<Record<number, string>> = {
  1: 'Link Type',
  2: 'Link ID',
  3: 'Local Interface IP address',
  4: 'Remote Interface IP address',
  5: 'Traffic Engineering Metric',
  6: 'Maximum Bandwidth',
  7: 'Maximum Reservable Bandwidth',
  8: 'Unreserved Bandwidth',
  9: 'Administrative Group',
  11: 'Link Local/Remote Identifier',
  14: 'Link Protection Type',
  15: 'Interface Switching Capability',
  16: 'Shared Risk Link Group',
  17: 'Bandwidth Constraints',
};
const LINK_TYPES: Readonly<Record<number, string>> = { 1: 'Point-to-point', 2: 'Multi-Access' };
const VALUE_INDENT = literal('\n\t      ');
const PART_INDENT = literal('\n\t\t');
const padded = (length: number): number => Math.ceil(length / 4) * 4;

/** False when it ends early. */
export function trafficText(w: Line, from: number, claimed: number): boolean {
  let end = claimed;
  for (let at = from; at < end && !w.cut; ) {
    if (!w.has(at, 4)) return false;
    const left = end - at - 4;
    if (left < 0) {
      say(w, '\n\t    Remaining LS length ', left + 4, ' < 4');
      return false;
    }
    const type = w.u16(at);
    const length = w.u16(at + 2);
    say(w, '\n\t    ', nameOf(RECORDS, type, 'unknown'), ' TLV (', type, '), length: ', length);
    if (length > left) {
      say(w, '\n\t    Bogus length ', length, ' > ', left);
      return false;
    }
    if (type === 0 || length === 0) return false;
    if (type === 2) {
      // tcpdump counts the length of a link down, and so takes as much to be left behind it as in front of it.
      at = linkText(w, at + 4, length);
      end = at + left;
      if (at < 0) return false;
      continue;
    }
    if (!recordText(w, type, at + 4, length)) return false;
    if (padded(length) > left) {
      say(w, '\n\t    Bogus padded length ', padded(length), ' > ', left);
      return false;
    }
    at += 4 + padded(length);
  }
  return true;
}
function recordText(w: Line, type: number, at: number, length: number): boolean {
  if (type !== 1) {
    if (w.verbose <= 1) unknownData(w, at, length, VALUE_INDENT);
    return true;
  }
  if (length < 4) {
    say(w, '\n\t    TLV length ', length, ' < 4');
    return false;
  }
  say(w, ', ', dotted(w, at));
  return true;
}
/** Returns where it ends, -1 when it ends early. */
function linkText(w: Line, from: number, size: number): number {
  let at = from;
  for (let left = size; left > 0 && !w.cut; ) {
    if (left < 4) return remainingText(w, left, 4);
    const type = w.u16(at);
    const length = w.u16(at + 2);
    left -= 4;
    if (w.cut) return -1;
    if (type === 0 || length === 0) {
      w.invalid();
      return -1;
    }
    say(w, '\n\t      ', nameOf(PARTS, type, 'unknown'), ' subTLV (', type, '), length: ', length);
    if (left < length) return remainingText(w, left + 4, length + 4);
    if (!w.has(at + 4, length)) return -1;
    const wrong = partText(w, type, at + 4, length);
    if (wrong !== undefined) {
      w.str(wrong);
      w.invalid();
      return -1;
    }
    if (left < padded(length)) return remainingText(w, left + 4, padded(length) + 4);
    left -= padded(length);
    // What was read of shared risks is passed once more.
    at += 4 + padded(length) + (type === 16 ? length : 0);
  }
  return at;
}
function remainingText(w: Line, left: number, least: number): number {
  say(w, '\n\t    Remaining TLV length ', left, ' < ', least);
  return -1;
}
/** By type: the only lengths that can be. */
const SIZES: Readonly<Record<number, readonly number[]>> = {
  1: [1],
  2: [4, 8],
  3: [4],
  4: [4],
  5: [4],
  6: [4],
  7: [4],
  8: [32],
  9: [4],
  11: [4, 8],
  14: [4],
};
/** What is wrong with the length, or nothing. */
function partText(w: Line, type: number, at: number, length: number): string | undefined {
  const sizes = SIZES[type];
  if (sizes !== undefined && !sizes.includes(length)) return ` != ${sizes.join(' && != ')}`;
  const text = TEXTS[type];
  if (text !== undefined) return text(w, at, length);
  if (w.verbose <= 1) unknownData(w, at, length, PART_INDENT);
  return undefined;
}
type PartText = (w: Line, at: number, length: number) => string | undefined;
const fine =
  (text: (w: Line, at: number, length: number) => void): PartText =>
  (w, at, length) => {
    text(w, at, length);
    return undefined;
  };
const addressText = fine((w, at) => say(w, ', ', dotted(w, at)));
const bandwidthText = fine((w, at) => say(w, ', ', megabits(w, at)));
const identifierText = fine((w, at, length) => {
  say(w, ', ', dotted(w, at), ' (0x', hex(w.u32(at), 8), ')');
  if (length === 8) say(w, ', ', dotted(w, at + 4), ' (0x', hex(w.u32(at + 4), 8), ')');
});
const TEXTS: Readonly<Record<number, PartText>> = {
  1: fine((w, at) => say(w, ', ', nameOf(LINK_TYPES, w.u8(at), 'unknown'), ' (', w.u8(at), ')')),
  2: identifierText,
  3: addressText,
  4: addressText,
  5: fine((w, at) => say(w, ', Metric ', w.u32(at))),
  6: bandwidthText,
  7: bandwidthText,
  8: fine((w, at) => {
    for (let i = 0; i < 8; i++) say(w, '\n\t\tTE-Class ', i, ': ', megabits(w, at + i * 4));
  }),
  9: fine((w, at) => say(w, ', 0x', hex(w.u32(at), 8))),
  11: identifierText,
  14: fine((w, at) => say(w, ', ', flagNames(PROTECTIONS, w.u8(at), 'none'))),
  15(w, at, length) {
    if (length < 36) return ' < 36';
    say(w, '\n\t\tInterface Switching Capability: ', nameOf(SWITCHINGS, w.u8(at), 'Unknown'));
    say(w, '\n\t\tLSP Encoding: ', nameOf(ENCODINGS, w.u8(at + 1), 'Unknown'), '\n\t\tMax LSP Bandwidth:');
    for (let i = 0; i < 8; i++) say(w, '\n\t\t  priority level ', i, ': ', megabits(w, at + 4 + i * 4));
    return undefined;
  },
  16(w, at, length) {
    if (length % 4 !== 0) return ' != N x 4';
    w.str('\n\t\t  Shared risk group: ');
    for (let i = 0; i < length; i += 4) say(w, i === 0 ? '' : ', ', w.u32(at + i));
    return undefined;
  },
  17(w, at, length) {
    if (length < 4) return ' < 4';
    const model = w.u8(at);
    say(w, '\n\t\tBandwidth Constraints Model ID: ', nameOf(BANDWIDTH_MODELS, model, 'unknown'), ' (', model, ')');
    if (length % 4 !== 0) return `\n\t\tlength ${length} != N x 4`;
    if (length > 36) return `\n\t\tlength ${length} > 36`;
    for (let i = 0; i < length / 4 - 1; i++)
      say(w, '\n\t\t  Bandwidth constraint CT', i, ': ', megabits(w, at + 4 + i * 4));
    return undefined;
  },
};
