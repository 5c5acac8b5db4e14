import type { Style } from './model/pane.ts';

/** Codes of ECMA-48's SGR for each style, without the escape: `1;38;5;81`. */
export interface Theme {
  readonly name: string;
  readonly styles: Readonly<Record<Style, string>>;
  /** Added for a line that is selected: where the keys go, and elsewhere. */
  readonly selected: string;
  readonly selectedAway: string;
  /** For the lines of charts: numbers of the 256-colour palette, or of the first 16. */
  readonly curves: readonly number[];
}

/** Colours of Okabe and Ito, which people tell apart whatever they see of red and green, as near as 256 colours come. */
const OKABE = { orange: 214, sky: 74, green: 36, yellow: 227, blue: 32, vermilion: 166, purple: 175 } as const;
const colour = (n: number): string => `38;5;${n}`;

export const THEMES: readonly Theme[] = [
  {
    name: 'dark',
    styles: {
      plain: '',
      dim: colour(245),
      strong: '1',
      title: `1;${colour(81)}`,
      good: colour(114),
      warning: colour(221),
      bad: `1;${colour(203)}`,
      address: colour(117),
      protocol: colour(183),
      number: colour(180),
      place: `1;7;${colour(221)}`,
      marked: `1;${colour(213)}`,
    },
    selected: '48;5;24',
    selectedAway: '48;5;237',
    curves: [81, 114, 221, 213, 203, 180],
  },
  {
    name: 'light',
    styles: {
      plain: colour(16),
      dim: colour(244),
      strong: `1;${colour(16)}`,
      title: `1;${colour(25)}`,
      good: colour(28),
      warning: colour(130),
      bad: `1;${colour(160)}`,
      address: colour(25),
      protocol: colour(90),
      number: colour(94),
      place: `1;7;${colour(130)}`,
      marked: `1;${colour(127)}`,
    },
    selected: '48;5;153',
    selectedAway: '48;5;254',
    curves: [25, 28, 130, 127, 160, 94],
  },
  {
    name: 'colour-blind',
    styles: {
      plain: '',
      dim: colour(246),
      strong: '1',
      title: `1;${colour(OKABE.sky)}`,
      good: colour(OKABE.sky),
      warning: colour(OKABE.yellow),
      bad: `1;4;${colour(OKABE.orange)}`,
      address: colour(OKABE.sky),
      protocol: colour(OKABE.purple),
      number: colour(OKABE.yellow),
      place: `1;7;${colour(OKABE.yellow)}`,
      marked: `1;4;${colour(OKABE.purple)}`,
    },
    selected: '48;5;24',
    selectedAway: '48;5;237',
    curves: [OKABE.sky, OKABE.orange, OKABE.yellow, OKABE.purple, OKABE.green, OKABE.vermilion],
  },
  {
    name: 'none',
    styles: {
      plain: '',
      dim: '',
      strong: '1',
      title: '1',
      good: '',
      warning: '4',
      bad: '1;4',
      address: '',
      protocol: '',
      number: '',
      place: '7',
      marked: '1',
    },
    selected: '7',
    selectedAway: '4',
    curves: [7, 7, 7, 7, 7, 7],
  },
];
