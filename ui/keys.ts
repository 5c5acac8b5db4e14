import type { ViewName } from './model/view.ts';

/** One key of the dashboard: help, the lower line and the tests are views of these rows. */
export interface KeyRow {
  readonly action: string;
  /** As the terminal names them: `C-c`, `pageup`, `S-tab`, `g`, `G`. */
  readonly keys: readonly string[];
  readonly about: string;
  /** Only in these views; everywhere unless given. */
  readonly views?: readonly ViewName[];
  /** Stands in the lower line, where there is room: the word behind its first key. */
  readonly short?: string;
}
const row = <const A extends string>(row: KeyRow & { action: A }): KeyRow & { action: A } => row;

export const KEYS = [
  row({ action: 'help', keys: ['?', 'f1'], about: 'show or hide this help', short: 'help' }),
  row({ action: 'quit', keys: ['q', 'C-c'], about: 'leave', short: 'quit' }),
  row({ action: 'overview', keys: ['1'], about: 'overview: rates, protocols, who talks, what is lost' }),
  row({ action: 'packets', keys: ['2'], about: 'packets: list, details, bytes' }),
  row({ action: 'conversations', keys: ['3'], about: 'conversations: who talks to whom' }),
  row({ action: 'topology', keys: ['4'], about: 'topology: namespaces, devices, how they hang together' }),
  row({ action: 'journeys', keys: ['5'], about: 'journeys: the way of packets through the kernel' }),
  row({ action: 'drops', keys: ['6'], about: 'drops: where packets die, and why' }),
  row({ action: 'up', keys: ['up', 'k'], about: 'one line up' }),
  row({ action: 'down', keys: ['down', 'j'], about: 'one line down' }),
  row({ action: 'page-up', keys: ['pageup', 'C-b'], about: 'one page up' }),
  row({ action: 'page-down', keys: ['pagedown', 'C-f', 'space'], about: 'one page down' }),
  row({ action: 'first', keys: ['home', 'g'], about: 'to the first line' }),
  row({ action: 'last', keys: ['end', 'G'], about: 'to the last line; live, to what comes' }),
  row({ action: 'left', keys: ['left', 'h'], about: 'fold, or scroll to the left' }),
  row({ action: 'right', keys: ['right', 'l'], about: 'unfold, or scroll to the right' }),
  row({ action: 'next-pane', keys: ['tab'], about: 'to the next pane' }),
  row({ action: 'previous-pane', keys: ['S-tab'], about: 'to the pane before' }),
  row({ action: 'enter', keys: ['enter'], about: 'go deeper: open what is selected', short: 'open' }),
  row({ action: 'back', keys: ['escape', 'backspace'], about: 'go back to where you came from', short: 'back' }),
  row({ action: 'filter', keys: ['/'], about: 'type a display filter', short: 'filter' }),
  row({ action: 'filter-by', keys: ['f'], about: 'filter by what is selected', short: 'filter by' }),
  row({ action: 'clear-filter', keys: ['F'], about: 'show all packets again', short: 'all' }),
  row({ action: 'search', keys: ['s'], about: 'look for a text in what is listed', short: 'search' }),
  row({ action: 'search-next', keys: ['n'], about: 'the next one that was looked for' }),
  row({ action: 'search-previous', keys: ['N'], about: 'the one before that was looked for' }),
  row({ action: 'trace', keys: ['t'], about: 'trace the flow that is selected, or all packets', short: 'trace' }),
  row({ action: 'save', keys: ['w'], about: 'save the packets that match, as pcapng', short: 'save' }),
  row({ action: 'copy', keys: ['y'], about: "copy what is selected as tcpdump's filter" }),
  row({ action: 'freeze', keys: ['p'], about: 'freeze the list of packets, or let it go on' }),
  row({ action: 'theme', keys: ['T'], about: 'the next theme' }),
  row({ action: 'redraw', keys: ['C-l'], about: 'draw everything anew' }),
  row({ action: 'suspend', keys: ['C-z'], about: 'back to the shell; fg comes back' }),
  row({ action: 'goto', keys: [':'], about: 'go to a packet by its number', views: ['packets'] }),
  row({ action: 'mark', keys: ['m'], about: 'mark the packet, or take the mark off', views: ['packets'] }),
  row({ action: 'next-mark', keys: ['M'], about: 'to the next packet that is marked', views: ['packets'] }),
  row({
    action: 'reference',
    keys: ['r'],
    about: 'count times from this packet, or from the first',
    views: ['packets'],
  }),
  row({ action: 'columns', keys: ['c'], about: 'choose columns', views: ['packets'] }),
  row({
    action: 'time',
    keys: ['d'],
    about: 'times of day, since the first, or since the one before',
    views: ['packets'],
  }),
  row({ action: 'names', keys: ['D'], about: 'names instead of addresses, where DNS answers told them' }),
  row({ action: 'sort', keys: ['o'], about: 'sort by the next column', views: ['conversations', 'drops', 'journeys'] }),
  row({
    action: 'reverse',
    keys: ['O'],
    about: 'sort the other way round',
    views: ['conversations', 'drops', 'journeys'],
  }),
  row({ action: 'kind', keys: ['v'], about: 'the next kind: tcp, udp, ip, eth', views: ['conversations'] }),
  row({ action: 'unit', keys: ['u'], about: 'bits or packets per second', views: ['overview', 'topology'] }),
] as const;

export type Action = (typeof KEYS)[number]['action'];

/** What a key means in a view. */
export function keyRow(key: string, view: ViewName): KeyRow | undefined {
  return rowsOf(view).find(({ keys }) => keys.includes(key));
}
/** The keys that mean something in a view. */
export function rowsOf(view: ViewName): KeyRow[] {
  const rows: readonly KeyRow[] = KEYS;
  return rows.filter(({ views }) => views === undefined || views.includes(view));
}
