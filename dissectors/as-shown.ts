import type { Kind } from '../src/bytes/kind.ts';
import { Text } from '../src/bytes/text.ts';

let scratch: Text | undefined;
/** A kind of which a filter's value has to be what is shown, since there is only one way to show it. */
export const asShown = (name: string, size: number, write: Kind['write']): Kind => ({
  name,
  size,
  write,
  parse: (text) => (bytes, from, to, base) => {
    scratch ??= new Text();
    scratch.at = 0;
    write(scratch, bytes, from, to, base);
    return scratch.toString() === text;
  },
});
