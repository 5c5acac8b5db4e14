import { icmpName } from './describe.ts';
import type { HookEvent } from './event.ts';
import type { HookName } from './record.ts';

/** NF_INET_ hooks, in the order of their numbers. */
export const NETFILTER_HOOKS = ['prerouting', 'input', 'forward', 'output', 'postrouting'] as const;

/** Is it one of these? */
export const isNetfilter = ({ hook }: { readonly hook: string }): boolean =>
  (NETFILTER_HOOKS as readonly string[]).includes(hook);
/** How the kernel answered with ICMP: type and code of the error in one number. */
export function answer(detail: number, version: number): string {
  return `answered with ICMP ${icmpName(version, detail >> 8)} code ${detail & 0xff}`;
}
/** What the hook of an event is called. */
export function stepName(event: HookEvent): string {
  if (event.hook === 'netfilter') return NETFILTER_HOOKS[event.detail & 0xff] ?? 'netfilter';
  return STEP_NAMES[event.hook] ?? event.hook;
}
const STEP_NAMES: Partial<Record<HookName, string>> = {
  tcp: 'socket',
  full: 'socket',
  reset: 'reset sent',
  icmp: 'icmp sent',
};
