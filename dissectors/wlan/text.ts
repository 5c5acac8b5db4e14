import type { Frame } from '../../src/dissect/frame.ts';
import type { Line } from '../../src/dissect/line.ts';
import { isPadded } from '../radiotap/below.ts';
import { DATA, FLAG, headerSize, subtypeOf, TYPE, typeOf } from './header.ts';
import { controlText, headerText } from './header-text.ts';
import { managementText } from './management-text.ts';
import { protectedText } from './protected-text.ts';

/** tcpdump's text of 802.11. The checksum at the end, where there is one, is outside of what the layer claims. */
export function wlanText(w: Line, frame: Frame, d: number): void {
  const outer = w.limit;
  w.limit = Math.min(outer, frame.claim[d]!);
  frameText(w, frame, d);
  w.limit = outer;
}
function frameText(w: Line, frame: Frame, d: number): void {
  const at = frame.from[d]!;
  w.label = '802.11';
  w.linkHeader = frame.end - frame.start;
  if (!w.has(at, 2)) {
    w.trunc();
    return;
  }
  const control = w.u8(at) | (w.u8(at + 1) << 8);
  const type = typeOf(control);
  const size = headerSize(control);
  if (size === 0) {
    w.linkHeader = at - frame.start;
    if (type === TYPE.control) w.str(`unknown 802.11 ctrl frame subtype (${subtypeOf(control)})`);
    else w.str(`unknown 802.11 frame type (${type})`);
    return;
  }
  const body = at + (isPadded(frame, d) ? (size + 3) & ~3 : size);
  w.linkHeader = body - frame.start;
  if (w.limit < body) {
    w.trunc();
    return;
  }
  if (w.link) headerText(w, at, control);
  let whole = true;
  if (type === TYPE.management) whole = managementText(w, frame, d, control, body);
  else if (type === TYPE.control) whole = controlText(w, at, control);
  else if ((subtypeOf(control) & DATA.nothing) === 0) whole = dataText(w, frame, d, control, body);
  if (!whole) w.trunc();
}
function dataText(w: Line, frame: Frame, d: number, control: number, body: number): boolean {
  if ((control & FLAG.protected) !== 0) {
    w.str('Data');
    return protectedText(w, body);
  }
  if (!w.next(frame, d)) {
    w.label = 'llc';
    if (w.limit - body < 3) w.trunc();
    if (w.dumps) w.hexDump(body, w.limit, true);
  }
  return true;
}
