import { read32 } from '../bytes/kind.ts';

/**
 * Makes two words (32 bits with a sign, see PairTable) of the two addresses of an IPv6 packet, which stand for the pair:
 * the other way round they are exchanged. The seed is unpredictable, so that no capture can be made to confuse
 * connections.
 */
export class AddressWords {
  source = 0;
  destination = 0;
  private readonly seed = (Math.random() * 0x1_0000_0000) >>> 0;

  look(bytes: Uint8Array, source: number, destination: number): void {
    // The greater address gets the number that is greater without its sign, so that equal ports are ordered as by the
    // whole address.
    let greater = 0;
    for (let i = 0; i < 16 && greater === 0; i += 4)
      greater = Math.sign(read32(bytes, source + i) - read32(bytes, destination + i));
    const low = greater > 0 ? destination : source;
    const high = greater > 0 ? source : destination;
    const first = mix(bytes, low, high, this.seed) >>> 1;
    const second = greater === 0 ? first : mix(bytes, high, low, ~this.seed) | 0x8000_0000;
    this.source = greater > 0 ? second : first;
    this.destination = greater > 0 ? first : second;
  }
}
function mix(bytes: Uint8Array, first: number, second: number, seed: number): number {
  let h = seed;
  for (let i = 0; i < 32; i += 4) {
    h = Math.imul(h ^ read32(bytes, i < 16 ? first + i : second + i - 16), 0x9e3779b1);
    h ^= h >>> 15;
  }
  return h;
}
