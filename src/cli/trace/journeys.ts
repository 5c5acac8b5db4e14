import { existsSync, statSync } from 'node:fs';
import { Text } from '../../bytes/text.ts';
import { ToolError } from '../../error.ts';
import { openOutput, standardOutput } from '../../format/destination.ts';
import type { Output } from '../../format/output.ts';
import { displayed } from '../../format/shell.ts';
import type { Journey } from '../../trace/journey.ts';
import { JourneyWriter, type JourneyWriterOptions } from '../../trace/journey-writer.ts';
import { type JsonOptions, putJson } from '../../trace/json.ts';
import { block, compact, type NameOf } from '../../trace/text.ts';

/** Text is handed on at this size, in bytes. */
const FULL = 1 << 17;

/** How journeys are shown. */
export interface ShowFlags {
  readonly dropped?: boolean;
  readonly c?: number;
  readonly compact?: boolean;
  readonly T?: 'text' | 'json';
  readonly w?: string;
  /** The file that they come from, if they do. */
  readonly r?: string;
  readonly force?: boolean;
  readonly print?: boolean;
}
/** Where journeys go: to the standard output, to a file, or to both. */
export class JourneySink {
  private readonly output: Output = standardOutput();
  private readonly bytes = new Text();
  /** How many are wanted yet. */
  left: number;

  private constructor(
    private readonly flags: ShowFlags,
    private readonly writer: JourneyWriter | undefined,
  ) {
    this.left = flags.c ?? Number.POSITIVE_INFINITY;
  }
  static async open(flags: ShowFlags, options: JourneyWriterOptions): Promise<JourneySink> {
    const { w: path, force, print } = flags;
    if (path === undefined) return new JourneySink(flags, undefined);
    if (path === '-' && print === true)
      throw new ToolError('usage', 'packets and text cannot both go to the standard output', '-w FILE');
    if (force !== true && existsSync(path) && statSync(path).isFile())
      throw new ToolError('file-exists', `${displayed(path)} is there already`, 'another name, or --force');
    return new JourneySink(flags, new JourneyWriter(await openOutput(path, flags.r), options));
  }
  async take(journeys: readonly Journey[], nameOf: NameOf, epoch: bigint): Promise<void> {
    const { dropped, print } = this.flags;
    const wanted = journeys
      .filter(({ ending }) => dropped !== true || ending.outcome === 'dropped')
      .slice(0, this.left);
    if (wanted.length === 0) return;
    this.left -= wanted.length;
    await this.writer?.write(wanted);
    if (this.writer !== undefined && print !== true) return;
    if (this.flags.T === 'json') await this.writeJson(wanted, { nameOf, epoch });
    else await this.writeText(wanted, nameOf);
  }
  private async writeJson(journeys: readonly Journey[], options: JsonOptions): Promise<void> {
    const { bytes } = this;
    for (const journey of journeys) {
      putJson(bytes, journey, options);
      if (bytes.at > FULL) await this.flush();
    }
    await this.flush();
  }
  private async flush(): Promise<void> {
    const { bytes, output } = this;
    output.borrow(bytes.bytes, 0, bytes.at);
    await output.flush();
    bytes.rewind();
  }
  private async writeText(journeys: readonly Journey[], nameOf: NameOf): Promise<void> {
    const lines = this.flags.compact === true ? compact : block;
    // Names of devices, programs and rules may hold anything; the line feeds are ours.
    const text = (journey: Journey) => lines(journey, nameOf).split('\n').map(displayed).join('\n');
    const bytes = Buffer.from(journeys.map(text).join(''));
    this.output.borrow(bytes, 0, bytes.length);
    await this.output.flush();
  }
  async end(): Promise<void> {
    await this.writer?.end();
  }
}
