import type { Drawing, Spot } from './drawing.ts';

export type Direction = 'up' | 'down' | 'left' | 'right';

/** The device that an arrow leads to: along a wire if there is one, otherwise to the nearest. */
export function neighbourOf(
  drawing: Drawing | undefined,
  from: string | undefined,
  direction: Direction,
): string | undefined {
  const here = drawing?.spots.find(({ device }) => device === from);
  if (drawing === undefined || here === undefined) return drawing?.spots[0]?.device;
  const joined = new Set(drawing.wires.flatMap(({ from: a, to: b }) => (a === from ? [b] : b === from ? [a] : [])));
  const upright = direction === 'up' || direction === 'down';
  let best: { readonly spot: Spot; readonly distance: number } | undefined;
  for (const spot of drawing.spots) {
    if (!lies(spot, here, direction)) continue;
    const distance = upright
      ? uprightDistance(spot, here)
      : levelDistance(spot, here) / (joined.has(spot.device) ? FAR : 1);
    if (best === undefined || distance < best.distance) best = { spot, distance };
  }
  return best?.spot.device;
}
/** More than any distance on a screen. */
const FAR = 10_000;

function lies(spot: Spot, { row, column, columns }: Spot, direction: Direction): boolean {
  if (direction === 'up') return spot.row < row;
  if (direction === 'down') return spot.row > row;
  return direction === 'left' ? spot.column + spot.columns <= column : spot.column >= column + columns;
}
/** Boxes below each other come before others. */
function uprightDistance(spot: Spot, here: Spot): number {
  const beside = spot.column >= here.column + here.columns || spot.column + spot.columns <= here.column;
  return Math.abs(spot.row - here.row) + (beside ? FAR : 0);
}
const levelDistance = (spot: Spot, here: Spot): number =>
  Math.abs(spot.column - here.column) + 2 * Math.abs(spot.row - here.row);
