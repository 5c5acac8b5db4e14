import { spawn } from 'node:child_process';
import { ToolError } from '../../error.ts';
import { DumpcapNames, TcpdumpNames } from '../../format/file-names.ts';
import { displayed } from '../../format/shell.ts';
import type { FileFormat } from '../../format/writer.ts';
import { strftime } from '../../linux/calendar.ts';
import { CopySink } from '../../sink/copy.ts';
import type { Limits, Rotation } from '../../sink/rotation.ts';
import type { CaptureOptions, Criteria } from './options.ts';

/** Units of -C, and of dumpcap's sizes. */
const MEGABYTE = 1_000_000;
const KILOBYTE = 1000;

/** The files that `-w` and its companions ask for. */
export function fileSink(options: CaptureOptions, format: FileFormat, notice: (text: string) => void): CopySink {
  const { w: path, onRotate } = options;
  if (path === undefined) throw new ToolError('usage', `${lonely(options)} needs a file to write`, '-w FILE');
  const rotation = rotationOf(path, options);
  if (path === '-' && (rotation !== undefined || onRotate !== undefined))
    throw new ToolError('usage', 'the standard output is not a series of files', '-w FILE');
  const finished = onRotate === undefined ? undefined : (file: string) => handOver(onRotate, file, notice);
  const alone = isAlone(options);
  return new CopySink({ path, format, force: options.force === true, rotation, finished, notice, alone });
}
/** Is the file all that becomes of the packets? Nobody sees them, picks among them, or counts them to an end. */
function isAlone({ print, displayFilter, c, autostop }: CaptureOptions): boolean {
  return print !== true && displayFilter === undefined && (c ?? together(autostop).packets) === undefined;
}
/** The option that makes no sense without `-w`. */
function lonely({ C, G, W, ring, onRotate }: CaptureOptions): string | undefined {
  if (C !== undefined) return '-C';
  if (G !== undefined && G > 0) return '-G';
  if (W !== undefined) return '-W';
  if (ring.length > 0) return '--ring';
  return onRotate === undefined ? undefined : '--on-rotate';
}
export const wantsFiles = (options: CaptureOptions): boolean =>
  options.w !== undefined || lonely(options) !== undefined;

/** Several criteria of one option are one; the last of a name counts. */
export const together = <Name extends string>(given: readonly Criteria<Name>[]): Criteria<Name> =>
  Object.assign({}, ...given) as Criteria<Name>;

function rotationOf(path: string, options: CaptureOptions): Rotation | undefined {
  const stop = together(options.autostop);
  if (options.ring.length > 0) return ringOf(path, options, stop);
  const { C, G = 0, W } = options;
  if (C === undefined && G === 0) {
    if (stop.files !== undefined)
      throw new ToolError(
        'usage',
        '--autostop files:N counts files, and there is one only',
        '-C, -G or --ring with it',
      );
    if (stop.filesize === undefined) return undefined;
    const names = new TcpdumpNames(path, { numbered: false, force: options.force === true });
    return { names, limits: { lastBytes: stop.filesize * KILOBYTE } };
  }
  const force = options.force === true;
  if (G > 0 && C === undefined && !path.includes('%') && !force) {
    const why = `-G would overwrite ${displayed(path)} every ${G} seconds`;
    throw new ToolError('usage', why, `-w 'trace-%Y%m%d-%H%M%S.pcapng', or --force`);
  }
  const pattern = G > 0 ? strftime : undefined;
  const names = new TcpdumpNames(path, {
    numbered: C !== undefined,
    pattern,
    files: C === undefined ? undefined : W,
    force,
  });
  const files = least(stop.files, C === undefined ? W : undefined);
  const bytes = least(C === undefined ? undefined : C * MEGABYTE, lastFitting(stop.filesize));
  return { names, limits: { bytes, seconds: G > 0 ? G : undefined, files } };
}
function ringOf(path: string, options: CaptureOptions, stop: Criteria<'files' | 'filesize'>): Rotation {
  if (options.C !== undefined || (options.G ?? 0) > 0 || options.W !== undefined)
    throw new ToolError('usage', '--ring names its files in another way than -C, -G and -W', 'one or the other');
  const { files: kept, filesize, duration } = together(options.ring);
  const bytes = lastFitting(filesize ?? stop.filesize);
  if (bytes === undefined && duration === undefined)
    throw new ToolError('usage', '--ring has to know when a file is complete', '--ring files:5,filesize:10000');
  const names = new DumpcapNames(path, strftime, kept, options.force === true);
  const limits: Limits = { bytes, seconds: duration, punctual: true, files: stop.files };
  return { names, limits };
}
/** dumpcap goes on when a file has the size; we when it is longer than this and there is another packet. */
const lastFitting = (kilobytes: number | undefined): number | undefined =>
  kilobytes === undefined ? undefined : kilobytes * KILOBYTE - 1;
function least(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}

/** Runs a program on a file, and does not wait for it. No shell sees the name. */
function handOver([program, ...args]: readonly string[], file: string, notice: (text: string) => void): void {
  // A name that begins with a dash would be taken for an option.
  const name = file.startsWith('-') ? `./${file}` : file;
  const child = spawn(program!, [...args, name], { stdio: ['ignore', 'ignore', 'inherit'] });
  const failed = (why: string) => notice(`--on-rotate: ${displayed(program!)} ${displayed(name)}: ${why}`);
  child.on('error', (error) => failed(error.message));
  child.on('exit', (code, signal) => {
    if (code !== 0) failed(signal === null ? `exit code ${code}` : `ended by ${signal}`);
  });
}
