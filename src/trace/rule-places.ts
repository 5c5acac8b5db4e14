import type { Rule, Step } from './journey.ts';
import type { Path } from './path.ts';

/** A rule that the packet met, by namespace and hook. */
export interface PlacedRule {
  readonly netns: number;
  readonly hook: string;
  readonly family: string;
  readonly rule: Rule;
}
/** Hooks that come after a device received the packet; the others come before it is queued at one. */
const INWARD: ReadonlySet<string> = new Set(['ingress', 'prerouting', 'input', 'forward']);

/** Puts each rule to the step that it belongs to; makes one where the hook is not watched: in the bridge and at devices. */
export function placeRules(path: Path): void {
  for (const { netns, hook, family, rule } of path.rules) {
    const name = family === 'bridge' ? `bridge ${hook}` : hook;
    const known = path.steps.findLast((step) => step.netns === netns && step.hook === name);
    const step = known ?? made(path.steps, netns, hook, name);
    step?.rules.push(rule);
  }
}
function made(steps: Step[], netns: number, hook: string, name: string): Step | undefined {
  const inward = INWARD.has(hook);
  let at = steps.findLastIndex((step) => step.netns === netns && step.hook === (inward ? 'receive' : 'queue'));
  if (at < 0) at = steps.findLastIndex((step) => step.netns === netns);
  const beside = steps[at];
  if (beside === undefined) return undefined;
  const step: Step = { ...beside, hook: name, changed: [], note: undefined, rules: [] };
  // Behind what is at the same hook already.
  let place = at + (inward ? 1 : 0);
  while (inward && steps[place] !== undefined && steps[place]!.at === beside.at) place++;
  steps.splice(place, 0, step);
  return step;
}
/** The rule that dropped the packet in a namespace. */
export function droppedBy(path: Path, netns: number): Rule | undefined {
  return path.rules.findLast((each) => each.netns === netns && each.rule.verdict === 'drop')?.rule;
}
