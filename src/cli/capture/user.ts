import { ToolError } from '../../error.ts';
import {
  become,
  invokingUser,
  noNewPrivileges,
  reduceCapabilities,
  type User,
  userOf,
} from '../../linux/privileges.ts';

/** Whom the capture belongs to once everything is open: a user who is named, or else who called sudo. */
export function ownerOf(name: string | undefined): User | undefined {
  if (name === undefined) return invokingUser();
  const user = userOf(name);
  return user.uid === process.getuid!() ? undefined : user;
}
/** Something with rights of its own to give up. */
interface Capturing {
  renounce(): Promise<void>;
}
/** Gives up all rights that are not needed any more: to whoever reads hostile packets and writes files, none are left. */
export async function giveUpRights(source: Capturing | undefined, owner: User | undefined): Promise<void> {
  if (owner !== undefined) become(owner);
  noNewPrivileges();
  // Root without a user to become stays root, for whom files are opened as ever.
  if (process.getuid!() !== 0) reduceCapabilities([]);
  await source?.renounce();
}
/** What root could write, who called sudo may not: then that is the thing to tell. */
export function asUser(error: unknown, owner: User | undefined): unknown {
  if (owner === undefined || !(error instanceof ToolError) || error.code !== 'no-permission') return error;
  return new ToolError(error.code, `${error.message} as ${owner.name}`, '-Z root, to remain root');
}
