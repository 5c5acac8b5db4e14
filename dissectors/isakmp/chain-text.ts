import type { Line } from '../../src/dissect/line.ts';
import { PAYLOAD, PAYLOADS } from './names.ts';
import { PAYLOADS1 } from './v1-text.ts';
import { PAYLOADS2 } from './v2-text.ts';
import { type Context, cutPayload, GENERIC, nameOf, newLine, STOP } from './writing.ts';

/** Payloads in payloads: more than any real message has. */
const MOST_DEPTH = 64;
/** So much text of one message is enough. */
const MOST_TEXT = 1 << 20;

/**
 * Writes payloads, of which each names the type of the next; `first` is that of the one at `from`. Returns where they
 * end, or STOP. Each is on a line of its own, deeper than what it is in.
 */
export function payloadsText(w: Line, first: number, from: number, context: Context): number {
  let at = from;
  for (let type = first; type !== 0; ) {
    if (w.cut || w.at > MOST_TEXT || context.depth > MOST_DEPTH) return STOP;
    if (!w.has(at, GENERIC) || !w.has(at, w.u16(at + 2))) return cutPayload(w, type);
    newLine(w, context.depth);
    const next = payloadText(w, type, at, { ...context, depth: context.depth + 1 });
    w.char(0x29);
    if (next === STOP) return STOP;
    type = w.u8(at);
    at = next;
  }
  return at;
}
function payloadText(w: Line, type: number, at: number, context: Context): number {
  const size = w.u16(at + 2);
  if (size <= GENERIC) return STOP;
  // Version 1 has no payload that is encrypted by itself, but tcpdump asks only for the number.
  const text = PAYLOADS1[type] ?? PAYLOADS2[type];
  if (text !== undefined && (type !== PAYLOAD.encrypted2 || context.isSecond)) return text(w, at, size, context, type);
  w.str(nameOf(PAYLOADS, type));
  return at + size;
}
