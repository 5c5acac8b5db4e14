import type { Line } from '../../src/dissect/line.ts';
import { FAMILIES } from '../names/families.ts';
import { nameOf, say } from '../say.ts';
import { SUBFAMILIES } from './names.ts';

/** `AFI IPv4 (1), SAFI Unicast (1)`. */
export function familyText(w: Line, family: number, subfamily: number): void {
  say(w, 'AFI ', nameOf(FAMILIES, family, 'Unknown'), ' (', family, '), ');
  say(w, 'SAFI ', nameOf(SUBFAMILIES, subfamily, 'Unknown'), ' (', subfamily, ')');
}
