import type { Frame } from '../src/dissect/frame.ts';
import type { Line } from '../src/dissect/line.ts';

/**
 * The Ethernet frame that the tunnel at depth `d` carries: it begins at `at`, and `length` bytes are claimed to be left
 * for it. Unlike a packet's own link layer it may lack them all.
 */
export function innerEthernetText(w: Line, frame: Frame, d: number, at: number, length: number): void {
  const captured = w.limit - at;
  w.label = 'ether';
  if (length < captured) {
    w.str('[length ');
    w.dec(length);
    w.str(' < caplen ');
    w.dec(captured);
    w.char(0x5d);
    w.invalid();
  } else if (!w.next(frame, d)) w.trunc();
}
