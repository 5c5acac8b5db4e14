import type { CaptureSource } from '../capture/source.ts';
import type { CaptureWriter, FileReturned } from '../format/writer.ts';

/**
 * Who writes the packets of a capture: this thread, out of the batches that it is handed, or the source itself, to which
 * the file is lent meanwhile. The source does where that changes nothing but what it costs:
 *
 * - nobody else sees the packets or counts them: no lines are printed, no display filter picks, no `-c` and no
 *   `--autostop packets:N` count (the command knows that: `alone`);
 * - no packet begins a new file, or ends the last: no `-C`, `-G`, `--ring`, `--autostop filesize:…` (`watched`);
 * - it is pcapng, of which the source makes blocks anyway, to a file or a device: a pipe may have a slow reader, whom the
 *   thread that captures must not wait for (the writer lends nothing then);
 * - the source can: packet rings do.
 *
 * Kernel filters, snapshot lengths, several devices and namespaces, `--autostop duration:…`, signals and `--on-rotate` go
 * with either. What is not a packet's block is always written here, with the file back: a port is described before its
 * first packet, counters are told every ten seconds and at the end, SIGHUP begins a new file.
 */
export function mayLend(alone: boolean, watched: boolean, source: CaptureSource, writer: CaptureWriter): boolean {
  return alone && !watched && source.lend !== undefined && writer.lend !== undefined;
}

/** One file, now here, now lent to the source. */
export class Lending {
  /** Resolves when the file that is out comes back. */
  private out: Promise<void> | undefined;
  private returned: FileReturned | undefined;

  constructor(
    private readonly source: CaptureSource,
    private readonly writer: CaptureWriter,
  ) {}
  /** Lends the file, unless it is out. */
  async lend(): Promise<void> {
    if (this.out !== undefined) return;
    const file = await this.writer.lend!();
    if (file === undefined) return;
    this.out = this.source.lend!(file).then((returned) => {
      this.returned = returned;
    });
  }
  /** Takes note of a file that came back by itself. Throws what kept the source from writing on. */
  settle(): void {
    const { returned } = this;
    if (returned === undefined) return;
    this.returned = undefined;
    this.out = undefined;
    this.writer.takeBack!(returned);
  }
  /** Asks for the file, and waits for it. */
  async recall(): Promise<void> {
    if (this.out === undefined) return;
    if (this.returned === undefined) this.source.recall!();
    await this.out;
    this.settle();
  }
}
