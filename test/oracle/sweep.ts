import { allCaptures, type Capture, layersOf } from '../support/captures.ts';
import { FAULT } from '../support/in-process.ts';
import { splitPackets } from '../support/packets.ts';
import { type Printed, type Printer, tcpdump, uncompressed, withFolder } from '../support/run.ts';
import { allKnown, Comparison } from './comparison.ts';

export interface Question {
  /** Options after `-nn -#`. */
  readonly args: readonly string[];
  /** Only packets with this layer. */
  readonly protocol?: string | undefined;
  /** Only captures with this in their name. */
  readonly file?: string | undefined;
  /** Only one capture in so many. */
  readonly every?: number;
  /** Also packets with layers that are not registered. */
  readonly any?: boolean;
}

/** Compares what both programs print for every packet that hooktap claims to know. */
export async function sweep(question: Question, hooktap: Printer): Promise<Comparison> {
  const comparison = new Comparison();
  await withFolder(async (folder) => {
    for (const [i, capture] of allCaptures().entries()) {
      if (question.file !== undefined && !capture.name.includes(question.file)) continue;
      if (i % (question.every ?? 1) !== 0) continue;
      const wanted = wantedPackets(capture, question);
      if (wanted === undefined) comparison.excluded.set(capture.name, 'tshark refuses it');
      else if (wanted.length > 0) await compareFile(capture, question.args, wanted, folder, hooktap, comparison);
    }
  });
  return comparison;
}

type Wanted = { readonly packet: number; readonly layers: readonly string[] };
function wantedPackets(capture: Capture, question: Question): Wanted[] | undefined {
  return layersOf(capture.name)?.flatMap((layers, packet) => {
    const wanted =
      (question.protocol === undefined || layers.includes(question.protocol)) &&
      (question.any === true || allKnown(layers));
    return wanted ? [{ packet, layers }] : [];
  });
}

async function compareFile(
  capture: Capture,
  options: readonly string[],
  wanted: readonly Wanted[],
  folder: string,
  hooktap: Printer,
  comparison: Comparison,
): Promise<void> {
  const args = ['-nn', '-#', ...options];
  const path = uncompressed(capture, folder);
  const theirs = await tcpdump(path, args);
  if (theirs.out === '' && theirs.code !== 0) {
    comparison.excluded.set(capture.name, refusal(theirs));
    return;
  }
  const ours = await hooktap(path, args);
  const expected = splitPackets(theirs.out);
  const actual = splitPackets(ours.out);
  comparison.files++;
  if (expected.length !== actual.length)
    comparison.counts.push(`${capture.name}: ${expected.length - 1} in tcpdump, ${actual.length - 1} in hooktap`);
  if (ours.code === FAULT || (ours.code !== 0 && theirs.code === 0))
    comparison.failures.push(`${capture.name}: ${ours.err.trim()}`);
  for (const { packet, layers } of wanted) {
    const text = expected[packet];
    if (text !== undefined) comparison.packet(capture.name, packet, layers, text, actual[packet]);
  }
}
const refusal = ({ err }: Printed): string =>
  `tcpdump refuses it: ${err.trim().split('\n').at(-1)!.replace('tcpdump: ', '')}`;
