import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of package.json, from the sources and from dist/ alike. */
export const project: string = (() => {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
})();

/** Captures and expectations that others made: beside the project, or where HOOKTAP_SHARED says. */
export const shared: string = resolve(process.env.HOOKTAP_SHARED ?? join(project, '..', 'shared'));
export const captureFolder: string = join(shared, 'captures');
export const oracleFolder: string = join(shared, 'oracle');

/** With HOOKTAP_REQUIRE_ALL=1 (in CI) nothing passes by being skipped. */
export const requireAll: boolean = process.env.HOOKTAP_REQUIRE_ALL === '1';

/** Why a test that needs the third-party captures cannot run here; undefined when it can. */
export const whyNoCaptures = (): string | undefined =>
  existsSync(join(captureFolder, 'MANIFEST.tsv'))
    ? undefined
    : `no third-party captures at ${shared} (HOOKTAP_SHARED names another place)`;
