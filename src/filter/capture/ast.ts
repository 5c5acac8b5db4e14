/** The words that name a protocol in front of a qualifier, an abbreviation or an index. */
export type ProtocolName =
  | 'link'
  | 'ip'
  | 'ip6'
  | 'arp'
  | 'rarp'
  | 'sctp'
  | 'tcp'
  | 'udp'
  | 'icmp'
  | 'icmp6'
  | 'igmp'
  | 'igrp'
  | 'pim'
  | 'vrrp'
  | 'carp'
  | 'ah'
  | 'esp'
  | 'atalk'
  | 'aarp'
  | 'decnet'
  | 'lat'
  | 'sca'
  | 'moprc'
  | 'mopdl'
  | 'iso'
  | 'esis'
  | 'isis'
  | 'clnp'
  | 'l1'
  | 'l2'
  | 'iih'
  | 'lsp'
  | 'snp'
  | 'csnp'
  | 'psnp'
  | 'stp'
  | 'ipx'
  | 'netbeui'
  | 'radio';

export type Direction =
  | 'src'
  | 'dst'
  | 'src or dst'
  | 'src and dst'
  | 'ra'
  | 'ta'
  | 'addr1'
  | 'addr2'
  | 'addr3'
  | 'addr4';

/** What the id after a qualifier is; `undefined` in {@link Qualifiers} is a host. */
export type IdType = 'host' | 'net' | 'port' | 'portrange' | 'gateway' | 'proto' | 'protochain';

/** What stands in front of an id, or stood in front of the one before it. */
export interface Qualifiers {
  readonly protocol: ProtocolName | undefined;
  /** The protocol as typed: `ether`, `wlan` and `fddi` all mean `link`. */
  readonly protocolWord: string | undefined;
  readonly direction: Direction | undefined;
  readonly type: IdType | undefined;
}

/** An id: what a qualifier looks for. */
export type Id =
  | { readonly form: 'name'; readonly name: string }
  | { readonly form: 'number'; readonly value: number }
  /** `10.1`, `1.2.3.4`: up to four numbers, the leading ones of an address. */
  | { readonly form: 'dotted'; readonly parts: readonly number[]; readonly text: string }
  | { readonly form: 'prefix'; readonly parts: readonly number[]; readonly text: string; readonly bits: number }
  | {
      readonly form: 'masked';
      readonly parts: readonly number[];
      readonly mask: readonly number[];
      readonly text: string;
    }
  | {
      readonly form: 'ipv6';
      readonly words: readonly number[];
      readonly bits: number | undefined;
      readonly text: string;
    }
  | { readonly form: 'mac'; readonly bytes: readonly number[] }
  | { readonly form: 'byte'; readonly value: number };

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%' | '&' | '|' | '^' | '<<' | '>>';
export type Relation = '>' | '>=' | '=' | '<' | '<=' | '!=';

export type Arithmetic =
  | { readonly kind: 'number'; readonly value: number; readonly at: number }
  | { readonly kind: 'length'; readonly at: number }
  | { readonly kind: 'negate'; readonly operand: Arithmetic; readonly at: number }
  | {
      readonly kind: 'binary';
      readonly operator: ArithmeticOperator;
      readonly left: Arithmetic;
      readonly right: Arithmetic;
      readonly at: number;
    }
  | {
      readonly kind: 'load';
      readonly protocol: ProtocolName;
      readonly word: string;
      readonly offset: Arithmetic;
      readonly size: number;
      readonly at: number;
    };

/** One value to compare a field with: `5`, `> 5`. */
export interface Comparison {
  readonly relation: Relation;
  readonly value: number;
}

/** Words that are a primitive by themselves, some with a number behind. */
export type Keyword =
  | 'broadcast'
  | 'multicast'
  | 'inbound'
  | 'outbound'
  | 'ifindex'
  | 'less'
  | 'greater'
  | 'vlan'
  | 'mpls'
  | 'pppoed'
  | 'pppoes'
  | 'geneve'
  | 'vxlan'
  | 'ifname'
  | 'rset'
  | 'rnr'
  | 'srnr'
  | 'reason'
  | 'action'
  | 'llc'
  | 'dir';

export type Node =
  | { readonly kind: 'and' | 'or'; readonly left: Node; readonly right: Node; readonly at: number }
  | { readonly kind: 'not'; readonly operand: Node; readonly at: number }
  | { readonly kind: 'id'; readonly qualifiers: Qualifiers; readonly id: Id; readonly at: number }
  | { readonly kind: 'protocol'; readonly protocol: ProtocolName; readonly word: string; readonly at: number }
  | {
      readonly kind: 'relation';
      readonly relation: Relation;
      readonly left: Arithmetic;
      readonly right: Arithmetic;
      readonly at: number;
    }
  | {
      readonly kind: 'keyword';
      readonly keyword: Keyword;
      readonly protocol: ProtocolName | undefined;
      readonly argument: number | string | undefined;
      readonly at: number;
    }
  | {
      readonly kind: 'byte';
      readonly offset: number;
      readonly operator: '=' | '<' | '>' | '&' | '|';
      readonly value: number;
      readonly at: number;
    }
  /** `type T subtype S` of 802.11; either may be absent. */
  | {
      readonly kind: 'wlan';
      readonly type: number | string | undefined;
      readonly subtype: number | string | undefined;
      readonly at: number;
    }
  /** Words of ATM and SS7 that are a test by themselves. */
  | { readonly kind: 'signal'; readonly word: string; readonly at: number }
  /** Fields of ATM and SS7: `vci > 4`, `opc (1 or 2)`. */
  | { readonly kind: 'field'; readonly word: string; readonly values: readonly Comparison[]; readonly at: number }
  /** No filter at all. */
  | { readonly kind: 'all'; readonly at: number };
