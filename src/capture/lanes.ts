import { ToolError } from '../error.ts';
import { linkTypeOf } from '../linux/link-type.ts';
import { LINK, type Link } from '../linux/links.ts';
import { identifiedNamespaces, identity, inNamespace, type Namespace } from '../linux/namespace.ts';
import { PacketRing, type RingOptions } from '../linux/packet-ring.ts';
import { deviceFilter, everyDeviceFilter, WHOLE } from './kernel-filter.ts';
import { Lane, type Ports } from './lane.ts';
import { type Change, Neighbourhood, qualified } from './neighbourhood.ts';
import { Offload } from './on-wire.ts';
import { ANY, firstOf, isPattern, means, noDevice, type Selection } from './selection.ts';

/** How often to look for namespaces that came or went: nobody tells of them. */
const LOOK_MS = 1000;

export interface LanesOptions {
  readonly selection: Selection;
  /** The ring of a socket, if there are so many of them. */
  readonly size: (lanes: number) => Pick<RingOptions, 'blockSize' | 'blocks' | 'timeout'>;
  readonly ports: Ports;
  /** Takes what a lane has yet, before it is closed. */
  readonly empty: (lane: Lane) => void;
  readonly notice: (text: string) => void;
}

/** The rings of everything that is selected, also of what comes later. */
export class Lanes {
  readonly open: Lane[] = [];
  readonly neighbourhoods: Neighbourhood[] = [];
  /** Changes whenever there is something else to wait for. */
  version = 0;
  /** Of lanes that are closed. */
  received = 0;
  dropped = 0;
  private readonly devices: readonly string[];
  private looked = performance.now();
  private readonly offload: Offload | undefined;

  constructor(private readonly options: LanesOptions) {
    const { selection } = options;
    const { namespaces } = selection;
    this.offload = selection.asOnWire ? new Offload() : undefined;
    try {
      for (const namespace of namespaces) this.enter(namespace, selection.everyNamespace === true);
      this.devices = selection.devices.length > 0 ? selection.devices : [...new Set(this.neighbourhoods.map(firstOf))];
      for (const neighbourhood of this.neighbourhoods) this.cover(neighbourhood);
      for (const name of this.devices) {
        if (name === ANY || isPattern(name) || this.open.some((lane) => lane.name === name)) continue;
        throw noDevice(name, namespaces);
      }
    } catch (error) {
      this.close();
      throw error;
    }
  }
  /** Is there something to capture on, or may it come yet? */
  get isAlive(): boolean {
    if (this.options.selection.everyNamespace === true) return true;
    if (this.neighbourhoods.length > 0 && this.devices.some(isPattern)) return true;
    return this.open.some((lane) => lane.bound >= 0);
  }
  /** `blue/veth0,blue/br0` */
  get name(): string {
    const names = this.neighbourhoods.flatMap(({ namespace }) =>
      this.devices
        .filter((name) => name === ANY || isPattern(name) || this.laneOf(namespace, name) !== undefined)
        .map((name) => qualified(namespace, name)),
    );
    const shown = 8;
    return names.length <= shown
      ? names.join(',')
      : `${names.slice(0, shown).join(',')} and ${names.length - shown} more`;
  }
  private laneOf(namespace: Namespace, name: string): Lane | undefined {
    return this.open.find((lane) => lane.neighbourhood.namespace === namespace && lane.name === name);
  }
  /** With `ifCan`, one that may not be entered or is gone again is told of only. */
  private enter(namespace: Namespace, ifCan: boolean): Neighbourhood | undefined {
    try {
      const neighbourhood = Neighbourhood.open(namespace);
      this.neighbourhoods.push(neighbourhood);
      this.version++;
      return neighbourhood;
    } catch (error) {
      if (!ifCan || !(error instanceof ToolError)) throw error;
      if (identity(namespace) !== undefined) this.options.notice(error.message);
      return undefined;
    }
  }
  private cover(neighbourhood: Neighbourhood): void {
    try {
      this.addAll(neighbourhood);
    } catch (error) {
      // Of all namespaces, one that went in the meantime is no loss.
      if (this.options.selection.everyNamespace !== true || identity(neighbourhood.namespace) !== undefined)
        throw error;
    }
  }
  /** In the order in which they were named. */
  private addAll(neighbourhood: Neighbourhood): void {
    const covered = new Set<Link>();
    for (const name of this.devices) {
      if (name === ANY) this.add(neighbourhood, undefined);
      else
        for (const link of neighbourhood.all) {
          if (!means(name, link.name) || covered.has(link)) continue;
          covered.add(link);
          this.add(neighbourhood, link);
        }
    }
  }
  private wants({ name }: Link): boolean {
    return this.devices.some((each) => each !== ANY && means(each, name));
  }
  private add(neighbourhood: Neighbourhood, link: Link | undefined): void {
    const { selection, size, ports } = this.options;
    const { promiscuous, snaplen, cooked, asOnWire } = selection;
    const ring = inNamespace(neighbourhood.namespace, () =>
      PacketRing.open({
        ...size(this.open.length + 1),
        device: link?.index ?? 0,
        filter: this.filterOf(link),
        // As with tcpdump: other stations' packets are only asked for on devices that are named.
        promiscuous: promiscuous && link !== undefined,
        offload: asOnWire,
      }),
    );
    const lane = new Lane(neighbourhood, link?.name ?? ANY, ring, snaplen, cooked, ports, this.offload);
    this.open.push(lane);
    this.version++;
    if (link !== undefined) this.bind(lane, link);
  }
  private bind(lane: Lane, link: Link): void {
    lane.bound = link.index;
    lane.meet(link.index, link.hardware);
  }
  private filterOf(link: Link | undefined) {
    const { asOnWire, snaplen } = this.options.selection;
    // A checksum is over the whole packet: that is cut only afterwards.
    const selection = { ...this.options.selection, snaplen: asOnWire ? WHOLE : snaplen };
    if (link === undefined) return everyDeviceFilter(selection);
    return deviceFilter(selection, linkTypeOf(link.hardware).number, (link.flags & LINK.loopback) !== 0);
  }

