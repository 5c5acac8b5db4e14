import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { project } from '../../support/project.ts';
import { built, Program } from '../program.ts';
import { done, whyNotLive } from '../world.ts';
import { Network, ping, udp } from './network.ts';

const why = whyNotLive('ping', 'nft');
if (why !== undefined) console.warn(`the command trace is not tested: ${why}`);

const hooktap = [process.execPath, join(project, 'dist', 'hooktap.cjs')];
const once = (...args: string[]) =>
  spawnSync(hooktap[0]!, [hooktap[1]!, ...args], { encoding: 'utf8', timeout: 60_000 });
const ECHO = 'icmp[0] = 8 and net 10.64.0.0/11';
const linesOf = (text: string) => text.split('\n').filter((line) => line !== '');
async function tracing(...args: string[]): Promise<Program> {
  const program = new Program(hooktap[0]!, [hooktap[1]!, 'trace', ...args]);
  await program.until('it traces', ({ err }) => err.includes('tracing'));
  return program;
}
const tables = (net: Network) => net.run('r', 'nft', 'list', 'tables');

describe.skipIf(why !== undefined)('hooktap trace', () => {
  let net: Network;
  beforeAll(() => {
    built();
    net = new Network().router();
    net.nft(
      'r',
      'table inet wall { chain f { type filter hook forward priority 0; udp dport 9 counter drop comment "no discard"; } }',
    );
    net.run('a', ...ping('10.72.0.2'));
  });
  afterAll(() => net?.[Symbol.dispose]());

  test('tells journeys as objects, one a line', () => {
    const { stdout, status } = once(
      'trace',
      '-T',
      'json',
      'udp and host 10.72.0.2',
      '--',
      'ip',
      'netns',
      'exec',
      net.of('a'),
      ...udp('10.72.0.2', 9, 20, 5001),
    );
    expect(status).toBe(0);
    const [journey] = linesOf(stdout).map((line) => JSON.parse(line));
    const router = net.of('r');
    expect(journey).toMatchObject({
      packet: { protocol: 'udp', src: '10.71.0.2', dst: '10.72.0.2', sport: 5001, dport: 9, ttl: 64, length: 62 },
      outcome: 'dropped',
      where: { netns: router, device: 'r0', hook: 'forward' },
      reason: 'NETFILTER_DROP',
      rule: {
        family: 'inet',
        table: 'wall',
        chain: 'f',
        text: 'udp dport 9 counter drop comment "no discard"',
        comment: 'no discard',
      },
      first: { source: '10.71.0.2:5001', destination: '10.72.0.2:9' },
      lost: 0,
    });
    expect(journey.rule.handle).toBeGreaterThan(0);
    expect(journey.steps[0]).toMatchObject({ netns: net.of('a'), device: 'a0', hook: 'queue', delta: 0 });
    expect(Math.abs(Number(journey.steps[0].at) - Date.now() / 1000)).toBeLessThan(20);
    expect(journey.steps[0].at).toMatch(/^\d{10}\.\d{9}$/);
    expect(journey.steps.find((step: { hook: string }) => step.hook === 'forward').changed).toMatchObject({
      ttl: ['64', '63'],
    });
  });
  test('in one line', () => {
    const { stdout } = once('trace', '--compact', ECHO, '--', 'ip', 'netns', 'exec', net.of('a'), ...ping('10.72.0.2'));
    const [a, r, b] = ['a', 'r', 'b'].map((name) => net.of(name));
    expect(linesOf(stdout)).toEqual([
      `#1 icmp 10.71.0.2 > 10.72.0.2 echo request 1: ${a}/a0 > ${r}/r0 > ${r}/r1 > ${b}/b0 => delivered to the kernel (ICMP) at ${b}/b0`,
    ]);
  });
  test('stops after a count, and shows what is asked for', async () => {
    await using some = await tracing(ECHO, '--compact', '-c', '2', '--netns', net.of('b'));
    await using dropped = await tracing(ECHO, '--compact', '--dropped', '--duration', '2');
    net.run('a', 'ping', '-c', '3', '-i', '0.05', '10.72.0.2');
    net.attempt('a', ...ping('10.99.0.1'));
    const [first, second] = [await some.end(), await dropped.end()];
    expect(linesOf(first.out).length).toBe(2);
    expect(first.code).toBe(0);
    // Others may use the same machine.
    const own = linesOf(second.out).filter((line) => line.includes(net.of('a')));
    expect(own).toEqual([expect.stringContaining('IP_INNOROUTES')]);
    expect(second.err).toMatch(/\d+ events, 0 lost/);
  });
  test('two at once do not disturb each other', async () => {
    await using one = await tracing(ECHO, '--compact');
    await using other = await tracing(ECHO, '--compact');
    net.run('a', ...ping('10.72.0.2'));
    for (const program of [one, other]) await program.until('it is told', ({ out }) => out.includes('delivered'));
    expect((await one.end('SIGINT')).code).toBe(0);
    expect((await other.end('SIGTERM')).code).toBe(0);
    expect(tables(net)).toBe('table inet wall\n');
  });
  test('tells who called the function that dropped', async () => {
    const send = ['ip', 'netns', 'exec', net.of('a'), ...udp('10.72.0.2', 9)];
    const { stdout } = once('trace', '--stack', '-T', 'json', 'udp dst port 9 and host 10.71.0.2', '--', ...send);
    const [{ symbol, stack }] = linesOf(stdout).map((line) => JSON.parse(line));
    expect(stack[0]).toBe(symbol);
    // Its chain is walked while the packet is forwarded.
    expect(stack).toEqual(expect.arrayContaining(['nf_hook_slow', 'ip_forward']));
    expect(stack.join()).not.toContain('0x');
    const { stdout: text } = once('trace', '--stack', 'udp dst port 9 and host 10.71.0.2', '--', ...send);
    expect(text).toMatch(/=> DROPPED .*\n {7}nft_do_chain\n(.*\n)* {7}ip_forward\n/);
  });
  test('lets others run first, and its command as ever', () => {
    const threads = 'cat /proc/$PPID/task/*/stat | sed "s/.*) //" | cut -d " " -f 17 | sort -u';
    const wait = `until [ "$(${threads})" = 5 ] || [ $((i += 1)) -gt 50 ]; do sleep 0.1; done`;
    const { stderr } = once('trace', ECHO, '--', 'sh', '-c', `${wait}; echo "threads $(${threads}), command $(nice)"`);
    expect(stderr).toContain('threads 5, command 0\n');
  });
  test('ends as its command ends, unless it was interrupted', async () => {
    const code = (...args: string[]) => once('trace', ECHO, ...args).status;
    expect(code('--', 'sh', '-c', 'exit 7')).toBe(7);
    const sent = [net.of('a'), ...ping('10.72.0.2')].join(' ');
    expect(code('-c', '1', '--', 'sh', '-c', `ip netns exec ${sent}; sleep 0.5; exit 5`)).toBe(5);
    await using program = await tracing(ECHO, '--', 'sh', '-c', 'echo it runs; exec sleep 1000');
    await program.until('it runs', ({ err }) => err.includes('it runs'));
    expect((await program.end('SIGINT')).code).toBe(0);
  });
  test('killed, it leaves nothing behind', async () => {
    await using program = await tracing(ECHO);
    expect(tables(net)).toMatch(/table inet hooktap-\d+/);
    program.signal('SIGKILL');
    await program.end();
    // The kernel lets go of what it held some time after it.
    await expect.poll(() => tables(net)).toBe('table inet wall\n');
    const left = spawnSync('sh', ['-c', 'ls /sys/fs/bpf 2>/dev/null'], { encoding: 'utf8' }).stdout;
    expect(left).not.toContain('hooktap');
  });
  test('says what is wrong, and what mends it', () => {
    const cases: [string[], number, RegExp][] = [
      [['tcp prot 80'], 1, /capture filter: /],
      [['--netns', 'nowhere'], 1, /there is no network namespace "nowhere"\n {2}try: ip netns/],
      [['-T', 'tree'], 2, /Allowed choices are text, json/],
      [['-c', '0'], 2, /expected a whole number/],
    ];
    for (const [args, code, text] of cases) {
      const { status, stderr } = once('trace', ...args);
      expect(stderr).toMatch(text);
      expect(status).toBe(code);
    }
    const missing = once('trace', ECHO, '--', 'no-such-program');
    expect(missing.stderr).toContain('no-such-program: there is no such program\n  try: ');
    expect(missing.status).toBe(1);
  });
  test('without the right to trace it says so, and doctor tells more', () => {
    const reduced = ['--bounding-set=-all', '--inh-caps=-all', '--reuid=65534', '--clear-groups', ...hooktap];
    const { status, stderr } = spawnSync('setpriv', [...reduced, 'trace'], { encoding: 'utf8' });
    expect(stderr).toMatch(/tracing needs CAP_BPF.*\n {2}try: sudo hooktap trace/);
    expect(status).toBe(1);
    const told = spawnSync('setpriv', [...reduced, 'doctor'], { encoding: 'utf8' }).stdout;
    expect(told).toMatch(/NO {5}BPF /);
    expect(told).toMatch(/it would give: hooktap trace/);
    // What only takes rights is not mended by a setting, and a library that is there reads nothing without them.
    expect(told).toMatch(/NO {5}libnftables .*\n.*\n +try: sudo hooktap doctor/);
    expect(told).not.toContain('sysctl');
    expect(done(...hooktap, 'doctor', '-T', 'json')).toContain('"name":"netfilter hooks","works":true');
  });
});
