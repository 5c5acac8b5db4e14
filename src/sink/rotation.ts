import type { FileNames, Turn } from '../format/file-names.ts';
import type { CaptureWriter } from '../format/writer.ts';
import type { FrameBatch } from '../frame/batch.ts';

/** When a file is followed by another one, and when there are enough. */
export interface Limits {
  /** A file longer than so many bytes takes no further packet. */
  readonly bytes?: number | undefined;
  /** A file takes packets of so many seconds. */
  readonly seconds?: number | undefined;
  /** A file takes so many packets. */
  readonly packets?: number | undefined;
  /** When the seconds are over there is a new file even if no packet came. */
  readonly punctual?: boolean;
  /** So many files, and the capture ends. */
  readonly files?: number | undefined;
  /** Stop when the file has so many bytes, instead of beginning another one. */
  readonly lastBytes?: number | undefined;
}
export interface Rotation {
  readonly names: FileNames;
  readonly limits: Limits;
}

/** Looks when it is time for a new file. */
export class Turning {
  private began = 0;
  constructor(
    private readonly limits: Limits,
    /** Seconds since 1970. */
    private readonly now: () => number = () => Date.now() / 1000,
  ) {}
  /** Has packets to be looked at one by one? */
  get watches(): boolean {
    const { bytes, seconds, packets, lastBytes } = this.limits;
    return (bytes ?? seconds ?? packets ?? lastBytes) !== undefined;
  }
  /** A file begins now, or with packet `i` of a batch; returns the second. */
  begin(batch?: FrameBatch, i = 0): number {
    return (this.began = Math.floor(batch === undefined ? this.now() : batch.seconds[i]!));
  }
  /** Why packet `i` does not go into the file any more, if it does not. */
  before(writer: CaptureWriter, batch: FrameBatch, i: number): Turn | undefined {
    const { bytes, seconds, packets } = this.limits;
    if (seconds !== undefined && this.isOver(batch.seconds[i]!, seconds)) return 'time';
    if (bytes !== undefined && writer.size > bytes) return 'size';
    if (packets !== undefined && writer.packets >= packets) return 'size';
    return undefined;
  }
  private isOver(second: number, seconds: number): boolean {
    // Somebody set the clock back: the time of this file begins anew, rather than last until the clock has caught up.
    if (second + seconds <= this.began) this.began = second;
    return second - this.began >= seconds;
  }
  /** Is it time, though no packet came? */
  get isDue(): boolean {
    const { seconds, punctual } = this.limits;
    return punctual === true && seconds !== undefined && this.now() - this.began >= seconds;
  }
  /** Has the last file all that it is to have? */
  isFull(writer: CaptureWriter): boolean {
    return this.limits.lastBytes !== undefined && writer.size >= this.limits.lastBytes;
  }
  isLast(files: number): boolean {
    return this.limits.files !== undefined && files >= this.limits.files;
  }
}
