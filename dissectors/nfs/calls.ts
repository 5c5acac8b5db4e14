import type { Frame } from '../../src/dissect/frame.ts';
import type { Line } from '../../src/dissect/line.ts';
import { networkBelow } from '../pseudo-header.ts';

export interface Call {
  readonly procedure: number;
  readonly version: number;
}
interface Entry extends Call {
  readonly key: string;
}
const MOST = 64;
/** What was called lately, since replies do not tell: a ring, as tcpdump's. */
class Calls {
  private readonly entries: (Entry | undefined)[] = new Array(MOST).fill(undefined);
  private next = 0;
  /** Where the last one was found; the search begins there. */
  private hint = 0;

  enter(entry: Entry): void {
    this.entries[this.next] = entry;
    this.next = (this.next + 1) % MOST;
  }
  find(key: string): Call | undefined {
    for (let i = 0; i < MOST; i++) {
      const place = (this.hint + i) % MOST;
      if (this.entries[place]?.key !== key) continue;
      this.hint = place;
      return this.entries[place];
    }
    return undefined;
  }
}
/** By writer: each has its own past. */
const past = new WeakMap<Line, Calls>();
function callsOf(w: Line): Calls {
  const known = past.get(w) ?? new Calls();
  past.set(w, known);
  return known;
}
/** Who talks to whom, of a transaction; `server` sends a reply. */
function keyOf(frame: Frame, d: number, xid: number, isReply: boolean): string {
  const { bytes, registry } = frame;
  const network = networkBelow(frame, d);
  if (network < 0) return String(xid);
  const layer = frame.layer[network]!;
  const end = (place: Uint8Array): string => {
    const at = frame.from[network]! + place[layer]!;
    return Buffer.from(bytes.buffer, bytes.byteOffset + at, registry.endSize[layer]!).toString('hex');
  };
  const ends = [end(registry.endSource), end(registry.endDestination)];
  return [xid, ...(isReply ? ends.reverse() : ends)].join(' ');
}
export const enterCall = (w: Line, frame: Frame, d: number, xid: number, call: Call): void =>
  callsOf(w).enter({ ...call, key: keyOf(frame, d, xid, false) });
export const findCall = (w: Line, frame: Frame, d: number, xid: number): Call | undefined =>
  callsOf(w).find(keyOf(frame, d, xid, true));
