import { closeSync, openSync } from 'node:fs';
import { ToolError } from '../error.ts';
import { type Link, linksOf } from '../linux/links.ts';
import { identity, inNamespace, type Namespace } from '../linux/namespace.ts';
import { Netlink, ROUTE } from '../linux/netlink.ts';
import { tryRawSocket } from '../linux/packet-ring.ts';
import { type Address, addressesOf } from '../linux/rtnetlink/address.ts';
import { namespaceId } from '../linux/rtnetlink/namespace-id.ts';
import type { Obstacle } from './topology.ts';

/** What one namespace told of itself. While it is held it does not go, whatever becomes of its name and its processes. */
export class Survey implements Disposable {
  links: readonly Link[] = [];
  addresses: readonly Address[] = [];
  /** Why nothing could be learned. */
  obstacle: Obstacle | undefined;
  /** Why nothing can be captured there. */
  captureObstacle: Obstacle | undefined;

  private constructor(
    readonly id: string,
    readonly namespace: Namespace,
    readonly fd: number,
  ) {
    try {
      this.look();
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      this.obstacle = { why: error.message, remedy: 'sudo hooktap interfaces' };
    }
  }
  /** `undefined` when it is gone by now. */
  static of(id: string, namespace: Namespace): Survey | undefined {
    let fd: number;
    try {
      fd = openSync(namespace.path ?? '/proc/thread-self/ns/net', 'r');
    } catch {
      return undefined;
    }
    if (identity({ path: `/proc/self/fd/${fd}` }) === id) return new Survey(id, namespace, fd);
    closeSync(fd);
    return undefined;
  }
  /** The same namespace, by a way that nobody can take away or give to another. */
  private get held(): Namespace {
    const { label, path } = this.namespace;
    return { label, path: path === undefined ? undefined : `/proc/self/fd/${this.fd}` };
  }
  private look(): void {
    inNamespace(this.held, () => {
      using netlink = opened();
      this.links = linksOf(netlink.it);
      this.addresses = addressesOf(netlink.it);
      try {
        tryRawSocket();
      } catch (error) {
        if (!(error instanceof ToolError)) throw error;
        this.captureObstacle = { why: error.message, remedy: 'sudo hooktap capture …' };
      }
    });
  }
  /** Which of the others has which of the numbers that this namespace has for others. */
  whoAre(numbers: ReadonlySet<number>, others: readonly Survey[]): Map<number, Survey> {
    const found = new Map<number, Survey>();
    if (numbers.size === 0) return found;
    return inNamespace(this.held, () => {
      using netlink = opened();
      for (const other of others) {
        // To ask for all costs the square of how many there are; most know only one other.
        if (found.size === numbers.size) break;
        const number = namespaceId(netlink.it, other.fd);
        if (number !== undefined && numbers.has(number)) found.set(number, other);
      }
      return found;
    });
  }
  [Symbol.dispose](): void {
    closeSync(this.fd);
  }
}
function opened(): Disposable & { readonly it: Netlink } {
  const it = Netlink.open(ROUTE);
  return { it, [Symbol.dispose]: () => it.close() };
}
