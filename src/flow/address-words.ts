/**
 * Makes two words (32 bits with a sign, see PairTable) of the two addresses of an IPv6 packet, which stand for the pair:
 * the other way round they are exchanged. The seeds are unpredictable, so that no capture can be made to confuse
 * connections.
 */
export class AddressWords {
  source = 0;
  destination = 0;
  private readonly seed = (Math.random() * 0x1_0000_0000) | 0;
  private readonly otherSeed = (Math.random() * 0x1_0000_0000) | 0;
  private bytes: Uint8Array = new Uint8Array(0);
  /** Of those: one read takes a word, where four octets would have to be put together. Many packets lie in the same. */
  private view = new DataView(this.bytes.buffer);

  look(bytes: Uint8Array, source: number, destination: number): void {
    if (bytes !== this.bytes) this.turnTo(bytes);
    const { view } = this;
    // Two hashes of each address: each word has one of this end and the other of that one, so that both words together
    // tell one address from all others even where the second is always the same.
    let near = this.seed;
    let far = near;
    let nearOther = this.otherSeed;
    let farOther = nearOther;
    for (let i = 0; i < 16; i += 4) {
      const a = view.getInt32(source + i);
      const b = view.getInt32(destination + i);
      near = mix(near ^ a);
      far = mix(far ^ b);
      nearOther = mix(nearOther ^ a);
      farOther = mix(farOther ^ b);
    }
    this.source = near ^ Math.imul(farOther, SPREAD);
    this.destination = far ^ Math.imul(nearOther, SPREAD);
  }
  private turnTo(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
}
const SPREAD = 0x85ebca6b;
function mix(word: number): number {
  const h = Math.imul(word, 0x9e3779b1);
  return h ^ (h >>> 15);
}
