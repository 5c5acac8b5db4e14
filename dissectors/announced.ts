import type { Line } from '../src/dissect/line.ts';

const cut = (w: Line): void => w.cutHere();
const trunc = (w: Line): void => w.trunc();
function invalid(w: Line): void {
  w.str('MPLS');
  w.invalid();
}
/** What tcpdump makes of nothing: its name of the protocol that an EtherType announces, and how the line goes on. */
const NOTHING: Readonly<Record<number, readonly [label: string, text: (w: Line) => void]>> = {
  2048: ['ip', cut],
  2054: ['arp', cut],
  32821: ['arp', cut],
  34887: ['mpls', invalid],
  34888: ['mpls', invalid],
  34525: ['ip6', trunc],
  34827: ['ppp', () => {}],
  34915: ['pppoe', cut],
  34916: ['pppoe', cut],
  34958: ['eap', trunc],
};
/** Writes what stands for a payload that was announced, when there is nothing of it at `at`. */
export function nothingOf(w: Line, type: number, at: number): boolean {
  const known = NOTHING[type];
  if (known === undefined || w.has(at, 1)) return false;
  w.label = known[0];
  known[1](w);
  return true;
}
