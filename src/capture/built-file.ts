import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ToolError } from '../error.ts';

/** What runs in a thread or a process of its own: a bundle, for a checkout and for an installed package alike. */
export function builtFile(name: string): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) && folder !== '/') folder = dirname(folder);
  const file = join(folder, 'dist', name);
  if (existsSync(file)) return file;
  throw new ToolError('not-built', `${name} is not built`, 'npm run build');
}
