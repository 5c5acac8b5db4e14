import { Command, CommanderError, Option } from 'commander';
import { ToolError } from '../error.ts';
import { tell } from '../format/destination.ts';

/** One option of a command: a row of its table. Help, completion and docs are views of these rows. */
export interface OptionSpec {
  /** As shown: `-c, --count-of <n>`. */
  readonly flags: string;
  readonly about: string;
  /** How often it was given, for options such as `-vvv`. */
  readonly counted?: true;
  /** May be given several times: the values are collected. */
  readonly repeated?: true;
  /** Understands the value. Throws a RangeError that says what was expected. */
  readonly parse?: (value: string) => unknown;
  readonly choices?: readonly string[];
  /** Accepted for people's habits, without effect: not shown in help. */
  readonly silent?: true;
  /** Refused, for the reason that `about` tells: what to do instead. Not shown in help. */
  readonly instead?: string;
}
export interface CommandSpec {
  readonly name: string;
  /** `<file>`, `[name]`, `[words...]`. */
  readonly arguments: readonly (readonly [name: string, about: string])[];
  readonly about: string;
  /** Some letters mean another thing beside other options: then the table depends on what was given. */
  readonly options: readonly OptionSpec[] | ((argv: readonly string[]) => readonly OptionSpec[]);
  /** What may follow `--`, for commands that run another: its words come as the option `trailing`. */
  readonly trailing?: readonly [name: string, about: string];
  /** Shown under the options. */
  readonly examples: readonly (readonly [command: string, what: string])[];
  run(args: string[], options: Record<string, unknown>): Promise<number>;
}

/** Reads the arguments as the table says, and runs the command. Resolves to the exit code. */
export async function runCommand(spec: CommandSpec, argv: readonly string[]): Promise<number> {
  let exit: Promise<number> | undefined;
  const separator = spec.trailing === undefined ? -1 : argv.indexOf('--');
  const [own, trailing] = separator < 0 ? [argv, []] : [argv.slice(0, separator), argv.slice(separator + 1)];
  const command = new Command(`hooktap ${spec.name}`)
    .description(spec.about)
    .exitOverride()
    .configureOutput({ writeErr: () => {}, writeOut: tell })
    .helpOption('-h, --help', 'show this')
    .allowExcessArguments(false)
    .action((...given: unknown[]) => {
      const options = { ...(given[spec.arguments.length] as Record<string, unknown>), trailing };
      const args = given
        .slice(0, spec.arguments.length)
        .flat()
        .filter((a) => a !== undefined) as string[];
      exit = spec.run(args, options);
    });
  for (const [name, about] of spec.arguments) command.argument(name, about);
  const options = typeof spec.options === 'function' ? spec.options(argv) : spec.options;
  for (const row of options) command.addOption(optionOf(row));
  if (spec.trailing !== undefined) {
    const [name, about] = spec.trailing;
    command.usage(`[options] ${spec.arguments.map(([each]) => each).join(' ')} [-- ${name}...]`);
    command.addHelpText('after', `\n-- ${name}...  ${about}`);
  }
  if (spec.examples.length > 0) {
    const width = Math.max(...spec.examples.map(([line]) => line.length));
    const lines = spec.examples.map(([line, what]) => `  ${line.padEnd(width)}  ${what}`);
    command.addHelpText('after', `\nExamples:\n${lines.join('\n')}`);
  }
  try {
    await command.parseAsync(own as string[], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0;
      throw new ToolError('usage', error.message.replace(/^error: /, ''), `hooktap ${spec.name} --help`);
    }
    throw error;
  }
  return (await exit) ?? 0;
}
function optionOf(row: OptionSpec): Option {
  const option = new Option(row.flags, row.about);
  if (row.counted === true) option.default(0, 'none').argParser((_value, times: number) => times + 1);
  if (row.choices !== undefined) option.choices(row.choices);
  if (row.silent === true) option.hideHelp();
  if (row.instead !== undefined) {
    option.hideHelp().argParser(() => {
      throw new ToolError('usage', `${row.flags}: ${row.about}`, row.instead);
    });
  } else if (row.repeated === true)
    option.default([], 'none').argParser((value, before: readonly unknown[]) => [...before, understood(row, value)]);
  else if (row.parse !== undefined) option.argParser((value) => understood(row, value));
  return option;
}
function understood({ flags, parse }: OptionSpec, value: string): unknown {
  try {
    return parse === undefined ? value : parse(value);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ToolError('usage', `${flags}: ${error.message}`);
  }
}
/** A whole number of at least `least`. */
export const wholeNumber =
  (least: number) =>
  (text: string): number => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!(value >= least && Number.isSafeInteger(value)))
      throw new RangeError(`expected a whole number of at least ${least}, not "${text}"`);
    return value;
  };
