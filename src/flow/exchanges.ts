import { read32 } from '../bytes/kind.ts';
import type { Frame } from '../dissect/frame.ts';
import { type Exchange, NONE, type Protocol } from '../dissect/protocol.ts';
import type { Registry } from '../dissect/registry.ts';

/** So many requests wait at most; the oldest make room. */
const MOST = 1 << 16;
const BILLION = 1_000_000_000;

interface Request {
  /** Of the packet. */
  readonly number: number;
  readonly seconds: number;
  readonly nanos: number;
}

/** Requests that no reply was seen to, and which of them a reply answers. */
export class Exchanges {
  private readonly waiting = new Map<string, Request>();
  /** By protocol; null: it has no requests; undefined: no layer of it came yet, and it may be asleep. */
  private readonly tellers: (NonNullable<Protocol['exchange']> | null | undefined)[];
  private readonly told: Exchange = { asks: false, repeats: false, id: 0, check: 0 };
  private readonly greId: number;

  constructor(
    private readonly registry: Registry,
    private readonly most = MOST,
  ) {
    this.tellers = Array.from(registry.protocols, () => undefined);
    this.greId = registry.id('gre');
  }
  /** Layer `d`, which was captured as far as its fixed header: remembers a request, tells a reply what it answers. */
  see(frame: Frame, d: number): void {
    const id = frame.layer[d]!;
    let tell = this.tellers[id];
    if (tell === undefined) tell = this.tellers[id] = this.registry.protocols[id]!.exchange ?? null;
    if (tell === null) return;
    frame.asked[d] = 0;
    const network = frame.addressedBelow(d);
    if (network === NONE || !tell(frame, d, this.told)) return;
    const key = this.keyOf(frame, d, network);
    if (this.told.asks) this.ask(frame, d, key);
    else this.answer(frame, d, key);
  }
  private ask(frame: Frame, d: number, key: string): void {
    const { waiting, told } = this;
    const first = waiting.get(key);
    if (first !== undefined) {
      if (told.repeats) {
        frame.asked[d] = first.number;
        return;
      }
      waiting.delete(key);
    }
    const { number, seconds, nanos } = frame;
    waiting.set(key, { number, seconds, nanos });
    if (waiting.size <= this.most) return;
    for (const oldest of waiting.keys()) {
      waiting.delete(oldest);
      return;
    }
  }
  private answer(frame: Frame, d: number, key: string): void {
    const request = this.waiting.get(key);
    if (request === undefined) return;
    this.waiting.delete(key);
    frame.asked[d] = request.number;
    frame.waited[d] = (frame.seconds - request.seconds) * BILLION + (frame.nanos - request.nanos);
  }
  /**
   * The addresses in the same order for both directions. As in Wireshark, what comes through GRE is apart: a packet may
   * be seen in front of the tunnel and in it.
   */
  private keyOf(frame: Frame, d: number, network: number): string {
    const { endSize, endSource, endDestination } = this.registry;
    const { bytes, layer, from } = frame;
    const id = layer[network]!;
    const size = endSize[id]!;
    const source = addressText(bytes, from[network]! + endSource[id]!, size);
    const destination = addressText(bytes, from[network]! + endDestination[id]!, size);
    const ends = source < destination ? source + destination : destination + source;
    const tunnel = frame.find(this.greId) === NONE ? '' : 'g';
    return `${layer[d]} ${this.told.id} ${this.told.check} ${ends}${tunnel}`;
  }
}
function addressText(bytes: Uint8Array, at: number, size: number): string {
  let text = '';
  for (let i = at; i < at + size; i += 4) text += `${read32(bytes, i)} `;
  return text;
}
