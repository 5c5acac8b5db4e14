import { ToolError } from '../error.ts';
import { inNamespace, type Namespace } from '../linux/namespace.ts';
import { ruleExtensions } from '../linux/nft-extensions.ts';
import { NftTrace, type RuleMet } from '../linux/nft-trace.ts';
import { Nftables } from '../linux/nftables.ts';
import type { Rule } from './journey.ts';
import { nftConditions } from './nft-condition.ts';
import { type BaseChain, Ruleset } from './ruleset.ts';

/** Ours: the process's id keeps it apart from those of others who trace, too. */
const TABLE = `hooktap-${process.pid}`;
/** In front of everything that is usual, so that every rule is seen. */
const PRIORITY = -1000;
/** Behind conntrack and in front of every NAT: NF_IP_PRI_CONNTRACK and NF_IP_PRI_NAT_DST are -200 and -100. */
const BEHIND_CONNTRACK = -199;

/** A rule that a packet met, where and when. */
export interface MetRule {
  readonly met: RuleMet;
  readonly hook: string;
  readonly rule: Rule;
}
/** The rules of one network namespace, and which of them the packets that match meet. */
export class NamespaceRules {
  private ruleset: Ruleset;
  private stale = false;
  /** Chains without a hook of their own belong to that of the chain that jumped to them. */
  private readonly hooks = new Map<number, string>();
  private readonly pairs = new Set<string>();
  /** The versions of IP that rules ask for pairs of. */
  private readonly askedPairs = new Set<keyof typeof PAIRS>();

  private constructor(
    readonly inode: number,
    private readonly namespace: Namespace,
    private readonly nftables: Nftables,
    private readonly trace: NftTrace,
  ) {
    this.ruleset = this.list();
  }
  private list(): Ruleset {
    return new Ruleset(
      this.nftables.run('list ruleset'),
      inNamespace(this.namespace, () => ruleExtensions()),
    );
  }
  /** A namespace that is gone keeps the rules that it had: what they did is still told. */
  private refresh(): void {
    try {
      this.ruleset = this.list();
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
    }
  }
  /** Undefined where there is no chain at all. */
  static open(namespace: Namespace, inode: number, expression: string): NamespaceRules | undefined {
    const nftables = inNamespace(namespace, () => Nftables.open());
    try {
      if (new Ruleset(nftables.run('list ruleset')).chains.length === 0) {
        nftables.close();
        return undefined;
      }
      const trace = inNamespace(namespace, () => NftTrace.open(TABLE));
      const rules = new NamespaceRules(inode, namespace, nftables, trace);
      rules.mark(expression);
      return rules;
    } catch (error) {
      nftables.close();
      throw error;
    }
  }
  /** What was there before us. */
  get chains(): readonly BaseChain[] {
    return this.ruleset.chains;
  }
  /** Are there only rules that nobody but the first packet of a connection meets? */
  private get onlyTranslates(): boolean {
    return this.ruleset.chains.every(({ type }) => type === 'nat');
  }
  /** Lets nftables tell of the packets that may match: in every family that has chains, at the hooks that come first. */
  private mark(expression: string): void {
    const families = new Set(this.ruleset.chains.map(({ family }) => family));
    const conditions = nftConditions(expression);
    const commands: string[] = [];
    if (['ip', 'ip6', 'inet'].some((family) => families.has(family)))
      commands.push(...internet(conditions, this.onlyTranslates));
    if (families.has('bridge')) commands.push(...simple('bridge', ['prerouting', 'output'], ''));
    for (const { family, hook, devices } of this.ruleset.chains)
      if (family === 'netdev') for (const device of devices) commands.push(...onDevice(device, hook));
    // The same device may have several chains.
    this.command([...new Set(commands)].join('\n'));
  }
  private command(text: string): void {
    try {
      this.nftables.run(text);
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      // All of it failed, and maybe for want of limits, which are a part of their own in the kernel.
      this.nftables.run(text.replaceAll(`${LIMIT} `, ''));
    }
  }
  /** The packets between these two are to be told of, too: what was translated looks other than the filter says. */
  add(source: string, destination: string): void {
    const version = source.includes(':') ? 6 : 4;
    const pair = `${source} . ${destination}`;
    if (this.pairs.has(pair) || this.pairs.size >= MOST_PAIRS) return;
    this.pairs.add(pair);
    const hasTable = this.ruleset.chains.some(({ family }) => family === 'ip' || family === 'ip6' || family === 'inet');
    if (!hasTable) return;
    const commands = [`add element inet ${TABLE} pairs${version} { ${pair} }`];
    // Until there is a pair, no packet is looked up among them.
    if (!this.askedPairs.has(version)) commands.push(...HOOKS.map((hook) => rule(hook, PAIRS[version])));
    this.askedPairs.add(version);
    this.command(commands.join('\n'));
  }
  /** Takes what nftables has to tell before it is lost; it is looked at when there is time. */
  collect(): void {
    this.trace.collect();
  }
  /** How often something was lost. */
  get gaps(): number {
    return this.trace.gaps;
  }
  /** The rules that packets met since the last time. */
  take(): MetRule[] {
    const found: RuleMet[] = [];
    if (this.trace.take((met) => found.push(met))) this.stale = true;
    if (found.length > 0 && this.stale) {
      this.refresh();
      this.stale = false;
    }
    return found.flatMap((met) => this.known(met));
  }
  private known(met: RuleMet): MetRule[] {
    const { family, table, chain, kind, handle, verdict, target, id } = met;
    const own = this.ruleset.hookOf(family, table, chain);
    if (own !== undefined) this.hooks.set(id, own);
    const hook = own ?? this.hooks.get(id) ?? '';
    if (this.hooks.size > MOST_PACKETS) this.hooks.clear();
    // Of policies only those are told that end the journey.
    if (kind === 'return' || (kind === 'policy' && verdict !== 'drop')) return [];
    const text = handle === undefined ? '' : (this.ruleset.rule(family, table, handle) ?? '');
    const comment = handle === undefined ? undefined : this.ruleset.comment(family, table, handle);
    const said = target === undefined ? verdict : `${verdict} ${target}`;
    return [{ met, hook, rule: { family, table, chain, handle, text, comment, verdict: said } }];
  }
  close(): void {
    this.trace.close();
    this.nftables.close();
  }
}
/** Each rule that each packet meets is a message of its own: beyond this rate they would be lost at random. */
const LIMIT = 'limit rate 3000/second burst 3000 packets';
const MARK = `${LIMIT} meta nftrace set 1 accept`;
const MOST_PAIRS = 1000;
const MOST_PACKETS = 10_000;

