import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compileCaptureFilter } from '../../../src/filter/capture/compile.ts';
import type { HookEvent } from '../../../src/trace/event.ts';
import { Hooks } from '../../../src/trace/hooks.ts';
import { inodeOf } from '../../../src/trace/namespaces.ts';
import { FLAG, WINDOW } from '../../../src/trace/record.ts';
import { Random } from '../../support/random.ts';
import { namespace, Sender, World, whyNotLive } from '../world.ts';

const why = whyNotLive();
if (why !== undefined) console.warn(`filters in the kernel are not tested: ${why}`);

const FRAMES = 150;
const TRIES = 300;
const EXPRESSIONS = [
  'ip',
  'ip6',
  'arp',
  'tcp',
  'udp port 53',
  'host 10.0.0.1',
  'src net 10.0.0.0/24 and dst port 80',
  'tcp[tcpflags] & (tcp-syn|tcp-fin) != 0',
  'not tcp and not udp',
  'ip6 host fd00::1 and tcp',
  'ether host 02:00:00:00:00:01',
  'less 100',
  'ip[8] % 7 = 3 or ip[9] / 2 > 5',
  'icmp[icmptype] < 100',
  'udp[4:2] > 40',
  'portrange 50-100',
  'vlan 5 and ip',
  'ip[6:2] & 0x1fff != 0',
  'tcp[((tcp[12] & 0xf0) >> 2):4] = 0x47455420',
  'ip proto 47 or ip proto 50',
];

/** A frame of some kind, with few enough addresses and ports that filters match some. */
function frame(random: Random): Uint8Array {
  const bytes = new Uint8Array(random.between(60, 300));
  const view = new DataView(bytes.buffer);
  random.fill(bytes);
  bytes.set([2, 0, 0, 0, 0, random.below(3), 2, 0, 0, 0, 0, random.below(3)]);
  let at = 12;
  if (random.chance(0.2)) {
    view.setUint32(at, 0x81000000 | random.of([5, 6]));
    at += 4;
  }
  const type = random.of([0x0800, 0x0800, 0x0800, 0x86dd, 0x86dd, 0x0806, 0x88b5]);
  view.setUint16(at, type);
  if (type === 0x0800) version4(random, view, at + 2);
  if (type === 0x86dd) version6(random, view, at + 2);
  return bytes;
}
const PROTOCOLS = [6, 6, 17, 17, 1, 47];
function version4(random: Random, view: DataView, at: number): void {
  const words = random.of([5, 5, 5, 6]);
  view.setUint8(at, 0x40 | words);
  view.setUint16(at + 2, view.byteLength - at);
  if (random.chance(0.8)) view.setUint16(at + 6, 0);
  view.setUint8(at + 9, random.of(PROTOCOLS));
  for (const place of [12, 16]) view.setUint32(at + place, 0x0a000000 | random.of([1, 2, 0x101]));
  ports(random, view, at + words * 4);
}
function version6(random: Random, view: DataView, at: number): void {
  view.setUint8(at, 0x60);
  view.setUint16(at + 4, view.byteLength - at - 40);
  view.setUint8(at + 6, random.of([6, 17, 58]));
  for (const place of [8, 24]) {
    for (let i = 0; i < 16; i++) view.setUint8(at + place + i, 0);
    view.setUint16(at + place, 0xfd00);
    view.setUint8(at + place + 15, random.between(1, 2));
  }
  if (at + 60 <= view.byteLength) ports(random, view, at + 40);
}
function ports(random: Random, view: DataView, at: number): void {
  for (const place of [0, 2]) view.setUint16(at + place, random.of([53, 80, 8080, 4000]));
  view.setUint8(at + 12, 0x50);
  if (random.chance(0.3) && at + 24 <= view.byteLength) view.setUint32(at + 20, 0x47455420);
}

describe.skipIf(why !== undefined)('a filter in the kernel takes what it takes of a file', () => {
  let world: World;
  let sender: Sender;
  beforeAll(() => {
    world = new World();
    sender = new Sender(world.left, 'west');
  });
  afterAll(() => {
    sender?.[Symbol.dispose]();
    world?.[Symbol.dispose]();
  });
  test.each(EXPRESSIONS)('%s', (expression) => takesTheSame(expression, true));
  // Before Linux 6.2 packets have to be copied first.
  test.each(EXPRESSIONS.filter((_, i) => i % 4 === 0))('%s, of a copy', (expression) =>
    takesTheSame(expression, false),
  );

  async function takesTheSame(expression: string, inPlace: boolean): Promise<void> {
    const random = new Random(expression.length);
    const frames = Array.from({ length: FRAMES }, () => frame(random));
    const { matches } = compileCaptureFilter(expression, { linkType: 1 });
    const expected = frames.filter((f) => matches(f, 0, Math.min(f.length, WINDOW), f.length) !== 0);
    const receiver = inodeOf(namespace(world.right));
    using hooks = Hooks.load({ expression, window: WINDOW, start: 0n }, inPlace);
    hooks.attach();
    for (const each of frames) sender.send(each);
    const events: { hook: string; netns: number; flags: number; bytes: Uint8Array }[] = [];
    // What a packet looks like is told once.
    const told = new Map<number, Uint8Array>();
    const keep = ({ hook, netns, flags, skb, bytes, looksAsBefore }: HookEvent) => {
      if (!looksAsBefore) told.set(skb, bytes);
      events.push({ hook, netns, flags, bytes: told.get(skb)! });
    };
    const received = () =>
      events.filter(({ hook, netns, flags }) => hook === 'receive' && netns === receiver && flags & FLAG.matched);
    // What is still in the queue of a busy machine comes, too.
    for (let tries = 0; tries < TRIES && received().length < expected.length; tries++) {
      await setTimeout(10);
      hooks.collect();
      hooks.next()?.each(keep);
    }
    expect(received().map(({ bytes }) => Buffer.from(bytes).toString('hex'))).toEqual(
      expected.map((bytes) => Buffer.from(bytes).toString('hex')),
    );
    expect(expected.length).toBeGreaterThan(0);
    expect(hooks.counts().lost).toBe(0);
  }
});
