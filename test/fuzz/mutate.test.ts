import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'vitest';
import { project, requireAll, whyNoCaptures } from '../support/project.ts';

/** In a process of its own: its memory is limited, and an endless loop must end. */
test('captures and 20,000 broken ones end with packets or an error for the user', { timeout: 120_000 }, () => {
  const missing = whyNoCaptures();
  if (missing !== undefined) {
    if (requireAll) throw new Error(missing);
    console.warn(`only made-up packets: ${missing}`);
  }
  execFileSync(process.execPath, [join(project, 'build.mjs'), 'test/fuzz/mutate.ts'], { cwd: project });
  const script = join(project, 'dist', 'scripts', 'test', 'fuzz', 'mutate.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, '--count', '20000', '--originals', '10'], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${stderr}\n${stdout}`);
});