/** Where packets of IP come in. */
const HOOKS = ['prerouting', 'output'];
const PAIRS = { 4: 'ip saddr . ip daddr @pairs4', 6: 'ip6 saddr . ip6 daddr @pairs6' } as const;
/** A packet is asked for once, whichever conditions it meets. */
const rule = (hook: string, condition: string): string => `add rule inet ${TABLE} ${hook} ${condition} goto matched`;

function internet(conditions: readonly string[], onlyNew: boolean): string[] {
  const table = `inet ${TABLE}`;
  const sets = [
    `add set ${table} pairs4 { type ipv4_addr . ipv4_addr; }`,
    `add set ${table} pairs6 { type ipv6_addr . ipv6_addr; }`,
  ];
  const mark = [`add chain ${table} matched`, `add rule ${table} matched ${MARK}`];
  const chains = HOOKS.flatMap((hook) => [
    chain(table, hook, `hook ${hook}`, onlyNew ? BEHIND_CONNTRACK : PRIORITY),
    ...(onlyNew ? [`add rule ${table} ${hook} ct status confirmed accept`] : []),
    ...conditions.map((condition) => rule(hook, condition)),
  ]);
  return [`add table ${table} { flags owner; }`, ...sets, ...mark, ...chains];
}
function simple(family: string, hooks: readonly string[], condition: string): string[] {
  const table = `${family} ${TABLE}`;
  const chains = hooks.flatMap((hook) => [
    chain(table, hook, `hook ${hook}`),
    `add rule ${table} ${hook} ${condition} ${MARK}`,
  ]);
  return [`add table ${table} { flags owner; }`, ...chains];
}
function onDevice(device: string, hook: string): string[] {
  const table = `netdev ${TABLE}`;
  const name = `${hook}-${device}`.replace(/[^\w-]/g, '_');
  return [
    `add table ${table} { flags owner; }`,
    chain(table, name, `hook ${hook} device "${device}"`),
    `add rule ${table} ${name} ${MARK}`,
  ];
}
const chain = (table: string, name: string, where: string, priority = PRIORITY): string =>
  `add chain ${table} ${name} { type filter ${where} priority ${priority}; }`;
