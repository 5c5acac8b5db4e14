import { existsSync, statSync } from 'node:fs';
import { ToolError } from '../../error.ts';
import { openOutput, standardOutput } from '../../format/destination.ts';
import type { Output } from '../../format/output.ts';
import { displayed } from '../../format/shell.ts';
import type { Journey } from '../../trace/journey.ts';
import { JourneyWriter, type JourneyWriterOptions } from '../../trace/journey-writer.ts';
import { json } from '../../trace/json.ts';
import { block, compact, type NameOf } from '../../trace/text.ts';

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
    for (const journey of wanted) {
      const bytes = Buffer.from(this.text(journey, nameOf, epoch));
      this.output.borrow(bytes, 0, bytes.length);
    }
    await this.output.flush();
  }
  private text(journey: Journey, nameOf: NameOf, epoch: bigint): string {
    const { T: format, compact: short } = this.flags;
    if (format === 'json') return json(journey, { nameOf, epoch });
    // Names of devices, programs and rules may hold anything; the line feeds are ours.
    return (short === true ? compact : block)(journey, nameOf).split('\n').map(displayed).join('\n');
  }
  async end(): Promise<void> {
    await this.writer?.end();
  }
}
