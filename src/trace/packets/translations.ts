import type { Tracked, TrackedTuple } from '../../linux/conntrack.ts';
import type { ConnectionOfEvent } from '../event.ts';
import { type Headers, innermost } from '../headers.ts';

const MOST = 20_000;

/** Which ends conntrack makes of which: what packets of a connection look like in front of NAT, and behind it. */
export class Translations {
  private readonly pairs = new Map<string, { readonly other: string; readonly connection: ConnectionOfEvent }>();
  private count = 0;

  /** Takes a connection; of those whose addresses stay what they are nothing needs to be known. */
  meet({ original, reply }: Tracked): void {
    const [there, back] = [keyOf(original), keyOf(reply)];
    const [behind, answered] = [keyOf(turned(reply)), keyOf(turned(original))];
    if (there === behind || this.pairs.get(there)?.other === behind) return;
    const connection = { id: ++this.count, original, answer: reply };
    this.pairs.set(there, { other: behind, connection });
    this.pairs.set(back, { other: answered, connection });
    for (const [oldest] of this.pairs) {
      if (this.pairs.size <= MOST) break;
      this.pairs.delete(oldest);
    }
  }
  /** Does NAT make the second's ends of the first's? */
  leads(from: Headers, to: Headers): boolean {
    return this.pairs.size > 0 && this.pairs.get(keyOf(endsOf(from)))?.other === keyOf(endsOf(to));
  }
  /** The connection of a packet that is in front of its NAT. */
  of(headers: Headers): ConnectionOfEvent | undefined {
    return this.pairs.size === 0 ? undefined : this.pairs.get(keyOf(endsOf(headers)))?.connection;
  }
}
const keyOf = ({ protocol, source, sourcePort, destination, destinationPort }: TrackedTuple): string =>
  `${protocol} ${source} ${sourcePort} ${destination} ${destinationPort}`;
const turned = (t: TrackedTuple): TrackedTuple => ({
  ...t,
  source: t.destination,
  sourcePort: t.destinationPort,
  destination: t.source,
  destinationPort: t.sourcePort,
});
function endsOf(headers: Headers): TrackedTuple {
  const { protocol, source, destination, sourcePort, destinationPort, icmp } = innermost(headers);
  const id = icmp?.id ?? 0;
  return {
    protocol,
    source,
    destination,
    sourcePort: sourcePort ?? id,
    destinationPort: destinationPort ?? id,
  };
}
