import { statSync } from 'node:fs';
import type { CaptureSource } from '../capture/source.ts';
import { ToolError } from '../error.ts';
import { displayed } from '../format/shell.ts';
import { type CaptureWriter, type FileFormat, openWriter } from '../format/writer.ts';
import type { FrameBatch } from '../frame/batch.ts';
import { NEEDS, type Sink } from './sink.ts';

/** Packets written to a file or a pipe, in a capture format. */
export class CopySink implements Sink {
  readonly needs = NEEDS.bytes;
  private writer: CaptureWriter | undefined;
  private entered = false;

  /** `force`: a file that is there may be overwritten. */
  constructor(
    private readonly path: string,
    private readonly format: FileFormat,
    private readonly force: boolean,
  ) {}
  async begin(source: CaptureSource): Promise<void> {
    if (!this.force && statSync(this.path, { throwIfNoEntry: false })?.isFile())
      throw new ToolError(
        'file-exists',
        `${displayed(this.path)} is there already`,
        'another name, or --force to overwrite it',
      );
    this.writer = await openWriter(this.path, this.format, source, 'hooktap');
    // Whoever looks at the file before the first packet finds a capture file.
    if (source.format === 'live') await this.writer.flush();
  }
  rows(batch: FrameBatch, from: number, to: number): void {
    // Also a batch of which nothing is written may hold what a copy keeps.
    if (!this.entered) this.writer!.enter(batch);
    this.entered = true;
    if (from < to) this.writer!.writeRows(batch, from, to);
  }
  async flush(): Promise<void> {
    this.entered = false;
    await this.writer!.flush();
  }
  async end(): Promise<void> {
    await this.writer?.end();
  }
}
