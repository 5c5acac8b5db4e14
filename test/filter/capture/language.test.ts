import { describe, expect, it } from 'vitest';
import { compile, compileCaptureFilter, matcher } from '../../../src/filter/capture/compile.ts';
import { FilterError } from '../../../src/filter/capture/error.ts';
import { interpreter } from '../../../src/filter/capture/interpret.ts';
import { initialisers, listing, numbers } from '../../../src/filter/capture/print.ts';
import { readProgram } from '../../../src/filter/capture/read-program.ts';
import { Random } from '../../support/random.ts';
import { attempt } from './compare.ts';
import { packet } from './packets.ts';
import { run } from './wanted.ts';

const ETHERNET = { linkType: 1 };

/** A frame of TCP over IPv4 on Ethernet. */
function tcp(
  source: number[],
  destination: number[],
  from: number,
  to: number,
  tag: number[] = [],
): ReturnType<typeof packet> {
  const ports = [from >> 8, from & 255, to >> 8, to & 255];
  const ip = [0x45, 0, 0, 40, 0, 1, 0x40, 0, 64, 6, 0, 0, ...source, ...destination];
  return packet(
    Uint8Array.from([1, 2, 3, 4, 5, 6, 2, 2, 3, 4, 5, 7, ...tag, 8, 0, ...ip, ...ports, ...new Array(16).fill(0)]),
  );
}

const web = tcp([10, 0, 0, 1], [192, 168, 1, 9], 40_000, 80);
const tagged = tcp([10, 0, 0, 1], [192, 168, 1, 9], 40_000, 80, [0x81, 0, 0, 100]);

function matches(text: string, what = web): boolean {
  return run(compileCaptureFilter(text, ETHERNET).matches, what) !== 0;
}

describe('the language', () => {
  it.each([
    'tcp port 80',
    'port 80 or 443',
    'port (443 or 80)',
    'dst port http',
    'host 10.0.0.1 and not 10.0.0.2',
    'net 192.168 and net 10.0.0.0/24',
    'src net 10.0.0.0 mask 255.255.0.0',
    'ether src 2:2:3:4:5:7',
    'ether dst 0102.0304.0506',
    'portrange 1-100',
    'ip proto \\tcp',
    'len = 54 && ip[0] & 0xf = 5',
    'tcp[tcpflags] & tcp-syn = 0',
    'not (udp or arp)',
    'ip[2:2] - ((ip[0] & 0xf) << 2) = 20',
    'len - 50 < 6',
    'len == 54 % 55 * 2',
  ])('%s', (text) => {
    expect(matches(text)).toBe(true);
    expect(matches(`not (${text})`)).toBe(false);
  });

  it('moves what stands behind vlan', () => {
    expect(matches('vlan 100 and tcp port 80', tagged)).toBe(true);
    expect(matches('tcp port 80', tagged)).toBe(false);
    expect(matches('vlan 101 and tcp port 80', tagged)).toBe(false);
    expect(matches('vlan and tcp')).toBe(false);
  });

  it('takes an empty filter for all packets', () => {
    expect(compile('', ETHERNET)).toHaveLength(1);
    expect(compile(' \n', ETHERNET)).toHaveLength(1);
  });

  it('looks hosts up where it is told to', () => {
    const hosts = (name: string): string[] => (name === 'web' ? ['10.0.0.1', '2001:db8::1'] : []);
    const match = matcher(compile('host web', { ...ETHERNET, hosts }));
    expect(run(match, web)).toBeGreaterThan(0);
  });
});

