/** Options of neighbour discovery (RFC 4861 section 4.6, RFC 4191, RFC 8106), as `-v` shows them. */
import { literal } from '../../src/bytes/text.ts';
import type { Line } from '../../src/dissect/line.ts';
import { beginMessage, nameText } from '../dns/name-text.ts';
import { unknownData } from '../unknown-data.ts';
import { OPTIONS, PREFERENCES } from './header.ts';
import { type Ending, lifetimeText } from './message.ts';

const OPTION = literal('\n\t  ');
const DUMP = literal('\n\t    ');
/** Writes an option of `size` bytes; `from` is where the first option of the message begins. False when it is bad. */
type OptionText = (w: Line, at: number, size: number, from: number) => boolean;

/** `length` is how long the message says its options are, which may be less than nothing. */
export function discoveryOptionsText(w: Line, from: number, length: number): Ending {
  beginMessage(Math.max(0, w.limit - from));
  let left = length;
  for (let at = from; at < w.limit && !w.cut; ) {
    if (!w.has(at + 1, 1)) return 'cut';
    if (left <= 0) return 'length';
    const type = w.u8(at);
    const size = w.u8(at + 1) * 8;
    if (size === 0 || at + size > w.limit) return 'cut';
    headText(w, type, size);
    const text = TEXTS[type];
    if (text !== undefined) {
      if (!text(w, at, size, from)) return 'cut';
    } else if (w.verbose < 2) {
      unknownData(w, at + 2, size - 2, OPTION);
      return 'length';
    }
    if (w.verbose > 1 && !w.cut) unknownData(w, at + 2, size - 2, DUMP);
    at += size;
    left -= size;
  }
  return 'length';
}
function headText(w: Line, type: number, size: number): void {
  w.put(OPTION);
  w.named(OPTIONS, type, 'unknown');
  w.str(' option (');
  w.dec(type);
  w.str('), length ');
  w.dec(size);
  w.str(' (');
  w.dec(size / 8);
  w.str('): ');
}

const linkAddress: OptionText = (w, at, size) => {
  w.mac(w.frame.bytes, at + 2, size - 2);
  return true;
};
const PREFIX_FLAGS = [
  [0x80, 'onlink'],
  [0x40, 'auto'],
  [0x20, 'router'],
] as const;
const prefix: OptionText = (w, at, size) => {
  // The preferred lifetime is in front of the prefix, so that this is all that is read.
  if (!w.need(at, 32)) return true;
  w.ipv6At(at + 16);
  w.char(0x2f);
  w.dec(w.u8(at + 2));
  if (size !== 32) w.str('badlen');
  w.str(', Flags [');
  w.flags(PREFIX_FLAGS, w.u8(at + 3), 'none');
  w.str('], valid time ');
  lifetimeText(w, w.u32(at + 4));
  w.str(', pref. time ');
  lifetimeText(w, w.u32(at + 8));
  return true;
};
const redirected: OptionText = (w, _at, size, from) => {
  // tcpdump shows as many bytes, but from the first option on.
  unknownData(w, from, size, DUMP);
  return true;
};
const mtu: OptionText = (w, at, size) => {
  const value = w.u32(at + 4);
  w.char(0x20);
  w.dec(value);
  if (size !== 8) w.str('bad option length');
  return true;
};
const interval: OptionText = (w, at) => {
  const value = w.u32(at + 4);
  w.char(0x20);
  w.dec(value);
  w.str('ms');
  return true;
};
const homeAgent: OptionText = (w, at) => {
  if (!w.need(at + 4, 4)) return true;
  w.str(' preference ');
  w.dec(w.u16(at + 4));
  w.str(', lifetime ');
  w.dec(w.u16(at + 6));
  return true;
};
const routePrefix = new Uint8Array(16);
const route: OptionText = (w, at, size) => {
  if (!w.has(at + 4, 4) || size > 24) return false;
  routePrefix.fill(0);
  routePrefix.set(w.frame.bytes.subarray(at + 8, at + size));
  w.char(0x20);
  w.ipv6(routePrefix, 0);
  w.char(0x2f);
  w.dec(w.u8(at + 2));
  w.str(', pref=');
  w.str(PREFERENCES[(w.u8(at + 3) >> 3) & 3]!);
  w.str(', lifetime=');
  lifetimeText(w, w.u32(at + 4));
  return true;
};
const nameServers: OptionText = (w, at, size) => {
  lifetimeOf(w, at);
  w.char(0x2c);
  for (let server = at + 8; server + 16 <= at + size; server += 16) {
    w.str(' addr: ');
    w.ipv6At(server);
  }
  return true;
};
const domains: OptionText = (w, at, size, from) => {
  lifetimeOf(w, at);
  w.str(', domain(s):');
  for (let name = at + 8; name < at + size && w.u8(name) !== 0; ) {
    w.char(0x20);
    name = nameText(w, name, from);
    if (name < 0) return false;
  }
  return true;
};
function lifetimeOf(w: Line, at: number): void {
  const lifetime = w.u32(at + 4);
  w.str(' lifetime ');
  w.dec(lifetime);
  w.char(0x73);
}
const TEXTS: Readonly<Record<number, OptionText>> = {
  1: linkAddress,
  2: linkAddress,
  3: prefix,
  4: redirected,
  5: mtu,
  7: interval,
  8: homeAgent,
  24: route,
  25: nameServers,
  31: domains,
};
