import { safe } from './safe-text.ts';

/** Addresses as lists show them: as they are, or by the names that somebody told. */
export class AddressNames {
  shown = false;

  constructor(private readonly known: { of(address: string): string | undefined; readonly size: number }) {}
  /** How many have one. */
  get size(): number {
    return this.known.size;
  }
  /** Whatever is shown. */
  nameOf(address: string): string | undefined {
    return this.known.of(address);
  }
  /** The name of an address, where there is one and names are wanted; else the address. */
  of(address: string): string {
    const name = this.shown ? this.known.of(address) : undefined;
    return name === undefined ? address : safe(name);
  }
  /** The same with a port behind it; brackets keep the colons of IPv6 apart from it. */
  withPort(address: string, port: number | undefined): string {
    const name = this.of(address);
    if (port === undefined) return name;
    return `${name.includes(':') ? `[${name}]` : name}:${port}`;
  }
}
