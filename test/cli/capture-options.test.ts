import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { optionsFor } from '../../src/cli/capture/options.ts';
import { commandLine, criteria } from '../../src/cli/capture/values.ts';
import { command } from '../../src/cli/capture.ts';
import { runCommand } from '../../src/cli/command.ts';
import { built } from '../live/program.ts';
import { project } from '../support/project.ts';

/** The options of tcpdump 4.99.3 and of the version after it, long and short. */
const TCPDUMP = `
  -A -b -B --buffer-size -c --count -C -d -D --list-interfaces --list-remote-interfaces -e -E -f -F -g --ip-oneline -G -h
  --help -H -i --interface -I --monitor-mode --immediate-mode -j --time-stamp-type -J --list-time-stamp-types
  --time-stamp-precision --micro --nano -K --dont-verify-checksums -l -L --list-data-link-types --lengths -m -M -n -N -#
  --number -O --no-optimize -p --no-promiscuous-mode --print --print-sampling -Q --direction -q -r -S
  --absolute-tcp-sequence-numbers -s --snapshot-length --skip -T -t -u -U --packet-buffered -v -V -w -W -x -X -y --linktype
  -Y --debug-filter-parser -z -Z --relinquish-privileges --version --fp-type -a`
  .trim()
  .split(/\s+/);

const flagsOf = (flags: string) => flags.split(' <')[0]!.split(', ');
const hooktap = (...args: string[]) =>
  spawnSync(process.execPath, [join(project, 'dist', 'hooktap.cjs'), 'capture', ...args], { encoding: 'utf8' });

/** The error that the arguments lead to, as it is printed. */
async function errorOf(...args: string[]): Promise<string> {
  const error = await runCommand(command, args).then(
    () => new Error('it ran'),
    (thrown: Error & { hint?: string }) => thrown,
  );
  return `${error.message}\n  try: ${(error as { hint?: string }).hint}`;
}

describe('every option of tcpdump', () => {
  beforeAll(built);
  test('is there, or is refused', () => {
    const known = new Set(optionsFor([]).flatMap(({ flags }) => flagsOf(flags)));
    const parserKnows = new Set(['-h', '--help']);
    expect(TCPDUMP.filter((option) => !known.has(option) && !parserKnows.has(option))).toEqual([]);
  });
  const refused = optionsFor([]).filter(({ instead }) => instead !== undefined);
  test.each(refused.flatMap((row) => flagsOf(row.flags).map((flag) => [flag, row] as const)))(
    '%s is refused, with the reason and the replacement',
    async (flag, row) => {
      const error = await errorOf(flag, ...(row.flags.includes('<') ? ['something'] : []));
      expect(error).toBe(`${row.flags}: ${row.about}\n  try: ${row.instead}`);
    },
  );
  test('a refusal is wrong usage', () => {
    const { status, stderr } = hooktap('-z', 'gzip');
    expect(stderr).toMatch(/^hooktap: -z <command>: .*\n {2}try: --on-rotate 'COMMAND ARGUMENTS'\n$/);
    expect(status).toBe(2);
  });
  test('those that show something and leave do so', () => {
    expect(hooktap('--version').stdout).toMatch(/^hooktap \d+\.\d+\.\d+/);
    expect(hooktap('-J').stdout).toBe('host (Host)\n');
    expect(hooktap('-ddd', 'icmp').stdout).toMatch(/^6\n40 0 0 12\n/);
    expect(hooktap('-d', '-O', 'icmp').stdout).toContain('(000) ldh');
    expect(hooktap('-h').stdout).toContain('--autostop');
    expect(hooktap('-h').stdout).not.toContain('--fp-type');
  });
  test.each<[string[], RegExp]>([
    [['-C', '1'], /-C needs a file to write\n {2}try: -w FILE/],
    [['--on-rotate', 'gzip'], /--on-rotate needs a file/],
    [['-w', '-', '-C', '1'], /standard output is not a series of files/],
    [['-w', 'x', '-G', '60'], /-G would overwrite x every 60 seconds\n {2}try: -w 'trace-%Y/],
    [['-w', 'x', '--ring', 'files:3'], /--ring has to know when a file is complete/],
    [['-w', 'x', '--ring', 'filesize:3', '-C', '1'], /--ring names its files in another way/],
    [['-w', 'x', '--autostop', 'files:3'], /there is one only/],
    [
      ['--autostop', 'packets'],
      /expected duration:NUMBER, files:NUMBER, filesize:NUMBER, packets:NUMBER, not "packets"/,
    ],
    [['-j', 'adapter'], /Allowed choices are host/],
    [['-Z', 'nobody-of-that-name'], /there is no user "nobody-of-that-name"/],
  ])('%j makes no sense', async (args, text) => {
    expect(await errorOf('-i', 'lo', ...args)).toMatch(text);
  });
});

describe('values of options', () => {
  test('criteria', () => {
    const read = criteria(['duration', 'files']);
    expect(read('files:5,duration:0.5')).toEqual({ files: 5, duration: 0.5 });
    for (const wrong of ['files:0.5', 'files:', 'files', 'filesize:5', 'files:-1', ''])
      expect(() => read(wrong)).toThrow();
  });
  test('a command is split as a shell would, and nothing else is done to it', () => {
    expect(commandLine(`gzip -9 'a b' "c \\" d" e\\ f $HOME * ; rm`)).toEqual([
      'gzip',
      '-9',
      'a b',
      'c " d',
      'e f',
      '$HOME',
      '*',
      ';',
      'rm',
    ]);
    expect(commandLine(`''`)).toEqual(['']);
    expect(() => commandLine(`gzip 'a`)).toThrow('a quote is not closed');
    expect(() => commandLine('  ')).toThrow('expected a command');
  });
});
