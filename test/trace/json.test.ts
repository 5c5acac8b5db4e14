import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Text } from '../../src/bytes/text.ts';
import { headersOf } from '../../src/trace/headers.ts';
import type { Ending, Journey, Outcome } from '../../src/trace/journey.ts';
import { putJson } from '../../src/trace/json.ts';

const PACKETS = {
  udp: '02000000000202000000000108004500001c0001400040112b8f0a0000010a000002138800090008d4d5',
  tcp: '02000000000202000000000108004500002800000000400600000a0000010a00000200500051000000010000000250120000000000 00',
  echo: '02000000000202000000000108004500001c0001400040010000 0a0000010a0000020800d4d500010002',
  inet6:
    '02000000000202000000000186dd6000000000081140fd000000000000000000000000000001fd000000000000000000000000000002138800090008d4d5',
  arp: '020000000002020000000001080600010800060400010200000000010a0000010000000000000a000002',
  vxlan:
    '02000000000202000000000108004500004e00010000401100000a0000010a00000212b512b5003a0000080000000000070002000000000202000000000108004500001c0001400040112b8f0a0000010a000002138800090008d4d5',
  other: '02000000000202000000000188b500',
};
const ODD = 'a\u0007"\\\u007f\u00e9\u20ac\ud83d\ude00\n/';
const texts = fc.oneof(fc.string(), fc.constantFrom('eth0', 'receive', ODD));
const packets = fc
  .constantFrom(...Object.values(PACKETS))
  .map((hex) => headersOf(Buffer.from(hex.replace(' ', ''), 'hex'), undefined));
const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });
const counts = fc.nat(2 ** 31);
const places = fc.record({ netns: counts, device: texts, hook: texts });
const rules = fc.record({
  ...{ family: texts, table: texts, chain: texts, text: texts, verdict: texts },
  handle: maybe(counts),
  comment: maybe(texts),
});
const sockets = fc.record({
  inode: counts,
  netns: counts,
  transport: counts,
  state: counts,
  localPort: fc.nat(65535),
  remotePort: fc.nat(65535),
  local: fc.constantFrom('10.0.0.1', 'fd00::1'),
  remote: fc.constantFrom('0.0.0.0', '::'),
});
const outcomes = fc.constantFrom<Outcome>('delivered', 'sent', 'dropped', 'consumed', 'unknown');
const endings: fc.Arbitrary<Ending> = fc
  .record({
    outcome: outcomes,
    where: places,
    at: counts,
    reason: maybe(texts),
    meaning: maybe(texts),
    symbol: maybe(texts),
    stack: maybe(fc.array(texts)),
    rule: maybe(rules),
    socket: maybe(sockets),
  })
  .map((ending) =>
    ending.socket === undefined ? ending : { ...ending, where: { ...ending.where, netns: ending.socket.netns } },
  );
const steps = fc.record({
  ...{
    netns: counts,
    device: texts,
    hook: texts,
    copy: fc.nat(3),
    note: maybe(texts),
    rules: fc.array(rules, { maxLength: 2 }),
  },
  changed: fc.array(fc.record({ what: fc.constantFrom('ttl', 'source', 'mark'), from: texts, to: texts }), {
    maxLength: 4,
  }),
  event: fc.constant({ bytes: new Uint8Array(), tag: undefined, length: 0 }),
  delta: fc.oneof(fc.nat(5e9), fc.double({ min: 0, max: 1e6, noNaN: true })),
});
const deliveries = fc.record({
  at: counts,
  where: places,
  socket: maybe(sockets),
  pid: maybe(counts),
  process: maybe(texts),
  to: maybe(texts),
});
const journeys: fc.Arbitrary<Journey> = fc
  .record({
    ...{
      number: counts,
      replyTo: maybe(counts),
      retransmission: fc.boolean(),
      first: packets,
      last: packets,
      length: counts,
      segments: fc.nat(3),
    },
    ...{
      deliveries: fc.array(deliveries, { maxLength: 2 }),
      ending: endings,
      endings: fc.array(endings, { maxLength: 3 }),
      lost: counts,
    },
    steps: fc.array(steps, { maxLength: 4 }),
  })
  .map(({ steps, endings, ...journey }) => {
    let at = 0;
    return {
      ...journey,
      endings: endings.map((each, copy) => ({ ...each, copy })),
      steps: steps.map(({ delta, ...step }) => ({ ...step, at: (at += delta) })),
    };
  });
const epoch = 1_700_000_000_999_999_999n;
const nameOf = (netns: number) => (netns % 2 === 0 ? String(netns) : ODD);
function line(journey: Journey): string {
  const w = new Text();
  putJson(w, journey, { nameOf, epoch });
  return w.toString();
}

