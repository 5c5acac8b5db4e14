import type { Frame } from '../../src/dissect/frame.ts';
import type { Line } from '../../src/dissect/line.ts';
import { nothingOf } from '../announced.ts';
import { BRIDGED } from '../gre/text.ts';
import { innerEthernetText } from '../inner-ethernet.ts';
import { ETHERTYPES } from '../names/ethertypes.ts';

const HEADER = 8;
const FLAGS = [
  [0x80, 'O'],
  [0x40, 'C'],
  [0x20, 'R1'],
  [0x10, 'R2'],
  [0x08, 'R3'],
  [0x04, 'R4'],
  [0x02, 'R5'],
  [0x01, 'R6'],
] as const;

/** tcpdump's text of Geneve and of what it carries. */
export function geneveText(w: Line, frame: Frame, d: number): void {
  const at = frame.from[d]!;
  const length = frame.claim[d]! - at;
  w.label = 'geneve';
  w.str('Geneve');
  if (length < HEADER) {
    w.str(` [length ${length} < 8]`);
    w.invalid();
    return;
  }
  if (!w.has(at, HEADER)) {
    w.trunc();
    return;
  }
  const first = w.u8(at);
  if (first >> 6 !== 0) {
    w.str(` ERROR: unknown-version ${first >> 6}`);
    return;
  }
  w.str(', Flags [');
  w.flags(FLAGS, w.u8(at + 1), 'none', '');
  w.str('], vni 0x');
  w.hex(w.u24(at + 4));
  const reserved = w.u8(at + 7);
  if (reserved !== 0) w.str(`, rsvd 0x${reserved.toString(16)}`);
  const type = w.u16(at + 2);
  if (w.link) w.str(`, proto ${ETHERTYPES[type] ?? 'unknown'} (0x${type.toString(16).padStart(4, '0')})`);
  const options = (first & 0x3f) * 4;
  const payload = at + HEADER + options;
  if (length - HEADER < options) w.str(` truncated-geneve - ${options - (length - HEADER)} bytes missing`);
  else if (!w.has(at + HEADER, options)) w.trunc();
  else {
    if (options > 0) optionsText(w, at + HEADER, options);
    w.str(w.verbose > 0 ? '\n\t' : ': ');
    payloadText(w, frame, d, type, payload);
  }
}
function payloadText(w: Line, frame: Frame, d: number, type: number, at: number): void {
  if (type === BRIDGED) innerEthernetText(w, frame, d, at, frame.claim[d]! - at);
  else if (!w.next(frame, d) && !nothingOf(w, type, at)) w.str(`geneve-proto-0x${type.toString(16)}`);
}
function optionsText(w: Line, from: number, length: number): void {
  w.str(', options [');
  if (w.verbose > 0) optionRows(w, from, length);
  else w.str(`${length} bytes`);
  w.char(0x5d);
}
function optionRows(w: Line, from: number, length: number): void {
  const end = from + length;
  for (let at = from; at < end; ) {
    if (at > from) w.str(', ');
    const ofClass = w.u16(at);
    const type = w.u8(at + 2);
    const size = 4 + (w.u8(at + 3) & 0x1f) * 4;
    const critical = type >= 0x80 ? '(C)' : '';
    w.str(`class ${className(ofClass)} (0x${ofClass.toString(16)}) type 0x${type.toString(16)}${critical} len ${size}`);
    if (at + size > end) {
      w.str(' [bad length]');
      return;
    }
    if (w.verbose > 1 && size > 4) {
      w.str(' data');
      for (let i = 4; i < size; i += 4) {
        w.char(0x20);
        w.hexPadded(w.u32(at + i), 8);
      }
    }
    at += size;
  }
}
/** IANA's registry "Geneve Option Class". */
function className(ofClass: number): string {
  if (ofClass <= 0x00ff) return 'Standard';
  return CLASSES[ofClass] ?? (ofClass >= 0xfff0 ? 'Experimental' : 'Unknown');
}
const CLASSES: Readonly<Record<number, string>> = {
  256: 'Linux',
  257: 'Open vSwitch',
  258: 'Open Virtual Networking (OVN)',
  259: 'In-band Network Telemetry (INT)',
  260: 'VMware',
};
