import { createRequire } from 'node:module';

/** Of this package, whose bundle may be in one file or in several. */
export function version(): string {
  const require = createRequire(import.meta.url);
  for (const path of ['../package.json', '../../package.json']) {
    try {
      return (require(path) as { version: string }).version;
    } catch {
      // The next place, then.
    }
  }
  return 'of unknown version';
}
