import type { Frame } from '../../src/dissect/frame.ts';
import type { Line } from '../../src/dissect/line.ts';
import { innerEthernetText } from '../inner-ethernet.ts';
import { datagram } from '../udp.ts';

const SIZE = 8;
const OTV = 8472;

/** tcpdump's text of VXLAN and of the frame inside. */
export function vxlanText(w: Line, frame: Frame, d: number): void {
  const at = frame.from[d]!;
  const length = frame.claim[d]! - at;
  const headerText = isOtv(frame, d) ? otvHeaderText : vxlanHeaderText;
  if (headerText(w, at, length) && w.need(at, SIZE)) innerEthernetText(w, frame, d, at + SIZE, length - SIZE);
}
function vxlanHeaderText(w: Line, at: number, length: number): boolean {
  w.label = 'vxlan';
  w.str('VXLAN');
  if (length < SIZE) {
    w.invalid();
    return false;
  }
  const flags = w.u8(at);
  w.str((flags & 0x08) !== 0 ? ', flags [I] (0x' : ', flags [invalid] (0x');
  w.hex2(flags);
  w.str('), ');
  lastNumber(w, 'vni ', w.u24(at + 4));
  return true;
}
function lastNumber(w: Line, name: string, value: number): void {
  w.str(name);
  w.dec(value);
  w.char(0x0a);
}

/** Does the layer at depth `d` come from or go to the port that tcpdump takes for OTV's? */
function isOtv(frame: Frame, d: number): boolean {
  if (d === 0 || frame.layer[d - 1] !== frame.registry.id('udp')) return false;
  const at = frame.from[d - 1]!;
  return datagram.dstport.read(frame.bytes, at) === OTV || datagram.srcport.read(frame.bytes, at) === OTV;
}
/**
 * tcpdump reads what it finds on VXLAN's older port as Overlay Transport Virtualization (draft-hasmit-otv-04),
 * whose header has VXLAN's shape: what is reserved in one is the overlay in the other, and the VNI the instance.
 */
function otvHeaderText(w: Line, at: number, length: number): boolean {
  w.label = 'otv';
  w.str('OTV, ');
  if (length < SIZE) {
    w.str('[length ');
    w.dec(length);
    w.str(' < 8]');
    w.invalid();
    w.need(at, length);
    return false;
  }
  const flags = w.u8(at);
  w.str((flags & 0x08) !== 0 ? 'flags [I] (0x' : 'flags [.] (0x');
  w.hex2(flags);
  w.str('), ');
  const overlay = w.u24(at + 1);
  w.str('overlay ');
  w.dec(overlay);
  w.str(', ');
  lastNumber(w, 'instance ', w.u24(at + 4));
  return true;
}
