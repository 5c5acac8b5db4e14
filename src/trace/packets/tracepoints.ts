import { now } from '../../linux/clock.ts';
import { onlineCpus, PerfRing } from '../../linux/perf-event.ts';
import { tracepointFormat } from '../../linux/tracefs.ts';
import { addressAt, numberAt, type TracepointFormat, textAt } from '../../linux/tracepoint-format.ts';

/** What the kernel's own tracepoints tell of a packet, which is known by its address alone. */
export type KernelEvent = { readonly at: number; readonly skb: bigint } & (
  | { readonly kind: 'receive' | 'transmit'; readonly name: string; readonly length: number }
  | { readonly kind: 'drop'; readonly reason: string; readonly place: bigint; readonly protocol: number }
  | { readonly kind: 'consume' }
);
const NAMES = {
  receive: 'net/netif_receive_skb',
  transmit: 'net/net_dev_start_xmit',
  drop: 'skb/kfree_skb',
  consume: 'skb/consume_skb',
} as const;
const KINDS = Object.keys(NAMES) as (keyof typeof NAMES)[];
/** How often the two clocks are read one between the other: the closest pair counts. */
const TRIES = 5;

/** The kernel's tracepoints of packets on all CPUs, without BPF. Throws what keeps them from being opened. */
export class Tracepoints {
  private readonly formats = new Map<number, { kind: keyof typeof NAMES; format: TracepointFormat }>();
  private readonly rings: PerfRing[] = [];

  constructor() {
    for (const kind of KINDS) {
      const format = tracepointFormat(NAMES[kind]);
      this.formats.set(format.id, { kind, format });
    }
    try {
      for (const cpu of onlineCpus()) this.rings.push(PerfRing.open(cpu, [...this.formats.keys()]));
    } catch (error) {
      this.close();
      throw error;
    }
  }
  /** Takes what they told since, CPU by CPU, at times since `start` on the monotonic clock; returns how much was lost. */
  take(start: bigint, each: (event: KernelEvent) => void): number {
    let lost = 0;
    for (const ring of this.rings)
      lost += ring.take((time, record) => {
        const event = this.eventOf(Number(time - start), record);
        if (event !== undefined) each(event);
      });
    return lost;
  }
  private eventOf(at: number, record: DataView): KernelEvent | undefined {
    const known = this.formats.get(record.getUint16(0, true));
    const field = (name: string) => known?.format.fields.get(name);
    const skb = addressAt(record, field('skbaddr'));
    if (known === undefined || skb === undefined) return undefined;
    const { kind, format } = known;
    if (kind === 'consume') return { at, skb, kind };
    if (kind !== 'drop') {
      const [name, length] = [textAt(record, field('name')), numberAt(record, field('len'))];
      return name === undefined || length === undefined ? undefined : { at, skb, kind, name, length };
    }
    // Before Linux 5.17 there are no reasons.
    const number = numberAt(record, field('reason'));
    const reason = number === undefined ? 'NOT_SPECIFIED' : nameOf(number, format);
    const place = addressAt(record, field('location')) ?? 0n;
    return { at, skb, kind, reason, place, protocol: numberAt(record, field('protocol')) ?? 0 };
  }
  close(): void {
    for (const ring of this.rings) ring.close();
  }
}
const nameOf = (reason: number, { symbols }: TracepointFormat): string =>
  symbols.get('reason')?.get(reason) ?? String(reason);

/** What the real-time clock, on which packets are stamped, is ahead of the monotonic one, in ns. */
export function clocksApart(): bigint {
  let best = { span: Number.POSITIVE_INFINITY, apart: 0n };
  for (let i = 0; i < TRIES; i++) {
    const before = process.hrtime.bigint();
    const { seconds, nanos } = now();
    const after = process.hrtime.bigint();
    const span = Number(after - before);
    if (span < best.span)
      best = { span, apart: BigInt(seconds) * 1_000_000_000n + BigInt(nanos) - (before + after) / 2n };
  }
  return best.apart;
}
