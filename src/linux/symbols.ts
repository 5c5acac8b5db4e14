import { readFileSync } from 'node:fs';
import { BTF, Btf } from './bpf/btf.ts';

const KALLSYMS = '/proc/kallsyms';

/** The names of the kernel's code, by address. */
export class Symbols {
  private readonly addresses: BigUint64Array;
  private readonly names: readonly string[];

  private constructor(text: string) {
    const found: { address: bigint; name: string }[] = [];
    for (const line of text.split('\n')) {
      // An address in hexadecimal digits, the kind, the name; modules add theirs in brackets.
      if (line[17] !== 't' && line[17] !== 'T') continue;
      const end = line.indexOf('\t', 19);
      found.push({ address: BigInt(`0x${line.slice(0, 16)}`), name: end < 0 ? line.slice(19) : line.slice(19, end) });
    }
    found.sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0));
    this.addresses = BigUint64Array.from(found, ({ address }) => address);
    this.names = found.map(({ name }) => name);
  }
  /** Empty where the kernel does not tell addresses. */
  static read(): Symbols {
    try {
      return new Symbols(readFileSync(KALLSYMS, 'latin1'));
    } catch {
      return new Symbols('');
    }
  }
  /** Do the addresses say anything? Without the right to them all of them are zero. */
  get known(): boolean {
    return (this.addresses.at(-1) ?? 0n) !== 0n;
  }
  /** The function that an address is in. */
  find(address: bigint): string | undefined {
    let [low, high] = [0, this.addresses.length - 1];
    if (!this.known || address < this.addresses[0]!) return undefined;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.addresses[middle]! <= address) low = middle;
      else high = middle - 1;
    }
    // What the compiler made of a function has a suffix: `.part.0`, `.isra.0`, `.cold`.
    return this.names[low]!.replace(/\..*$/, '');
  }
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
