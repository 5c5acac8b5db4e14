import { type Literal, literal } from '../../bytes/text.ts';
import type { Place } from '../journey.ts';
import type { NameOf } from '../text.ts';
import { escaped, MOST_KNOWN } from './value.ts';

/** Places that packets were at, by hook, device and namespace. */
const places = new Map<string, Map<string, Map<string, Literal>>>();
let placesKnown = 0;
/** The members of a place, without the braces. */
export function placeText({ netns, device, hook }: Place, nameOf: NameOf): Literal {
  const name = nameOf(netns);
  const known = places.get(hook)?.get(device)?.get(name);
  if (known !== undefined) return known;
  if (++placesKnown > MOST_KNOWN) {
    places.clear();
    placesKnown = 1;
  }
  const made = literal(`"netns":${escaped(name)},"device":${escaped(device)},"hook":${escaped(hook)}`);
  const devices = entry(places, hook, () => new Map<string, Map<string, Literal>>());
  entry(devices, device, () => new Map<string, Literal>()).set(name, made);
  return made;
}
function entry<T>(map: Map<string, T>, key: string, make: () => T): T {
  const known = map.get(key) ?? make();
  map.set(key, known);
  return known;
}
