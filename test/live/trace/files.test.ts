import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { project } from '../../support/project.ts';
import { built } from '../program.ts';
import { done, whyNotLive } from '../world.ts';
import { Network, ping, udp } from './network.ts';

const why = whyNotLive('ping', 'nft', 'tshark');
if (why !== undefined) console.warn(`files of journeys are not tested: ${why}`);

const hooktap = (...args: string[]) => {
  const all = [join(project, 'dist', 'hooktap.cjs'), 'trace', ...args];
  return spawnSync(process.execPath, all, { encoding: 'utf8', timeout: 60_000 });
};
const tshark = (file: string, filter: string, ...fields: string[]): string[][] =>
  done('tshark', '-r', file, '-Y', filter, '-T', 'fields', ...fields.flatMap((field) => ['-e', field]))
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t'));

describe.skipIf(why !== undefined)('hooktap trace -w', () => {
  let net: Network;
  let shown: string;
  const folder = mkdtempSync(join(tmpdir(), 'hooktap-journeys-'));
  const file = join(folder, 'journeys.pcapng');
  beforeAll(() => {
    built();
    net = new Network().router();
    net.nft('r', 'table ip nat { chain p { type nat hook postrouting priority 100; oifname "r1" masquerade; } }');
    net.nft('r', 'table inet wall { chain f { type filter hook forward priority 0; udp dport 9 drop comment "no"; } }');
    net.run('a', ...ping('10.72.0.2'));
    const inside = ['ip', 'netns', 'exec', net.of('a')];
    const script = [ping('10.72.0.2'), udp('10.72.0.2', 9)].map((words) =>
      [...inside, ...words].map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' '),
    );
    const { stdout, stderr, status } = hooktap(
      ...['-w', file, '--print', '-T', 'json', '--netns', net.of('a'), 'icmp or udp port 9'],
      ...['--', 'sh', '-c', script.join(';')],
    );
    expect(status, stderr).toBe(0);
    shown = stdout;
  });
  afterAll(() => {
    net?.[Symbol.dispose]();
    rmSync(folder, { recursive: true, force: true });
  });
  const journeys = () =>
    shown
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
  const sorted = (text: string) => text.split('\n').sort();

  test('reads back what it showed', () => {
    expect(journeys().length).toBeGreaterThan(2);
    expect(sorted(hooktap('-r', file, '-T', 'json').stdout)).toEqual(sorted(shown));
  });
  test('chooses among what it reads', () => {
    const { stdout } = hooktap('-r', file, '--dropped', '--compact');
    expect(stdout).toMatch(/udp dport 9 drop/);
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    // Only behind the router it has this source.
    expect(hooktap('-r', file, '--compact', 'icmp and src 10.72.0.1').stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(hooktap('-r', file, '--compact', '--netns', net.of('b')).stdout).not.toMatch(/udp/);
  });
  test('Wireshark shows each step at its device', () => {
    const request = journeys().find(({ packet }) => packet.icmp?.type === 8);
    const steps = tshark(
      file,
      `frame.packet_id == ${request.number}`,
      ...['frame.interface_name', 'ip.src', 'frame.comment'],
    );
    expect(steps).toHaveLength(request.steps.length);
    const translates = steps.findIndex(([, , comment]) => comment!.includes('postrouting'));
    expect(steps[translates]![2]).toContain('10.72.0.1');
    for (const [i, [port, source, comment]] of steps.entries()) {
      const { netns, device, hook } = request.steps[i];
      expect(port).toBe(`${netns}/${device}`);
      expect(comment).toContain(`#${request.number} step ${i + 1}/${steps.length}: ${netns}/${device} ${hook}`);
      // It comes to the hook that translates it as it was.
      expect(source).toBe(i <= translates ? '10.71.0.2' : '10.72.0.1');
    }
    expect(steps.at(-1)![2]).toContain('=> delivered to the kernel (ICMP)');
  });
  test('Wireshark finds the drop by its verdict', () => {
    const dropped = tshark(file, 'frame.verdict.ebpf_tc == 2', 'udp.dstport', 'frame.comment');
    expect(dropped.map(([port]) => port)).toEqual(['9']);
    expect(dropped[0]![1]).toMatch(/NETFILTER_DROP: inet wall f rule \d+: udp dport 9 drop comment "no" => drop/);
  });
  test('refuses to overwrite, and files without journeys', () => {
    expect(hooktap('-w', file).stderr).toMatch(/is there already\n {2}try: .*--force/);
    expect(hooktap('-r', join(project, 'fixtures', 'samples.pcap')).stderr).toMatch(/holds no journeys\n {2}try: /);
  });
});
