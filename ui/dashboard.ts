import type { CaptureSource } from '../src/capture/source.ts';
import type { Registry } from '../src/dissect/registry.ts';
import { Conversations } from '../src/flow/conversations.ts';
import { StreamTable } from '../src/flow/streams.ts';
import type { Namespace } from '../src/linux/namespace.ts';
import { App } from './app.ts';
import { ConversationsView } from './model/conversations-view.ts';
import { Doings } from './model/doings.ts';
import { Ingest } from './model/ingest.ts';
import { Listed } from './model/listed.ts';
import { PacketLens } from './model/packet-lens.ts';
import { PacketsView } from './model/packets-view.ts';
import type { FillingStore } from './model/store.ts';
import type { Terminal } from './model/terminal.ts';
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
  /** Where to look for devices and journeys; undefined for a file. */
  readonly namespaces: readonly Namespace[] | undefined;
}

/** Puts the parts together, and resolves when the user leaves. The terminal is given back however it ends. */
export class Dashboard {
  readonly app: App;
  readonly ingest: Ingest;
  /** Fulfilled when the user has left and all is let go of. */
  readonly finished: Promise<void>;
  private readonly listed: Listed;

  constructor(private readonly options: DashboardOptions) {
    const { registry, source, store, terminal, filter } = options;
    const live = store.state === 'live';
    const streams = new StreamTable(registry);
    const conversations = new Conversations(registry);
    const names = { of: () => undefined };
    this.ingest = new Ingest(source, store, registry, [{ see: (frame) => void streams.see(frame) }, conversations]);
    this.listed = new Listed(store, (text) => {
      throw new Error(text);
    });
    const lens = new PacketLens(registry, store, (i, frame) => this.ingest.relative(i, frame));
    const packets = new PacketsView(lens, this.listed, names, live);
    const talk = new ConversationsView(conversations, names);
    const views: View[] = [packets, talk];
    const deeds = new Doings({ registry, store, listed: this.listed, packets, conversations: talk });
    const first: ViewName = live ? 'packets' : 'packets';
    this.app = new App(terminal, views, deeds, first, options.theme);
    if (filter !== '') this.listed.setFilter(filter);
    this.finished = this.run();
  }
  private async run(): Promise<void> {
    // A source that ends does not end the dashboard; a fault of ours does.
    const fault = this.ingest.done.then(() => new Promise<never>(() => {}));
    try {
      await Promise.race([this.app.done, fault]);
    } finally {
      this.app.end();
      this.ingest.stop();
      this.listed.close();
      await this.options.store[Symbol.asyncDispose]();
    }
  }
}
