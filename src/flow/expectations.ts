import { read32 } from '../bytes/kind.ts';
import type { Frame } from '../dissect/frame.ts';
import { type Expect, NONE, type Protocol } from '../dissect/protocol.ts';
import type { Registry } from '../dissect/registry.ts';

/** So many ends are kept; the oldest make room. */
const MOST = 1 << 16;
const IPV4_SIZE = 4;
const TRANSPORTS = { udp: 0, tcp: 1 } as const;
export type Transport = keyof typeof TRANSPORTS;

/** What layers told of payloads that will come: by address and port of UDP or TCP, who reads them. */
export class Expectations {
  private readonly ends = new Map<number | string, number>();
  /** By protocol; null: it announces nothing; undefined: no layer of it came yet, and it may be asleep. */
  private readonly tellers: (NonNullable<Protocol['expects']> | null | undefined)[];
  private readonly expect: Expect = (name, transport, address, port) => {
    const id = this.registry.id(name);
    if (id === NONE || !(port > 0 && port < 0x1_0000)) return;
    const key = keyOf(address, 0, address.length, TRANSPORTS[transport], port);
    // What is told again counts as new.
    this.ends.delete(key);
    this.ends.set(key, id);
    if (this.ends.size <= this.most) return;
    for (const oldest of this.ends.keys()) {
      this.ends.delete(oldest);
      return;
    }
  };

  constructor(
    private readonly registry: Registry,
    private readonly most = MOST,
  ) {
    this.tellers = Array.from(registry.protocols, () => undefined);
  }
  /** Listens to layer `d`, which was captured as far as its fixed header. */
  hear(frame: Frame, d: number): void {
    const id = frame.layer[d]!;
    let tell = this.tellers[id];
    if (tell === undefined) tell = this.tellers[id] = this.registry.protocols[id]!.expects ?? null;
    tell?.(frame, d, this.expect);
  }
  /** The protocol that one of the ends of layer `d` expects; NONE when nobody told. `network`: the layer with the addresses. */
  of(frame: Frame, d: number, network: number, transport: Transport): number {
    const { ends } = this;
    if (ends.size === 0) return NONE;
    const { endSize, endSource, endDestination } = this.registry;
    const { bytes } = frame;
    const id = frame.layer[network]!;
    const base = frame.from[network]!;
    const ports = read32(bytes, frame.from[d]!);
    const told = (distance: number, port: number): number | undefined =>
      ends.get(keyOf(bytes, base + distance, endSize[id]!, TRANSPORTS[transport], port));
    return told(endDestination[id]!, ports & 0xffff) ?? told(endSource[id]!, ports >>> 16) ?? NONE;
  }
}
function keyOf(bytes: Uint8Array, at: number, size: number, transport: number, port: number): number | string {
  const end = transport * 0x1_0000 + port;
  if (size === IPV4_SIZE) return read32(bytes, at) * 0x2_0000 + end;
  return `${read32(bytes, at)} ${read32(bytes, at + 4)} ${read32(bytes, at + 8)} ${read32(bytes, at + 12)} ${end}`;
}
