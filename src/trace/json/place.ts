import { type Literal, literal } from '../../bytes/text.ts';
import type { Place } from '../journey.ts';
import type { NameOf } from '../text.ts';
import { escaped, MOST_KNOWN } from './value.ts';

/** The places that were told last, by some of what they are called. */
const LAST = 512;
const last: ({ name: string; device: string; hook: string; made: Literal } | undefined)[] = new Array(LAST).fill(
  undefined,
);
/** The members of a place, without the braces. */
export function placeText({ netns, device, hook }: Place, nameOf: NameOf): Literal {
  const name = nameOf(netns);
  const code = hook.charCodeAt(0) + 3 * hook.length + 31 * device.length + 131 * device.charCodeAt(device.length - 1);
  const slot = (code + 17 * name.charCodeAt(name.length - 1)) & (LAST - 1);
  const known = last[slot];
  if (known !== undefined && known.hook === hook && known.device === device && known.name === name) return known.made;
  const made = madeOf(name, device, hook);
  last[slot] = { name, device, hook, made };
  return made;
}
/** Places that packets were at, by hook, device and namespace. */
const places = new Map<string, Map<string, Map<string, Literal>>>();
let placesKnown = 0;
function madeOf(name: string, device: string, hook: string): Literal {
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
