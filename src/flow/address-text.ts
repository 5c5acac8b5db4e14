import { Text } from '../bytes/text.ts';

const MAC = 6;
const IPV6 = 16;
const text = new Text();
// Nothing here is so long that the text's buffer must grow.
const written = Buffer.from(text.bytes.buffer);

/** An address of 4, 6 or 16 bytes as people write it: `192.0.2.1`, `02:00:00:00:00:01`, `2001:db8::1`. */
export function addressText(bytes: Uint8Array, at: number, size: number): string {
  text.at = 0;
  if (size === MAC) text.mac(bytes, at);
  else if (size === IPV6) text.ipv6(bytes, at);
  else text.ipv4(bytes, at);
  return written.toString('latin1', 0, text.at);
}
