import type { OptionSpec } from '../command.ts';

const refused = (flags: string, why: string, instead: string): OptionSpec => ({ flags, about: why, instead });

/** tcpdump's options that are not for us: why, and what to do instead. */
export const REFUSED: readonly OptionSpec[] = [
  refused('-r <file>', 'files are read by a command of their own', 'hooktap read FILE'),
  refused('--count', 'a capture tells its counts at its end anyway', 'hooktap read --count FILE'),
  refused(
    '-z <command>',
    'it takes a program without arguments and runs it with the rights of the capture',
    "--on-rotate 'COMMAND ARGUMENTS'",
  ),
  refused(
    '-I, --monitor-mode',
    'the mode of a wireless device is set by its own tool',
    'iw dev DEVICE set type monitor',
  ),
  refused(
    '-E <secret>',
    'nothing is decrypted here',
    "write with -w, then: tshark -r FILE -o 'esp.enable_encryption_decode:TRUE'",
  ),
  refused('-M <secret>', "TCP's MD5 signatures are not verified", 'leave it out: the signature is printed with -v'),
  refused('-m <module>', 'no MIB modules are read: object identifiers are printed as numbers', 'snmptranslate OID'),
  refused('-H', 'the header of 802.11s drafts is not read', 'write with -w, then: tshark -r FILE'),
  refused('-b', 'AS numbers are printed as plain numbers', 'leave it out'),
  refused('-u', 'file handles of NFS are not decoded', 'leave it out'),
  refused('--debug-filter-parser', 'the parser of filters has nothing to show', '-d shows the program of a filter'),
  refused(
    '-g, --ip-oneline',
    'tcpdump 4.99.3, whose lines these are, does not have it',
    'without -v each packet is one line',
  ),
  refused(
    '--print-sampling <n>',
    'tcpdump 4.99.3, whose lines these are, does not have it',
    'hooktap capture … | awk "NR % 10 == 0"',
  ),
  refused(
    '--lengths',
    'tcpdump 4.99.3, whose lines these are, does not have it',
    '-e prints the length of each packet',
  ),
  refused(
    '--skip <count>',
    'tcpdump 4.99.3, whose lines these are, does not have it',
    'hooktap capture … | tail -n +11',
  ),
  refused('--fp-type', 'it prints how tcpdump was compiled', 'leave it out'),
  refused(
    '--list-remote-interfaces <source>',
    'nothing is captured over the network',
    'ssh HOST hooktap capture -w - | …',
  ),
];
