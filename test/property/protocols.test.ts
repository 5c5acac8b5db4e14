/** What holds for every protocol, found by trying; nothing here knows any of them. */
import { describe, expect, test } from 'vitest';
import { protocols } from '../../dissectors/index.ts';
import { Frame } from '../../src/dissect/frame.ts';
import { Line } from '../../src/dissect/line.ts';
import { Registry } from '../../src/dissect/registry.ts';
import { layersOf, marksOf, misplaced, placesOf } from '../support/properties.ts';
import { Random } from '../support/random.ts';
import { StackGrower, underLens } from '../support/stack.ts';

const registry = new Registry(protocols);
const frame = new Frame(registry);
const grower = new StackGrower(registry);
const ROUNDS = 60;

/** The same for a protocol whatever others are registered. */
const seedOf = (name: string): number => [...name].reduce((sum, c) => (sum * 31 + c.charCodeAt(0)) % 0x100_0000, 0);
type Case = { readonly bytes: Uint8Array; readonly first: number; readonly seed: number };
/** For each protocol as the outermost: noise, and stacks as high as its declaration lets them grow. */
function* cases(first: number): Generator<Case> {
  for (let round = 0; round < ROUNDS; round++) {
    const seed = seedOf(protocols[first]!.name) + round;
    const random = new Random(seed);
    const length = random.of([0, 1, 20, 64, 128, 300, 1500]) + random.below(16);
    const bytes = round % 3 === 0 ? random.bytes(length) : grower.grow(random, first, length);
    yield { bytes, first, seed };
  }
}
const dissected = (bytes: Uint8Array, first: number, from = 0, to = bytes.length, wire = to - from): Frame => {
  underLens(frame, bytes, from, to, wire).dissect(first);
  return frame;
};
/** A writer for each combination of options that changes what is read. */
const writers = [0, 1, 2, 3].flatMap((verbose) =>
  [false, true].map((link) => {
    const quiet = verbose === 0 && link ? 1 : 0;
    return new Line({ verbose, link, quiet, absolute: link, checksums: !link, dumps: true });
  }),
);
function text(f: Frame, w: Line): string {
  w.at = 0;
  w.packetLine(f);
  return w.toString();
}
const PLAIN = /^[\n\t\x20-\x7e]*$/;
const places = (f: Frame) => Array.from({ length: f.depth }, (_, d) => placesOf(f, d));

describe.each(protocols.map((p, id) => ({ name: p.name, id })))('$name', ({ id }) => {
  test('arbitrary bytes never throw, and their text is plain', () => {
    for (const { bytes, first, seed } of cases(id)) {
      const random = new Random(seed);
      const cut = random.chance(0.3) ? random.below(bytes.length + 1) : bytes.length;
      dissected(bytes, first, 0, cut, bytes.length);
      places(frame);
      marksOf(frame);
      for (const w of writers) {
        const printed = text(frame, w);
        if (!PLAIN.test(printed)) expect(printed, `seed ${seed}`).toMatch(PLAIN);
      }
    }
  });

  test('layers nest, and fields lie inside their layer', () => {
    for (const { bytes, first, seed } of cases(id)) {
      const cut = seed % 4 === 1 ? (bytes.length * 2) >> 2 : bytes.length;
      dissected(bytes, first, 0, cut, bytes.length);
      expect(misplaced(frame), `seed ${seed}`).toBeUndefined();
    }
  });

  test('a cut packet shows the first layers of the whole one', () => {
    for (const { bytes, first, seed } of cases(id)) {
      const whole = layersOf(dissected(bytes, first));
      const cut = new Random(seed).below(bytes.length + 1);
      const some = layersOf(dissected(bytes, first, 0, cut, bytes.length));
      expect(some, `seed ${seed}, cut at ${cut}`).toEqual(whole.slice(0, some.length));
    }
  });

  test('the place in the buffer does not matter', () => {
    for (const { bytes, first, seed } of cases(id)) {
      const buffer = new Random(seed).bytes(bytes.length + 100);
      buffer.set(bytes, 37);
      const described = (f: Frame) => [layersOf(f), places(f), marksOf(f), writers.map((w) => text(f, w))];
      const here = described(dissected(bytes, first));
      expect(described(dissected(buffer, first, 37, 37 + bytes.length)), `seed ${seed}`).toEqual(here);
    }
  });
});

describe('declarations', () => {
  test('a field name belongs to one protocol, or to one family', () => {
    const owners = new Map<string, string>();
    for (const { name: protocol, fields } of protocols) {
      const names = fields.map((f) => f.name);
      expect(
        names.filter((name, i) => names.indexOf(name) !== i),
        protocol,
      ).toEqual([]);
      const family = (PREFIXES[protocol] ?? [protocol])[0]!;
      for (const name of names) {
        expect(owners.get(name) ?? family, `${name} of ${protocol}`).toBe(family);
        owners.set(name, family);
      }
    }
  });
  test('field names begin with the name of their protocol', () => {
    const strangers = protocols.flatMap((p) =>
      p.fields
        .map((f) => f.name)
        .filter((name) => !(PREFIXES[p.name] ?? [p.name]).some((start) => name.startsWith(`${start}.`))),
    );
    expect(strangers).toEqual([]);
  });
  test.each(protocols.map((p) => [p.name, p] as const))('%s says what it is and where it is defined', (_, p) => {
    expect(p.title).not.toBe('');
    expect(p.source).toMatch(/\w{3}/);
    const tables = new Set(['link', ...protocols.flatMap((q) => q.opens.map((t) => t.name))]);
    for (const name of [...Object.keys(p.on), ...(p.guess?.in ?? [])]) expect(tables).toContain(name);
  });
});
/** Where Wireshark's field names begin otherwise than the protocol is called. */
const PREFIXES: Readonly<Record<string, readonly string[]>> = {
  'can.sll': ['can'],
  ccp: ['ppp', 'ccp'],
  clnp: ['osi', 'clnp'],
  'db-lsp-disc': ['db-lsp'],
  'dns.tcp': ['dns'],
  'gre.udp': ['gre'],
  ipcp: ['ppp', 'ipcp'],
  ipv6cp: ['ppp', 'ipv6cp'],
  lcp: ['ppp', 'lcp'],
  dtls: ['tls', 'dtls', 'x509af', 'x509ce'],
  // Key data has elements of wireless networks.
  eapol: ['wlan', 'eapol', 'wlan_rsna_eapol'],
  esis: ['osi', 'esis'],
  hsrp: ['hsrp', 'hsrp2'],
  'isis.psnp': ['isis.csnp', 'isis.psnp'],
  'l2tp.ip': ['l2tp'],
  llmnr: ['dns'],
  mdns: ['dns'],
  mipv6: ['mip6'],
  mpls: ['mpls', 'pwach', 'pwmcw'],
  'netlink-netfilter': ['netlink', 'netlink-netfilter'],
  'netlink-route': ['netlink', 'netlink-route'],
  pppoed: ['pppoe', 'pppoed'],
  pppoes: ['pppoe', 'pppoes'],
  ppp_hdlc: ['ppp'],
  pwethcw: ['pweth.cw'],
  sll2: ['sll'],
  udplite: ['udp'],
  vxlan_gpe: ['vxlan'],
  ssdp: ['http'],
  stp: ['stp', 'mstp', 'bpdu'],
  tls: ['tls', 'x509af', 'x509ce'],
};
