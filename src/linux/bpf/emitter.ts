/** Collects instructions of eBPF (Documentation/bpf/standardization/instruction-set.rst), whose jumps may be aimed later. */
export class Emitter {
  private readonly words: number[] = [];
  get length(): number {
    return this.words.length / 2;
  }
  add(code: number, destination = 0, source = 0, offset = 0, constant = 0): number {
    this.words.push((code | (source << 12) | (destination << 8) | ((offset & 0xffff) << 16)) >>> 0, constant >>> 0);
    return this.length - 1;
  }
  /** Lets a jump go to an instruction. */
  aim(jump: number, target: number): void {
    this.words[jump * 2] = ((this.words[jump * 2]! & 0xffff) | (((target - jump - 1) & 0xffff) << 16)) >>> 0;
  }
  bytes(): Uint8Array {
    return new Uint8Array(Uint32Array.from(this.words).buffer);
  }
}
