import { compileCaptureFilter } from '../../filter/capture/compile.ts';
import type { Journey } from '../../trace/journey.ts';
import { readJourneys } from '../../trace/journey-file.ts';
import type { NameOf } from '../../trace/text.ts';
import { JourneySink, type ShowFlags } from './journeys.ts';

interface FileFlags extends ShowFlags {
  readonly netns: readonly string[];
}
const ETHERNET = 1;

/** Shows the journeys of a file: those of which a packet matches at any step. */
export async function traceFile(path: string, expression: string, flags: FileFlags): Promise<number> {
  const matches = filterOf(expression);
  let sink: JourneySink | undefined;
  for await (const { journey, nameOf, epoch } of readJourneys(path)) {
    sink ??= await JourneySink.open(flags, { nameOf, epoch });
    if (matches(journey) && passes(journey, flags.netns, nameOf)) await sink.take([journey], nameOf, epoch);
    if (sink.left === 0) break;
  }
  await sink?.end();
  return 0;
}
function filterOf(expression: string): (journey: Journey) => boolean {
  if (expression === '') return () => true;
  const { matches } = compileCaptureFilter(expression, { linkType: ETHERNET });
  return ({ steps }) => steps.some(({ event: { bytes } }) => matches(bytes, 0, bytes.length, bytes.length) !== 0);
}
const passes = ({ steps }: Journey, names: readonly string[], nameOf: NameOf): boolean =>
  names.length === 0 || steps.some(({ netns }) => names.includes(nameOf(netns)));
