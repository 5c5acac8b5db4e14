import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { project } from '../support/project.ts';

test.each(['--help', 'trace --help', 'protocols', 'protocols tcp'])('%s ends quietly when nobody reads it', (args) => {
  const hooktap = join(project, 'hooktap');
  const { stderr } = spawnSync('sh', ['-c', `{ sleep 0.2; ${hooktap} ${args}; echo "code $?" >&2; } | true`], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('code 0\n');
});
