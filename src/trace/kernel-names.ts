import { ToolError } from '../error.ts';
import { dropReasons, Symbols } from '../linux/symbols.ts';
import type { Names } from './joiner.ts';

/** What the kernel's addresses and numbers are called. Reading them takes a while, in which events may already come. */
export class KernelNames implements Names {
  private readonly reasons = reasonsIfTold();
  private readonly known = new Map<bigint, string | undefined>();
  private symbols: Symbols | undefined;

  /** Reads them in another thread. */
  begin(): void {
    void Symbols.read().then((symbols) => (this.symbols ??= symbols));
  }
  get ready(): boolean {
    return this.symbols !== undefined;
  }
  symbol(address: bigint): string | undefined {
    if (address === 0n) return undefined;
    if (!this.known.has(address)) {
      this.symbols ??= Symbols.readNow();
      this.known.set(address, this.symbols.find(address));
    }
    return this.known.get(address);
  }
  reason(number: number): string {
    return this.reasons.get(number) ?? String(number);
  }
}
/** None where the kernel does not describe its types: then BPF does not work either. */
function reasonsIfTold(): Map<number, string> {
  try {
    return dropReasons();
  } catch (error) {
    if (error instanceof ToolError) return new Map();
    throw error;
  }
}
