import type { Frame } from '../../src/dissect/frame.ts';
import type { Line } from '../../src/dissect/line.ts';
import { networkBelow } from '../pseudo-header.ts';

const MOST = 20;
interface Exchange {
  readonly cookie: string;
  readonly initiator: string;
  readonly responder: string;
}
/** Who began: in a later message nothing tells. What tcpdump remembers while it writes, by writer. */
const begun = new WeakMap<Line, (Exchange | undefined)[]>();
const next = new WeakMap<Line, number>();

const hex = (bytes: Uint8Array, at: number, size: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + at, size).toString('hex');
const COOKIE = 8;
const NO_COOKIE = '00'.repeat(COOKIE);

/** `I` and `R` for messages of the initiator and the responder, `?` when nobody knows. The header was captured. */
export function sideOf(w: Line, frame: Frame, d: number, at: number): 'I' | 'R' | '?' {
  const { bytes, registry } = frame;
  const cookie = hex(bytes, at, COOKIE);
  const network = networkBelow(frame, d);
  const size = network < 0 ? 0 : registry.endSize[frame.layer[network]!]!;
  const end = (place: Uint8Array): string => hex(bytes, frame.from[network]! + place[frame.layer[network]!]!, size);
  const known = begun.get(w)?.find((one) => one?.cookie === cookie);
  if (known !== undefined) {
    const source = size === 0 ? '' : end(registry.endSource);
    if (source === known.initiator) return 'I';
    return source === known.responder ? 'R' : '?';
  }
  // Nobody can have begun with zero.
  if (cookie === NO_COOKIE || hex(bytes, at + COOKIE, COOKIE) !== NO_COOKIE) return '?';
  if (size > 0) remember(w, { cookie, initiator: end(registry.endSource), responder: end(registry.endDestination) });
  return 'I';
}
function remember(w: Line, exchange: Exchange): void {
  const all = begun.get(w) ?? [];
  const place = next.get(w) ?? 0;
  all[place] = exchange;
  begun.set(w, all);
  next.set(w, (place + 1) % MOST);
}
