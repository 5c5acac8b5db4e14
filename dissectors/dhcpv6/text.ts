import type { Line } from '../../src/dissect/line.ts';
import { OPTION_TEXTS } from './option-text.ts';
import { headSize, isRelayed, MESSAGES, OPTION_NAMES } from './options.ts';

/** tcpdump's text of a message; `end` is where the layer below says it ends. */
export function messageText(w: Line, at: number, end: number): void {
  w.label = 'dhcp6';
  w.str('dhcp6');
  if (!w.has(at, 4)) {
    w.trunc();
    return;
  }
  const type = w.u8(at);
  w.char(SPACE);
  w.named(MESSAGES, type, 'msgtype-%u');
  if (w.verbose === 0) return;
  if (isRelayed(type)) {
    w.str(' (linkaddr=');
    w.ipv6At(at + 2);
    w.str(' peeraddr=');
    w.ipv6At(at + 18);
  } else {
    w.str(' (xid=');
    w.hex(w.u24(at + 1));
  }
  optionsText(w, at + headSize(type), Math.min(end, w.limit));
  w.char(CLOSE);
}
const SPACE = 0x20;
const CLOSE = 0x29;
const HEADER = 4;

/** Options in options in relayed messages: more than any real message has. */
const MOST_NESTING = 100;
let nesting = 0;
/** Options, some of which hold others. What is cut is cut at its own level; the text goes on behind it. */
export function optionsText(w: Line, from: number, end: number): void {
  if (nesting === MOST_NESTING) return;
  nesting++;
  eachOptionText(w, from, end);
  nesting--;
}
function eachOptionText(w: Line, from: number, end: number): void {
  for (let at = from; at < end && !w.cut; ) {
    const body = at + HEADER;
    const to = body + (body <= end ? w.u16(at + 2) : 0);
    if (to > end || body > end) {
      w.trunc();
      return;
    }
    const code = w.u16(at);
    w.str(' (');
    w.named(OPTION_NAMES, code, 'opt_%u');
    const text = OPTION_TEXTS[code];
    if (text?.(w, body, to) === false) {
      w.trunc();
      return;
    }
    w.char(CLOSE);
    at = to;
  }
}
