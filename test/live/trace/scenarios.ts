import { ping, tcp, tcpServer, udp, udpServer } from './network.ts';
import { broadcast, closing, datagrams } from './python.ts';
import { cross, type Scenario } from './scenario.ts';

const CABLE = cross('a/a0', 'b/b0');
const BACK = cross('b/b0', 'a/a0');
/** What is watched where a chain is. */
const HOOKS_OF_R = ['r/r0 prerouting', 'r/r0 route', 'r/r0 forward', 'r/r0 postrouting'];
const KERNEL = 'the kernel (ICMP)';

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'ping over a cable',
    expression: 'icmp',
    build: (net) => net.pair(),
    send: (net) => net.run('a', ...ping('10.70.0.2')),
    journeys: [
      { end: 'delivered at b/b0', path: CABLE, sockets: [KERNEL], says: [/echo request 1/] },
      { end: 'delivered at a/a0', path: BACK, sockets: [/ ping$/], says: [/reply to #1/] },
    ],
  },
  {
    name: 'TCP over a cable',
    expression: 'tcp port 80',
    build: (net) => net.pair().serve('b', ...tcpServer(80)),
    send: (net) => net.run('a', ...tcp('10.70.0.2', 80)),
    journeys: [
      { end: 'delivered at b/b0', path: CABLE, sockets: [/:80 node$/], says: [/SYN,/] },
      { end: 'delivered at a/a0', path: BACK, sockets: [/^10\.70\.0\.1:\d+ node$/], says: [/SYN\+ACK/] },
      { end: 'delivered at b/b0', path: CABLE, says: [/of node/] },
      { end: 'delivered at b/b0', path: [...CABLE, 'b/b0 socket'], sockets: [/:80 node$/], says: [/5 bytes/] },
    ],
  },
  {
    name: 'UDP to a socket',
    expression: 'udp',
    build: (net) => net.pair().serve('b', ...udpServer(9)),
    send: (net) => net.run('a', ...udp('10.70.0.2', 9)),
    journeys: [{ end: 'delivered at b/b0', path: CABLE, sockets: ['0.0.0.0:9 node'] }],
  },
  {
    name: 'over a router',
    expression: 'icmp',
    build: (net) => net.router(),
    send: (net) => net.run('a', ...ping('10.72.0.2')),
    journeys: [
      {
        end: 'delivered at b/b0',
        path: [...cross('a/a0', 'r/r0'), 'r/r0 route', ...cross('r/r1', 'b/b0')],
        says: [/ttl 64 -> 63/],
      },
      { end: 'delivered at a/a0', path: [...cross('b/b0', 'r/r1'), 'r/r1 route', ...cross('r/r0', 'a/a0')] },
    ],
  },
  {
    name: 'on the loopback device',
    expression: 'udp port 9',
    build(net) {
      net.of('a');
      return net.ip('a', 'addr add 10.70.0.9/32 dev lo').serve('a', ...udpServer(9));
    },
    send: (net) => net.run('a', ...udp('10.70.0.9', 9)),
    journeys: [
      { end: 'delivered at a/lo', path: ['a/lo queue', 'a/lo transmit', 'a/lo receive'], sockets: ['0.0.0.0:9 node'] },
    ],
  },
  {
    name: 'no socket, UDP',
    expression: 'udp',
    build: (net) => net.pair(),
    send: (net) => net.run('a', ...udp('10.70.0.2', 9)),
    journeys: [
      { end: 'dropped at b/b0: NO_SOCKET', says: [/answered with ICMP unreachable code 3/, /no socket is open/] },
    ],
  },
  {
    name: 'no socket, TCP',
    expression: 'tcp',
    build: (net) => net.pair(),
    send: (net) => net.run('a', ...tcp('10.70.0.2', 80)),
    journeys: [
      { end: 'dropped at b/b0: NO_SOCKET', says: [/reset sent/] },
      { end: 'delivered at a/a0', path: BACK, says: [/RST/] },
    ],
  },
  {
    name: 'time to live',
    expression: 'icmp[0] = 8',
    build: (net) => net.router(),
    send: (net) => net.attempt('a', ...ping('10.72.0.2', '-t', '1')),
    journeys: [
      {
        end: 'dropped at r/r0: IP_INHDR',
        says: [/in ip_forward, IP_INHDR: its time to live is over/, /time exceeded/],
      },
    ],
  },
  {
    name: 'an error of ICMP answers the packet that it quotes',
    expression: 'udp or icmp',
    build: (net) => net.router(),
    send: (net) => net.run('a', ...udp('10.72.0.2', 9)),
    journeys: [
      { end: 'dropped at b/b0: NO_SOCKET' },
      { end: 'delivered at a/a0', says: [/unreachable code 3.*reply to #1\n/] },
    ],
  },
  {
    name: 'a broadcast that nobody takes',
    expression: 'udp port 67',
    build: (net) => net.pair(),
    send: (net) => net.run('a', ...broadcast('10.70.0.255')),
    journeys: [{ end: /^dropped/, says: [/no socket is open for this broadcast/] }],
  },
  {
    name: 'fragments that nobody wants',
    expression: 'udp',
    build: (net) => net.pair(),
    send: (net) => net.run('a', ...datagrams('10.70.0.2', 1, 4000)),
    journeys: [{ end: 'dropped at b/b0: NO_SOCKET', says: [/icmp sent +\[copy 2\] length \d+ -> \d+, answered/] }],
  },
  {
    name: 'the end of a connection that is closed already',
    expression: 'tcp src port 80 and tcp[13] & 1 != 0',
    build: (net) => net.pair().serve('b', ...tcpServer(80)),
    send: (net) => net.run('a', ...closing('10.70.0.2')),
    journeys: [{ end: 'delivered at a/a0', path: BACK, says: [/FIN/] }],
  },
  {
    name: 'a rule that asks whose address it is',
    expression: 'icmp[0] = 8',
    build: (net) =>
      net
        .router()
        .nft(
          'r',
          'table ip t { chain p { type filter hook prerouting priority 0; fib daddr type local counter accept ; } }',
        ),
    send: (net) => net.run('a', ...ping('10.72.0.2')),
    journeys: [
      {
        end: 'delivered at b/b0',
        path: [...cross('a/a0', 'r/r0'), ...HOOKS_OF_R, ...cross('r/r1', 'b/b0')],
        says: [/to r1, table main/],
      },
    ],
  },
  {
    name: 'forwarding off',
    expression: 'icmp',
    build: (net) => net.router().set('r', 'net.ipv4.ip_forward', 0),
    send: (net) => net.attempt('a', ...ping('10.72.0.2')),
    journeys: [{ end: 'dropped at r/r0: IP_INADDRERRORS', says: [/net\.ipv4\.ip_forward/] }],
  },
  {
    name: 'no route',
    expression: 'icmp[0] = 8',
    build: (net) => net.router(),
    send: (net) => net.attempt('a', ...ping('10.99.0.2')),
    journeys: [{ end: 'dropped at r/r0: IP_INNOROUTES', says: [/no route/] }],
  },
  {
    name: 'blackhole route',
    expression: 'icmp',
    build: (net) => net.router().ip('r', 'route add blackhole 10.98.0.0/24'),
    send: (net) => net.attempt('a', ...ping('10.98.0.2')),
    journeys: [{ end: 'dropped at r/r0: NOT_SPECIFIED', says: [/blackhole/] }],
  },
  {
    name: 'too big, and not to be fragmented',
    expression: 'icmp[0] = 8',
    build: (net) => net.router().ip('r', 'link set r1 mtu 1000'),
    send: (net) => net.attempt('a', ...ping('10.72.0.2', '-s', '1200', '-M', 'do')),
    journeys: [{ end: 'dropped at r/r0: PKT_TOO_BIG', says: [/MTU/, /unreachable code 4/] }],
  },
  {
    name: 'the next hop does not answer',
    expression: 'icmp[0] = 8',
    build: (net) => net.router(),
    send: (net) => net.attempt('a', 'ping', '-c', '1', '-W', '4', '10.72.0.77'),
    journeys: [{ end: 'dropped at r/r1: NEIGH_FAILED', says: [/does not answer/] }],
  },
  {
    name: 'reverse path filter',
    expression: 'icmp',
    build(net) {
      net.router().set('r', 'net.ipv4.conf.r0.rp_filter', 1);
      // Questions of ARP would be dropped, too.
      net.run('a', ...ping('10.71.0.1'));
      net.ip('a', 'addr add 10.72.0.9/32 dev lo');
    },
    send: (net) => net.attempt('a', ...ping('10.72.0.2', '-I', '10.72.0.9')),
    journeys: [{ end: 'dropped at r/r0: IP_RPFILTER', says: [/rp_filter/] }],
  },
];
