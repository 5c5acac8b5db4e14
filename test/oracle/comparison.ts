import { protocols } from '../../dissectors/index.ts';
import { classOf } from './difference.ts';
import { type Exception, exceptionFor } from './exceptions.ts';
import { Shelf, Tally } from './tally.ts';

/** Names in tshark's frame.protocols that are no protocols, so that nobody can register them. */
const PSEUDO_LAYERS: Readonly<Record<string, string>> = {
  ethertype: 'the type field of Ethernet, which tshark gives a name of its own',
  data: 'bytes that nobody dissects',
};
const registered: ReadonlySet<string> = new Set(protocols.map((p) => p.name));
/** Is there a dissector for each of tshark's layers? A packet of nothing but bytes has none. */
export const allKnown = (layers: readonly string[]): boolean =>
  layers.every((name) => registered.has(name) || PSEUDO_LAYERS[name] !== undefined) &&
  layers.some((name) => registered.has(name));

export interface Difference {
  readonly file: string;
  readonly packet: number;
  readonly layers: readonly string[];
  readonly expected: string;
  readonly actual: string | undefined;
  readonly class: string;
}

/** Counts packets that are printed alike, and keeps those that are not. */
export class Comparison {
  readonly total = new Tally();
  /** A packet counts for each of its layers. */
  readonly byProtocol = new Shelf(() => new Tally());
  readonly differences: Difference[] = [];
  /** How often each exception was needed. They count neither as matched nor as not. */
  readonly excused = new Map<Exception, number>();
  /** What could not be compared, and why. */
  readonly excluded = new Map<string, string>();
  /** Where hooktap printed another number of packets than tcpdump. */
  readonly counts: string[] = [];
  /** Where hooktap failed and tcpdump did not. */
  readonly failures: string[] = [];
  files = 0;

  /** Compares one packet; true when it is alike or excused. */
  packet(
    file: string,
    packet: number,
    layers: readonly string[],
    expected: string,
    actual: string | undefined,
  ): boolean {
    const matches = expected === actual;
    if (!matches) {
      const excuse = exceptionFor(file, packet, expected, actual ?? '');
      if (excuse !== undefined) {
        this.excused.set(excuse, (this.excused.get(excuse) ?? 0) + 1);
        return true;
      }
      this.differences.push({ file, packet, layers, expected, actual, class: classOf(expected, actual) });
    }
    this.total.add(matches);
    for (const name of new Set(layers)) if (PSEUDO_LAYERS[name] === undefined) this.byProtocol.at(name).add(matches);
    return matches;
  }
}
