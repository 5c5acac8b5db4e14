import { type Literal, literal, Text } from '../bytes/text.ts';
import type { Frame } from './frame.ts';
import { NONE, type Protocol } from './protocol.ts';

const ETHERTYPE = literal('ethertype');
const DATA = literal('data');
const COLON = 0x3a;
const names = new WeakMap<Protocol, Literal>();
function nameOf(protocol: Protocol): Literal {
  let name = names.get(protocol);
  if (name === undefined) {
    name = literal(protocol.shownAs ?? protocol.name);
    names.set(protocol, name);
  }
  return name;
}

/**
 * Writes the names of a frame's layers, outermost first, as Wireshark's `frame.protocols` has them: between a layer that
 * tells an EtherType and what it carries stands `ethertype`, a payload that nobody reads is `data`, and what only
 * delimits messages is not named.
 */
export function writeChain(w: Text, frame: Frame): void {
  const { registry, depth } = frame;
  const { protocols } = registry;
  const start = w.at;
  const add = (name: Literal) => {
    if (w.at > start) w.char(COLON);
    w.put(name);
  };
  const rest = frame.restFrom;
  for (let d = 0; d < depth; d++) {
    const protocol = protocols[frame.layer[d]!]!;
    if (protocol.framing !== true) add(nameOf(protocol));
    const carries = d + 1 < depth || rest !== NONE;
    if (carries && protocol.tellsEtherType?.(frame, d) === true) add(ETHERTYPE);
  }
  if (rest !== NONE) add(DATA);
}
/** The same as a string. */
export function chain(frame: Frame): string {
  scratch.at = 0;
  writeChain(scratch, frame);
  return scratch.toString();
}
const scratch = new Text();
