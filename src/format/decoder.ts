import type { ToolError } from '../error.ts';
import type { Port } from '../frame/port.ts';
import type { Rows } from '../frame/rows.ts';

/** Reads the records of one file format out of a window of bytes that somebody else fills. */
export interface Decoder {
  readonly format: 'pcap' | 'pcapng' | 'snoop';
  readonly ports: Port[];
  /**
   * Fills rows with the packets of `rows.bytes[from, to)`, where `rows.bytes[0]` is byte `base` of the file, and returns
   * where it stopped: at a record that is not all there (then {@link need} says how many bytes it takes), because
   * the rows are full, or at damage. A place behind `to` asks for the bytes in between to be thrown away.
   */
  walk(rows: Rows, from: number, to: number, base: number): number;
  /** Rows without packets are to be handed out, too: they hold what a copy keeps. */
  readonly pending: boolean;
  /** Packets that the file itself says were lost. */
  readonly dropped: number;
  /** How many bytes, from where the walk stopped, the next record takes as far as it is known by now; 0: go on at once. */
  readonly need: number;
  /** What is wrong with the file at the place where the walk stopped. */
  readonly damage: ToolError | undefined;
  /** The file ended `left` bytes behind byte `at`, where the walk stopped: says what is missing. */
  cut(at: number, left: number): ToolError;
}
