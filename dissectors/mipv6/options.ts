import type { Line } from '../../src/dissect/line.ts';

/** The options that have text of their own: what they are called when they are too short, and how long they are. */
const KNOWN: Readonly<Record<number, { readonly name: string; readonly size: number }>> = {
  1: { name: 'padn', size: 2 },
  2: { name: 'refresh', size: 4 },
  3: { name: 'altcoa', size: 18 },
  4: { name: 'ni', size: 6 },
  5: { name: 'auth', size: 12 },
};

/** Options of Mobile IPv6 messages (RFC 6275 section 6.2). False when they are bad or cut. */
export function mobilityOptionsText(w: Line, from: number, length: number): boolean {
  const end = from + length;
  for (let at = from; at < end && !w.cut; ) {
    const type = w.u8(at);
    const size = type === 0 ? 1 : at + 1 < end ? w.u8(at + 1) + 2 : 2;
    // tcpdump asks for the byte behind the option, too.
    if (w.cut || at + size > end || !w.has(at + size, 1)) return w.cut;
    const known = KNOWN[type];
    if (known !== undefined && end - at < known.size) {
      w.char(0x28);
      w.str(known.name);
      w.str(': trunc)');
      return false;
    }
    optionText(w, type, at);
    at += size;
  }
  return true;
}
/** Reads come before words: where a read is cut, nothing of the option shows. */
function optionText(w: Line, type: number, at: number): void {
  if (type === 0) w.str('(pad1)');
  else if (type === 1) w.str('(padn)');
  else if (type === 2) {
    const interval = w.u16(at + 2);
    w.str('(refresh: ');
    // In units of four seconds.
    w.dec(interval * 4);
    w.char(0x29);
  } else if (type === 3) {
    if (!w.need(at + 2, 16)) return;
    w.str('(alt-CoA: ');
    w.ipv6At(at + 2);
    w.char(0x29);
  } else if (type === 4) {
    if (!w.need(at + 2, 4)) return;
    w.str('(ni: ho=0x');
    w.hexPadded(w.u16(at + 2), 4);
    w.str(' co=0x');
    w.hexPadded(w.u16(at + 4), 4);
    w.char(0x29);
  } else if (type === 5) w.str('(auth)');
  else {
    const length = w.u8(at + 1);
    w.str('(type-0x');
    w.hex2(type);
    w.str(': len=');
    w.dec(length);
    w.char(0x29);
  }
}
