/** The letters that drawings are made of. */
export interface Glyphs {
  /** By the ways out of a cell, as bits: up 1, right 2, down 4, left 8. */
  readonly lines: string;
  readonly dashes: Readonly<Record<string, string>>;
  /** In front of a device: it works, it does not, it loses packets. */
  readonly works: string;
  readonly off: string;
  readonly loses: string;
  /** In front of rates: what comes in, what goes out. */
  readonly received: string;
  readonly sent: string;
  /** On a wire. */
  readonly rightward: string;
  readonly leftward: string;
  readonly peer: string;
  readonly dot: string;
  readonly child: string;
  readonly lastChild: string;
  readonly trunk: string;
}
export const UNICODE: Glyphs = {
  lines: ' ╵╶└╷│┌├╴┘─┴┐┤┬┼',
  dashes: { '─': '╌', '│': '╎' },
  works: '●',
  off: '○',
  loses: '×',
  received: '↓',
  sent: '↑',
  rightward: '→',
  leftward: '←',
  peer: '↔',
  dot: '·',
  child: '├─',
  lastChild: '└─',
  trunk: '│ ',
};
export const ASCII: Glyphs = {
  lines: " '-+.|++-+-+++++",
  dashes: { '-': '~', '|': ':' },
  works: '*',
  off: 'o',
  loses: 'x',
  received: 'v',
  sent: '^',
  rightward: '>',
  leftward: '<',
  peer: '=',
  dot: '-',
  child: '|-',
  lastChild: '`-',
  trunk: '| ',
};
