import type { FrameBatch } from '../frame/batch.ts';
import type { Port } from '../frame/port.ts';
import type { Totals } from './compose.ts';
import { openOutput } from './destination.ts';
import type { WriteError } from './output.ts';
import { PcapWriter } from './pcap-writer.ts';
import { PcapngWriter } from './pcapng-writer.ts';

/** What a capture can be written as: pcap with microseconds, pcap with nanoseconds, pcapng. */
export type FileFormat = 'pcap' | 'nspcap' | 'pcapng';

/** A file for packets, lent to whoever writes blocks of them there itself. */
export interface FileLent {
  readonly descriptor: number;
  /** So many ports are described in it, under their own numbers. */
  readonly ports: number;
}
/** What became of it. */
export interface FileReturned {
  readonly packets: number;
  readonly bytes: number;
  /** He could not write on: what he wrote behind `bytes` is no whole block. */
  readonly failure?: WriteError | undefined;
}
/** Writes packets to a file or a pipe. */
export interface CaptureWriter {
  /** Packets written. */
  readonly packets: number;
  /** Bytes written, those that still wait for a flush included. */
  readonly size: number;
  /** Begins a batch. `write` does that by itself; a batch of which nothing is written may still hold names or secrets. */
  enter(batch: FrameBatch): void;
  /** Takes packet `i` of a batch, whose bytes have to stay as they are until the next {@link flush}. */
  write(batch: FrameBatch, i: number): void;
  /** Takes the packets `[from, to)` of a batch. */
  writeRows(batch: FrameBatch, from: number, to: number): void;
  /** Writes what is known of losses, where the format has a place for that. */
  statistics?(): void;
  /**
   * Flushes, and says where the origin may write blocks of its packets itself and how many of its ports are described
   * there, all that are known now; undefined: nowhere. Then nothing else until {@link takeBack}.
   */
  lend?(): Promise<FileLent | undefined>;
  /** The origin wrote so many packets. Throws what kept it from writing on. */
  takeBack?(returned: FileReturned): void;
  /** Hands on everything it took; to be called before the batch is released. */
  flush(): Promise<void>;
  /** Flushes and closes; also a file without packets gets its header. */
  end(): Promise<void>;
}
/** Where the packets come from: a source fits. */
export interface Origin {
  readonly name: string;
  readonly format: 'pcap' | 'pcapng' | 'snoop' | 'live';
  /** May grow. */
  readonly ports: readonly Port[];
  /** What captured them, if that is known. */
  readonly machine?: { readonly hardware: string; readonly system: string };
  /** Of each port, what was received and lost; for those that can tell. */
  portCounts?(): readonly ({ readonly port: number; readonly together: boolean } & Totals)[];
}

/** Opens a file (or with `-` the standard output) for writing; `application` says who writes, where a format has a place for that. */
export async function openWriter(
  path: string,
  format: FileFormat,
  origin: Origin,
  application: string,
): Promise<CaptureWriter> {
  const output = await openOutput(path, origin.format === 'live' ? undefined : origin.name);
  if (format === 'pcapng') return new PcapngWriter(output, origin, { application, ...origin.machine });
  return new PcapWriter(output, origin, format === 'nspcap');
}
