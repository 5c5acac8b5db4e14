import { COOKED, linkTypeOf } from '../linux/link-type.ts';
import { LINK, type Link, Links } from '../linux/links.ts';
import { inNamespace, type Namespace } from '../linux/namespace.ts';
import type { Port } from './source.ts';

/** What may happen to a device that is captured on. */
export type Change = 'down' | 'up' | 'gone';

/** The devices of one namespace, kept up to date while packets are captured in it. */
export class Neighbourhood {
  private readonly devices = new Map<number, Link>();

  private constructor(
    readonly namespace: Namespace,
    private readonly links: Links,
  ) {
    this.list();
  }
  static open(namespace: Namespace): Neighbourhood {
    return new Neighbourhood(
      namespace,
      inNamespace(namespace, () => Links.open()),
    );
  }
  /** Readable when something happened. */
  get fd(): number {
    return this.links.fd;
  }
  get all(): Link[] {
    return [...this.devices.values()];
  }
  find(name: string): Link | undefined {
    return this.all.find((link) => link.name === name);
  }
  /** The port of a device: it may be gone by the time that its packets are looked at. */
  port(index: number, hardware: number, snaplen: number, cooked: boolean): Port {
    const name = this.devices.get(index)?.name ?? `if${index}`;
    const linkType = cooked ? COOKED.number : linkTypeOf(hardware).number;
    return { name: qualified(this.namespace, name), linkType, snaplen, nanos: true };
  }
  /** Takes in what happened, and tells of what changed. */
  update(each: (link: Link, change: Change) => void): void {
    const complete = this.links.events(({ link, deleted }) => {
      const before = this.devices.get(link.index);
      if (deleted) this.devices.delete(link.index);
      else this.devices.set(link.index, link);
      const change = deleted ? 'gone' : changed(before, link);
      if (change !== undefined) each(link, change);
    });
    if (!complete) this.catchUp(each);
  }
  /** Too much happened to be told one by one. */
  private catchUp(each: (link: Link, change: Change) => void): void {
    const before = new Map(this.devices);
    this.list();
    for (const [index, link] of before) {
      const now = this.devices.get(index);
      const change = now === undefined ? 'gone' : changed(link, now);
      if (change !== undefined) each(link, change);
    }
  }
  private list(): void {
    const links = inNamespace(this.namespace, () => this.links.list());
    this.devices.clear();
    for (const link of links) this.devices.set(link.index, link);
  }
  close(): void {
    this.links.close();
  }
}
function changed(before: Link | undefined, now: Link): Change | undefined {
  if (before === undefined) return undefined;
  const [was, is] = [before.flags & LINK.up, now.flags & LINK.up];
  return was === is ? undefined : is === 0 ? 'down' : 'up';
}
/** A device's name, with its namespace's where that is not ours. */
export function qualified(namespace: Namespace, name: string): string {
  return namespace.label === '' ? name : `${namespace.label}/${name}`;
}
