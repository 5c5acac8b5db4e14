import type { Line } from '../../src/dissect/line.ts';

/**
 * The options of an IPv6 extension header as tcpdump shows them: only with `-v`, but what is wrong with them always.
 * `payloadLength` is the IPv6 header's for hop-by-hop options, undefined for destination options.
 * The caller knows that they were captured. False when they contradict the header's length.
 */
export function ipv6OptionsText(w: Line, from: number, length: number, payloadLength: number | undefined): boolean {
  const end = from + length;
  let jumboSeen = false;
  for (let at = from; at < end; ) {
    const type = w.u8(at);
    const size = type === 0 ? 1 : at + 1 < end ? w.u8(at + 1) + 2 : 2;
    if (at + size > end) return false;
    const wrong = wrongLength(type, size, end - at);
    if (wrong !== undefined) {
      wrongText(w, wrong, size);
      return false;
    }
    if (w.verbose > 0) {
      if (type === JUMBO) jumboText(w, at, payloadLength, jumboSeen);
      else if (!optionText(w, type, at, size)) return false;
    }
    jumboSeen ||= type === JUMBO;
    at += size;
  }
  if (w.verbose > 0) w.char(0x20);
  return true;
}
const ROUTER_ALERT = 0x05;
const JUMBO = 0xc2;
const HOME_ADDRESS = 0xc9;
/** Options of a known size; a home address may be followed by options of its own. */
const KNOWN: Readonly<Record<number, { readonly name: string; readonly size: number; readonly more?: true }>> = {
  [ROUTER_ALERT]: { name: 'rtalert', size: 4 },
  [JUMBO]: { name: 'jumbo', size: 6 },
  [HOME_ADDRESS]: { name: 'homeaddr', size: 18, more: true },
};
type Wrong = { readonly name: string; readonly short: boolean };
function wrongLength(type: number, size: number, left: number): Wrong | undefined {
  const known = KNOWN[type];
  if (known === undefined) return undefined;
  if (left < known.size) return { name: known.name, short: true };
  const good = known.more ? size >= known.size : size === known.size;
  return good ? undefined : { name: known.name, short: false };
}
function wrongText(w: Line, wrong: Wrong, size: number): void {
  w.char(0x28);
  w.str(wrong.name);
  if (wrong.short) w.str(': trunc)');
  else {
    w.str(': invalid len ');
    w.dec(size - 2);
    w.char(0x29);
  }
}
function jumboText(w: Line, at: number, payloadLength: number | undefined, seen: boolean): void {
  const length = w.u32(at + 2);
  w.str('(jumbo: ');
  w.dec(length);
  if (seen) w.str(' - already seen');
  else if (payloadLength === undefined) w.str(' - not a hop-by-hop option');
  else if (payloadLength !== 0) w.str(' - payload len != 0');
  else if (length < 0x1_0000) w.str(' - < 65536');
  w.str(') ');
}
/** False when what follows a home address is bad. */
function optionText(w: Line, type: number, at: number, size: number): boolean {
  if (type === 0) w.str('(pad1)');
  else if (type === 1) w.str('(padn)');
  else if (type === ROUTER_ALERT) {
    w.str('(rtalert: 0x');
    w.hexPadded(w.u16(at + 2), 4);
    w.str(') ');
  } else if (type === HOME_ADDRESS) {
    w.str('(homeaddr: ');
    w.ipv6At(at + 2);
    if (!subOptionsText(w, at + 18, size - 18)) return false;
    w.char(0x29);
  } else {
    w.str('(opt_type 0x');
    w.hex2(type);
    w.str(': len=');
    w.dec(size - 2);
    w.char(0x29);
  }
  return true;
}
function subOptionsText(w: Line, from: number, length: number): boolean {
  const end = from + length;
  for (let at = from; at < end; ) {
    const type = w.u8(at);
    const size = type === 0 ? 1 : at + 1 < end ? w.u8(at + 1) + 2 : 2;
    if (at + size > end) return false;
    if (type < 2) w.str(type === 0 ? ', pad1' : ', padn');
    else {
      w.str(', sopt_type 0x');
      w.hex2(type);
      w.str(': len=');
      w.dec(size - 2);
    }
    at += size;
  }
  return true;
}
