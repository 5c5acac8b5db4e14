import type { Traffic } from '../../src/linux/rtnetlink/counters.ts';
import type { Device } from '../../src/topology/topology.ts';
import type { PacketFilter } from './conversation-subject.ts';
import { filterOfDevice } from './device-filter.ts';
import type { Drop, DropNews } from './drop.ts';
import { Recent } from './recent.ts';
import { pathOf } from './topology/device-lines.ts';
import type { Deaths, TopologyFeed } from './topology-feed.ts';

/** Packets that were lost in one way. */
export interface DropRow extends Drop {
  /** Who tells: the tracer, a device's counters, the capture. */
  readonly told: 'traced' | 'counted' | 'capture';
  count: number;
  /** When the last one was lost, in ms since 1970. */
  last: number;
  /** The last one, and the number of its journey. */
  packet: string;
  journey: number | undefined;
  /** The packets that it is about: the conversation of the last one, or those of the device that counts. */
  flow: Partial<PacketFilter>;
  /** The id of the device that counts. */
  readonly deviceId: string | undefined;
  readonly recent: Recent;
}
export interface DropTableOptions {
  readonly topology?: TopologyFeed;
  /** What the capture itself lost. */
  readonly capture?: { readonly lost: number };
  /** In ms since 1970. */
  readonly now?: () => number;
}
const COUNTERS = ['dropped', 'errors'] as const satisfies readonly (keyof Traffic)[];
const WAYS = ['received', 'sent'] as const;
/** As `ip -s link` calls them. */
const WORDS = {
  received: { dropped: 'RX dropped', errors: 'RX errors' },
  sent: { dropped: 'TX dropped', errors: 'TX errors' },
} as const;
const MEANINGS = {
  received: {
    dropped: 'the device gave them to nobody: no room, or nobody takes their protocol',
    errors: 'the device could not read them',
  },
  sent: { dropped: 'the device did not send them: no room, or it is off', errors: 'the device could not send them' },
} as const;
/** Counters are read once a second. */
const OFTEN_MS = 2500;
/** More ways to be lost than anybody reads. */
const MOST = 5000;

/** Everything that is known of lost packets, by reason, place and rule. */
export class DropTable implements Deaths {
  private readonly known = new Map<string, DropRow>();
  /** What each counter was when it was seen last. */
  private counters = new Map<string, number>();
  private changes = 0;
  private second = 0;
  private lookedAt = 0;
  private topologyVersion = -1;
  private captureLost = 0;
  private readonly now: () => number;

  constructor(private readonly options: DropTableOptions = {}) {
    this.now = options.now ?? Date.now;
  }
  /** Rates change also when nothing happens. */
  get version(): number {
    this.look();
    const second = this.secondNow;
    if (second !== this.second && this.known.size > 0) this.changes++;
    this.second = second;
    return this.changes;
  }
  get rows(): readonly DropRow[] {
    this.look();
    return [...this.known.values()];
  }
  private get secondNow(): number {
    return Math.floor(this.now() / 1000);
  }
  rateOf({ recent }: DropRow): number {
    return recent.rate(this.secondNow);
  }
  historyOf({ recent }: DropRow): number[] {
    return recent.values(this.secondNow);
  }
  /** What tracing tells. */
  hear(news: readonly DropNews[]): void {
    for (const { drop, count, at, journey, packet, flow } of news) {
      const row = this.row(drop.key, () => ({ ...drop, told: 'traced', deviceId: undefined }));
      Object.assign(row, { last: at, journey, packet, flow });
      this.count(row, count, true);
    }
  }
  /** What was traced before is forgotten. */
  forgetTraced(): void {
    for (const [key, { told }] of this.known) if (told === 'traced') this.known.delete(key);
    this.changes++;
  }
  private row(key: string, made: () => Drop & Pick<DropRow, 'told' | 'deviceId'>): DropRow {
    const known = this.known.get(key);
    if (known !== undefined) return known;
    if (this.known.size >= MOST) this.known.delete(this.known.keys().next().value!);
    const row = { ...made(), count: 0, last: 0, packet: '', journey: undefined, flow: {}, recent: new Recent() };
    this.known.set(key, row);
    return row;
  }
  private count(row: DropRow, count: number, isRecent: boolean): void {
    row.count += count;
    if (isRecent) row.recent.add(this.secondNow, count);
    this.changes++;
  }
  /** Looks at the counters of devices and of the capture when they are new. */
  private look(): void {
    const now = this.now();
    // While nobody asks, counters go on: what they grew by then did not happen just now.
    const isRecent = now - this.lookedAt < OFTEN_MS;
    this.lookedAt = now;
    this.lookAtDevices(isRecent);
    this.lookAtCapture(isRecent);
  }
  private lookAtDevices(isRecent: boolean): void {
    const { topology } = this.options;
    if (topology?.topology !== undefined && topology.version !== this.topologyVersion) {
      this.topologyVersion = topology.version;
      const before = this.counters;
      this.counters = new Map();
      for (const device of topology.topology.devices) this.lookAt(device, topology, before, isRecent);
    }
  }
  private lookAtCapture(isRecent: boolean): void {
    const lost = this.options.capture?.lost ?? 0;
    if (lost <= this.captureLost) return;
    const row = this.row('capture', () => CAPTURE);
    row.last = this.now();
    this.count(row, lost - this.captureLost, isRecent);
    this.captureLost = lost;
  }
  private lookAt(
    device: Device,
    { topology }: TopologyFeed,
    earlier: ReadonlyMap<string, number>,
    isRecent: boolean,
  ): void {
    for (const way of WAYS) {
      for (const counter of COUNTERS) {
        const value = device.counters[way][counter];
        // A number of a device that is gone may come to mean another one.
        const key = `${device.id} ${device.name} ${way} ${counter}`;
        const before = earlier.get(key) ?? value;
        this.counters.set(key, value);
        if (value <= before) continue;
        const row = this.row(key, () => ({
          ...{ key, reason: WORDS[way][counter], meaning: MEANINGS[way][counter], place: pathOf(device, topology!) },
          ...{ netns: inodeOf(device), device: device.name, rule: '', told: 'counted', deviceId: device.id },
        }));
        row.last = this.now();
        row.flow = { filter: filterOfDevice(device, topology!) };
        this.count(row, value - before, isRecent);
      }
    }
  }
  lostAt(device: Device): number {
    const inode = inodeOf(device);
    let rate = 0;
    for (const row of this.known.values())
      if (row.told === 'traced' && row.device === device.name && row.netns === inode) rate += this.rateOf(row);
    return rate;
  }
}
const CAPTURE: Drop & Pick<DropRow, 'told' | 'deviceId'> = {
  ...{ key: 'capture', reason: 'not captured', place: 'this program', netns: 0, device: '', rule: '' },
  meaning: 'they came faster than they were taken: a larger buffer (-B) or a capture filter helps',
  told: 'capture',
  deviceId: undefined,
};
/** The id of a namespace ends in its inode. */
const inodeOf = ({ namespace }: Device): number => Number(namespace.slice(namespace.indexOf(':') + 1));
