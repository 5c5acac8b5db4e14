import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withFolder } from '../support/run.ts';
import { built, counters, hooktap, Program } from './program.ts';
import { done, World, whyNotLive } from './world.ts';

const why = whyNotLive('tshark');
if (why !== undefined) console.warn(`packets as on the wire are not tested: ${why}`);

/** So many go over TCP from one namespace to the other. */
const BYTES = 400_000;
const SERVER = `require('node:net').createServer((s) => s.resume().on('end', () => process.exit())).listen(9, '::', () => console.log('ready'))`;
const client = (to: string) =>
  `const s = require('node:net').connect(9, '${to}', () => s.end(Buffer.alloc(${BYTES}, 7)))`;

describe.skipIf(why !== undefined)('packets as on the wire', () => {
  let world: World;
  beforeAll(() => {
    built();
    world = new World();
    for (const [name, device, address] of [
      [world.left, 'west', 'fd00:9::1'],
      [world.right, 'east', 'fd00:9::2'],
    ] as const) {
      done('ip', 'netns', 'exec', name, 'sh', '-c', `echo 0 > /proc/sys/net/ipv6/conf/${device}/disable_ipv6`);
      done('ip', '-n', name, 'addr', 'add', `${address}/64`, 'dev', device, 'nodad');
    }
  });
  afterAll(() => world?.[Symbol.dispose]());
  async function exchange(to: string): Promise<void> {
    const inside = (name: string, script: string) =>
      new Program('ip', ['netns', 'exec', name, process.execPath, '-e', script]);
    await using server = inside(world.right, SERVER);
    await server.until('it listens', ({ out }) => out.includes('ready'));
    await using sender = inside(world.left, client(to));
    await Promise.all([sender.end(), server.end()]);
  }
  const FIELDS = {
    length: 'frame.len',
    kept: 'frame.cap_len',
    tcp: 'tcp.checksum.status',
    ip: 'ip.checksum.status',
    seq: 'tcp.seq',
    bytes: 'tcp.len',
    flags: 'tcp.flags',
    state: 'frame.packet_flags',
  };
  const CHECKED = ['tcp', 'ip'].flatMap((name) => ['-o', `${name}.check_checksum:TRUE`]);
  /** What tshark reads; -1 where there is nothing. */
  function rows(file: string, filter: string): Record<keyof typeof FIELDS, number>[] {
    const fields = Object.values(FIELDS).flatMap((field) => ['-e', field]);
    return done('tshark', '-r', file, ...CHECKED, '-Y', filter, '-T', 'fields', ...fields)
      .split('\n')
      .filter((row) => row !== '')
      .map((row) => {
        const cells = row.split('\t').map((cell) => (cell === '' ? -1 : Number(cell)));
        return Object.fromEntries(Object.keys(FIELDS).map((name, i) => [name, cells[i]!])) as never;
      });
  }
  const GOOD = 1;
  /** Bits of epb_flags. */
  const NOT_READY = 1 << 9;
  const TO_BE_SPLIT = 1 << 11;
  /** One exchange, captured as the device gets it and as it is on the wire. */
  async function captured(to: string, end: 'west' | 'east', folder: string, ...args: string[]) {
    const scope = ['--netns', end === 'west' ? world.left : world.right, '-i', end];
    const [plain, split] = [join(folder, 'plain'), join(folder, 'split')];
    await using one = await hooktap(...scope, '-w', plain, 'tcp');
    await using other = await hooktap(...scope, '-w', split, '--as-on-wire', ...args, 'tcp');
    await exchange(to);
    await new Promise((resolve) => setTimeout(resolve, 300));
    for (const program of [one, other]) expect(counters((await program.end('SIGINT')).err).dropped).toBe(0);
    return { plain, split };
  }
  test.each([
    ['10.9.0.2', 'west', 'ip.src == 10.9.0.1', []],
    ['10.9.0.2', 'east', 'ip.src == 10.9.0.1', []],
    ['fd00:9::2', 'west', 'ipv6.src == fd00:9::1', []],
    ['10.9.0.2', 'west', 'ip.src == 10.9.0.1', ['--cooked']],
    ['10.9.0.2', 'west', 'ip.src == 10.9.0.1', ['-s', '100']],
  ] as const)('to %s at %s they are split, with checksums: %s %j', async (to, end, filter, args) => {
    await withFolder(async (folder) => {
      const { plain, split } = await captured(to, end, folder, ...args);
      const before = rows(plain, filter);
      const size = to.includes(':') ? 1428 : 1448;
      expect(Math.max(...before.map(({ length }) => length))).toBeGreaterThan(1514);
      const whole = before.find(({ length }) => length > 1514)!;
      expect(whole.state & TO_BE_SPLIT).toBe(TO_BE_SPLIT);
      const wanted = before.flatMap(({ seq, bytes }) =>
        Array.from({ length: Math.max(1, Math.ceil(bytes / size)) }, (_, i) => [
          seq + i * size,
          Math.min(size, bytes - i * size),
        ]),
      );
      const after = rows(split, filter);
      expect(after.map(({ seq, bytes }) => [seq, bytes])).toEqual(wanted);
      for (const { length, tcp, ip, kept, state } of after) {
        expect(length).toBeLessThanOrEqual(1520);
        expect(state & (NOT_READY | TO_BE_SPLIT)).toBe(0);
        if (args[0] === '-s') expect(kept).toBe(Math.min(length, 100));
        else expect([tcp, ip === -1 ? GOOD : ip, kept]).toEqual([GOOD, GOOD, length]);
      }
      // The end of the connection is that of its last piece only.
      expect(after.filter(({ flags }) => (flags & 1) !== 0).length).toBe(
        before.filter(({ flags }) => (flags & 1) !== 0).length,
      );
    });
  });
});
