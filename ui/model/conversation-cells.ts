import type { Conversation, ConversationColumn } from '../../src/flow/conversation.ts';
import type { ConversationKind } from '../../src/flow/conversations.ts';
import type { Style } from './pane.ts';
import { short } from './times.ts';

/** A column of the list of conversations. */
export interface Cell {
  readonly title: string;
  readonly width: number;
  readonly by: ConversationColumn;
  readonly style: (row: Conversation) => Style;
  readonly align?: 'right';
  readonly only?: 'tcp';
  readonly text: (row: Conversation) => string;
}
const plain = (): Style => 'plain';
const number = (): Style => 'number';
const milliseconds = (ms: number | undefined): string => (ms === undefined ? '' : ms.toFixed(ms < 10 ? 2 : 0));
const both = (ab: number, ba: number): string => `${short(ab)}/${short(ba)}`;
const HEALTH: Readonly<Record<string, Style>> = { established: 'good', reset: 'bad', closed: 'dim', closing: 'dim' };
const resent = ({ tcp }: Conversation): number =>
  tcp === undefined ? 0 : tcp.retransmissionsAB + tcp.retransmissionsBA;
const shut = ({ tcp }: Conversation): number => (tcp === undefined ? 0 : tcp.zeroWindowsAB + tcp.zeroWindowsBA);
const some = (count: number): string => (count === 0 ? '' : short(count));
/** Narrow screens show those that come first. */
const CELLS: readonly Cell[] = [
  {
    title: 'Bytes ->/<-',
    width: 13,
    by: 'bytes',
    style: number,
    align: 'right',
    text: (row) => both(row.bytesAB, row.bytesBA),
  },
  {
    title: 'Packets',
    width: 11,
    by: 'packets',
    style: number,
    align: 'right',
    text: (row) => both(row.packetsAB, row.packetsBA),
  },
  {
    title: 'State',
    width: 12,
    by: 'state',
    only: 'tcp',
    style: ({ tcp }) => HEALTH[tcp?.state ?? ''] ?? 'warning',
    text: ({ tcp }) => tcp?.state ?? '',
  },
  {
    title: 'Retr',
    width: 5,
    by: 'retransmissions',
    only: 'tcp',
    align: 'right',
    style: (row) => (resent(row) > 0 ? 'bad' : 'plain'),
    text: (row) => some(resent(row)),
  },
  {
    title: 'RTT ms',
    width: 7,
    by: 'serverRtt',
    only: 'tcp',
    align: 'right',
    style: plain,
    text: ({ tcp }) => milliseconds(tcp?.serverRttMs),
  },
  {
    title: 'Duration',
    width: 9,
    by: 'duration',
    align: 'right',
    style: plain,
    text: ({ first, last }) => `${(last - first).toFixed(3)}`,
  },
  {
    title: '0-win',
    width: 6,
    by: 'zeroWindows',
    only: 'tcp',
    align: 'right',
    style: (row) => (shut(row) > 0 ? 'warning' : 'plain'),
    text: (row) => some(shut(row)),
  },
  {
    title: 'Client ms',
    width: 10,
    by: 'clientRtt',
    only: 'tcp',
    align: 'right',
    style: plain,
    text: ({ tcp }) => milliseconds(tcp?.clientRttMs),
  },
  {
    title: 'Stream',
    width: 7,
    by: 'stream',
    align: 'right',
    style: () => 'dim',
    text: ({ stream }) => (stream === undefined ? '' : String(stream)),
  },
];
/** Those that conversations of a kind have something to say in. */
export const cellsOf = (kind: ConversationKind): Cell[] =>
  CELLS.filter(({ only }) => only === undefined || only === kind);
