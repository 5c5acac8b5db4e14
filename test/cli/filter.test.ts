import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { project } from '../support/project.ts';

const hooktap = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(join(project, 'hooktap'), args, { encoding: 'utf8' });
  return { status, stdout, stderr };
};
const first = join(project, 'fixtures', 'first.pcap');

describe('hooktap filter', () => {
  test('shows the program of a capture filter, and what it matches', () => {
    const { status, stdout } = hooktap('filter', 'arp[6:2] = 1');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^A capture filter, .*\nAs a program of classic BPF, 6 instructions:\n {2}\(000\) ldh/);
    expect(stdout).toMatch(/It matches 1 of \d+ sample packets:\n.*ARP, Request who-has 192\.0\.2\.1 /);
    expect(stdout).toMatch(/\nIt is not a display filter:\n {2}display filter: /);
  });
  test('tells the fields of a display filter', () => {
    const { stdout } = hooktap('filter', '-r', first, 'dns.flags.response == 1 and ip.src == 192.0.2.53');
    expect(stdout).toContain('It asks for: dns.flags.response, ip.src\n');
    expect(stdout).toMatch(/It matches 1 of 19 packets of .*first\.pcap:\n.* 36641 1\/0\/0 A 198\.51\.100\.80 /);
    expect(stdout).toContain('It is not a capture filter:');
  });
  test('says both of what both languages understand', () => {
    const { stdout } = hooktap('filter', 'arp');
    expect(stdout).toMatch(/A capture filter[\s\S]*matches 2 of[\s\S]*A display filter[\s\S]*matches 2 of/);
    expect(stdout).not.toContain('It is not');
  });
  test('says where it goes wrong in either language', () => {
    const { status, stdout, stderr } = hooktap('filter', 'tcp.prot == 80');
    expect(stdout).toBe('');
    expect(stderr).toMatch(
      /^hooktap: capture filter: .*\n {2}tcp\.prot == 80\n {2}\^\ndisplay filter: .*\n {2}tcp\.prot/,
    );
    expect(stderr).toMatch(/\n {2}try: .*"tcp\.port"/);
    expect(status).toBe(1);
  });
});

describe('hooktap read', () => {
  test('shows the program of its expression', () => {
    expect(hooktap('read', '-ddd', first, 'icmp').stdout).toMatch(/^6\n40 0 0 12\n/);
    expect(hooktap('read', '-dd', first, 'icmp').stdout).toMatch(/^\{ 0x28, 0, 0, 0x0000000c \},\n/);
    expect(hooktap('read', '-d', '-O', first, 'icmp').stdout).toContain('(000) ldh');
  });
  test('takes the expression from a file', () => {
    expect(hooktap('read', '--count', '-F', join(project, 'test', 'cli', 'arp.filter'), first).stdout).toBe(
      '2 packets\n',
    );
    expect(hooktap('read', '-F', '/nowhere/x', first).stderr).toMatch(/^hooktap: \/nowhere\/x: .*\n {2}try: ls -l/);
  });
});