/** The same said as an object: what is undefined is not there. */
function plain({ number, steps, ending, endings, deliveries, replyTo, lost }: Journey): Record<string, unknown> {
  const place = ({ netns, device, hook }: Journey['ending']['where']) => ({ netns: nameOf(netns), device, hook });
  const ends = (all: NonNullable<Ending['socket']>) => {
    const end = (address: string, port: number) =>
      address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
    return { local: end(all.local, all.localPort), remote: end(all.remote, all.remotePort) };
  };
  const receivers = deliveries.map(({ where, socket, pid, process, to }) => ({
    ...{ netns: nameOf(where.netns), device: where.device, pid, process, to },
    ...(socket === undefined ? {} : ends(socket)),
  }));
  const { outcome, where, reason, meaning, symbol, stack, rule, socket } = ending;
  return {
    ...{ number, where: place(where), reason, meaning, symbol, stack, rule, reply_to: replyTo, lost },
    outcome: outcome === 'unknown' && deliveries.length > 0 ? 'delivered' : outcome,
    socket: receivers[0] ?? (socket === undefined ? undefined : { netns: nameOf(socket.netns), ...ends(socket) }),
    receivers: receivers.length > 1 ? receivers : undefined,
    steps: steps.map((step, i) => ({
      ...place(step),
      at: String(epoch + BigInt(Math.round(step.at))).replace(/(\d{9})$/, '.$1'),
      delta: i === 0 ? 0 : step.at - steps[i - 1]!.at,
      copy: step.copy === 0 ? undefined : step.copy,
      changed:
        step.changed.length === 0 ? undefined : Object.fromEntries(step.changed.map((c) => [c.what, [c.from, c.to]])),
      note: step.note,
      rules: step.rules.length === 0 ? undefined : step.rules,
    })),
    copies:
      endings.length > 1
        ? endings.map((each) => ({
            ...{ copy: each.copy, outcome: each.outcome, where: place(each.where) },
            ...{ reason: each.reason, meaning: each.meaning, symbol: each.symbol, rule: each.rule },
          }))
        : undefined,
  };
}
test('a journey as JSON is one line, without what a terminal obeys, and says what the journey says', () => {
  fc.assert(
    fc.property(journeys, (journey) => {
      const text = line(journey);
      expect(text.endsWith('\n')).toBe(true);
      expect([...text.slice(0, -1)].filter((c) => c < ' ' || c === '\x7f')).toEqual([]);
      expect(JSON.parse(text)).toMatchObject(JSON.parse(JSON.stringify(plain(journey))));
    }),
    { numRuns: 300 },
  );
});
const packetOf = (hex: string) => {
  const first = headersOf(Buffer.from(hex.replace(' ', ''), 'hex'), undefined);
  const ending = { outcome: 'unknown', where: { netns: 2, device: '', hook: '' }, at: 0 } as Ending;
  const rest = { replyTo: undefined, retransmission: false, deliveries: [], endings: [], lost: 0, steps: [] };
  return JSON.parse(line({ ...rest, number: 1, first, last: first, length: 60, segments: 1, ending })) as Record<
    string,
    unknown
  >;
};
test('each kind of packet has its own members', () => {
  const [ipv4, mac] = [
    { version: 4, src: '10.0.0.1', dst: '10.0.0.2', ttl: 64 },
    { src: '02:00:00:00:00:01', dst: '02:00:00:00:00:02' },
  ];
  const udp = { ...ipv4, protocol: 'udp', sport: 5000, dport: 9, id: 1 };
  expect(packetOf(PACKETS.udp)).toMatchObject({
    packet: { summary: 'udp 10.0.0.1:5000 > 10.0.0.2:9', ...udp, length: 60 },
    first: { source: '10.0.0.1:5000', destination: '10.0.0.2:9' },
  });
  expect(packetOf(PACKETS.tcp).packet).toMatchObject({
    ...ipv4,
    tcp: { seq: 1, ack: 2, flags: ['SYN', 'ACK'], len: 0 },
  });
  expect(packetOf(PACKETS.echo).packet).toMatchObject({ icmp: { type: 8, code: 0, id: 1, seq: 2 } });
  expect(packetOf(PACKETS.inet6)).toMatchObject({ packet: { version: 6 }, first: { source: '[fd00::1]:5000' } });
  expect(packetOf(PACKETS.inet6).packet).not.toHaveProperty('id');
  expect(packetOf(PACKETS.arp)).toMatchObject({ packet: { protocol: 'arp', ...mac }, first: { source: '10.0.0.1' } });
  expect(packetOf(PACKETS.vxlan).packet).toMatchObject({ tunnel: { name: 'VXLAN', vni: 7, packet: udp } });
  expect(packetOf(PACKETS.other)).toMatchObject({ packet: { protocol: '0x88b5', ...mac }, first: { source: mac.src } });
});
