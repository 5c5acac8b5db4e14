/** Writes the pages that come from declarations: `npm run docs`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { protocols } from '../dissectors/index.ts';
import { protocolsPage } from '../src/cli/field-table.ts';
import { project } from '../test/support/project.ts';

writeFileSync(join(project, 'docs', 'protocols.md'), protocolsPage(protocols));
