import { readFile } from 'node:fs/promises';
import { BTF, Btf } from './bpf/btf.ts';

const KALLSYMS = '/proc/kallsyms';
const TWO_32 = 0x1_0000_0000;
const LINE_FEED = 10;
/** In a line: an address of sixteen digits, the kind, the name; modules add theirs behind a tab. */
const KIND = 17;
const NAME = 19;

/** The names of the kernel's code, by address. */
export class Symbols {
  /** Without their upper sixteen bits, which are all ones: so they are exact as numbers. */
  private readonly addresses: Float64Array;
  /** Where in the text each one's line begins. */
  private readonly lines: Int32Array;

  private constructor(private readonly text: Buffer) {
    const addresses: number[] = [];
    const lines: number[] = [];
    let sorted = true;
    for (let at = 0; at + NAME < text.length; at = text.indexOf(LINE_FEED, at) + 1) {
      // t and T: code.
      if ((text[at + KIND]! & ~0x20) !== 0x54) continue;
      const address = hex(text, at + 4, 4) * TWO_32 + hex(text, at + 8, 8);
      sorted &&= addresses.length === 0 || address >= addresses.at(-1)!;
      addresses.push(address);
      lines.push(at);
    }
    const order = addresses.map((_, i) => i);
    if (!sorted) order.sort((a, b) => addresses[a]! - addresses[b]!);
    this.addresses = Float64Array.from(order, (i) => addresses[i]!);
    this.lines = Int32Array.from(order, (i) => lines[i]!);
  }
  /** Knows nothing where the kernel does not tell addresses. Reading takes a while, parsing does not. */
  static async read(): Promise<Symbols> {
    return new Symbols(await readFile(KALLSYMS).catch(() => Buffer.alloc(0)));
  }
  /** Do the addresses say anything? Without the right to them all of them are zero. */
  get known(): boolean {
    return (this.addresses.at(-1) ?? 0) !== 0;
  }
  /** The function that an address is in. */
  find(wanted: bigint): string | undefined {
    const address = Number(wanted & 0xffff_ffff_ffffn);
    let [low, high] = [0, this.addresses.length - 1];
    if (!this.known || address < this.addresses[0]!) return undefined;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.addresses[middle]! <= address) low = middle;
      else high = middle - 1;
    }
    const at = this.lines[low]!;
    const line = this.text.toString('latin1', at + NAME, this.text.indexOf(LINE_FEED, at));
    // What the compiler made of a function has a suffix: `.part.0`, `.isra.0`, `.cold`.
    return line.replace(/[.\t].*$/, '');
  }
}
function hex(text: Uint8Array, at: number, digits: number): number {
  let value = 0;
  for (let i = at; i < at + digits; i++) {
    const digit = text[i]!;
    value = value * 16 + (digit <= 0x39 ? digit - 0x30 : (digit | 0x20) - 0x57);
  }
  return value;
}
const PREFIX = 'SKB_DROP_REASON_';
/** What this kernel calls its reasons to drop packets: each kernel numbers them anew. */
export function dropReasons(): Map<number, string> {
  const kernel = Btf.kernel();
  const id = kernel.find(BTF.enumeration, 'skb_drop_reason');
  const names = new Map<number, string>();
  if (id === undefined) return names;
  for (const [value, name] of kernel.values(id))
    names.set(value, name.startsWith(PREFIX) ? name.slice(PREFIX.length) : name);
  return names;
}
