import type { Action } from '../keys.ts';
import type { Piece } from './packet-search.ts';
import type { Pane, Size } from './pane.ts';

export type ViewName = 'overview' | 'packets' | 'conversations' | 'topology' | 'journeys' | 'drops';

/** What a view is asked to show when another one leads to it. */
export interface Target {
  readonly view: ViewName;
  /** A display filter that the packets are to match. */
  readonly filter?: string;
  /** A packet, from 0. */
  readonly packet?: number;
  /** By its id in the topology. */
  readonly device?: string;
  /** By its number. */
  readonly journey?: number;
  /** Journeys that ended so: see drop.ts. */
  readonly drop?: string;
}
/** What is selected, as other views and commands understand it. */
export interface Subject {
  /** For people: `tcp 10.0.0.1:1234 <-> 10.0.0.2:80`. */
  readonly title: string;
  /** Which packets it is about, in Wireshark's language. */
  readonly filter?: string;
  /** The same in tcpdump's language, for tracing, and for the clipboard. */
  readonly expression?: string;
  /** Where it leads with enter. */
  readonly target?: Target;
}
/** One screen of the dashboard: turns what is known into panes, and keys into what is selected. Knows no terminal. */
export interface View {
  readonly name: ViewName;
  readonly title: string;
  /** Changes whenever it would look different. */
  readonly version: number;
  /** What fits a screen of this size. Cheap: called at every redraw. */
  panes(size: Size): readonly Pane[];
  /** Does what a key asks for; false: that means nothing here. */
  act(action: Action): boolean;
  /** A click on a line inside a pane's frame, counted from 0. The second one in short time does what enter does, too. */
  click?(pane: string, row: number, column: number): void;
  /** The wheel over a pane: so many lines down. */
  wheel?(pane: string, lines: number): void;
  /** It comes to the front, perhaps to show something. */
  open?(target: Target): void;
  /** Looks for a text, or shows only what has it in it; false: there is none. A piece goes on when it is asked again. */
  search?(text: string, backwards: boolean): boolean | Piece;
  /** What is selected now. */
  readonly subject?: Subject | undefined;
}
