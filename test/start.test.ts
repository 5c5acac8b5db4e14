/** The compiled form that is kept beside the bundle changes how fast the command starts, and nothing else. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { project } from './support/project.ts';

let folder: string;
const run = (...args: string[]) =>
  spawnSync(process.execPath, [join(folder, 'dist', 'hooktap.cjs'), ...args], { encoding: 'utf8' });
const kept = (): string[] =>
  (readdirSync(join(folder, 'dist'), { recursive: true }) as string[]).filter((name) => name.endsWith('.cache')).sort();
const fixture = join(project, 'fixtures', 'first.pcap');

beforeEach(() => {
  spawnSync(join(project, 'hooktap'), ['--version']);
  folder = mkdtempSync(join(tmpdir(), 'hooktap-start-'));
  cpSync(join(project, 'package.json'), join(folder, 'package.json'));
  cpSync(join(project, 'dist'), join(folder, 'dist'), {
    recursive: true,
    filter: (path) => !path.endsWith('.cache') && !path.includes('scripts'),
  });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('the first run keeps it, and later runs say the same', () => {
  const first = run('read', fixture);
  expect(first.status).toBe(0);
  expect(first.stdout).toContain('IP ');
  expect(kept()).toContainEqual(expect.stringContaining('core-'));
  const times = kept().map((name) => statSync(join(folder, 'dist', name)).mtimeMs);
  expect(run('read', fixture).stdout).toBe(first.stdout);
  expect(kept().map((name) => statSync(join(folder, 'dist', name)).mtimeMs)).toEqual(times);
});
test('who only counts or copies loads no dissectors', () => {
  const copy = join(folder, 'copy.pcap');
  expect(run('read', '--count', fixture, 'ip').stdout).toMatch(/^\d+ packets\n$/);
  expect(run('read', fixture, '-w', copy).status).toBe(0);
  expect(run('read', '--count', copy).stdout).toBe(run('read', '--count', fixture).stdout);
  expect(kept()).toContainEqual(expect.stringContaining('base-'));
  expect(kept().filter((name) => name.includes('core-'))).toEqual([]);
  expect(run('read', '--count', '-T', 'nothing', fixture).status).toBe(2);
});
test('of the protocols, those that the packets have are loaded', () => {
  expect(run('read', fixture).status).toBe(0);
  const parts = kept().filter((name) => name.includes('part-'));
  expect(parts).toContainEqual(expect.stringContaining('part-dns.'));
  for (const other of ['bgp', 'isis', 'wlan'])
    expect(parts.filter((name) => name.includes(`part-${other}.`))).toEqual([]);
});
test('who traces loads none either', () => {
  expect(run('trace', '--help').status).toBe(0);
  expect(kept()).toContainEqual(expect.stringContaining('tracer-'));
  expect(kept().filter((name) => name.includes('core-'))).toEqual([]);
});
test('what a slow reader has not taken yet is not lost at the end', () => {
  const ports = Array.from({ length: 700 }, (_, i) => `tcp port ${2 * i + 1}`).join(' or ');
  const program = run('read', '-d', fixture, ports).stdout;
  // More than a pipe holds.
  expect(program.length).toBeGreaterThan(1 << 16);
  const script = '"$@" | (sleep 0.5; cat)';
  const command = [process.execPath, join(folder, 'dist', 'hooktap.cjs'), 'read', '-d', fixture, ports];
  expect(spawnSync('sh', ['-c', script, 'sh', ...command], { encoding: 'utf8' }).stdout).toBe(program);
});
test('a damaged one is made anew', () => {
  const { stdout } = run('read', fixture);
  for (const name of kept()) {
    const file = join(folder, 'dist', name);
    writeFileSync(file, readFileSync(file).subarray(0, 500));
  }
  expect(run('read', fixture).stdout).toBe(stdout);
  for (const name of kept()) expect(statSync(join(folder, 'dist', name)).size).toBeGreaterThan(500);
});
