import type { Wire } from './wires.ts';

/** A wire between two columns of boxes, by the rows that it leads to. */
export interface Ends {
  readonly wire: Wire;
  /** The wire's `to` is the end that is named first here. */
  readonly turned: boolean;
  /** Both ends are in the left column. */
  readonly loop: boolean;
  fromRow: number;
  toRow: number;
}
export interface Drawn extends Ends {
  /** Where it goes up or down. */
  readonly column: number;
  /** The borders that it leads from and to. */
  readonly left: number;
  readonly right: number;
  /** Are its rates written at its first end? */
  readonly labelled: boolean;
}
/** The room between two columns of boxes. */
export interface Channel {
  readonly drawn: readonly Drawn[];
  readonly columns: number;
}
/** Both directions: `999k→ ←1.2k`. */
export const LABEL_COLUMNS = 11;
const TRACK_COLUMNS = 2;

/** Gives each wire a track of its own to go up or down in, so that as few as possible cross; what takes more than `room` is not done. */
export function channelOf(ends: readonly Ends[], withLabels: boolean, room: number): Channel {
  const labels = withLabels && ends.some(isLabelled);
  const ordered = unmixed([...ends].sort(byWay));
  const tracks: Ends[][] = [];
  const trackOf = new Map<Ends, number>();
  for (const each of ordered) {
    if (tracks.length * TRACK_COLUMNS > room) break;
    if (!each.loop && each.fromRow === each.toRow) continue;
    // Behind all that it would touch, and that came before it: the order is what keeps them from crossing.
    let track = tracks.findLastIndex((some) => some.some((other) => touches(each, other))) + 1;
    while (tracks[track]?.some((other) => touches(each, other)) === true) track++;
    (tracks[track] ??= []).push(each);
    trackOf.set(each, track);
  }
  const before = labels ? LABEL_COLUMNS + 2 : 1;
  const labelled = new Set<number>();
  const drawn = ordered.map((each): Drawn => {
    const free = labels && isLabelled(each) && !labelled.has(each.fromRow);
    if (free) labelled.add(each.fromRow);
    const column = before + (trackOf.get(each) ?? 0) * TRACK_COLUMNS;
    return { ...each, column, left: 0, right: 0, labelled: free };
  });
  return { drawn, columns: ends.length === 0 ? 0 : before + Math.max(1, tracks.length * TRACK_COLUMNS) };
}
const isLabelled = ({ wire }: Ends): boolean => wire.kind !== 'overlay';

/** Loops first, the small ones inside; what goes down from below, what goes up from above. */
function byWay(a: Ends, b: Ends): number {
  const [wayA, wayB] = [wayOf(a), wayOf(b)];
  if (wayA !== wayB) return wayA - wayB;
  if (wayA === 0) return a.toRow - a.fromRow - (b.toRow - b.fromRow);
  return wayA === 1 ? b.fromRow - a.fromRow : a.fromRow - b.fromRow;
}
const wayOf = ({ loop, fromRow, toRow }: Ends): number => (loop ? 0 : toRow > fromRow ? 1 : 2);

function touches(a: Ends, b: Ends): boolean {
  const [top, bottom] = [Math.max(topOf(a), topOf(b)), Math.min(bottomOf(a), bottomOf(b))];
  return top <= bottom;
}
const topOf = ({ fromRow, toRow }: Ends): number => Math.min(fromRow, toRow);
const bottomOf = ({ fromRow, toRow }: Ends): number => Math.max(fromRow, toRow);

/** Where one starts in the row that another one ends in, it has to turn first: they would run over each other. */
function unmixed(ends: Ends[]): Ends[] {
  for (let i = 0; i < ends.length; i++) {
    const late = ends.findIndex((each, j) => j > i && !ends[i]!.loop && each.fromRow === ends[i]!.toRow);
    // Each may be moved once; two that block each other stay as they are.
    if (late > i && ends[late]!.toRow !== ends[i]!.fromRow) ends.splice(i, 0, ...ends.splice(late, 1));
  }
  return ends;
}
