import { type Network, ping, tcp, tcpServer, udp, udpServer } from './network.ts';
import { datagrams, groupMember, offload, tapDevice } from './python.ts';
import { cross, type Scenario } from './scenario.ts';

/** `a`, `b` and `c` at a bridge in `sw`: 10.73.0.1 to 10.73.0.3, whose addresses are known to each other. */
function bridge(net: Network, options = ''): Network {
  const names = ['a', 'b', 'c'];
  for (const [i, n] of names.entries()) {
    net.cable(n, `${n}0`, `10.73.0.${i + 1}/24`, 'sw', `p${n}`, '');
    net.ip(n, `link set ${n}0 address 02:00:00:00:00:0${i + 1}`);
  }
  for (const n of names)
    for (const [i, other] of names.entries())
      if (other !== n) net.ip(n, `neigh add 10.73.0.${i + 1} lladdr 02:00:00:00:00:0${i + 1} dev ${n}0`);
  net.ip('sw', `link add br0 type bridge${options}`);
  for (const n of names) net.ip('sw', `link set p${n} master br0`);
  return net.ip('sw', 'link set br0 up');
}
/** 10.80.0.1 and 10.80.0.2 in a VXLAN over the cable between `a` and `b`. */
function overlay(net: Network, otherVni = 42): Network {
  net.pair();
  for (const [n, other, own, vni] of [
    ['a', 2, 1, 42],
    ['b', 1, 2, otherVni],
  ] as const) {
    net.ip(n, `link add vx0 type vxlan id ${vni} remote 10.70.0.${other} dstport 4789`);
    net.ip(n, `link set vx0 address 02:00:00:00:00:0${own} up`);
    net.ip(n, `addr add 10.80.0.${own}/24 dev vx0`);
    net.ip(n, `neigh add 10.80.0.${other} lladdr 02:00:00:00:00:0${other} dev vx0`);
  }
  return net;
}
function version6(net: Network): void {
  for (const n of ['a', 'b'])
    for (const which of ['default', 'all']) net.set(n, `net.ipv6.conf.${which}.disable_ipv6`, 0);
  net.cable('a', 'a0', 'fd70::1/64', 'b', 'b0', 'fd70::2/64');
  // The kernel listens to neighbours only once it took note that the link is up, which it does up to a second later.
  const ready = (device: string) => [
    'sh',
    '-c',
    `for i in $(seq 50); do ip -6 address show dev ${device} -tentative | grep -q fe80 && exit; sleep 0.1; done`,
  ];
  net.run('a', ...ready('a0'));
  net.run('b', ...ready('b0'));
}
/** A router whose second device takes no packet that is larger than what goes on the wire. */
async function cutting(net: Network): Promise<Network> {
  net.router();
  net.run('r', ...offload('r1', 'segmentation', false));
  await net.serve('b', ...tcpServer(80));
  return net;
}
const WAY_TO_R1 = ['a/a0 queue', 'a/a0 transmit', 'r/r0 receive', 'r/r0 route', 'r/r1 queue'];
const times = (count: number, ...steps: string[]): string[] => Array.from({ length: count }, () => steps).flat();

const KERNEL = 'the kernel (ICMP)';

