import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { BTF, Btf } from './bpf/btf.ts';

const KALLSYMS = '/proc/kallsyms';
const TWO_32 = 0x1_0000_0000;
const TAB = 9;
const LINE_FEED = 10;
/** In a line: an address of sixteen digits, the kind, the name; modules add theirs behind a tab. */
const KIND = 17;
const NAME = 19;

/** Functions, and those that others may stand in for. */
const isCode = (kind: number): boolean => (kind & ~0x20) === 0x54 || (kind & ~0x20) === 0x57;

/** The names of the kernel's code, by address. */
export class Symbols {
  /** Where the lines of modules begin: those in front are sorted by address, so that nothing needs to be read in advance. */
  private readonly modules: number;
  /** The lines of modules, by address: whatever order they were loaded in. */
  private loaded: { address: number; line: number }[] | undefined;

  private constructor(private readonly text: Buffer) {
    const tab = text.indexOf(TAB);
    this.modules = tab < 0 ? text.length : this.lineOf(tab);
  }
  /** Knows nothing where the kernel does not tell addresses. */
  static async read(): Promise<Symbols> {
    return new Symbols(await readFile(KALLSYMS).catch(() => Buffer.alloc(0)));
  }
  /** The same for who cannot wait. */
  static readNow(): Symbols {
    try {
      return new Symbols(readFileSync(KALLSYMS));
    } catch {
      return new Symbols(Buffer.alloc(0));
    }
  }
  /** Do the addresses say anything? Without the right to them all of them are zero. */
  get known(): boolean {
    return this.modules > 0 && this.addressAt(this.lineOf(this.modules - 1)) !== 0;
  }
  /** The function that an address is in. */
  find(wanted: bigint): string | undefined {
    if (!this.known) return undefined;
    const address = Number(wanted & 0xffff_ffff_ffffn);
    const line = this.ofKernel(address);
    const module = this.ofModules(address);
    const nearest = module === undefined || (line !== undefined && this.addressAt(line) >= module.address);
    return nearest ? (line === undefined ? undefined : this.nameAt(line)) : this.nameAt(module.line);
  }
  private ofKernel(address: number): number | undefined {
    let [low, high] = [0, this.lineOf(this.modules - 1)];
    if (address < this.addressAt(low)) return undefined;
    while (low < high) {
      // The line that the middle is in may be the one that begins at `low`.
      let middle = this.lineOf((low + high) >>> 1);
      if (middle === low) middle = this.text.indexOf(LINE_FEED, low) + 1;
      if (this.addressAt(middle) <= address) low = middle;
      else high = this.lineOf(middle - 1);
    }
    while (low > 0 && !isCode(this.text[low + KIND]!)) low = this.lineOf(low - 1);
    return isCode(this.text[low + KIND]!) ? low : undefined;
  }
  private ofModules(address: number): { address: number; line: number } | undefined {
    this.loaded ??= this.listModules();
    return this.loaded.findLast((each) => each.address <= address);
  }
  private listModules(): { address: number; line: number }[] {
    const found: { address: number; line: number }[] = [];
    const { text } = this;
    for (let line = this.modules; line + NAME < text.length; line = text.indexOf(LINE_FEED, line) + 1)
      if (isCode(text[line + KIND]!)) found.push({ address: this.addressAt(line), line });
    return found.sort((a, b) => a.address - b.address);
  }
  /** Where the line begins that a byte is in. */
  private lineOf(at: number): number {
    return at <= 0 ? 0 : this.text.lastIndexOf(LINE_FEED, at - 1) + 1;
  }
  /** Without the upper sixteen bits, which are all ones: so it is exact as a number. */
  private addressAt(line: number): number {
    return hex(this.text, line + 4, 4) * TWO_32 + hex(this.text, line + 8, 8);
  }
  private nameAt(line: number): string {
    const end = this.text.indexOf(LINE_FEED, line);
    const name = this.text.toString('latin1', line + NAME, end < 0 ? this.text.length : end);
    // What the compiler made of a function has a suffix: `.part.0`, `.isra.0`, `.cold`.
    return name.replace(/[.\t].*$/, '');
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
