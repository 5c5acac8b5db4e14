import { readdirSync, statSync, unlinkSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { CaptureSource } from '../capture/source.ts';
import { ToolError } from '../error.ts';
import type { NextFile, Turn } from '../format/file-names.ts';
import { displayed } from '../format/shell.ts';
import { type CaptureWriter, type FileFormat, openWriter } from '../format/writer.ts';
import type { FrameBatch } from '../frame/batch.ts';
import { Lending, mayLend } from './lending.ts';
import { type Rotation, Turning } from './rotation.ts';
import { NEEDS, type Sink } from './sink.ts';

export interface CopyOptions {
  readonly path: string;
  readonly format: FileFormat;
  /** A file that is there may be overwritten. */
  readonly force: boolean;
  /** One file after the other. */
  readonly rotation?: Rotation | undefined;
  /** Told of each file of a rotation that is complete. */
  readonly finished?: ((path: string) => void) | undefined;
  /** Nobody but this sink wants the packets: the source may write them itself (see lending.ts). */
  readonly alone?: boolean;
  /** Told what a person should know. */
  readonly notice?: ((text: string) => void) | undefined;
}

/** How often a capture writes down its counters. */
const TELL_MS = 10_000;

/** Packets written to a file or a pipe, or to one file after the other, in a capture format. */
export class CopySink implements Sink {
  readonly needs = NEEDS.bytes;
  done = false;
  /** Of the file being written. */
  path = '';
  private source!: CaptureSource;
  private writer: CaptureWriter | undefined;
  private lending: Lending | undefined;
  private entered = false;
  private files = 0;
  private readonly turning: Turning;
  /** What the next flush begins a new file for, and the packet that it begins with. */
  private turn: Turn | undefined;
  /** When the counters were last written. */
  private told = Date.now();
  private turnAt: { batch: FrameBatch; i: number } | undefined;

  constructor(private readonly options: CopyOptions) {
    this.turning = new Turning(options.rotation?.limits ?? {});
  }
  async begin(source: CaptureSource): Promise<void> {
    this.source = source;
    if (!this.options.force) refuseTaken(this.options);
    await this.open('first', this.turning.begin());
  }
  private async open(turn: Turn, second: number): Promise<void> {
    const { rotation, format, force, notice, alone = false } = this.options;
    const next = rotation?.names.next(turn, second) ?? { path: this.options.path, replace: force && turn === 'first' };
    this.path = free(next);
    if (this.path !== next.path) notice?.(`${displayed(next.path)} is there already: writing ${displayed(this.path)}`);
    this.writer = await openWriter(this.path, format, this.source, 'hooktap');
    this.files++;
    // Whoever looks at the file before the first packet finds a capture file.
    if (this.source.format === 'live') await this.writer.flush();
    const lends = mayLend(alone, this.turning.watches, this.source, this.writer);
    this.lending = lends ? new Lending(this.source, this.writer) : undefined;
    await this.lending?.lend();
    const outlived = rotation?.names.outlived?.(this.path);
    if (outlived !== undefined) remove(outlived);
  }
  /** From now on packets go into a new file: with the next flush. */
  rotate(): void {
    this.turn ??= 'asked';
  }
  rows(batch: FrameBatch, from: number, to: number): number {
    const writer = this.writer!;
    // Also a batch of which nothing is written may hold what a copy keeps.
    if (!this.entered) writer.enter(batch);
    this.entered = true;
    if (this.turn !== undefined) return from;
    if (this.turning.watches) return this.watched(writer, batch, from, to);
    if (from < to) writer.writeRows(batch, from, to);
    return to;
  }
  private watched(writer: CaptureWriter, batch: FrameBatch, from: number, to: number): number {
    const { turning } = this;
    for (let i = from; i < to; i++) {
      this.turn = turning.before(writer, batch, i);
      if (this.turn !== undefined) {
        this.turnAt = { batch, i };
        return i;
      }
      writer.write(batch, i);
      if (turning.isFull(writer)) {
        this.done = true;
        return i + 1;
      }
    }
    return to;
  }
  async flush(): Promise<void> {
    this.entered = false;
    if (this.turning.isDue) this.turn ??= 'time';
    if (this.turn !== undefined) await this.next(this.turn);
    this.lending?.settle();
    if (Date.now() - this.told >= TELL_MS) await this.tell();
    await this.writer!.flush();
    await this.lending?.lend();
  }
  private async tell(): Promise<void> {
    this.told = Date.now();
    await this.lending?.recall();
    this.writer!.statistics?.();
  }
  private async next(turn: Turn): Promise<void> {
    const { turnAt } = this;
    this.turn = undefined;
    this.turnAt = undefined;
    if (this.turning.isLast(this.files)) {
      this.done = true;
      this.options.notice?.(`that was file ${this.files}, the last one`);
      return;
    }
    await this.finish();
    await this.open(turn, this.turning.begin(turnAt?.batch, turnAt?.i));
  }
  private async finish(): Promise<void> {
    const { writer } = this;
    this.writer = undefined;
    if (writer === undefined) return;
    try {
      await this.lending?.recall();
    } finally {
      await writer.end();
    }
    if (this.options.path !== '-') this.options.finished?.(this.path);
  }
  async end(): Promise<void> {
    await this.finish();
  }
}
/** A name that can be written to: its own, or the first with a number behind it that is not taken. */
function free({ path, replace }: NextFile): string {
  if (replace || !isFile(path)) return path;
  for (let n = 1; ; n++) if (statSync(`${path}.${n}`, { throwIfNoEntry: false }) === undefined) return `${path}.${n}`;
}
function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    // What is wrong with the name is told when it is opened.
    return false;
  }
}

/** A file that is there already, or one of the numbered ones that will come: better told now than in the night. */
function refuseTaken({ path, rotation }: CopyOptions): void {
  const taken = rotation?.names.numbered === true ? numbered(path) : isFile(path) ? path : undefined;
  if (taken === undefined) return;
  const message = `${displayed(taken)} is there already`;
  throw new ToolError('file-exists', message, 'another name, or --force to overwrite it');
}
function numbered(path: string): string | undefined {
  const name = basename(path);
  try {
    const found = readdirSync(dirname(path)).find(
      (each) => each.startsWith(name) && /^\d*$/.test(each.slice(name.length)),
    );
    return found === undefined ? undefined : `${dirname(path) === '.' ? '' : `${dirname(path)}/`}${found}`;
  } catch {
    // Opening the file tells what is wrong with the folder.
    return undefined;
  }
}
function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Somebody took it away: that is all we wanted.
  }
}
