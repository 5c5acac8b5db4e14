import { readFileSync } from 'node:fs';
import { inNamespace, type Namespace } from '../../linux/namespace.ts';

/** A counter of the kernel that moved. */
export interface Counted {
  readonly host: string;
  /** `IPReversePathFilter`, or `tap0 dropped`. */
  readonly name: string;
  readonly by: number;
}
type Values = ReadonlyMap<string, number>;

/** What the kernel counts of packets that it drops, in each namespace: all that it tells without BPF. */
export class Counters {
  constructor(private readonly namespaces: readonly Namespace[]) {}

  read(): Map<string, Values> {
    return new Map(this.namespaces.map((namespace) => [namespace.label, inNamespace(namespace, values)]));
  }
  since(before: ReadonlyMap<string, Values>): Counted[] {
    return [...this.read()].flatMap(([host, now]) =>
      [...now].flatMap(([name, value]) => {
        const by = value - (before.get(host)?.get(name) ?? 0);
        return by > 0 ? [{ host, name, by }] : [];
      }),
    );
  }
}
function values(): Map<string, number> {
  const found = new Map<string, number>();
  for (const file of ['netstat', 'snmp']) pairs(readFileSync(`/proc/thread-self/net/${file}`, 'utf8'), found);
  for (const line of readFileSync('/proc/thread-self/net/dev', 'utf8').split('\n').slice(2)) {
    const [name, ...numbers] = line.trim().split(/[:\s]+/);
    // Eight columns of what was received, then what was sent: bytes, packets, errors, dropped.
    if (name !== '' && numbers.length >= 12) found.set(`${name} dropped`, Number(numbers[3]) + Number(numbers[11]));
  }
  return found;
}
/** A line of names, and under it one of numbers. */
function pairs(text: string, into: Map<string, number>): void {
  const lines = text.split('\n');
  for (let i = 0; i + 1 < lines.length; i += 2) {
    const [names, numbers] = [lines[i]!.split(' '), lines[i + 1]!.split(' ')];
    for (let k = 1; k < names.length; k++) into.set(names[k]!, Number(numbers[k]));
  }
}
