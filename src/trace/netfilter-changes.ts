import type { HookEvent } from './event.ts';
import type { Change } from './journey.ts';
import type { Copy } from './path.ts';
import { isNetfilter } from './step-name.ts';

const BY_NETFILTER: ReadonlySet<string> = new Set(['source', 'destination', 'mark']);

/** Was the last that was seen of it that it came to a netfilter hook in the same namespace? */
export const isBehindNetfilter = ({ step }: Copy, { netns }: HookEvent): boolean =>
  step !== undefined && step.netns === netns && isNetfilter(step);
/** What a netfilter hook does to a packet shows at the event that follows: it is said of the hook. Returns the rest. */
export function doneByNetfilter({ step }: Copy, changed: readonly Change[]): readonly Change[] {
  const done = changed.filter(({ what }) => BY_NETFILTER.has(what));
  if (done.length === 0) return changed;
  step!.changed = [...step!.changed, ...done];
  return changed.filter((each) => !done.includes(each));
}
