import { setTimeout } from 'node:timers/promises';
import { protocols } from '../../../dissectors/index.ts';
import type { LiveSource } from '../../capture/live.ts';
import { Registry } from '../../dissect/registry.ts';
import { ToolError } from '../../error.ts';
import { Output } from '../../format/output.ts';
import type { Namespace } from '../../linux/namespace.ts';
import { run } from '../../session.ts';
import { CopySink } from '../../sink/copy.ts';
import { TextSink } from '../../sink/text.ts';
import { TIME } from '../../sink/time.ts';
import { bpf } from '../../trace/hooks.ts';
import type { Journey, Rule } from '../../trace/journey.ts';
import { inodeOf } from '../../trace/namespaces.ts';
import { NamespaceRules } from '../../trace/rules.ts';
import { Tracer } from '../../trace/tracer.ts';
import { textOptions } from '../text-options.ts';
import { capturing } from './capturing.ts';
import { type Counted, Counters } from './counters.ts';
import { type DemoNetwork, OWN_PACKETS } from './network.ts';

/** A packet as it was captured. */
export interface CapturedLine {
  /** Where: `router`, `lan`, `In`. */
  readonly host: string;
  readonly device: string;
  readonly way: string;
  /** As `hooktap capture` prints it. */
  readonly text: string;
}
/** What was seen while something happened. */
export interface Seen {
  readonly lines: readonly CapturedLine[];
  readonly journeys: readonly Journey[];
  /** Rules that packets met, where there are no journeys to say so. */
  readonly rules: readonly Rule[];
  readonly counters: readonly Counted[];
}
const TRACE_EVERY_MS = 5;
/** What is under way may arrive: rules wait up to 100 ms for their packet. */
const GRACE_MS = 120;
/** A busy machine takes longer. */
const PATIENCE_MS = 1500;
/** Of a packet that is needed to know it again. */
const WINDOW = 192;

/** Everything that can be seen of the demo's network: packets on all devices, and journeys or, without BPF, rules and counters. */
export class Watch implements AsyncDisposable {
  readonly nameOf: (netns: number) => string;
  /** Why there are no journeys. */
  readonly without: string | undefined;
  private captured: { at: bigint; line: CapturedLine }[] = [];
  private journeys: Journey[] = [];
  private rules: Rule[] = [];
  private readonly counters: Counters;
  private readonly inodes: ReadonlySet<number>;
  private readonly timer: NodeJS.Timeout;
  private readonly done: Promise<unknown>;

  private constructor(
    private readonly source: LiveSource,
    private readonly tracer: Tracer | string,
    private readonly poorer: NamespaceRules | undefined,
    namespaces: readonly Namespace[],
    file: string | undefined,
  ) {
    const names = new Map(namespaces.map((namespace) => [inodeOf(namespace), namespace.label]));
    this.nameOf = (netns) => names.get(netns) ?? '?';
    this.inodes = new Set(names.keys());
    this.without = typeof tracer === 'string' ? tracer : undefined;
    this.counters = new Counters(namespaces);
    this.done = this.capture(file);
    // Whoever waits for the end hears of it.
    this.done.catch(() => {});
    if (typeof tracer !== 'string') tracer.attach();
    this.timer = setInterval(() => this.look(false), TRACE_EVERY_MS);
  }
  static async open(network: DemoNetwork, file: string | undefined): Promise<Watch> {
    const { namespaces } = network;
    // The one works in a thread of its own, the other in the kernel.
    const [source, tracer] = await Promise.all([capturing(namespaces), tracerFor(namespaces)]);
    const router = network.namespace('router');
    const poorer =
      typeof tracer === 'string' && network.rules !== undefined
        ? NamespaceRules.open(router, inodeOf(router), OWN_PACKETS)
        : undefined;
    const watch = new Watch(source, tracer, poorer, namespaces, file);
    try {
      // A file that may not be written is told of at once.
      await Promise.race([watch.done, setTimeout(GRACE_MS)]);
      return watch;
    } catch (error) {
      await watch[Symbol.asyncDispose]().catch(() => {});
      throw error;
    }
  }
  private capture(file: string | undefined): Promise<unknown> {
    const lines = new Output({
      waits: false,
      write: (parts) => this.hear(Buffer.concat(parts).toString()),
      close() {},
    });
    const text = { t: TIME.unix, q: 0, verbose: 0, x: 0, X: 0, A: 0, nano: true };
    const sinks = [new TextSink(lines, { ...textOptions(text), devices: true })];
    const copy = file === undefined ? [] : [new CopySink({ path: file, format: 'pcapng', force: false })];
    return run({ source: this.source, registry: new Registry(protocols), sinks: [...sinks, ...copy] });
  }
  private hear(text: string): void {
    for (const line of text.split('\n')) {
      const found = /^(\d+)\.(\d+) ([^/ ]+)\/(\S+) +(In|Out|M|B|P) +(.*)$/.exec(line);
      if (found === null) continue;
      const [, seconds, nanos, host, device, way, said] = found as unknown as string[];
      const at = BigInt(seconds!) * 1_000_000_000n + BigInt(nanos!);
      this.captured.push({ at, line: { host: host!, device: device!, way: way!, text: said! } });
    }
  }
  private look(all: boolean): void {
    if (typeof this.tracer !== 'string')
      for (const journey of this.tracer.take(all))
        if (journey.steps.some(({ netns }) => this.inodes.has(netns))) this.journeys.push(journey);
    for (const { rule } of this.poorer?.take() ?? []) if (rule.text !== '') this.rules.push(rule);
  }
  /** What is seen while something is done, and after that until it is enough, or nothing more can be hoped for. */
  async during(act: () => Promise<unknown>, enough: (journey: Journey) => boolean): Promise<Seen> {
    await setTimeout(GRACE_MS);
    this.take();
    const before = this.counters.read();
    await act();
    const end = performance.now() + PATIENCE_MS;
    do await setTimeout(GRACE_MS);
    while (this.without === undefined && !this.journeys.some(enough) && performance.now() < end);
    const { captured, journeys, rules } = this.take();
    // Rings are emptied one after the other.
    captured.sort((a, b) => (a.at < b.at ? -1 : 1));
    return { lines: captured.map(({ line }) => line), journeys, rules, counters: this.counters.since(before) };
  }
  /** Everything since the last time. */
  private take() {
    this.look(true);
    const { captured, journeys, rules } = this;
    [this.captured, this.journeys, this.rules] = [[], [], []];
    return { captured, journeys, rules };
  }
  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.timer);
    if (typeof this.tracer !== 'string') this.tracer[Symbol.dispose]();
    this.poorer?.close();
    this.source.stop();
    try {
      await this.done;
    } finally {
      await this.source[Symbol.asyncDispose]();
    }
  }
}
/** Where BPF is refused, the reason: the scenes then tell more by themselves than journeys from packets alone would. */
async function tracerFor(namespaces: readonly Namespace[]): Promise<Tracer | string> {
  const allowed = bpf.available();
  if (!allowed.ok) return allowed.why;
  try {
    return await Tracer.open({ expression: OWN_PACKETS, window: WINDOW, namespaces });
  } catch (error) {
    if (error instanceof ToolError) return error.message;
    throw error;
  }
}