  /** Takes in what happened to the devices of a namespace. */
  hear(neighbourhood: Neighbourhood): void {
    neighbourhood.update((link, change) => {
      try {
        this.take(neighbourhood, link, change);
      } catch (error) {
        if (!(error instanceof ToolError)) throw error;
        this.options.notice(`${qualified(neighbourhood.namespace, link.name)}: ${error.message}`);
      }
    });
  }
  private take(neighbourhood: Neighbourhood, link: Link, change: Change): void {
    const here = this.open.filter((lane) => lane.neighbourhood === neighbourhood);
    if (change === 'new' || change === 'renamed') this.appeared(neighbourhood, here, link, change);
    else this.changed(here, link, change);
  }
  private appeared(neighbourhood: Neighbourhood, here: readonly Lane[], link: Link, change: 'new' | 'renamed'): void {
    for (const lane of here) if (lane.isForAny) lane.forget(link.index);
    if (here.some((lane) => lane.bound === link.index)) return;
    const wanted = this.wants(link);
    if (!wanted && !here.some((lane) => lane.isForAny)) return;
    if (wanted) {
      const waiting = here.find((lane) => lane.name === link.name && lane.bound < 0);
      if (waiting === undefined) this.add(neighbourhood, link);
      else this.rebind(waiting, link);
    }
    if (change === 'new') this.say(neighbourhood, link, 'is new');
  }
  /** A device of that name is there again: the socket is still in its namespace, so it takes no rights. */
  private rebind(lane: Lane, link: Link): void {
    lane.ring.rebind(link.index, this.filterOf(link), this.options.selection.promiscuous);
    this.bind(lane, link);
  }
  private changed(here: readonly Lane[], link: Link, change: 'down' | 'up' | 'gone'): void {
    const bound = here.find((lane) => lane.bound === link.index);
    // Who captures on all devices need not know which of them are up.
    if (bound !== undefined || (change === 'gone' && here.some((lane) => lane.isForAny)))
      this.say(here[0]!.neighbourhood, link, { down: 'went down', up: 'is up again', gone: 'is gone' }[change]);
    if (change !== 'gone') return;
    for (const lane of here) lane.forget(link.index);
    if (bound === undefined) return;
    this.options.empty(bound);
    if (this.devices.includes(bound.name)) bound.bound = -1;
    else this.remove(bound);
  }
  private say({ namespace }: Neighbourhood, { name }: Link, what: string): void {
    this.options.notice(`${qualified(namespace, name)} ${what}`);
  }

  /** Looks for namespaces that came or went, if it is time to; returns the milliseconds until the next time, -1: never. */
  look(): number {
    const { namespaces, everyNamespace } = this.options.selection;
    if (everyNamespace !== true && namespaces.every(({ path }) => path === undefined)) return -1;
    const now = performance.now();
    if (now - this.looked >= LOOK_MS) {
      this.looked = now;
      this.lookForNamespaces();
    }
    return Math.max(1, Math.ceil(this.looked + LOOK_MS - now));
  }
  private lookForNamespaces(): void {
    const { namespaces, everyNamespace } = this.options.selection;
    const named = this.neighbourhoods.filter(({ namespace }) => namespace.path !== undefined);
    const missing = named.filter((each) => identity(each.namespace) !== each.identity);
    const every = everyNamespace === true || missing.length > 0 ? identifiedNamespaces() : undefined;
    // A namespace is gone when it has neither a name nor a process; that we hold it open does not count.
    for (const each of missing) if (!every!.has(each.identity ?? '')) this.leave(each);
    const known = new Set(this.neighbourhoods.map((each) => each.identity));
    const candidates = everyNamespace === true ? every!.values() : namespaces;
    for (const namespace of candidates) {
      const id = identity(namespace);
      if (id === undefined || known.has(id)) continue;
      known.add(id);
      this.enterLater(namespace);
    }
  }
  private enterLater(namespace: Namespace): void {
    try {
      const neighbourhood = this.enter(namespace, true);
      if (neighbourhood === undefined) return;
      this.cover(neighbourhood);
      // Who reads this may send at once: the sockets are open.
      this.options.notice(`the network namespace "${namespace.label}" is new`);
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      this.options.notice(error.message);
    }
  }
  private leave(neighbourhood: Neighbourhood): void {
    this.options.notice(`the network namespace "${neighbourhood.namespace.label}" is gone`);
    for (const lane of this.open.filter((each) => each.neighbourhood === neighbourhood)) {
      this.options.empty(lane);
      this.remove(lane);
    }
    this.neighbourhoods.splice(this.neighbourhoods.indexOf(neighbourhood), 1);
    this.version++;
    neighbourhood.close();
  }
  private remove(lane: Lane): void {
    lane.countUp();
    this.received += lane.ring.received;
    this.dropped += lane.ring.dropped;
    this.open.splice(this.open.indexOf(lane), 1);
    this.version++;
    lane.ring.close();
  }
  close(): void {
    for (const lane of this.open) lane.ring.close();
    for (const neighbourhood of this.neighbourhoods) neighbourhood.close();
  }
}
