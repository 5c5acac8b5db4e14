import type { Wanted } from '../../capture/kernel-filter.ts';
import type { FileFormat } from '../../format/writer.ts';
import { type OptionSpec, wholeNumber } from '../command.ts';
import { DISPLAY_OPTION, type DisplayFlags, EXPRESSION_OPTIONS, type ExpressionFlags } from '../expression.ts';
import { type PrintingFlags, printingOptions, wantsFields } from '../printing.ts';
import { ADAPTERS, type AdapterName } from './adapter.ts';
import { REFUSED } from './refused.ts';
import { commandLine, criteria } from './values.ts';

/** What the arguments parser makes of {@link optionsFor}. */
export interface CaptureOptions extends PrintingFlags, ExpressionFlags, DisplayFlags {
  readonly interface: readonly string[];
  readonly netns: readonly string[];
  readonly adapter?: AdapterName;
  readonly c?: number;
  readonly snapshotLength?: number;
  readonly bufferSize?: number;
  readonly promiscuousMode?: boolean;
  readonly direction?: Wanted;
  readonly linktype?: string;
  readonly cooked?: boolean;
  readonly asOnWire?: boolean;
  readonly immediateMode?: boolean;
  readonly w?: string;
  readonly format?: FileFormat;
  readonly force?: boolean;
  readonly print?: boolean;
  readonly C?: number;
  readonly G?: number;
  readonly W?: number;
  readonly ring: readonly Criteria<'files' | 'filesize' | 'duration'>[];
  readonly autostop: readonly Criteria<'duration' | 'files' | 'filesize' | 'packets'>[];
  readonly onRotate?: readonly string[];
  readonly relinquishPrivileges?: string;
  readonly timeStampType?: string;
  readonly listTimeStampTypes?: boolean;
  readonly listInterfaces?: boolean;
  readonly listDataLinkTypes?: boolean;
  readonly version?: boolean;
}
export type Criteria<Name extends string> = Partial<Record<Name, number>>;

/** The options: what is printed decides what some letters mean. */
export const optionsFor = (argv: readonly string[]): readonly OptionSpec[] => [
  {
    flags: '-i, --interface <device>',
    about: "a device, a pattern such as 'veth*', several with commas between them, or any; may be repeated",
    repeated: true,
  },
  {
    flags: '--netns <name>',
    about: 'in a network namespace: its name, a process in it, or all; may be repeated',
    repeated: true,
  },
  {
    flags: '--adapter <name>',
    about:
      'how to capture: ring unless given; tap to be the far end of a tun or tap device, cap for libpcap by a package',
    choices: Object.keys(ADAPTERS),
  },
  { flags: '-c <count>', about: 'stop after so many packets', parse: wholeNumber(1) },
  { flags: '-s, --snapshot-length <bytes>', about: 'keep so much of each packet; 0: all of it', parse: wholeNumber(0) },
  { flags: '-B, --buffer-size <KiB>', about: 'how much the kernel may hold until we take it', parse: wholeNumber(1) },
  { flags: '-p, --no-promiscuous-mode', about: 'only packets that are meant for the device' },
  {
    flags: '-Q, --direction <direction>',
    about: 'packets coming in, going out, or both',
    choices: ['in', 'out', 'inout'],
  },
  DISPLAY_OPTION,
  ...EXPRESSION_OPTIONS,
  { flags: '-y, --linktype <type>', about: 'LINUX_SLL2 is --cooked; others must be what the device has' },
  { flags: '--cooked', about: "Linux's own header in place of each device's, so that all packets begin alike" },
  {
    flags: '--as-on-wire',
    about: 'split packets that the device is to split, and fill in checksums that it is to fill in',
  },
  { flags: '--immediate-mode', about: 'hand packets on at once, at the price of more work for each' },
  { flags: '-w <file>', about: 'write the packets to a file; - for standard output' },
  {
    flags: '--format <format>',
    about: 'what -w writes; pcapng unless the name ends in .pcap',
    choices: ['pcap', 'nspcap', 'pcapng'],
  },
  { flags: '--force', about: 'let -w overwrite files' },
  { flags: '--print', about: 'print the packets even with -w' },
  { flags: '-C <MB>', about: 'begin a new file after so many million bytes', parse: wholeNumber(1) },
  {
    flags: '-G <seconds>',
    about: 'begin a new file after so long; -w is a pattern as for strftime(3)',
    parse: wholeNumber(0),
  },
  {
    flags: '-W <files>',
    about: 'with -C go round over so many files, with -G stop after so many',
    parse: wholeNumber(1),
  },
  {
    flags: '--ring <criteria>',
    about: 'numbered files as of dumpcap: files:N kept, filesize:kB, duration:SECONDS; with commas, or repeated',
    parse: criteria(['files', 'filesize', 'duration']),
    repeated: true,
  },
  {
    flags: '--autostop <criteria>',
    about: 'stop after duration:SECONDS, files:N, filesize:kB, packets:N; with commas, or repeated',
    parse: criteria(['duration', 'files', 'filesize', 'packets']),
    repeated: true,
  },
  {
    flags: '--on-rotate <command>',
    about: 'run this for each file that is complete, with its name as the last argument; no shell is involved',
    parse: commandLine,
  },
  { flags: '-Z, --relinquish-privileges <user>', about: 'become this user once everything is open; root: remain root' },
  ...printingOptions(argv),
  { flags: '-D, --list-interfaces', about: 'show the devices and leave' },
  { flags: '-L, --list-data-link-types', about: 'show what packets of the device begin with and leave' },
  { flags: '-j, --time-stamp-type <type>', about: 'where times come from: host, the only one here', choices: ['host'] },
  { flags: '-J, --list-time-stamp-types', about: 'show where times may come from and leave' },
  { flags: '--version', about: 'show the version and leave' },
  { flags: '-f', about: 'names are never looked up', silent: true },
  { flags: '-N', about: 'names are never looked up', silent: true },
  { flags: '-a', about: 'without effect in tcpdump, too', silent: true },
  ...REFUSED.filter(({ flags }) => !(wantsFields(argv) && flags.startsWith('-E '))),
];
