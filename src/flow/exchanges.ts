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
  private readonly waiting = new Map<number, Request>();
  /** By protocol; null: it has no requests; undefined: no layer of it came yet, and it may be asleep. */
  private readonly tellers: (NonNullable<Protocol['exchange']> | null | undefined)[];
  private readonly told: Exchange = { asks: false, repeats: false, id: 0, check: 0 };
  private readonly key = new Key();
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
  private ask(frame: Frame, d: number, key: number): void {
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
  private answer(frame: Frame, d: number, key: number): void {
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
  private keyOf(frame: Frame, d: number, network: number): number {
    const { endSize, endSource, endDestination } = this.registry;
    const { bytes, layer, from } = frame;
    const { key, told } = this;
    const id = layer[network]!;
    const size = endSize[id]!;
    const source = from[network]! + endSource[id]!;
    const destination = from[network]! + endDestination[id]!;
    const isLess = comesFirst(bytes, source, destination, size);
    key.begin();
    key.add(layer[d]! * 2 + (frame.find(this.greId) === NONE ? 0 : 1));
    key.add(told.id | 0);
    key.add(told.check | 0);
    key.addBytes(bytes, isLess ? source : destination, size);
    key.addBytes(bytes, isLess ? destination : source, size);
    return key.value;
  }
}
function comesFirst(bytes: Uint8Array, one: number, other: number, size: number): boolean {
  for (let i = 0; i < size; i += 4) {
    const difference = read32(bytes, one + i) - read32(bytes, other + i);
    if (difference !== 0) return difference < 0;
  }
  return true;
}
/**
 * What stands for words of 32 bits: a number of 53 bits, for no text is made of each request. The seeds are
 * unpredictable, so that no capture can be made to confuse requests.
 */
class Key {
  private readonly seed = (Math.random() * 0x1_0000_0000) | 0;
  private readonly otherSeed = (Math.random() * 0x1_0000_0000) | 0;
  private high = 0;
  private low = 0;

  begin(): void {
    this.high = this.seed;
    this.low = this.otherSeed;
  }
  add(word: number): void {
    const high = Math.imul(this.high ^ word, 0x9e3779b1);
    const low = Math.imul(this.low ^ word, 0x85ebca6b);
    this.high = high ^ (high >>> 15);
    this.low = low ^ (low >>> 13);
  }
  addBytes(bytes: Uint8Array, from: number, size: number): void {
    for (let i = 0; i < size; i += 4) this.add(read32(bytes, from + i) | 0);
  }
  get value(): number {
    return (this.high >>> 0) * 0x20_0000 + (this.low >>> 11);
  }
}
