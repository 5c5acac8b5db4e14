import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Network, ping, udp, udpServer } from './network.ts';
import {
  connectOften,
  datagrams,
  deafSocket,
  lazyServer,
  REFUSING_FILTER,
  SMALL_BUFFER,
  wrongChecksum,
} from './python.ts';
import type { Scenario } from './scenario.ts';

/** Puts an XDP program on a device that drops every packet. */
function dropWithXdp(net: Network, device: string, mode: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'hooktap-test-'));
  try {
    const [source, object] = [join(folder, 'drop.c'), join(folder, 'drop.o')];
    writeFileSync(source, '__attribute__((section("xdp"), used)) int drop(void *c) { return 1; }\n');
    const { status, stderr } = spawnSync('clang', ['-target', 'bpf', '-O2', '-c', source, '-o', object], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(stderr);
    net.run('b', 'ip', 'link', 'set', 'dev', device, mode, 'obj', object, 'sec', 'xdp');
  } finally {
    rmSync(folder, { recursive: true });
  }
}
const known = (net: Network): Network => net.pair().ip('a', 'neigh add 10.70.0.2 lladdr 02:00:00:00:00:01 dev a0');
const tc = (net: Network, name: string, words: string, ...more: string[]) =>
  net.run(name, 'tc', ...words.split(' '), ...more);

export const DROP_SCENARIOS: readonly Scenario[] = [
  {
    name: 'the accept queue is full',
    expression: 'tcp[13] = 2',
    build: (net) => net.pair().serve('b', ...lazyServer(0)),
    send: (net) => net.run('a', ...connectOften('10.70.0.2', 3)),
    journeys: [
      { end: 'delivered at b/b0' },
      { end: 'dropped at b/b0: LISTEN_OVERFLOW', says: [/listen backlog/] },
      { end: 'dropped at b/b0: LISTEN_OVERFLOW' },
    ],
  },
  {
    name: 'the receive buffer is full',
    expression: 'udp',
    build: (net) => net.pair().serve('b', ...deafSocket(SMALL_BUFFER)),
    send: (net) => net.run('a', ...datagrams('10.70.0.2', 4, 1000)),
    journeys: [
      { end: 'delivered at b/b0', sockets: ['0.0.0.0:9 python3'] },
      { end: 'dropped at b/b0: SOCKET_RCVBUFF' },
      { end: 'dropped at b/b0: SOCKET_RCVBUFF', says: [/SO_RCVBUF.*socket 0\.0\.0\.0:9/] },
    ],
  },
  {
    name: 'a socket with a filter',
    expression: 'udp',
    build: (net) => net.pair().serve('b', ...deafSocket(REFUSING_FILTER)),
    send: (net) => net.run('a', ...udp('10.70.0.2', 9)),
    journeys: [{ end: 'dropped at b/b0: SOCKET_FILTER', says: [/socket 0\.0\.0\.0:9/] }],
  },
  {
    name: 'a wrong checksum',
    expression: 'udp',
    build: (net) =>
      known(net)
        .ip('b', 'link set b0 address 02:00:00:00:00:01')
        .serve('b', ...udpServer(9)),
    send: (net) => net.run('a', ...wrongChecksum('10.70.0.2')),
    journeys: [{ end: 'dropped at b/b0: UDP_CSUM', says: [/checksum is wrong/] }],
  },
  {
    name: 'a tc filter',
    expression: 'icmp',
    build(net) {
      known(net);
      tc(net, 'b', 'qdisc add dev b0 clsact');
      tc(net, 'b', 'filter add dev b0 ingress bpf da bytecode', '1,6 0 0 2');
    },
    send: (net) => net.attempt('a', ...ping('10.70.0.2')),
    journeys: [{ end: 'dropped at b/b0: TC_INGRESS', says: [/tc filter/] }],
  },
  {
    name: 'an XDP program in the driver',
    expression: 'icmp',
    build: (net) => dropWithXdp(known(net), 'b0', 'xdp'),
    send: (net) => net.attempt('a', ...ping('10.70.0.2')),
    journeys: [{ end: 'dropped at b/b0: NOT_SPECIFIED', says: [/a {2}a0 .*queue/, /XDP program/] }],
  },
  {
    name: 'an XDP program in the kernel',
    expression: 'icmp',
    build: (net) => dropWithXdp(known(net), 'b0', 'xdpgeneric'),
    send: (net) => net.attempt('a', ...ping('10.70.0.2')),
    journeys: [{ end: 'dropped at b/b0: NOT_SPECIFIED', says: [/a {2}a0 .*queue/, /XDP program/] }],
  },
  {
    name: 'the queue of a device is full',
    expression: 'udp',
    build(net) {
      known(net).ip('b', 'link set b0 address 02:00:00:00:00:01');
      tc(net, 'a', 'qdisc add dev a0 root tbf rate 8kbit burst 1540 limit 1600');
    },
    send: (net) => net.run('a', ...datagrams('10.70.0.2', 6, 700)),
    patience: 1800,
    journeys: [
      ...Array.from({ length: 4 }, () => ({ end: 'dropped at b/b0: NO_SOCKET' })),
      { end: 'dropped at a/a0: QDISC_DROP', says: [/queue is full/] },
    ],
  },
  {
    name: 'a device that is down',
    expression: 'icmp[0] = 8',
    build: (net) => net.router().ip('r', 'link set r1 down'),
    send: (net) => net.attempt('a', ...ping('10.72.0.2')),
    journeys: [{ end: 'dropped at r/r0: IP_INNOROUTES' }],
  },
  {
    name: 'the other end of a cable is down',
    expression: 'icmp',
    build: (net) => known(net).ip('b', 'link set b0 down'),
    send: (net) => net.attempt('a', ...ping('10.70.0.2')),
    // The kernel needs a moment to see that the cable is dead.
    journeys: [{ end: /^dropped at a\/a0: (QDISC_DROP|NOT_SPECIFIED)$/ }],
  },
];
