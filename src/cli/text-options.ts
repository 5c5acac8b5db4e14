import { ToolError } from '../error.ts';
import type { TextOptions } from '../sink/text.ts';
import { TIME } from '../sink/time.ts';

/** What the arguments parser makes of the options for lines: see printing.ts. */
export interface TextFlags {
  readonly number?: boolean;
  readonly e?: boolean;
  readonly t: number;
  readonly q: number;
  readonly verbose: number;
  readonly absoluteTcpSequenceNumbers?: boolean;
  readonly dontVerifyChecksums?: boolean;
  readonly x: number;
  readonly X: number;
  readonly A: number;
  readonly nano?: boolean;
  readonly micro?: boolean;
  readonly timeStampPrecision?: string;
}

/** As the sink has them. */
export function textOptions(flags: TextFlags): TextOptions {
  if (flags.t > TIME.sinceFirst) throw new ToolError('usage', '-t can be given up to five times');
  return {
    link: flags.e === true,
    verbose: flags.verbose,
    quiet: flags.q,
    absolute: flags.absoluteTcpSequenceNumbers === true,
    checksums: flags.dontVerifyChecksums !== true,
    dumps: flags.q === 0 && flags.x === 0 && flags.X === 0,
    numbers: flags.number === true,
    time: flags.t,
    nanoseconds: flags.nano === true || flags.timeStampPrecision === 'nano',
    hex: flags.x,
    hexAscii: flags.X,
    ascii: flags.A,
  };
}
