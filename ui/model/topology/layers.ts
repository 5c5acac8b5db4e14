/** Boxes and what joins them, as far as their arrangement needs to know. */
export interface Joined {
  readonly fromBox: string;
  readonly toBox: string;
}
/**
 * Boxes that hang together, each group in columns such that whatever is joined stands in the same column or in
 * neighbouring ones. Groups of one box are those that nothing leads to.
 */
export function layersOf(boxes: readonly string[], wires: readonly Joined[], centre: string | undefined): string[][][] {
  const neighbours = new Map<string, Set<string>>(boxes.map((box) => [box, new Set()]));
  for (const { fromBox, toBox } of wires) {
    neighbours.get(fromBox)?.add(toBox);
    neighbours.get(toBox)?.add(fromBox);
  }
  const groups: string[][][] = [];
  const placed = new Set<string>();
  for (const box of boxes) {
    if (placed.has(box)) continue;
    const some = distances(box, neighbours).flat();
    const layers = distances(rootOf(some, neighbours, centre), neighbours);
    for (const each of some) placed.add(each);
    groups.push(layers);
  }
  return groups;
}
/** By how many steps it takes to get there. */
function distances(root: string, neighbours: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const seen = new Set([root]);
  const layers = [[root]];
  for (;;) {
    const next = new Set(layers.at(-1)!.flatMap((box) => [...neighbours.get(box)!].filter((each) => !seen.has(each))));
    if (next.size === 0) return layers;
    for (const box of next) seen.add(box);
    layers.push([...next]);
  }
}
/** Where drawing begins: at our own namespace, otherwise at an end, so that a chain becomes a row. */
function rootOf(
  group: readonly string[],
  neighbours: ReadonlyMap<string, ReadonlySet<string>>,
  centre: string | undefined,
): string {
  if (centre !== undefined && group.includes(centre)) return centre;
  const farthest = (from: string) => distances(from, neighbours).at(-1)![0]!;
  return farthest(farthest(group[0]!));
}
