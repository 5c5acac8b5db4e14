import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { project } from '../support/project.ts';

/** What is always full. */
const FULL = '/dev/full';
function intoFull(...args: string[]) {
  const full = openSync(FULL, 'w');
  try {
    return spawnSync(join(project, 'hooktap'), args, { stdio: ['ignore', full, 'pipe'], encoding: 'utf8' });
  } finally {
    closeSync(full);
  }
}

test.each([
  ['--help'],
  ['--version'],
  ['read', '--help'],
  ['read', '-d', join(project, 'fixtures', 'samples.pcap'), 'tcp'],
  ['read', join(project, 'fixtures', 'samples.pcap')],
  ['protocols'],
  ['protocols', 'tcp'],
  ['filter', 'tcp'],
  ['interfaces'],
  ['doctor'],
])('text that a full disk does not take is no success: %s %s', (...args) => {
  const { status, stderr } = intoFull(...args);
  expect(stderr).toContain('hooktap: the standard output: the disk is full');
  expect(stderr).toContain('  try: df -h .\n');
  expect(stderr).not.toContain('a fault in hooktap');
  expect(status).toBe(1);
});
