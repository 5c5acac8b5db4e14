import type { Random } from '../../support/random.ts';
import type { Packet } from './packets.ts';

/** Words that packets of a link type can be asked about; the rest of the language is for all. */
interface Dialect {
  readonly mac: boolean;
  readonly encapsulation: readonly string[];
  readonly extra: readonly string[];
}

const ETHERNET: Dialect = {
  mac: true,
  encapsulation: ['vlan', 'mpls', 'pppoes', 'geneve', 'vlan and vlan', 'vlan and pppoes', 'mpls and mpls', 'pppoed'],
  extra: [
    'llc',
    'llc i',
    'llc ui',
    'llc s',
    'llc u',
    'llc rr',
    'broadcast',
    'multicast',
    'ether multicast',
    'not broadcast',
  ],
};
const PLAIN: Dialect = { mac: false, encapsulation: [], extra: [] };

/** By link type, what else it has. */
const DIALECTS: ReadonlyMap<number, Dialect> = new Map([
  [1, ETHERNET],
  [9, { ...PLAIN, encapsulation: ['mpls'] }],
  [104, { ...PLAIN, encapsulation: ['mpls'] }],
  [105, wlan()],
  [127, wlan()],
  [113, { ...PLAIN, extra: ['inbound', 'outbound'] }],
  [276, { ...PLAIN, extra: ['inbound', 'outbound', 'ifindex 2', 'ifindex 1'] }],
]);

function wlan(): Dialect {
  const types = [
    'type mgt',
    'type ctl',
    'type data',
    'type mgt subtype beacon',
    'subtype qos-data',
    'subtype ack',
    'dir tods',
  ];
  return {
    mac: true,
    encapsulation: ['vlan'],
    extra: ['llc', 'broadcast', 'multicast', ...types, 'dir fromds', 'llc ui'],
  };
}

const ABBREVIATIONS = [
  ...[
    'ip',
    'ip6',
    'arp',
    'rarp',
    'tcp',
    'udp',
    'sctp',
    'icmp',
    'icmp6',
    'igmp',
    'pim',
    'vrrp',
    'ah',
    'esp',
    'igrp',
    'carp',
  ],
  ...[
    'atalk',
    'aarp',
    'decnet',
    'iso',
    'stp',
    'ipx',
    'netbeui',
    'clnp',
    'esis',
    'isis',
    'lat',
    'sca',
    'mopdl',
    'moprc',
  ],
];
const PORTS = [
  '80',
  '53',
  '443',
  '22',
  'domain',
  'http',
  'ssh',
  'ftp',
  '67',
  '123',
  '5060',
  '1900',
  '0',
  '65535',
  '4789',
  '179',
];
const RANGES = ['1-1023', '1024-65535', '50-60', '80-80', '6000-6063', 'ftp-http', '30000-20000'];
const INDEXED = ['ip', 'tcp', 'udp', 'icmp', 'ether', 'ip6', 'icmp6', 'arp', 'link', 'igmp', 'sctp'];
const OPERATORS = ['+', '-', '*', '/', '%', '&', '|', '^', '<<', '>>'];
const RELATIONS = ['>', '>=', '=', '==', '<', '<=', '!='];

/** Makes filters as people and scripts write them, about things that are in the packets given. */
export class Expressions {
  private readonly dialect: Dialect;

  constructor(
    private readonly random: Random,
    linkType: number,
    private readonly packets: readonly Packet[],
  ) {
    this.dialect = DIALECTS.get(linkType) ?? PLAIN;
  }

  filter(): string {
    const { random } = this;
    const inside = random.chance(0.25) && this.dialect.encapsulation.length > 0;
    const filter = this.joined(random.below(3));
    if (!inside) return filter;
    return `${this.encapsulation()} ${random.chance(0.85) ? 'and' : 'or'} ${filter}`;
  }

  private encapsulation(): string {
    const { random } = this;
    const words = random.of(this.dialect.encapsulation);
    return random.chance(0.3) && words !== 'pppoed' ? `${words} ${random.of([0, 1, 5, 10, 100, 200, 17])}` : words;
  }

