/** Mobile IPv6's four ICMPv6 messages (RFC 6275 sections 6.5 to 6.8). */
import type { Line } from '../../src/dissect/line.ts';
import type { MessageText } from './message.ts';
import { discoveryOptionsText } from './options.ts';

function identifierText(w: Line, at: number): void {
  const identifier = w.u16(at + 4);
  w.str(', id 0x');
  w.hexPadded(identifier, 4);
}
const identifier: MessageText = (w, at) => {
  identifierText(w, at);
  return 'length';
};
const homeAgents: MessageText = (w, at, length) => {
  if (w.verbose === 0) return 'length';
  identifierText(w, at);
  for (let agent = at + 8; agent < at + length && w.need(agent, 16); agent += 16) {
    w.str(', ');
    w.ipv6At(agent);
  }
  return 'length';
};
const prefixes: MessageText = (w, at, length) => {
  if (w.verbose === 0) return 'length';
  identifierText(w, at);
  const flags = w.u16(at + 6);
  if ((flags & 0xc000) !== 0) w.char(0x20);
  if ((flags & 0x8000) !== 0) w.char(0x4d);
  if ((flags & 0x4000) !== 0) w.char(0x4f);
  return discoveryOptionsText(w, at + 8, length - 8);
};
export const MOBILE: Readonly<Record<number, MessageText>> = {
  144: identifier,
  145: homeAgents,
  146: identifier,
  147: prefixes,
};
