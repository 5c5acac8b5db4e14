import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file of this package, in a checkout and installed alike, whether the bundle is one file or several. */
export function packaged(...path: readonly string[]): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) && folder !== '/') folder = dirname(folder);
  return join(folder, ...path);
}
export const version = (): string =>
  (JSON.parse(readFileSync(packaged('package.json'), 'utf8')) as { version: string }).version;
