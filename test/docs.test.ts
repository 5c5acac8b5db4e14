/** Pages that come from declarations are what the declarations say. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { protocols } from '../dissectors/index.ts';
import { protocolsPage } from '../src/cli/field-table.ts';
import { project } from './support/project.ts';

test('docs/protocols.md is fresh (npm run docs)', () => {
  expect(readFileSync(join(project, 'docs', 'protocols.md'), 'utf8') === protocolsPage(protocols)).toBe(true);
});
