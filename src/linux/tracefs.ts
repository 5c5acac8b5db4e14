import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ToolError } from '../error.ts';
import { parseTracepointFormat, type TracepointFormat } from './tracepoint-format.ts';

const MOUNTS = '/proc/self/mounts';
export const MOUNT = 'sudo mount -t tracefs tracefs /sys/kernel/tracing';

/** Where tracefs is mounted, whatever the folder. */
function tracefs(): string {
  for (const line of readFileSync(MOUNTS, 'latin1').split('\n')) {
    const [, folder, type] = line.split(' ');
    // Blanks and the like are written as octal numbers (proc(5)).
    if (type === 'tracefs')
      return folder!.replace(/\\(\d{3})/g, (_, code) => String.fromCharCode(Number.parseInt(code, 8)));
  }
  throw new ToolError('no-tracefs', 'tracefs is not mounted', MOUNT);
}
/** What the records of a tracepoint look like: `skb/kfree_skb`. */
export function tracepointFormat(name: string): TracepointFormat {
  const file = join(tracefs(), 'events', name, 'format');
  let text: string;
  try {
    text = readFileSync(file, 'latin1');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw code === 'ENOENT'
      ? new ToolError('no-tracepoint', `this kernel has no tracepoint ${name}`)
      : new ToolError('no-tracefs', `${file} cannot be read (${code})`, 'sudo hooktap …');
  }
  const format = parseTracepointFormat(text);
  if (format === undefined) throw new ToolError('no-tracepoint', `${file} does not tell what ${name} records`);
  return format;
}
