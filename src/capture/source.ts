import type { FileLent, FileReturned } from '../format/writer.ts';
import type { FrameBatch } from '../frame/batch.ts';
import type { Port } from '../frame/port.ts';

export type { Port } from '../frame/port.ts';

/** What a source knows of its own losses. */
export interface SourceCounts {
  /** Packets handed out so far. */
  readonly captured: number;
  /** Packets that the source knows it lost. */
  readonly dropped: number;
}

/** What became of the packets of a port since it was opened. */
export interface PortCounts {
  readonly port: number;
  /** Packets that the filter let through. */
  readonly received: number;
  /** Of these, packets that were lost. */
  readonly dropped: number;
  /** The counts are of all devices of the port's namespace, of which nobody counts each. */
  readonly together: boolean;
}
export type ReadAt = (into: Uint8Array, position: number) => number;
/** Something that packets come from. */
export interface CaptureSource extends AsyncDisposable {
  /** What the user called it: a path, `-`, a device. */
  readonly name: string;
  /** Grows while reading: a pcapng file may describe an interface anywhere before its first packet. */
  readonly ports: readonly Port[];
  readonly format: 'pcap' | 'pcapng' | 'snoop' | 'live';
  /** Bytes in all, when that is known. */
  readonly size: number | undefined;
  /** The next batch is always there without waiting. */
  readonly immediate?: boolean;
  /** Bytes used so far. */
  readonly position: number;
  /**
   * The packets in order. Each batch is valid until its `release()`, which is to be called before the next is asked for.
   * Damage in the source is thrown after every packet before it was handed out; an abort ends the iteration quietly.
   */
  batches(signal?: AbortSignal): AsyncIterable<FrameBatch>;
  counts(): SourceCounts;
  /**
   * Reads again what stands at byte `position` of the file, and says how many bytes it got; for sources whose batches have
   * a `base`. Works until the source is disposed of.
   */
  readonly readAt?: ReadAt | undefined;
  /** What captured: the machine and its system. */
  readonly machine?: { readonly hardware: string; readonly system: string };
  /** Of the ports that know theirs, as of a second ago at most. */
  portCounts?(): readonly PortCounts[];
  /**
   * Lends the source a file of pcapng, where it writes its packets itself, once every packet handed out before is released.
   * Resolves when it gives the file back: asked to, at its end, before the first packet of a port that the file does not
   * describe, or when it cannot write on. Packets come in batches again from then on.
   */
  lend?(file: FileLent): Promise<FileReturned>;
  /** Asks for the file back. */
  recall?(): void;
}

/** Can it be done here? If not, why, and the one command that mends it. */
export type Availability =
  | { readonly ok: true }
  | { readonly ok: false; readonly why: string; readonly remedy: string };

/** A way to capture. It explains itself before anything starts. */
export interface SourceKind<Options, Source extends CaptureSource> {
  readonly name: string;
  available(): Promise<Availability>;
  open(options: Options): Promise<Source>;
}