describe('errors', () => {
  it.each([
    ['tcp prot 80', 4, ['port']],
    ['tcp port 80 an dst port 5', 12, ['and']],
    ['hots 1.2.3.4', 0, ['host']],
    ['tcp port htpp', 9, ['http']],
    ['port 80 or (tcp and', 19, []],
    ['ip[0:3] = 1', 5, []],
    ['host 1.2.3.4/24', 5, []],
    ['host nowhere.invalid', 5, []],
    ['vlan 5000', 0, []],
    ['ether proto \\arpp', 12, ['arp']],
    ['len > 08', 6, []],
    ['tcp; udp', 3, []],
    ['1.2.3.4', 0, []],
  ] as const)('%s', (text, at, near) => {
    const error = (() => {
      try {
        return compile(text, ETHERNET);
      } catch (caught) {
        return caught;
      }
    })();
    expect(error).toBeInstanceOf(FilterError);
    expect((error as FilterError).at).toBe(at);
    expect((error as FilterError).near).toEqual(expect.arrayContaining([...near]));
  });

  it('never come as anything else, nor too late', () => {
    const random = new Random(5);
    const words = [
      'tcp',
      'port',
      '80',
      'or',
      'and',
      'not',
      '(',
      ')',
      '[',
      ']',
      ':',
      '1.2.3.4',
      '/',
      '24',
      'host',
      'net',
      'vlan',
      'ip',
    ];
    words.push(
      '0x',
      '$',
      '::1',
      'a-b',
      '\\tcp',
      '=',
      '<',
      '>=',
      '!',
      '-',
      '+',
      '%',
      'len',
      'ether',
      'proto',
      'mpls',
      '\u0000',
      '\ud800',
      '2:3:4:5:6:7',
    );
    for (let i = 0; i < 5000; i++) {
      const text = Array.from({ length: random.below(14) }, () => random.of(words)).join(random.chance(0.7) ? ' ' : '');
      attempt(text, { linkType: random.of([0, 1, 9, 12, 105, 113, 276, 999]) });
    }
    for (const text of [
      '('.repeat(1e5),
      'not '.repeat(1e5),
      '-'.repeat(1e5),
      `${'tcp or '.repeat(1e4)}udp`,
      'ip['.repeat(1e4),
    ]) {
      attempt(text, ETHERNET);
    }
  });
});

describe('programs', () => {
  it('are printed as tcpdump prints them', () => {
    const program = compile('ip', { ...ETHERNET, snaplen: 262_144 });
    expect(listing(program)).toBe(
      '(000) ldh      [12]\n(001) jeq      #0x800           jt 2\tjf 3\n(002) ret      #262144\n(003) ret      #0\n',
    );
    expect(initialisers(program)).toBe(
      '{ 0x28, 0, 0, 0x0000000c },\n{ 0x15, 0, 1, 0x00000800 },\n{ 0x6, 0, 0, 0x00040000 },\n{ 0x6, 0, 0, 0x00000000 },\n',
    );
    expect(numbers(program)).toBe('4\n40 0 0 12\n21 0 1 2048\n6 0 0 262144\n6 0 0 0\n');
  });

  it('can be given instead of a filter', () => {
    const text = numbers(compile('tcp port 80', ETHERNET));
    expect(readProgram(text)).toEqual(compile('tcp port 80', ETHERNET));
    expect(run(compileCaptureFilter(text, ETHERNET).matches, web)).toBeGreaterThan(0);
    expect(() => compileCaptureFilter('1\n40 0 0 12\n', ETHERNET)).toThrow(/no return/);
    expect(() => compileCaptureFilter('2\n21 9 0 1\n6 0 0 0\n', ETHERNET)).toThrow(/leaves the program/);
  });

  it('jump far in long filters, and fit into the kernel', () => {
    const hosts = Array.from({ length: 700 }, (_, i) => `10.0.${i >> 8}.${i & 255}`);
    const program = compile(`host (${hosts.join(' or ')})`, { ...ETHERNET, target: 'file' });
    expect(program.length).toBeLessThan(4096);
    const [fast, slow] = [matcher(program), interpreter(program)];
    for (const last of [0, 1, 200, 255]) {
      const one = tcp([10, 0, 2, last], [9, 9, 9, 9], 1, 2);
      expect(run(fast, one) > 0).toBe(512 + last < 700);
      expect(run(slow, one)).toBe(run(fast, one));
    }
  });

  it('end even where a packet leads them in circles', () => {
    // An authentication header that names itself as the next header, where libpcap goes round for ever.
    const bytes = new Uint8Array(60);
    bytes.set([0x45, 0, 0, 60, 0, 0, 0, 0, 64, 51]);
    bytes.set([51, 3], 20);
    expect(run(matcher(compile('ip protochain 6', { linkType: 101 })), packet(bytes))).toBe(0);
  });

  it('ask the kernel for what it took out of the packet', () => {
    const text = listing(compile('vlan 5 and inbound', { ...ETHERNET, target: 'kernel' }));
    for (const name of ['vlan_avail', 'vlan_tci', 'vlan_proto', 'type']) expect(text).toContain(`[${name}]`);
    expect(() => compile('inbound', ETHERNET)).toThrow(/live only/);
    expect(listing(compile('tcp', { linkType: 276, target: 'kernel' }))).toContain('[proto]');
  });
});
