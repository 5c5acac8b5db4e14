import type { Journey, Step } from '../../trace/journey.ts';

/** Where a packet went, and what is worth telling of it on the way. */
export interface Way {
  /** `client eth0`, `router lan`, `br0`: hosts are named when they change. */
  readonly places: readonly string[];
  readonly remarks: readonly string[];
  /** In ns, from the first hook to the last. */
  readonly took: number;
}
/** A journey in few words: one for each device. */
export function wayOf({ steps, ending }: Journey, nameOf: (netns: number) => string): Way {
  const places: string[] = [];
  const remarks: string[] = [];
  let before: Step | undefined;
  for (const step of steps) {
    const { netns, device } = step;
    const host = before?.netns === netns ? '' : `${nameOf(netns)} `;
    if (before === undefined || before.netns !== netns || before.device !== device) places.push(`${host}${device}`);
    remarks.push(...remarksOf(step, nameOf));
    before = step;
  }
  return { places, remarks, took: ending.at - (steps[0]?.at ?? ending.at) };
}
function remarksOf({ netns, device, hook, changed, note, rules }: Step, nameOf: (netns: number) => string): string[] {
  const found = changed
    .filter(({ what }) => TOLD.has(what))
    .map(({ what, from, to }) => `${nameOf(netns)} ${device}: ${what} ${from} -> ${to}`);
  const by = rules.find(({ text }) => TRANSLATES.test(text));
  if (by !== undefined) found.push(`  by rule ${by.handle} of ${by.family} ${by.table} ${by.chain}:`, `    ${by.text}`);
  if (SENT.has(hook)) found.push(`${nameOf(netns)} ${device}: ${hook}${note === undefined ? '' : `, ${note}`}`);
  return found;
}
const TOLD: ReadonlySet<string> = new Set(['source', 'destination', 'tunnel']);
const TRANSLATES = /\b([ds]nat|masquerade|redirect)\b/;
/** How the kernel answered. */
const SENT: ReadonlySet<string> = new Set(['icmp sent', 'reset sent']);
