import { expect } from 'vitest';
import { ping, tcp, tcpServer, udp } from './network.ts';
import { iptablesRule, strayAck } from './python.ts';
import { cross, type Scenario } from './scenario.ts';

const base = (hook: string, priority = 0) => `type filter hook ${hook} priority ${priority};`;
/** A rule that drops pings, in a chain of its own that the base chain jumps to. */
const dropping = (family: string, hook: string, match = 'icmp type echo-request') =>
  `table ${family} wall {
    chain pings { ${match} counter drop comment "no pings" ; }
    chain entry { ${base(hook)} ip saddr 0.0.0.0/0 jump pings ; }
  }`;
const RULE = /wall pings rule \d+: icmp type echo-request counter drop comment "no pings" => drop/;
const DNAT =
  'chain pre { type nat hook prerouting priority -100; tcp dport 8080 dnat to 10.72.0.2:80 comment "web" ; }';
const MASQUERADE = 'chain post { type nat hook postrouting priority 100; oifname "r1" masquerade ; }';

const overRouter = (hook: string, where: string): Scenario => ({
  name: `dropped by a rule in ${hook}`,
  expression: 'icmp[0] = 8',
  build: (net) => net.router().nft('r', dropping('ip', hook)),
  send: (net) => net.attempt('a', ...ping(hook === 'input' ? '10.71.0.1' : '10.72.0.2')),
  journeys: [{ end: `dropped at ${where}: NETFILTER_DROP`, says: [RULE] }],
});
const fromRouter = (hook: string): Scenario => ({
  name: `dropped by a rule in ${hook}`,
  expression: 'icmp[0] = 8',
  build: (net) => net.router().nft('r', dropping('inet', hook)),
  send: (net) => net.attempt('r', ...ping('10.72.0.2')),
  journeys: [{ end: `dropped at r/r1: NETFILTER_DROP`, says: [RULE] }],
});

