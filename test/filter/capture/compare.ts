import { CLASS, type Program } from '../../../src/filter/capture/bpf.ts';
import { type CaptureFilterOptions, compile, matcher } from '../../../src/filter/capture/compile.ts';
import { FilterError } from '../../../src/filter/capture/error.ts';
import { allCaptures } from '../../support/captures.ts';
import type { Random } from '../../support/random.ts';
import { Expressions } from './expressions.ts';
import type { Libpcap } from './libpcap.ts';
import { type Packet, packetsOf } from './packets.ts';
import { disagreement, packetsFor, run } from './wanted.ts';

/** Filters on which libpcap 1.10.3 and its later version differ, and we are with the later one, whose expectations we have. */
const CORRECTED: readonly { readonly words: RegExp; readonly why: string; readonly linkTypes?: readonly number[] }[] = [
  { words: /\bip multicast\b/, why: '1.10.3 takes 240.0.0.0/4 for multicast too' },
  { words: /\b(l1|l2|iih|lsp|snp|csnp|psnp|isis proto)\b/, why: '1.10.3 compares reserved bits of the PDU type' },
  { words: /\b(iso|clnp|esis|isis)\b/, why: '1.10.3 looks for the identifier one byte too early', linkTypes: [104] },
  { words: /\bbyte \d+ [&|]/, why: '1.10.3 forgets to load the byte' },
  { words: /./, why: '1.10.3 takes address families only in the byte order of the file', linkTypes: [0, 109] },
  { words: /./, why: '1.10.3 does not know these', linkTypes: [165, 281, 284] },
  { words: /./, why: '1.10.3 takes other protocol numbers and addresses of ARCNET', linkTypes: [7, 129] },
];

/** Packets of the captures by link type, so many of each capture. */
export async function packetsByLinkType(perCapture: number, every = 1): Promise<Map<number, Packet[]>> {
  const found = new Map<number, Packet[]>();
  for (const [i, capture] of allCaptures().entries()) {
    if (i % every !== 0) continue;
    for (const { linkType, packets } of await packetsOf(capture.path, perCapture)) {
      const list = found.get(linkType) ?? [];
      found.set(linkType, list);
      list.push(...packets);
    }
  }
  return found;
}

export interface Tally {
  /** Filters that both accept. */
  compared: number;
  agreed: number;
  refusedByBoth: number;
  /** We see that nothing can match, and say so; libpcap does not see it, and nothing matches. */
  rejecting: number;
  /** Filters on which only packets too short for them are judged differently. */
  tooShort: number;
  /** Left out because libpcap 1.10.3 is known to be wrong. */
  corrected: number;
  readonly failures: string[];
}

export interface Round {
  readonly linkType: number;
  readonly packets: readonly Packet[];
  readonly filters: number;
  /** Made-up packets for each filter, besides the real ones. */
  readonly madeUp: number;
}

/** Makes filters and compares our program with libpcap's, packet for packet. */
export function compareRound(pcap: Libpcap, random: Random, round: Round, tally: Tally): void {
  const { linkType, packets } = round;
  const make = new Expressions(random, linkType, packets);
  for (let i = 0; i < round.filters; i++) {
    const filter = make.filter();
    const theirs = pcap.compile(linkType, filter);
    const ours = attempt(filter, { linkType });
    if (CORRECTED.some(({ words, linkTypes }) => words.test(filter) && (linkTypes?.includes(linkType) ?? true))) {
      tally.corrected++;
    } else if ('refusal' in theirs) {
      if (typeof ours === 'string') tally.refusedByBoth++;
      else tally.failures.push(`only we accept ${linkType} \`${filter}\`: ${theirs.refusal}`);
    } else if (typeof ours === 'string' && ours.includes('rejects all') && rejectsAll(theirs.program, packets)) {
      tally.rejecting++;
    } else if (typeof ours === 'string') {
      tally.failures.push(`only libpcap accepts ${linkType} \`${filter}\`: ${ours}`);
    } else {
      tally.compared++;
      const made = packetsFor(theirs.program, random, round.madeUp);
      const wrong = disagreement(ours, theirs.program, [...packets, ...made]);
      if (wrong === undefined) tally.agreed++;
      else if (onlyTooShort(pcap, linkType, filter, ours, theirs.program, [...packets, ...made])) tally.tooShort++;
      else tally.failures.push(`${linkType} \`${filter}\`: ${wrong}`);
    }
  }
}

/**
 * Whether two programs differ only on packets that end before a byte that the filter, as it is written, looks at. Such a
 * packet is rejected there and then, unless an optimiser found that nothing depends on that byte, which is its business:
 * libpcap's versions differ in it too.
 */
function onlyTooShort(
  pcap: Libpcap,
  linkType: number,
  filter: string,
  ours: Program,
  theirs: Program,
  packets: readonly Packet[],
): boolean {
  const plain = pcap.compile(linkType, filter, false);
  if ('refusal' in plain) return false;
  // A load that fails returns 0 whatever the program says.
  const says = plain.program.map((step) => ((step.code & 7) === CLASS.ret && step.k === 0 ? { ...step, k: 1 } : step));
  const [mine, other, asWritten] = [matcher(ours), matcher(theirs), matcher(says)];
  return packets.every((packet) => run(mine, packet) === run(other, packet) || run(asWritten, packet) === 0);
}

function rejectsAll(program: Program, packets: readonly Packet[]): boolean {
  const match = matcher(program);
  return packets.every((packet) => run(match, packet) === 0);
}

/** Our program, or why we refuse; any other exception is a fault. */
export function attempt(filter: string, options: CaptureFilterOptions): ReturnType<typeof compile> | string {
  try {
    return compile(filter, options);
  } catch (error) {
    if (error instanceof FilterError) return error.reason;
    throw error;
  }
}