  private joined(depth: number): string {
    const { random } = this;
    if (depth === 0) return this.primitive();
    const parts = Array.from({ length: random.between(1, 3) }, () => this.joined(depth - 1));
    const whole = parts.reduce((left, right) => `${left} ${random.of(['and', 'or', '&&', '||'])} ${right}`);
    const grouped = parts.length > 1 && random.chance(0.5) ? `(${whole})` : whole;
    return random.chance(0.15) ? `not ${parts.length > 1 ? `(${whole})` : whole}` : grouped;
  }

  private primitive(): string {
    const { random } = this;
    switch (random.below(11)) {
      case 0:
      case 1:
        return random.of(ABBREVIATIONS);
      case 2:
        return this.host();
      case 3:
        return this.net();
      case 4:
        return `${random.of(['', 'tcp ', 'udp ', ''])}${this.direction()}port ${this.list(() => this.port())}`;
      case 5:
        return `${random.of(['', 'tcp ', 'udp '])}${this.direction()}portrange ${random.of(RANGES)}`;
      case 6:
        return this.proto();
      case 7:
        return this.dialect.mac ? this.mac() : `len ${random.of(RELATIONS)} ${random.below(200)}`;
      case 8:
        return this.dialect.extra.length > 0 ? random.of(this.dialect.extra) : `less ${random.below(300)}`;
      default:
        return this.comparison();
    }
  }

  private direction(): string {
    return this.random.of(['', '', 'src ', 'dst ', 'src or dst ', 'src and dst ']);
  }

  private list(one: () => string): string {
    if (!this.random.chance(0.25)) return one();
    const whole = Array.from({ length: this.random.between(2, 3) }, one).join(' or ');
    return this.random.chance(0.6) ? `(${whole})` : whole;
  }

  /** Four bytes of some packet, from where addresses most often are. */
  private address(): number[] {
    const { random } = this;
    const { bytes, start, captured } = random.of(this.packets);
    const at = random.of([26, 30, 28, 38, 12, 16, 32, 36, 16, 20]);
    const found = [...bytes.subarray(start + at, start + Math.min(captured, at + 4))];
    return found.length === 4 && random.chance(0.8) ? found : [10, 0, 0, random.below(5)];
  }

  private address6(): string {
    const { random } = this;
    const { bytes, start, captured } = random.of(this.packets);
    const at = start + random.of([22, 38, 8, 24]);
    const found = bytes.subarray(at, Math.min(start + captured, at + 16));
    if (found.length < 16 || !random.chance(0.6)) return random.of(['::1', 'fe80::1', 'ff02::1', '2001:db8::1']);
    return Array.from({ length: 8 }, (_, i) => ((found[i * 2]! << 8) | found[i * 2 + 1]!).toString(16)).join(':');
  }

  private host(): string {
    const { random } = this;
    if (random.chance(0.3)) return `${random.of(['', 'ip6 '])}${this.direction()}host ${this.address6()}`;
    const proto = random.of(['', '', 'ip ', 'arp ', 'rarp ']);
    return `${proto}${this.direction()}host ${this.list(() => this.address().join('.'))}`;
  }

  private net(): string {
    const { random } = this;
    if (random.chance(0.25))
      return `${this.direction()}net ${random.of(['fe80::/10', 'ff00::/8', '2001::/16', '::/0', '2001:db8::/32'])}`;
    const bits = random.of([8, 12, 16, 20, 24, 31, 0]);
    const address = this.address().reduce((sum, byte) => sum * 256 + byte, 0);
    const net = bits === 0 ? 0 : (address & (0xffffffff << (32 - bits))) >>> 0;
    const dotted = [24, 16, 8, 0].map((shift) => (net >>> shift) & 255);
    if (bits === 16 && random.chance(0.5)) return `${this.direction()}net ${dotted.slice(0, 2).join('.')}`;
    if (bits === 24 && random.chance(0.3)) return `${this.direction()}net ${dotted.join('.')} mask 255.255.255.0`;
    return `${random.of(['', 'ip ', 'arp '])}${this.direction()}net ${dotted.join('.')}/${bits}`;
  }

