import { NOTHING, type Rule, type Step } from './journey.ts';
import type { Path } from './path.ts';

/** A rule that the packet met, by namespace and hook. */
export interface PlacedRule {
  readonly netns: number;
  readonly hook: string;
  readonly family: string;
  readonly rule: Rule;
}
/** What comes before a hook on the way in; hooks that are not here come before the packet is queued at a device. */
const BEFORE: Readonly<Record<string, readonly string[]>> = {
  ingress: ['receive'],
  prerouting: ['receive', 'ingress'],
  input: ['receive', 'ingress', 'prerouting', 'bridge prerouting'],
  forward: ['receive', 'ingress', 'prerouting', 'bridge prerouting'],
};
/** The hook as steps call it: the bridge has hooks of the same names as IP. */
export const hookName = ({ family, hook }: PlacedRule): string => (family === 'bridge' ? `bridge ${hook}` : hook);

/** Puts each rule to the step that it belongs to; makes one where the hook is not watched: in the bridge and at devices. */
export function placeRules(path: Path): void {
  for (const placed of path.rules) {
    const { netns, rule } = placed;
    const name = hookName(placed);
    const known = path.steps.findLast((step) => step.netns === netns && step.hook === name);
    const step = known ?? made(path.steps, placed, name);
    if (step !== undefined) step.rules = [...step.rules, rule];
  }
}
function made(steps: Step[], { netns, hook }: PlacedRule, name: string): Step | undefined {
  const before = BEFORE[hook];
  const beside = (hooks: readonly string[]) => steps.findLastIndex((s) => s.netns === netns && hooks.includes(s.hook));
  let at = beside(before ?? ['queue']);
  if (at < 0) at = steps.findLastIndex((step) => step.netns === netns);
  const neighbour = steps[at];
  if (neighbour === undefined) return undefined;
  const step: Step = { ...neighbour, hook: name, changed: NOTHING, note: undefined, rules: NOTHING };
  steps.splice(at + (before === undefined ? 0 : 1), 0, step);
  return step;
}
/** The rule that dropped the packet in a namespace. */
export function droppedBy(path: Path, netns: number): PlacedRule | undefined {
  return path.rules.findLast((each) => each.netns === netns && each.rule.verdict === 'drop');
}
