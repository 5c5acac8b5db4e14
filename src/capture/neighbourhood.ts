import { hardwareOf } from '../linux/ethtool.ts';
import { LINK, type Link, Links } from '../linux/links.ts';
import { identity, inNamespace, type Namespace } from '../linux/namespace.ts';

/** What may happen to a device. */
export type Change = 'new' | 'down' | 'up' | 'gone' | 'renamed';

/** The devices of one namespace, kept up to date while packets are captured in it. */
export class Neighbourhood {
  private readonly devices = new Map<number, Link>();

  private constructor(
    readonly namespace: Namespace,
    /** What tells the namespace from one that takes over its name. */
    readonly identity: string | undefined,
    private readonly links: Links,
  ) {
    this.refresh();
  }
  static open(namespace: Namespace): Neighbourhood {
    const links = inNamespace(namespace, () => Links.open());
    return new Neighbourhood(namespace, identity(namespace), links);
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
  /** A device that packets came from: it may be gone by the time that they are looked at. */
  at(index: number): Link | undefined {
    return this.devices.get(index);
  }
  /** What its driver tells of a device. */
  hardwareOf(link: Link): { speed: number | undefined; driver: string | undefined } {
    return hardwareOf(this.links.fd, link.name);
  }
  /** Takes in what happened, and tells of what changed. */
  update(each: (link: Link, change: Change) => void): void {
    const complete = this.links.events(({ link, deleted }) => {
      const before = this.devices.get(link.index);
      if (deleted) this.devices.delete(link.index);
      else this.devices.set(link.index, link);
      if (deleted && before === undefined) return;
      for (const change of deleted ? (['gone'] as const) : changes(before, link)) each(link, change);
    });
    if (!complete) this.catchUp(each);
  }
  /** Too much happened to be told one by one. */
  private catchUp(each: (link: Link, change: Change) => void): void {
    const before = new Map(this.devices);
    this.refresh();
    for (const [index, link] of before) if (!this.devices.has(index)) each(link, 'gone');
    for (const [index, link] of this.devices) for (const change of changes(before.get(index), link)) each(link, change);
  }
  /** Asks for the devices anew, with their counters as of now. */
  refresh(): void {
    const links = this.links.list();
    this.devices.clear();
    for (const link of links) this.devices.set(link.index, link);
  }
  close(): void {
    this.links.close();
  }
}
function changes(before: Link | undefined, now: Link): Change[] {
  if (before === undefined) return ['new'];
  const [was, is] = [before.flags & LINK.up, now.flags & LINK.up];
  const renamed = before.name === now.name ? [] : (['renamed'] as const);
  return was === is ? [...renamed] : [...renamed, is === 0 ? 'down' : 'up'];
}
/** A device's name, with its namespace's where that is not ours. */
export function qualified(namespace: Namespace, name: string): string {
  return namespace.label === '' ? name : `${namespace.label}/${name}`;
}
