import type { Line } from '../../src/dissect/line.ts';
import { eapText } from '../eap/text.ts';
import { ENTERPRISES } from '../names/enterprises.ts';
import { say } from '../say.ts';
import { ATTRIBUTES } from './attributes.ts';
import { dataText, operatorText, placeText, rulesText } from './location-text.ts';
import { ERROR_CAUSES, VALUES } from './values.ts';

/** Writes a value of `length` bytes at `at`; `code` says of which attribute. */
type ValueText = (w: Line, at: number, length: number, code: number) => void;

/** tcpdump knows no attribute from here on. */
export const UNKNOWN_FROM = 130;
/** tcpdump tells no more of these than their length. */
const SILENT: ReadonlySet<number> = new Set([2, 3, 17, 21, 54, 59, 93, 94, 96, 102]);

/** How tcpdump writes the value of an attribute; undefined where it has no words. */
export function valueText(code: number): ValueText | undefined {
  if (code >= UNKNOWN_FROM || SILENT.has(code)) return undefined;
  const special = SPECIAL[code];
  if (special !== undefined) return special;
  const format = ATTRIBUTES[code]?.format ?? 'text';
  if (format === 'number' || format === 'hex' || format === 'tagged number') return numberText;
  if (format === 'tagged text') return taggedText;
  if (format === 'ipv4') return addressText;
  return format === 'ipv6' ? address6Text : stringText;
}
/** `ERROR: length 3 != 4`. */
function wrongLength(w: Line, length: number, wanted: string, what = 'ERROR'): void {
  say(w, what, ': length ', length, ' ', wanted);
}
/** Are all bytes there? If not, says that they are cut, and the line goes on. */
export function whole(w: Line, at: number, length: number): boolean {
  if (w.has(at, length)) return true;
  w.trunc();
  return false;
}
const isPrinted = (byte: number): boolean => byte >= 0x20 && byte < 0x7f;
/** What does not print is a dot; a zero ends it, if it may. */
function dotted(w: Line, at: number, length: number, zeroEnds: boolean): void {
  for (let i = 0; i < length && !w.cut; i++) {
    const byte = w.u8(at + i);
    if (byte === 0 && zeroEnds) return;
    w.char(isPrinted(byte) ? byte : 0x2e);
  }
}
const stringText: ValueText = (w, at, length) => {
  if (whole(w, at, length)) dotted(w, at, length, true);
};
/** RFC 4675 section 2.1. */
function frameTag(w: Line, tag: number): void {
  const name = tag === 0x31 ? 'Tagged' : tag === 0x32 ? 'Untagged' : 'Unknown tag';
  say(w, `${name} (0x${tag.toString(16).padStart(2, '0')}) `);
}
const tagName = (tag: number): string => (tag === 0 ? 'Tag[Unused] ' : `Tag[${tag}] `);
/** RFC 2868 section 3: an octet that is no tag is part of the text. */
const taggedText: ValueText = (w, at, length) => {
  if (!whole(w, at, length)) return;
  const tag = w.u8(at);
  const skipped = tag <= 0x1f ? 1 : 0;
  if (skipped === 1) w.str(tagName(tag));
  dotted(w, at + skipped, length - skipped, true);
};
const vlanNameText: ValueText = (w, at, length) => {
  if (!whole(w, at, length)) return;
  frameTag(w, w.u8(at));
  dotted(w, at + 1, length - 1, true);
};
const passwordText: ValueText = (w, at, length) => {
  if (!whole(w, at, length)) return;
  if (length < 3) {
    w.trunc();
    return;
  }
  const tag = w.u8(at);
  say(w, tagName(tag <= 0x1f ? tag : 0), 'Salt ', w.u16(at + 1), ' ');
  dotted(w, at + 3, length - 3, true);
};
const eapMessageText: ValueText = (w, at, length) => {
  if (whole(w, at, length)) eapText(w, at, length);
};
function vendorText(w: Line, start: number, length: number): void {
  if (length < 4) {
    w.trunc();
    return;
  }
  const vendor = w.u32(start);
  say(w, 'Vendor: ', ENTERPRISES[vendor] ?? 'Unknown', ` (${vendor})`);
  let at = start + 4;
  for (let left = length - 4; left >= 2 && !w.cut; ) {
    const type = w.u8(at);
    const size = w.u8(at + 1);
    const is = `\n\t    Vendor Attribute: ${type}, Length: `;
    if (size < 2) say(w, is, size, ' (bogus, must be >= 2)');
    else if (size > left) say(w, is, size, ' (bogus, goes past end of vendor-specific attribute)');
    if (size < 2 || size > left || !whole(w, at + 2, size - 2)) return;
    say(w, is, size - 2, ', Value: ');
    dotted(w, at + 2, size - 2, false);
    at += size;
    left -= size;
  }
}
const two = (value: number): string => String(value).padStart(2, '0');
/** `05 secs`, `02:30 min`, `01:00:00 hours`. */
function spanText(w: Line, seconds: number): void {
  const minutes = Math.floor(seconds / 60);
  if (seconds < 60) say(w, two(seconds), ' secs');
  else if (seconds < 3600) say(w, two(minutes), ':', two(seconds % 60), ' min');
  else say(w, two(Math.floor(seconds / 3600)), ':', two(minutes % 60), ':', two(seconds % 60), ' hours');
}
const SPANS: ReadonlySet<number> = new Set([27, 28, 41, 46, 85]);
/** What one number stands for. */
const MEANING: Readonly<Record<number, readonly [value: number, meaning: string]>> = {
  23: [0xffff_fffe, 'NAS Select'],
  37: [0, 'Unnumbered'],
  38: [0, 'NAS assigned'],
};
const VLAN = 56;
const numberText: ValueText = (w, at, length, code) => {
  if (length !== 4) {
    wrongLength(w, length, '!= 4');
    return;
  }
  const names = VALUES[code];
  const tagged = ATTRIBUTES[code]?.format === 'tagged number';
  const value = tagged ? w.u24(at + 1) : w.u32(at);
  if (code === VLAN) frameTag(w, w.u8(at));
  else if (tagged) w.str(tagName(w.u8(at)));
  const meaning = MEANING[code];
  if (names !== undefined) w.str(names[value] ?? `#${value}`);
  else if (SPANS.has(code)) spanText(w, value);
  else if (meaning?.[0] === value) w.str(meaning[1]);
  else w.dec(value);
};
const [FRAMED_ADDRESS, LOGIN_HOST] = [8, 14];
const addressText: ValueText = (w, at, length, code) => {
  const value = length === 4 && (code === FRAMED_ADDRESS || code === LOGIN_HOST) ? w.u32(at) : 0;
  if (length !== 4) wrongLength(w, length, '!= 4');
  else if (value === 0xffff_ffff) w.str('User Selected');
  else if (value === 0xffff_fffe) w.str('NAS Select');
  else w.ipv4At(at);
};
const address6Text: ValueText = (w, at, length) => {
  if (length !== 16) wrongLength(w, length, '!= 16');
  else w.ipv6At(at);
};
/** RFC 3162 section 2.3: a reserved octet, the length in bits, and as much of the prefix as is needed. */
const prefixText: ValueText = (w, at, length) => {
  if (length < 2 || length > 18) {
    wrongLength(w, length, 'not in range (2..18)');
    return;
  }
  if (!whole(w, at, length)) return;
  const bits = w.u8(at + 1);
  if (bits > 128) {
    say(w, 'ERROR: netmask ', bits, ' not in range (0..128)');
    return;
  }
  const address = new Uint8Array(16);
  for (let i = 0; i < length - 2; i++) address[i] = w.u8(at + 2 + i);
  w.ipv6(address, 0);
  say(w, '/', bits);
  if (bits > 8 * (length - 2)) w.str(' (inconsistent prefix length)');
};
/** RFC 5447 section 4.2.2. */
const homePrefixText: ValueText = (w, at, length) => {
  if (length !== 17) {
    wrongLength(w, length, '!= 17');
    return;
  }
  if (!whole(w, at, length)) return;
  const bits = w.u8(at);
  if (bits > 128) {
    say(w, 'ERROR: netmask ', bits, ' not in range (0..128)');
    return;
  }
  w.ipv6At(at + 1);
  say(w, '/', bits);
};
/** As C's ctime: `Thu Jan  1 00:00:00 1970`, in local time. */
const timeText: ValueText = (w, at, length) => {
  if (length !== 4) {
    wrongLength(w, length, '!= 4');
    return;
  }
  const date = new Date(w.u32(at) * 1000);
  const [day, month] = date.toString().split(' ') as [string, string];
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
  say(w, day, ' ', month, ' ', String(date.getDate()).padStart(2), ' ', clock, ' ', date.getFullYear());
};
/** RFC 5447 section 4.2.5 and RFC 6572 section 4.1, from the lowest bit of each half. */
const CAPABILITIES: readonly (readonly [half: 0 | 4, mask: number, name: string])[] = [
  [4, 0x01, 'MIP6_INTEGRATED'],
  [4, 0x02, 'LOCAL_HOME_AGENT_ASSIGNMENT'],
  [0, 0x0100, 'PMIP6_SUPPORTED'],
  [0, 0x0200, 'IP4_HOA_SUPPORTED'],
  [0, 0x0400, 'LOCAL_MAG_ROUTING_SUPPORTED'],
  [0, 0x0800, 'ASSIGN_LOCAL_IP'],
  [0, 0x1000, 'MIP4_SUPPORTED'],
  [0, 0x2000, 'OPTIMIZED_IDLE_MODE_MOBILITY'],
  [0, 0x4000, 'GTPv2_SUPPORTED'],
  [0, 0x8000, 'IP4_TRANSPORT_SUPPORTED'],
  [0, 0x1_0000, 'IP4_HOA_ONLY_SUPPORTED'],
  [0, 0x2_0000, 'INTER_MAG_ROUTING_SUPPORTED'],
];
const capabilitiesText: ValueText = (w, at, length) => {
  if (length !== 8) {
    wrongLength(w, length, '!= 8');
    return;
  }
  const set = CAPABILITIES.filter(([half, mask]) => (w.u32(at + half) & mask) !== 0);
  say(w, '[', set.map(([, , name]) => name).join(', '), ']');
};
function capitals(w: Line, at: number, count: number): void {
  for (let i = 0; i < count; i++)
    w.str(
      w
        .u8(at + i)
        .toString(16)
        .toUpperCase()
        .padStart(2, '0'),
    );
}
/** RFC 2869 section 5.4. */
const arapPasswordText: ValueText = (w, at, length) => {
  if (length !== 16) {
    wrongLength(w, length, '!= 16');
    return;
  }
  w.str('User_challenge (');
  capitals(w, at, 8);
  w.str(') User_resp(');
  capitals(w, at + 8, 8);
  w.str(')');
};
/** RFC 2869 section 5.5. */
const arapFeaturesText: ValueText = (w, at, length) => {
  if (length !== 14) {
    wrongLength(w, length, '!= 14');
    return;
  }
  w.str(w.u8(at) === 0 ? 'User cannot change password' : 'User can change password');
  say(w, ', Min password length: ', w.u8(at + 1));
  [', created at: ', ', expires in: ', ', Current Time: '].forEach((what, i) => {
    w.str(what);
    capitals(w, at + 2 + 4 * i, 4);
  });
};
const arapResponseText: ValueText = (w, at, length) => {
  if (length < 8) wrongLength(w, length, '!= 8');
  else capitals(w, at, 8);
};
const causeText: ValueText = (w, at, length) => {
  if (length !== 4) {
    wrongLength(w, length, '!= 4', 'Error');
    return;
  }
  const cause = w.u32(at);
  say(w, `Error cause ${cause}: `, ERROR_CAUSES[cause] ?? `Error-Cause ${cause} not known`);
};
/** Those whose format does not tell how they are written. */
const SPECIAL: Readonly<Record<number, ValueText>> = {
  26: vendorText,
  55: timeText,
  58: vlanNameText,
  69: passwordText,
  70: arapPasswordText,
  71: arapFeaturesText,
  73: stringText,
  79: eapMessageText,
  84: arapResponseText,
  97: prefixText,
  101: causeText,
  123: prefixText,
  124: capabilitiesText,
  125: homePrefixText,
  126: operatorText,
  127: placeText,
  128: dataText,
  129: rulesText,
};
