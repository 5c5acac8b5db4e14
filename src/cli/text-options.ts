import { ToolError } from '../error.ts';
import type { TextOptions } from '../sink/text.ts';
import { TIME } from '../sink/time.ts';
import type { OptionSpec } from './command.ts';

/** The options that change what a line says: tcpdump's, for every command that prints lines. */
export const TEXT_OPTIONS: readonly OptionSpec[] = [
  { flags: '-#, --number', about: 'number the packets' },
  { flags: '-e', about: 'print the link-level header, too' },
  {
    flags: '-t',
    about:
      'no time; -tt seconds since 1970; -ttt since the line before; -tttt date and time; -ttttt since the first line',
    counted: true,
  },
  { flags: '-q', about: 'shorter lines', counted: true },
  { flags: '-v, --verbose', about: 'say more; up to -vvv', counted: true },
  { flags: '-S, --absolute-tcp-sequence-numbers', about: "TCP's own numbers instead of relative ones" },
  { flags: '-K, --dont-verify-checksums', about: 'do not verify checksums' },
  { flags: '-x', about: 'packet bytes in hexadecimal; -xx with the link-level header', counted: true },
  { flags: '-X', about: 'packet bytes in hexadecimal and as text; -XX with the link-level header', counted: true },
  { flags: '-A', about: 'packet bytes as text; -AA with the link-level header', counted: true },
  { flags: '--nano', about: 'nine digits of a second' },
  { flags: '--micro', about: 'six digits of a second' },
  { flags: '--time-stamp-precision <precision>', about: 'micro or nano', choices: ['micro', 'nano'] },
  { flags: '-n', about: 'names are never looked up', counted: true, silent: true },
  { flags: '-l', about: 'lines are never held back', silent: true },
  { flags: '-U, --packet-buffered', about: 'packets are never held back', silent: true },
];

/** What the arguments parser makes of {@link TEXT_OPTIONS}. */
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