export const DEVICE_SCENARIOS: readonly Scenario[] = [
  {
    name: 'a bridge floods what it does not know',
    expression: 'icmp',
    build: (net) => bridge(net),
    send: (net) => net.run('a', ...ping('10.73.0.2')),
    journeys: [
      {
        end: 'delivered at b/b0',
        sockets: [KERNEL],
        says: [
          /bridge learned 02:00:00:00:00:01 at pa/,
          /pb .*\n.*transmit/,
          /pc .*queue/,
          /copy \d: DROPPED at c\/c0.*OTHERHOST/,
        ],
      },
      { end: 'delivered at a/a0', path: [...cross('b/b0', 'sw/pb'), ...cross('sw/pa', 'a/a0')] },
    ],
  },
  {
    name: 'a bridge that has learned',
    expression: 'icmp',
    build: (net) => bridge(net).run('a', ...ping('10.73.0.2')),
    send: (net) => net.run('a', ...ping('10.73.0.2')),
    journeys: [{ end: 'delivered at b/b0', path: [...cross('a/a0', 'sw/pa'), ...cross('sw/pb', 'b/b0')] }],
  },
  {
    name: 'multicast to two receivers',
    expression: 'udp port 9',
    async build(net) {
      bridge(net);
      for (const n of ['a', 'b', 'c']) net.ip(n, `route add 224.0.0.0/4 dev ${n}0`);
      for (const n of ['b', 'c']) await net.serve(n, ...groupMember('239.1.2.3'));
    },
    send: (net) => net.run('a', ...udp('239.1.2.3', 9)),
    journeys: [{ end: 'delivered at c/c0', says: [/of python3 .* at b\/b0/, /of python3 .* at c\/c0/] }],
  },
  {
    name: 'a macvlan in another namespace',
    expression: 'udp port 9',
    async build(net) {
      net.cable('a', 'a0', '10.70.0.1/24', 'b', 'b0', '');
      net.ip('b', `link add mv0 link b0 netns ${net.of('c')} type macvlan mode bridge`);
      net.ip('c', 'link set mv0 address 02:00:00:00:00:03 up').ip('c', 'addr add 10.70.0.3/24 dev mv0');
      net.ip('a', 'neigh add 10.70.0.3 lladdr 02:00:00:00:00:03 dev a0');
      await net.serve('c', ...udpServer(9));
    },
    send: (net) => net.run('a', ...udp('10.70.0.3', 9)),
    // No hook tells of the device there.
    journeys: [{ end: 'delivered at c', path: cross('a/a0', 'b/b0'), sockets: ['0.0.0.0:9 node'] }],
  },
  {
    name: 'a VXLAN overlay',
    expression: 'icmp',
    build: (net) => overlay(net),
    send: (net) => net.run('a', ...ping('10.80.0.2')),
    journeys: [
      {
        end: 'delivered at b/vx0',
        path: ['a/vx0 queue', 'a/vx0 transmit', ...cross('a/a0', 'b/b0'), 'b/vx0 receive'],
        sockets: [KERNEL],
        says: [/tunnel none -> VXLAN 42 10\.70\.0\.1:\d+ > 10\.70\.0\.2:4789/, /VXLAN 42 .* -> none/],
      },
      { end: 'delivered at a/vx0', says: [/reply to #1/] },
    ],
  },
  {
    name: 'the packet in a tunnel is what is asked for',
    expression: 'host 10.80.0.2 and icmp[0] = 8',
    build: (net) => overlay(net, 43),
    send: (net) => net.attempt('a', ...ping('10.80.0.2')),
    journeys: [{ end: 'dropped at b/b0: VXLAN_VNI_NOT_FOUND', says: [/no VXLAN device here has its network number/] }],
  },
  {
    name: 'a tap device that a program reads',
    expression: 'icmp',
    build: (net) => net.serve('a', ...tapDevice(true)),
    send: (net) => net.attempt('a', ...ping('10.75.0.2')),
    journeys: [
      {
        end: 'delivered at a/tap0',
        path: ['a/tap0 queue', 'a/tap0 transmit'],
        says: [/a program that reads the device: python3/],
      },
    ],
  },
  {
    name: 'a tap device that nobody reads',
    expression: 'icmp',
    async build(net) {
      await net.serve('a', ...tapDevice(false));
      for (let i = 0; i < 3; i++) net.attempt('a', 'ping', '-c', '1', '-W', '0.1', '10.75.0.2');
    },
    send: (net) => net.attempt('a', 'ping', '-c', '1', '-W', '0.1', '10.75.0.2'),
    journeys: [{ end: 'dropped at a/tap0: FULL_RING', says: [/does not read/] }],
  },
  {
    name: 'IPv6 with neighbour discovery',
    expression: 'icmp6',
    build: version6,
    send: (net) => net.run('a', ...ping('fd70::2')),
    journeys: [
      { end: 'delivered at b/b0', says: [/neighbour solicitation/, /neighbour discovery|ICMP/] },
      { end: 'delivered at a/a0', says: [/neighbour advertisement/] },
      { end: 'delivered at b/b0', path: cross('a/a0', 'b/b0'), says: [/icmp6 fd70::1 > fd70::2 echo request 1/] },
      { end: 'delivered at a/a0', says: [/reply to #3/] },
    ],
  },
  {
    name: 'no socket, UDP over IPv6',
    expression: 'udp',
    build(net) {
      version6(net);
      net.run('a', ...ping('fd70::2', '-W', '3'));
    },
    send: (net) => net.run('a', ...udp('fd70::2', 9)),
    journeys: [{ end: 'dropped at b/b0: NO_SOCKET' }],
  },
  {
    name: 'a path that fragments',
    expression: 'udp port 9',
    async build(net) {
      net.router().ip('r', 'link set r1 mtu 1000');
      await net.serve('b', ...groupMember('239.1.2.3'));
      net.run('a', ...ping('10.72.0.2'));
    },
    send: (net) => net.run('a', ...datagrams('10.72.0.2', 1, 1400)),
    journeys: [
      {
        end: 'delivered at b/b0',
        path: [
          ...cross('a/a0', 'r/r0'),
          'r/r0 route',
          ...['r/r1 queue', 'r/r1 transmit', 'r/r1 queue', 'r/r1 transmit', 'b/b0 receive', 'b/b0 receive'],
        ],
        sockets: ['0.0.0.0:9 python3'],
        says: [/1442 bytes/],
      },
    ],
  },
  {
    name: 'a packet that is cut into segments',
    expression: 'tcp dst port 80',
    build: cutting,
    send: (net) => net.run('a', ...tcp('10.72.0.2', 80, 4000)),
    patience: 300,
    journeys: [
      { end: /^delivered/ },
      { end: /^delivered/ },
      {
        end: 'delivered at b/b0',
        path: [...WAY_TO_R1, ...times(3, 'r/r1 transmit'), ...times(3, 'b/b0 receive', 'b/b0 socket')],
        says: [
          /queue +ttl 64 -> 63, split into 3 segments\n/,
          /transmit +\[copy 1\] segment: bytes 1 to 1448 of 4000, sequence \d+\n/,
          /\[copy 3\] segment: bytes 2897 to 4000 of 4000/,
        ],
      },
    ],
  },
  {
    name: 'segments that are joined',
    expression: 'tcp dst port 80',
    build: async (net) => (await cutting(net)).run('b', ...offload('b0', 'joining', true)),
    send: (net) => net.run('a', ...tcp('10.72.0.2', 80, 4000)),
    patience: 300,
    journeys: [
      { end: /^delivered/ },
      { end: /^delivered/ },
      {
        end: 'delivered at b/b0',
        path: [...WAY_TO_R1, ...times(3, 'r/r1 transmit'), 'b/b0 receive', 'b/b0 socket'],
        says: [/receive +\[copy 1\] length 1514 -> 4066, joined into a packet of 3 segments\n/],
      },
    ],
  },
  {
    name: 'a bridge port that is not forwarding',
    expression: 'icmp',
    build: (net) => bridge(net, ' stp_state 1'),
    send: (net) => net.attempt('a', ...ping('10.73.0.2')),
    journeys: [{ end: 'dropped at sw/pa: BRIDGE_INGRESS_STP_STATE', says: [/spanning tree/] }],
  },
  {
    name: 'dropped by a rule of the bridge',
    expression: 'icmp',
    build: (net) =>
      bridge(net).nft(
        'sw',
        'table bridge wall { chain between { type filter hook forward priority 0; icmp type echo-request drop comment "no pings"; } }',
      ),
    send: (net) => net.attempt('a', ...ping('10.73.0.2')),
    journeys: [
      {
        end: 'dropped at sw/pb: NETFILTER_DROP',
        says: [/bridge wall between rule \d+: icmp type echo-request drop comment "no pings" => drop/],
      },
    ],
  },
];
