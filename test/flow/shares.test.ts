import { describe, expect, test } from 'vitest';
import { protocols } from '../../dissectors/index.ts';
import { counting, u32 } from '../../fixtures/build/bytes.ts';
import { a, dns, dnsOverTcp, QR } from '../../fixtures/build/dns.ts';
import { client, left, over4, right, server } from '../../fixtures/build/hosts.ts';
import { icmp } from '../../fixtures/build/icmp.ts';
import { ipv4 } from '../../fixtures/build/ip.ts';
import { packet } from '../../fixtures/build/layer.ts';
import { tcp, udp } from '../../fixtures/build/transport.ts';
import { vxlan } from '../../fixtures/build/tunnel.ts';
import { Registry } from '../../src/dissect/registry.ts';
import { Shares, type ShareTree } from '../../src/flow/shares.ts';
import { Timed } from '../support/timed.ts';

const registry = new Registry(protocols);
const seen = (...packets: Uint8Array[]): Shares => {
  const shares = new Shares(registry);
  const timed = new Timed(registry, (frame) => shares.see(frame));
  for (const [i, bytes] of packets.entries()) timed.at(i, bytes);
  return shares;
};
const short = (shares: Shares, by: 'packets' | 'bytes', n = 9) =>
  shares.top(n, by).map(({ protocol, packets }) => `${protocol} ${packets}`);
/** Each chain of layers with its packets. */
const chains = ({ protocol, packets, children }: ShareTree, below = ''): string[] => [
  `${below}${protocol} ${packets}`,
  ...children.flatMap((child) => chains(child, `${below}${protocol}:`)),
];

const plain = packet(...over4(client, server), udp(4000, 9000), counting(800));
const answer = { flags: QR, answers: [a('www.example.com', 1, '192.0.2.1')] };
const asked = packet(...over4(client, server), udp(4000, 53), dns(answer));
const inTunnel = packet(...over4(left, right), udp(50_000, 4789), vxlan(7), plain);

describe('shares', () => {
  test('are by the highest protocol of each packet', () => {
    const shares = seen(plain, asked, asked, inTunnel);
    expect(short(shares, 'packets')).toEqual(['udp 2', 'dns 2']);
    expect(short(shares, 'bytes')).toEqual(['udp 2', 'dns 2']);
    expect(short(shares, 'packets', 1)).toEqual(['udp 2']);
    expect(shares.top(1, 'packets')[0]).toEqual({
      protocol: 'udp',
      title: 'User Datagram Protocol',
      packets: 2,
      bytes: plain.length + inTunnel.length,
    });
    expect(short(seen(plain, asked, asked, asked), 'packets')).toEqual(['dns 3', 'udp 1']);
    expect(short(seen(plain, asked, asked, asked), 'bytes')).toEqual(['udp 1', 'dns 3']);
  });
  test('form a tree of what lies on what', () => {
    expect(chains(seen(plain, asked, asked, inTunnel).tree('packets'))).toEqual([
      'frame 4',
      'frame:eth 4',
      'frame:eth:ip 4',
      'frame:eth:ip:udp 4',
      'frame:eth:ip:udp:dns 2',
      'frame:eth:ip:udp:vxlan 1',
      'frame:eth:ip:udp:vxlan:eth 1',
      'frame:eth:ip:udp:vxlan:eth:ip 1',
      'frame:eth:ip:udp:vxlan:eth:ip:udp 1',
    ]);
    const bytes = seen(asked, asked, inTunnel).tree('bytes');
    expect(chains(bytes)[4]).toBe('frame:eth:ip:udp:vxlan 1');
    expect(bytes.bytes).toBe(2 * asked.length + inTunnel.length);
  });
  test('have an ICMP error as such, and what it quotes only in the tree', () => {
    const refused = packet(
      ...over4(server, client),
      icmp(3, 3, u32(0)),
      packet(ipv4(client.ip, server.ip), udp(4000, 9000)),
    );
    const shares = seen(refused);
    expect(short(shares, 'packets')).toEqual(['icmp 1']);
    expect(chains(shares.tree('packets')).at(-1)).toBe('frame:eth:ip:icmp:ip:udp 1');
  });
  test('do not name what only delimits messages', () => {
    const over = packet(...over4(client, server), tcp(4000, 53, { flags: 'P.' }), dnsOverTcp(answer));
    expect(chains(seen(over).tree('packets')).at(-1)).toBe('frame:eth:ip:tcp:dns 1');
    expect(short(seen(over), 'packets')).toEqual(['dns 1']);
  });
});
