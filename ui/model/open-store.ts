import { statSync } from 'node:fs';
import { openFile } from '../../src/capture/file.ts';
import type { CaptureSource } from '../../src/capture/source.ts';
import { FileStore } from './file-store.ts';
import { LogStore } from './log.ts';
import type { FillingStore } from './store.ts';

/** Opens a capture file, a pipe, or with `-` the standard input: the source to be read, and the store for its packets, which owns it. */
export async function openStore(path: string): Promise<{ source: CaptureSource; store: FillingStore }> {
  const source = await openFile(path);
  const again = () => openFile(path);
  if (path === '-' || statSync(path, { throwIfNoEntry: false })?.isFile() !== true)
    return { source, store: new LogStore(source) };
  // What is compressed is copied, for it can be read only from its beginning.
  const store = source.readAt === undefined ? new LogStore(source, { again }) : new FileStore(source, again);
  return { source, store };
}
