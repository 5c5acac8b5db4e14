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
const FIRST = { type: 'filter', priority: -1000 };
/** In front of every other NAT, which has to be behind conntrack. Only the first packet of a connection comes here. */
const FIRST_NAT = { type: 'nat', priority: -199 };

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
  /** Is nftables asked for nothing but first packets of connections? */
  private asksOnlyNew = false;
  /** The families in which packets of IP are marked. */
  private marked: readonly Internet[] = [];
  /** The versions of IP that rules ask for pairs of. */
  private readonly askedPairs = new Set<'ip' | 'ip6'>();

  private constructor(
    readonly inode: number,
    private readonly namespace: Namespace,
    private readonly nftables: Nftables,
    private readonly trace: NftTrace,
    private readonly expression: string,
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
      const rules = new NamespaceRules(inode, namespace, nftables, trace, expression);
      rules.mark();
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
  private mark(): void {
    const families = new Set(this.ruleset.chains.map(({ family }) => family));
    const conditions = nftConditions(this.expression);
    const commands: string[] = [];
    const internet = INTERNET.filter((family) => families.has(family));
    this.asksOnlyNew = this.onlyTranslates;
    this.marked = this.asksOnlyNew || internet.length === 0 ? internet : ['inet'];
    for (const family of this.marked) commands.push(...table(family, conditions, this.asksOnlyNew));
    if (families.has('bridge')) commands.push(...simple('bridge', ['prerouting', 'output'], ''));
    for (const { family, hook, devices } of this.ruleset.chains)
      if (family === 'netdev') for (const device of devices) commands.push(...onDevice(device, hook));
    // The same device may have several chains.
    this.command([...new Set(commands)].join('\n'));
  }
  /** There are rules now that every packet may meet. */
  private markAll(): void {
    const pairs = [...this.pairs];
    this.pairs.clear();
    this.askedPairs.clear();
    this.command(this.marked.map((family) => `delete table ${family} ${TABLE}`).join('\n'));
    this.mark();
    for (const pair of pairs) this.add(...(pair.split(' . ') as [string, string]));
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
    const version = source.includes(':') ? 'ip6' : 'ip';
    const pair = `${source} . ${destination}`;
    if (this.pairs.has(pair) || this.pairs.size >= MOST_PAIRS) return;
    this.pairs.add(pair);
    const commands: string[] = [];
    for (const family of this.marked) {
      if (family !== 'inet' && family !== version) continue;
      commands.push(`add element ${family} ${TABLE} pairs-${version} { ${pair} }`);
      // Until there is a pair, no packet is looked up among them.
      if (!this.askedPairs.has(version)) commands.push(...HOOKS.map((hook) => rule(family, hook, PAIRS[version])));
    }
    if (commands.length === 0) return;
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
    if (this.stale && (found.length > 0 || this.asksOnlyNew)) {
      this.refresh();
      this.stale = false;
      if (this.asksOnlyNew && !this.onlyTranslates) this.markAll();
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
const INTERNET = ['ip', 'ip6', 'inet'] as const;
type Internet = (typeof INTERNET)[number];
const PAIRS = { ip: 'ip saddr . ip daddr @pairs-ip', ip6: 'ip6 saddr . ip6 daddr @pairs-ip6' } as const;
const ADDRESS = { ip: 'ipv4_addr', ip6: 'ipv6_addr' } as const;
/** A packet is asked for once, whichever conditions it meets. */
const rule = (family: string, hook: string, condition: string): string =>
  `add rule ${family} ${TABLE} ${hook} ${condition} goto matched`;

function table(family: Internet, conditions: readonly string[], onlyNew: boolean): string[] {
  const name = `${family} ${TABLE}`;
  const versions = family === 'inet' ? (['ip', 'ip6'] as const) : [family];
  const sets = versions.map((v) => `add set ${name} pairs-${v} { type ${ADDRESS[v]} . ${ADDRESS[v]}; }`);
  // In a table for one version of IP nothing may be asked of the other.
  const own = conditions.filter((each) => family === 'inet' || !new RegExp(`\\b${OTHER[family]} `).test(each));
  const chains = HOOKS.flatMap((hook) => [
    chain(name, hook, `hook ${hook}`, onlyNew ? FIRST_NAT : FIRST),
    ...own.map((condition) => rule(family, hook, condition)),
  ]);
  const mark = [`add chain ${name} matched`, `add rule ${name} matched ${MARK}`];
  return [`add table ${name} { flags owner; }`, ...sets, ...mark, ...chains];
}
const OTHER = { ip: 'ip6', ip6: 'ip' } as const;
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
const chain = (table: string, name: string, where: string, { type, priority } = FIRST): string =>
  `add chain ${table} ${name} { type ${type} ${where} priority ${priority}; }`;
