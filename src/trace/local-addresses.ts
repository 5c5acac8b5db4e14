import { ipv4, ipv6 } from '../linux/address.ts';
import { localAddresses } from '../linux/addresses.ts';
import { inNamespace } from '../linux/namespace.ts';
import type { NamespaceNames } from './namespaces.ts';

/** Addresses change seldom; a namespace is asked again after so long. */
const VALID_MS = 1000;

/** Which addresses are a namespace's own: packets for others it hands on. */
export class LocalAddresses {
  private readonly known = new Map<number, { until: number; addresses: ReadonlySet<string> }>();

  constructor(private readonly namespaces: NamespaceNames) {}

  has(netns: number, address: string): boolean {
    const now = performance.now();
    let found = this.known.get(netns);
    if (found === undefined || found.until < now) {
      found = { until: now + VALID_MS, addresses: this.ask(netns) };
      this.known.set(netns, found);
    }
    return found.addresses.has(address) || address.startsWith('127.');
  }
  private ask(netns: number): Set<string> {
    const namespace = this.namespaces.find(netns);
    if (namespace === undefined) return new Set();
    try {
      const all = inNamespace(namespace, () => localAddresses());
      return new Set(all.map((bytes) => (bytes.length === 4 ? ipv4(bytes, 0) : ipv6(bytes, 0))));
    } catch {
      // It is gone.
      return new Set();
    }
  }
}
