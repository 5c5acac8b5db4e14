import type { Conversations } from '../../src/flow/conversations.ts';
import { type Line, span } from './pane.ts';
import { safe } from './safe-text.ts';
import type { PacketStore } from './store.ts';
import type { TopologyFeed } from './topology-feed.ts';

/** What was not seen, or is not kept any more, and where devices lose packets: all that a conclusion must not forget. */
export class Losses {
  constructor(
    private readonly store: PacketStore,
    private readonly conversations: Conversations,
    private readonly feed: TopologyFeed | undefined,
  ) {}
  get version(): number {
    return this.feed?.version ?? 0;
  }
  lines(): Line[] {
    const { store, conversations } = this;
    const lines: Line[] = [];
    const tell = (count: number, words: string, style: 'bad' | 'warning') => {
      if (count > 0) lines.push([span(` ${count.toLocaleString('en')}`, style), span(` ${words}`)]);
    };
    tell(store.lost, 'packets matched, but the kernel had no room for them: they are in no number here', 'bad');
    tell(store.first, 'packets were let go, the oldest ones, as memory and disk are bounded', 'warning');
    const forgotten = conversations.kinds.reduce((sum, kind) => sum + conversations.of(kind).evicted, 0);
    tell(forgotten, 'conversations were forgotten, those that were silent longest', 'warning');
    const { failure } = store;
    if (failure !== undefined) lines.push([span(` ${safe(failure.message)}`, 'bad')]);
    for (const { name, lost } of this.devices())
      lines.push([
        span(` ${lost.toFixed(lost < 10 ? 1 : 0)}`, 'bad'),
        span(` packets in a second lost at ${safe(name)}`),
      ]);
    return lines;
  }
  /** Whose counters of losses grow, the worst first. */
  private devices(): { name: string; lost: number }[] {
    const { topology, rates } = this.feed ?? {};
    if (topology === undefined || rates === undefined) return [];
    const labels = new Map(topology.namespaces.map(({ id, namespace }) => [id, namespace.label]));
    return topology.devices
      .map(({ id, name, namespace }) => {
        const rate = rates.get(id);
        const label = labels.get(namespace) ?? '';
        return {
          name: label === '' ? name : `${label}/${name}`,
          lost: (rate?.received.lost ?? 0) + (rate?.sent.lost ?? 0),
        };
      })
      .filter(({ lost }) => lost > 0)
      .sort((a, b) => b.lost - a.lost);
  }
}