  private port(): string {
    return this.random.chance(0.7) ? this.random.of(PORTS) : `${this.random.below(65536)}`;
  }

  private proto(): string {
    const { random } = this;
    const number = random.of([
      '6',
      '17',
      '1',
      '58',
      '2',
      '132',
      '44',
      '0',
      '50',
      '\\tcp',
      '\\udp',
      '\\icmp',
      '\\ospf',
      '\\gre',
    ]);
    const ether = random.of([
      '0x800',
      '0x86dd',
      '\\arp',
      '\\ip',
      '\\ip6',
      '0x88cc',
      '5',
      '66',
      '\\stp',
      '\\ipx',
      '\\atalk',
      '\\iso',
      '0x8847',
    ]);
    return random.of([
      `ip proto ${number}`,
      `ip6 proto ${number}`,
      `proto ${number}`,
      `ether proto ${ether}`,
      `ip protochain ${number}`,
      `ip6 protochain ${number}`,
      `ether proto ${ether}`,
    ]);
  }

  private mac(): string {
    const { random } = this;
    const { bytes, start, captured } = random.of(this.packets);
    const at = random.of([0, 6, 4, 10, 16]);
    const found = bytes.subarray(start + at, start + Math.min(captured, at + 6));
    const mac = found.length === 6 && random.chance(0.85) ? [...found] : [1, 2, 3, 4, 5, 6];
    return `ether ${random.of(['host ', 'src ', 'dst ', 'src and dst ', 'src or dst host '])}${mac.map((byte) => byte.toString(16)).join(':')}`;
  }

  private comparison(): string {
    const { random } = this;
    const simple = [
      'tcp[tcpflags] & (tcp-syn|tcp-fin) != 0',
      'tcp[13] & 2 = 2',
      'ip[6:2] & 0x1fff = 0',
      'ip[0] & 0xf != 5',
      'ether[0] & 1 = 0',
      'icmp[icmptype] = icmp-echo',
      'ip[2:2] - ((ip[0] & 0xf) << 2) > 100',
      'tcp port 80 and (((ip[2:2] - ((ip[0]&0xf)<<2)) - ((tcp[12]&0xf0)>>2)) != 0)',
      'udp[4:2] > 60',
      'icmp6[icmp6type] = icmp6-routersolicit',
      'len - 14 > 100',
      'ether[12:2] > 1500',
      'byte 14 & 64',
      'byte 9 = 6',
    ];
    if (random.chance(0.5)) return random.of(simple);
    return `${this.arithmetic(2)} ${random.of(RELATIONS)} ${this.arithmetic(1)}`;
  }

  private arithmetic(depth: number): string {
    const { random } = this;
    const kind = random.below(depth === 0 ? 3 : 6);
    if (kind === 0) return `${random.of([0, 1, 2, 5, 6, 64, 128, 255, 1500, 0x0800, 0x45])}`;
    if (kind === 1 && random.chance(0.3)) return 'len';
    if (kind <= 2) return this.load(`${random.of([0, 0, 1, 2, 4, 6, 8, 9, 12, 13, 16, 20, 40, 60])}`);
    if (kind === 3 && random.chance(0.4)) return this.load(`${this.arithmetic(depth - 1)}`);
    if (kind === 3) return `-(${this.arithmetic(depth - 1)})`;
    const operator = random.of(OPERATORS);
    const right = /[/%]/.test(operator)
      ? `${random.between(1, 9)}`
      : operator.length === 2
        ? `${random.below(9)}`
        : this.arithmetic(depth - 1);
    return `(${this.arithmetic(depth - 1)} ${operator} ${right})`;
  }

  private load(offset: string): string {
    const { random } = this;
    return `${random.of(INDEXED)}[${offset}${random.of(['', ':1', ':2', ':4'])}]`;
  }
}
