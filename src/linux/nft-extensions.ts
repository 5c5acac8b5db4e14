import { attributes, Netlink, textOf } from './netlink.ts';

/** linux/netlink.h, linux/netfilter/nfnetlink.h, linux/netfilter/nf_tables.h, linux/netfilter/nf_tables_compat.h */
const NETFILTER = 12;
const GET_RULE = (10 << 8) | 7;
const NFNETLINK_HEADER = 4;
const RULE = { table: 1, chain: 2, handle: 3, expressions: 4 } as const;
const EXPRESSION = { name: 1, data: 2 } as const;
const EXTENSION = { name: 1, info: 3 } as const;
const FAMILIES: Readonly<Record<number, string>> = { 2: 'ip', 3: 'arp', 7: 'bridge', 10: 'ip6' };

/** What iptables-nft puts into rules of nftables, and nft has no words for. */
export interface RuleExtensions {
  readonly family: string;
  readonly table: string;
  readonly handle: number;
  /** Of iptables' own matches and targets: `conntrack`, `REJECT`. */
  readonly names: readonly string[];
  /** What `-m comment --comment` says. */
  readonly comment: string | undefined;
}
/** The rules with such parts in the network namespace of the thread. */
export function ruleExtensions(): RuleExtensions[] {
  const netlink = Netlink.open(NETFILTER);
  try {
    const found: RuleExtensions[] = [];
    netlink.dump(GET_RULE, new Uint8Array(NFNETLINK_HEADER), ({ body }) => {
      const values = new Map(attributes(body, NFNETLINK_HEADER));
      const [expressions, table, handle] = [
        values.get(RULE.expressions),
        values.get(RULE.table),
        values.get(RULE.handle),
      ];
      if (expressions === undefined || table === undefined || handle === undefined) return;
      const parts = [...attributes(expressions)].flatMap(([, value]) => extensionOf(value));
      if (parts.length === 0) return;
      found.push({
        family: FAMILIES[body.getUint8(0)] ?? '',
        table: textOf(table),
        handle: Number(handle.getBigUint64(0)),
        names: parts.flatMap(({ name }) => (name === COMMENT ? [] : [name])),
        comment: parts.find(({ name }) => name === COMMENT)?.text,
      });
    });
    return found;
  } finally {
    netlink.close();
  }
}
const COMMENT = 'comment';

function extensionOf(expression: DataView): { name: string; text: string }[] {
  const values = new Map(attributes(expression));
  const [kind, data] = [values.get(EXPRESSION.name), values.get(EXPRESSION.data)];
  if (kind === undefined || data === undefined) return [];
  if (!['match', 'target'].includes(textOf(kind))) return [];
  const parts = new Map(attributes(data));
  const [name, info] = [parts.get(EXTENSION.name), parts.get(EXTENSION.info)];
  if (name === undefined) return [];
  // A comment is all that this match is about: 256 bytes of text (linux/netfilter/xt_comment.h).
  return [{ name: textOf(name), text: info !== undefined && textOf(name) === COMMENT ? textOf(info) : '' }];
}
