import type { ConversationTable } from './conversation-table.ts';
import type { TcpHealth } from './tcp-analysis.ts';

export interface Moment {
  /** Since 1970. */
  readonly seconds: number;
  readonly nanos: number;
}
/** One conversation, to show it. A sent the first packet of it that was seen; bytes are frames' lengths on the wire. */
export interface Conversation {
  /** Counts the table's conversations from 0: tells whether a row that was used again is still the same. */
  readonly id: number;
  readonly a: string;
  readonly b: string;
  readonly portA: number | undefined;
  readonly portB: number | undefined;
  /** As `tcp.stream` and `udp.stream` count. */
  readonly stream: number | undefined;
  readonly packetsAB: number;
  readonly packetsBA: number;
  readonly bytesAB: number;
  readonly bytesBA: number;
  /** In seconds since 1970, exact to about 200 ns. */
  readonly first: number;
  readonly last: number;
  readonly firstAt: Moment;
  readonly lastAt: Moment;
  readonly tcp: TcpHealth | undefined;
}

type Column = (table: ConversationTable, row: number) => number;
const AB = 0;
const BA = 1;
/** What rows are ordered by; NaN where they have none. */
export const COLUMNS = {
  packets: (table, row) => table.packets(row, AB) + table.packets(row, BA),
  packetsAB: (table, row) => table.packets(row, AB),
  packetsBA: (table, row) => table.packets(row, BA),
  bytes: (table, row) => table.bytes(row, AB) + table.bytes(row, BA),
  bytesAB: (table, row) => table.bytes(row, AB),
  bytesBA: (table, row) => table.bytes(row, BA),
  first: (table, row) => table.first(row),
  last: (table, row) => table.last(row),
  duration: (table, row) => table.last(row) - table.first(row),
  portA: (table, row) => table.port(row, AB),
  portB: (table, row) => table.port(row, BA),
  stream: (table, row) => table.stream(row),
  // Both ways together; spans in milliseconds.
  state: (table, row) => table.tcp?.state(row) ?? Number.NaN,
  serverRtt: (table, row) => table.tcp?.serverRtt(row) ?? Number.NaN,
  clientRtt: (table, row) => table.tcp?.clientRtt(row) ?? Number.NaN,
  retransmissions: (table, row) => table.tcp?.retransmissions(row) ?? Number.NaN,
  outOfOrder: (table, row) => table.tcp?.outOfOrder(row) ?? Number.NaN,
  zeroWindows: (table, row) => table.tcp?.zeroWindows(row) ?? Number.NaN,
  payload: (table, row) => table.tcp?.payload(row) ?? Number.NaN,
} as const satisfies Readonly<Record<string, Column>>;
export type ConversationColumn = keyof typeof COLUMNS;
