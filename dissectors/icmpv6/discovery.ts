/** Neighbour discovery (RFC 4861 section 4). */
import type { Line } from '../../src/dissect/line.ts';
import { PREFERENCES } from './header.ts';
import type { MessageText } from './message.ts';
import { discoveryOptionsText } from './options.ts';

/** Options are shown with `-v`. */
const withOptions =
  (body: (w: Line, at: number) => void, size: number): MessageText =>
  (w, at, length) => {
    body(w, at);
    return w.verbose > 0 && !w.cut ? discoveryOptionsText(w, at + size, length - size) : 'length';
  };
function addressText(w: Line, before: string, at: number): void {
  if (!w.need(at, 16)) return;
  w.str(before);
  w.ipv6At(at);
}
const ROUTER_FLAGS = [
  [0x80, 'managed'],
  [0x40, 'other stateful'],
  [0x20, 'home agent'],
  [0x02, 'ipv6 only'],
] as const;
function routerText(w: Line, at: number): void {
  if (w.verbose === 0 || !w.need(at + 4, 12)) return;
  const flags = w.u8(at + 5);
  w.str('\n\thop limit ');
  w.dec(w.u8(at + 4));
  w.str(', Flags [');
  w.flags(ROUTER_FLAGS, flags, 'none');
  w.str('], pref ');
  w.str(PREFERENCES[(flags >> 3) & 3]!);
  w.str(', router lifetime ');
  w.dec(w.u16(at + 6));
  w.str('s, reachable time ');
  w.dec(w.u32(at + 8));
  w.str('ms, retrans timer ');
  w.dec(w.u32(at + 12));
  w.str('ms');
}
const NEIGHBOUR_FLAGS = [
  [0x80, 'router'],
  [0x40, 'solicited'],
  [0x20, 'override'],
] as const;
function neighbourText(w: Line, at: number): void {
  addressText(w, ', tgt is ', at + 8);
  if (w.verbose === 0) return;
  const flags = w.u8(at + 4);
  w.str(', Flags [');
  w.flags(NEIGHBOUR_FLAGS, flags, 'none');
  w.char(0x5d);
}
function redirectText(w: Line, at: number): void {
  addressText(w, ', ', at + 24);
  addressText(w, ' to ', at + 8);
}
export const DISCOVERY: Readonly<Record<number, MessageText>> = {
  133: withOptions(() => {}, 8),
  134: withOptions(routerText, 16),
  135: withOptions((w, at) => addressText(w, ', who has ', at + 8), 24),
  136: withOptions(neighbourText, 24),
  137: withOptions(redirectText, 40),
};
