const BLOCKS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;
const LETTERS = ['_', '.', '-', '=', '+', '*', '%', '#'] as const;

/** So many last values as a row of bars, the highest for the greatest of them. */
export function sparkline(values: ArrayLike<number>, columns: number, unicode: boolean): string {
  const bars = unicode ? BLOCKS : LETTERS;
  const from = Math.max(0, values.length - columns);
  let most = 0;
  for (let i = from; i < values.length; i++) most = Math.max(most, values[i]!);
  let line = '';
  for (let i = from; i < values.length; i++) {
    const height = most === 0 || values[i] === 0 ? -1 : Math.ceil((values[i]! / most) * bars.length) - 1;
    line += height < 0 ? ' ' : bars[height]!;
  }
  return line.padStart(columns);
}
