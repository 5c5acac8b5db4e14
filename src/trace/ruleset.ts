import type { RuleExtensions } from '../linux/nft-extensions.ts';

/** A chain that the kernel calls at a hook. */
export interface BaseChain {
  readonly family: string;
  readonly table: string;
  readonly name: string;
  /** `filter`, `nat`, `route` */
  readonly type: string;
  /** `prerouting`, `ingress`, … */
  readonly hook: string;
  /** Of the families that are bound to devices. */
  readonly devices: readonly string[];
}
/** What `nft -a list ruleset` prints, understood as far as tracing needs it. */
export class Ruleset {
  readonly chains: BaseChain[] = [];
  private readonly rules = new Map<string, string>();

  private readonly comments = new Map<string, string>();

  constructor(text: string, extensions: readonly RuleExtensions[] = []) {
    this.read(text);
    for (const each of extensions) this.extend(each);
  }
  private read(text: string): void {
    let [family, table, chain, pending] = ['', '', '', ''];
    for (const line of text.split('\n')) {
      const opened = /^table (\S+) (\S+) \{/.exec(line);
      const inner = /^\t(chain|set|map|flowtable|counter|quota|ct \S+|limit|secmark|synproxy) (\S+) \{/.exec(line);
      if (opened !== null) [family, table, chain] = [opened[1]!, opened[2]!, ''];
      else if (inner !== null) chain = inner[1] === 'chain' ? inner[2]! : '';
      else if (chain !== '') {
        const base = /^\t\ttype (\S+) hook (\S+)(.*) priority /.exec(line);
        if (base !== null)
          this.chains.push({
            family,
            table,
            name: chain,
            type: base[1]!,
            hook: base[2]!,
            devices: devicesOf(base[3]!),
          });
        // A rule with a long set takes several lines; its handle ends it.
        else pending = this.line(family, table, pending, line);
      }
    }
  }
  /** iptables' own parts of a rule, in front of the rest. */
  private extend({ family, table, handle, names, comment }: RuleExtensions): void {
    const which = key(family, table, handle);
    const words = names.map((name) => `xt ${name}`).join(' ');
    this.rules.set(which, `${words} ${this.rules.get(which) ?? ''}`.trim());
    if (comment !== undefined) this.comments.set(which, comment);
  }
  /** What the rule's author says of it. */
  comment(family: string, table: string, handle: number): string | undefined {
    const own = / comment "(.*)"$/.exec(this.rule(family, table, handle) ?? '')?.[1];
    return own ?? this.comments.get(key(family, table, handle));
  }
  /** Takes a line of a chain; returns the beginning of a rule that goes on in the next. */
  private line(family: string, table: string, before: string, line: string): string {
    const text = before === '' ? line.trim() : `${before} ${line.trim()}`;
    const end = / # handle (\d+)$/.exec(text);
    if (end === null) return text === '}' || text === '' ? '' : text;
    this.rules.set(key(family, table, Number(end[1])), text.slice(0, end.index));
    return '';
  }
  /** The text of a rule; handles are counted in each table anew. */
  rule(family: string, table: string, handle: number): string | undefined {
    return this.rules.get(key(family, table, handle));
  }
  hookOf(family: string, table: string, chain: string): string | undefined {
    return this.chains.find((c) => c.family === family && c.table === table && c.name === chain)?.hook;
  }
}
/** May something change a packet of `family` at the hook `input`? A chain there; and NAT, whichever hook its chains are at. */
export function mayChangeInput(chains: readonly BaseChain[], family: 'ip' | 'ip6'): boolean {
  const own = chains.filter((chain) => chain.family === family || chain.family === 'inet');
  return own.some((chain) => chain.hook === 'input' || chain.type === 'nat');
}
const key = (family: string, table: string, handle: number): string => `${family} ${table} ${handle}`;
/** ` device "eth0"`, ` devices = { "a", "b" }` */
function devicesOf(text: string): string[] {
  return [...text.matchAll(/"([^"]+)"/g)].map((match) => match[1]!);
}
