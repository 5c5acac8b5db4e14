import type { CaptureSource } from '../src/capture/source.ts';
import type { Registry } from '../src/dissect/registry.ts';
import { Conversations } from '../src/flow/conversations.ts';
import { Names } from '../src/flow/names.ts';
import { Shares } from '../src/flow/shares.ts';
import { StreamTable } from '../src/flow/streams.ts';
import { Traffic } from '../src/flow/traffic.ts';
import type { Namespace } from '../src/linux/namespace.ts';
import { inodeOf } from '../src/trace/namespaces.ts';
import { App } from './app.ts';
import { AddressNames } from './model/address-names.ts';
import { ConversationsView } from './model/conversations-view.ts';
import { Doings } from './model/doings.ts';
import type { DropNews } from './model/drop.ts';
import { DropTable } from './model/drop-table.ts';
import { DropsView } from './model/drops-view.ts';
import { hearing } from './model/hearing.ts';
import { Ingest, type Observer } from './model/ingest.ts';
import { JourneyLog } from './model/journey-log.ts';
import { JourneysView } from './model/journeys-view.ts';
import { Listed } from './model/listed.ts';
import { Losses } from './model/losses.ts';
import { Matches } from './model/matches.ts';
import { OverviewView } from './model/overview-view.ts';
import { PacketLens } from './model/packet-lens.ts';
import { PacketsView } from './model/packets-view.ts';
import { PortCounts } from './model/port-counts.ts';
import type { FillingStore } from './model/store.ts';
import { StoredJourneys } from './model/stored-journeys.ts';
import type { Terminal } from './model/terminal.ts';
import { TopologyView } from './model/topology-view.ts';
import { TopologyWatch } from './model/topology-watch.ts';
import type { View, ViewName } from './model/view.ts';

export interface DashboardOptions {
  readonly registry: Registry;
  readonly source: CaptureSource;
  /** Owns the source. */
  readonly store: FillingStore;
  /** A display filter to begin with. */
  readonly filter: string;
  readonly theme: string;
  readonly terminal: Terminal;
  /** Where to look for journeys, when it is live; undefined: everywhere. */
  readonly namespaces: readonly Namespace[] | undefined;
  /** The file that is read, if it is one that can be read twice. */
  readonly path?: string | undefined;
}

/** Puts the parts together, and resolves when the user leaves. The terminal is given back however it ends. */
export class Dashboard {
  readonly app: App;
  readonly ingest: Ingest;
  /** Fulfilled when the user has left and all is let go of. */
  readonly finished: Promise<void>;
  readonly listed: Listed;
  private readonly closing: Disposable[] = [];
  private readonly leaving = new AbortController();
  private readonly log: JourneyLog | undefined;

  constructor(private readonly options: DashboardOptions) {
    const { registry, source, store, terminal, filter, namespaces, path } = options;
    const live = store.state === 'live';
    const streams = new StreamTable(registry);
    const conversations = new Conversations(registry);
    const names = new Names(registry);
    const ports = new PortCounts(store);
    const traffic = new Traffic(live ? 'latest' : 'whole');
    const shares = new Shares(registry);
    this.listed = new Listed(store, (text) => new Matches(text, store, registry));
    const shownNames = new AddressNames(names);
    const heard = hearing(names);
    const { listed } = this;
    // One after the other and not from a list: calls that always mean the same function are compiled into one, which
    // takes two thirds of the time. Conversations go by the streams.
    const all: Observer = {
      see(frame) {
        streams.see(frame);
        conversations.see(frame);
        heard.see(frame);
        ports.see(frame);
        traffic.see(frame);
        shares.see(frame);
        listed.see(frame);
      },
      batch: heard.batch,
    };
    this.ingest = new Ingest(source, store, registry, [all]);
    const lens = new PacketLens(registry, store, (i, frame) => this.ingest.relative(i, frame));
    const packets = new PacketsView(lens, this.listed, shownNames, live);
    const talk = new ConversationsView(conversations, shownNames);
    const watch = live ? this.kept(new TopologyWatch(namespaces)) : undefined;
    const ascii = !terminal.unicode;
    const table = new DropTable({ capture: store, ...(watch === undefined ? {} : { topology: watch }) });
    const topology = new TopologyView(
      watch === undefined ? { file: ports, ascii } : { feed: watch, deaths: table, ascii },
    );
    const losses = new Losses(store, conversations, watch);
    const overview = new OverviewView({
      store,
      traffic,
      shares,
      conversations,
      losses,
      names: shownNames,
      live,
      unicode: terminal.unicode,
    });
    const traced = { hear: (news: readonly DropNews[]) => table.hear(news), begin: () => table.forgetTraced() };
    // The kernel traces them all: what others do is nothing to look at.
    const wanted = namespaces === undefined ? {} : { namespaces, netns: new Set(namespaces.map(inodeOf)) };
    this.log = live ? new JourneyLog({ ...traced, ...wanted }) : undefined;
    const journeys = this.log ?? this.stored(path, traced.hear);
    const ways = new JourneysView(journeys, live);
    const drops = new DropsView({ table, journeys, live, ascii });
    const views: View[] = [overview, packets, talk, topology, ways, drops];
    const deeds = new Doings({ registry, store, listed: this.listed, packets, names: shownNames, log: this.log });
    const first: ViewName = live ? 'overview' : 'packets';
    if (filter !== '') this.listed.setFilter(filter);
    this.app = new App(terminal, views, deeds, first, options.theme);
    this.finished = this.run();
  }
  /** Follows packets that match, in tcpdump's language, through the kernel from now on. */
  async trace(expression: string): Promise<void> {
    await this.log?.start(expression);
  }
  /** Journeys that are in the file, looked for when its packets are read. */
  private stored(path: string | undefined, hear: (news: readonly DropNews[]) => void): StoredJourneys {
    const journeys = new StoredJourneys(path ?? '-', hear);
    const { signal } = this.leaving;
    if (path !== undefined) void this.ingest.done.then(() => (signal.aborted ? undefined : journeys.read(signal)));
    return journeys;
  }
  /** Is let go of at the end. */
  private kept<T extends Disposable>(part: T): T {
    this.closing.push(part);
    return part;
  }
  private async run(): Promise<void> {
    // A source that ends does not end the dashboard; a fault of ours does.
    const fault = this.ingest.done.then(() => new Promise<never>(() => {}));
    try {
      await Promise.race([this.app.done, fault]);
    } finally {
      this.app.end();
      this.leaving.abort();
      this.ingest.stop();
      this.listed.close();
      for (const each of this.closing) each[Symbol.dispose]();
      await this.log?.stop();
      await this.options.store[Symbol.asyncDispose]();
    }
  }
}
