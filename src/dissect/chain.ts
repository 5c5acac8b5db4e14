import { type Literal, literal, Text } from '../bytes/text.ts';
import type { Frame } from './frame.ts';
import { NONE } from './protocol.ts';
import type { Registry } from './registry.ts';

const ETHERTYPE = literal('ethertype');
const DATA = literal('data');
const COLON = 0x3a;
const known = new WeakMap<Registry, readonly Literal[]>();
/** By protocol. */
function namesOf(registry: Registry): readonly Literal[] {
  let names = known.get(registry);
  if (names === undefined) {
    names = registry.protocols.map(({ name, shownAs }) => literal(shownAs ?? name));
    known.set(registry, names);
  }
  return names;
}

/**
 * Writes the names of a frame's layers, outermost first, as Wireshark's `frame.protocols` has them: between a layer that
 * tells an EtherType and what it carries stands `ethertype`, a payload that nobody reads is `data`, and what only
 * delimits messages is not named.
 */
export function writeChain(w: Text, frame: Frame): void {
  const { registry, depth } = frame;
  const { protocols } = registry;
  const names = namesOf(registry);
  const start = w.at;
  const rest = frame.restFrom;
  for (let d = 0; d < depth; d++) {
    const protocol = protocols[frame.layer[d]!]!;
    if (protocol.framing !== true) add(w, start, names[frame.layer[d]!]!);
    const carries = d + 1 < depth || rest !== NONE;
    if (carries && protocol.tellsEtherType?.(frame, d) === true) add(w, start, ETHERTYPE);
  }
  if (rest !== NONE) add(w, start, DATA);
}
function add(w: Text, start: number, name: Literal): void {
  if (w.at > start) w.char(COLON);
  w.put(name);
}
/** The same as a string. */
export function chain(frame: Frame): string {
  scratch.at = 0;
  writeChain(scratch, frame);
  return scratch.toString();
}
const scratch = new Text();
