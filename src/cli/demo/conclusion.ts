import { endpoint } from '../../linux/address.ts';
import type { Ending, Journey, Rule } from '../../trace/journey.ts';
import type { Scene } from './scenes.ts';
import type { Seen } from './watch.ts';

export interface Conclusion {
  readonly good: boolean;
  /** The first line is the sentence, further ones explain it. */
  readonly lines: readonly string[];
  /** The rule to delete. */
  readonly rule: Rule | undefined;
}
type NameOf = (netns: number) => string;

/** What became of the packet, from its journey. */
export function fromJourney({ ending, deliveries }: Journey, nameOf: NameOf): Conclusion {
  const { where, rule, outcome } = ending;
  const place = where.device === '' ? nameOf(where.netns) : `${nameOf(where.netns)}/${where.device}`;
  const delivery = deliveries.find(({ process }) => process !== undefined) ?? deliveries[0];
  if (delivery !== undefined) {
    const { socket, process, pid, to } = delivery;
    const who = process === undefined || process === '' ? (to ?? 'somebody') : `${process} (pid ${pid})`;
    const at = socket === undefined ? '' : `, at its socket ${endpoint(socket.local, socket.localPort)}`;
    return { good: true, lines: [`delivered at ${place} to ${who}${at}`], rule: undefined };
  }
  if (outcome !== 'dropped') return { good: false, lines: [`${outcome} at ${place}`], rule: undefined };
  if (rule !== undefined) return fromRule(rule, nameOf(where.netns));
  return { good: false, lines: [`dropped at ${place}: ${why(ending)}`], rule: undefined };
}
const why = ({ reason, meaning, symbol }: Ending): string =>
  meaning === undefined ? `${reason} in ${symbol}` : `${meaning} [${reason}]`;

function fromRule(rule: Rule, host: string): Conclusion {
  const { family, table, chain, handle, text } = rule;
  const which = handle === undefined ? 'the policy' : `rule ${handle}`;
  return { good: false, lines: [`dropped by ${host}, ${which} of ${family} ${table} ${chain}:`, text], rule };
}
/** The same from what can be seen without BPF; undefined if that is not enough. */
export function fromClues({ clues }: Scene, { rules, lines, counters }: Seen): Conclusion | undefined {
  const drop = rules.find(({ verdict }) => verdict === 'drop');
  if (drop !== undefined) return fromRule(drop, 'router');
  const texts = [
    ...lines.map(({ host, device, way, text }) => `${host} ${device} ${way} ${text}`),
    ...counters.map(({ host, name }) => `${host} ${name}`),
  ];
  for (const [clue, means] of clues) {
    const found = texts.map((text) => clue.exec(text)).find((match) => match !== null);
    if (found === undefined) continue;
    const text = means.replace(/\$(\d)/g, (_, n: string) => found[Number(n)] ?? '');
    return { good: /answered$/.test(means), lines: [text], rule: undefined };
  }
  return undefined;
}
