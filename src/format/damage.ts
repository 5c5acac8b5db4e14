import { ToolError } from '../error.ts';

const KEEP = 'add -w NEW.pcapng: it keeps every packet before the damage';

/** A file that cannot be believed from byte `at` on. */
export function damaged(at: number, what: string): ToolError {
  return new ToolError('damaged-file', `the file is damaged at byte ${at}: ${what}`, KEEP);
}
/** A file that ends too early: a record begins at byte `at`, `left` of its `need` bytes are there. */
export function cutShort(at: number, left: number, need: number, what: string): ToolError {
  return new ToolError(
    'damaged-file',
    `the file is cut short: ${what} begins at byte ${at} and takes ${need} bytes, of which ${left} are there`,
    KEEP,
  );
}
/** A file that ends at byte `at`, within `what`. */
export function endsEarly(at: number, what: string): ToolError {
  return new ToolError('damaged-file', `the file is cut short: it ends at byte ${at}, within ${what}`, KEEP);
}