export const RULE_SCENARIOS: readonly Scenario[] = [
  overRouter('prerouting', 'r/r0'),
  overRouter('input', 'r/r0'),
  overRouter('forward', 'r/r0'),
  overRouter('postrouting', 'r/r1'),
  fromRouter('output'),
  {
    name: 'dropped at the ingress of a device',
    expression: 'icmp[0] = 8',
    build: (net) =>
      net
        .router()
        .nft(
          'r',
          `table netdev wall { chain pings { type filter hook ingress device "r0" priority 0; icmp type echo-request counter drop comment "no pings" ; } }`,
        ),
    send: (net) => net.attempt('a', ...ping('10.72.0.2')),
    journeys: [{ end: 'dropped at r/r0: NETFILTER_DROP', says: [RULE] }],
  },
  {
    name: 'dropped by the policy of a chain',
    expression: 'icmp[0] = 8',
    build: (net) =>
      net
        .router()
        .nft('r', `table inet wall { chain forward { ${base('forward')} policy drop; tcp dport 80 accept ; } }`),
    send: (net) => net.attempt('a', ...ping('10.72.0.2')),
    journeys: [{ end: 'dropped at r/r0: NETFILTER_DROP', says: [/inet wall forward policy: drop/] }],
  },
  {
    name: 'dropped as invalid for conntrack',
    expression: 'tcp port 80',
    build(net) {
      net
        .router()
        .nft(
          'r',
          `table inet wall { chain forward { ${base('forward')} ct state invalid counter drop comment "invalid" ; } }`,
        );
      net.set('r', 'net.netfilter.nf_conntrack_tcp_loose', 0);
      net.run('a', ...ping('10.72.0.2'));
    },
    // An ACK that belongs to nothing.
    send: (net) => net.run('a', ...strayAck('10.71.0.2', '10.72.0.2')),
    journeys: [
      { end: 'dropped at r/r0: NETFILTER_DROP', says: [/ct state invalid counter drop comment "invalid" => drop/] },
    ],
  },
  {
    name: 'dropped by a rule of iptables-nft',
    expression: 'icmp[0] = 8',
    build: (net) => net.router().run('r', ...iptablesRule('kube: no pods here')),
    send: (net) => net.attempt('a', ...ping('10.72.0.2')),
    journeys: [
      {
        end: 'dropped at r/r0: NETFILTER_DROP',
        says: [/ip filter FORWARD rule \d+: drop comment "kube: no pods here" => drop/],
      },
    ],
  },
  {
    name: 'DNAT of what the host itself sends: answers match only behind the last hook',
    expression: 'tcp port 8080',
    build: (net) =>
      net
        .pair()
        .nft(
          'a',
          'table ip nat { chain out { type nat hook output priority -100; tcp dport 8080 dnat to 10.70.0.2:80; } }',
        )
        .serve('b', ...tcpServer(80)),
    send: (net) => net.run('a', ...tcp('10.70.0.99', 8080)),
    journeys: [
      { end: 'delivered at b/b0', says: [/SYN,/, /destination 10\.70\.0\.99:8080 -> 10\.70\.0\.2:80/] },
      { end: 'delivered at a/a0', path: ['a/a0 input'], says: [/10\.70\.0\.99:8080 > .* SYN\+ACK/] },
    ],
  },
  {
    name: 'DNAT',
    expression: 'tcp port 8080',
    build: (net) =>
      net
        .router()
        .nft('r', `table ip nat { ${DNAT} }`)
        .serve('b', ...tcpServer(80)),
    send: (net) => net.run('a', ...tcp('10.71.0.1', 8080)),
    journeys: [
      {
        end: 'delivered at b/b0',
        path: [
          ...cross('a/a0', 'r/r0'),
          'r/r0 prerouting',
          'r/r0 route',
          'r/r0 forward',
          'r/r0 postrouting',
          ...cross('r/r1', 'b/b0'),
        ],
        says: [/destination 10\.71\.0\.1:8080 -> 10\.72\.0\.2:80/, /dnat to 10\.72\.0\.2:80 comment "web"/],
      },
    ],
  },
  {
    name: 'a rule that comes later drops what was translated until then',
    expression: 'udp port 9',
    build: (net) => net.router().nft('r', `table ip nat { ${MASQUERADE} }`),
    send: async (net) => {
      net.run('a', ...udp('10.72.0.2', 9, 20, 5000));
      net.nft('r', dropping('inet', 'forward', 'udp dport 9'));
      // Every packet may meet that: the tracer marks in another place from now on.
      await expect.poll(() => net.run('r', 'nft', 'list', 'tables')).toMatch(/table inet hooktap-/);
      net.run('a', ...udp('10.72.0.2', 9, 20, 5000));
    },
    journeys: [
      { end: 'dropped at b/b0: NO_SOCKET', says: [/oifname "r1" masquerade => accept/] },
      { end: 'dropped at r/r0: NETFILTER_DROP', says: [/udp dport 9 counter drop comment "no pings" => drop/] },
    ],
  },
  {
    name: 'DNAT to where no route leads: the last that is heard of it is the drop',
    expression: 'udp port 9',
    build: (net) =>
      net
        .router()
        .nft(
          'r',
          'table ip nat { chain pre { type nat hook prerouting priority -100; udp dport 9 dnat to 203.0.113.7; } }',
        ),
    send: (net) => net.run('a', ...udp('10.71.0.1', 9)),
    journeys: [
      {
        end: 'dropped at r/r0: IP_INNOROUTES',
        says: [/destination 10\.71\.0\.1:9 -> 203\.0\.113\.7:9/, /dnat to 203\.0\.113\.7/],
      },
    ],
  },
  {
    name: 'masquerade',
    expression: 'udp',
    build: (net) => net.router().nft('r', `table ip nat { ${MASQUERADE} }`),
    send: (net) => net.run('a', ...udp('10.72.0.2', 9, 20, 5000)),
    journeys: [
      {
        end: 'dropped at b/b0: NO_SOCKET',
        says: [/source 10\.71\.0\.2:5000 -> 10\.72\.0\.1:5000/, /oifname "r1" masquerade => accept/],
      },
    ],
  },
  {
    name: 'DNAT and masquerade at once',
    expression: 'tcp port 8080',
    build: (net) =>
      net
        .router()
        .nft('r', `table ip nat { ${DNAT} ${MASQUERADE} }`)
        .serve('b', ...tcpServer(80)),
    send: (net) => net.run('a', ...tcp('10.71.0.1', 8080)),
    journeys: [
      {
        end: 'delivered at b/b0',
        says: [/destination 10\.71\.0\.1:8080 -> /, /source 10\.71\.0\.2:\d+ -> 10\.72\.0\.1:/],
      },
    ],
  },
];
