import type { Field } from '../../src/bytes/field.ts';
import type { Frame } from '../../src/dissect/frame.ts';
import type { Line } from '../../src/dissect/line.ts';
import { nothingOf } from '../announced.ts';
import { MAX_LENGTH } from '../eth.ts';
import { ETHERTYPES } from '../names/ethertypes.ts';

/** What both versions of the header have, in different places. */
export interface Cooked {
  readonly $size: number;
  readonly pkttype: Field;
  readonly halen: Field;
  readonly address: Field;
  readonly etype: Field;
  readonly ifindex: Field | undefined;
}
const DIRECTIONS = ['In', 'B', 'M', 'P', 'Out'] as const;
const VLAN = 0x8100;
const NOVELL = 1;
const LLC = 4;
/** Other tags, jumbo frames, MACsec and Arista's header: tcpdump reads them on Ethernet only. */
const ETHERNET_ONLY: ReadonlySet<number> = new Set([0x88a8, 0x9100, 0x9200, 0x8870, 0x88e5, 0xd28b]);

/** tcpdump's text of the layers from the cooked header up. */
export function cookedText(w: Line, frame: Frame, d: number, head: Cooked): void {
  const at = frame.from[d]!;
  const { ifindex } = head;
  w.label = ifindex === undefined ? 'sll' : 'sll2';
  if (!w.need(at, head.$size)) return;
  if (ifindex !== undefined) {
    w.str(w.device);
    w.char(0x20);
    w.str(direction(frame, at, head).padEnd(4));
  }
  if (w.link) headerText(w, frame, at, head, frame.claim[d]! - at);
  payloadText(w, frame, d, head);
}
const direction = (frame: Frame, at: number, head: Cooked): string =>
  DIRECTIONS[head.pkttype.read(frame.bytes, at)] ?? '?';

function headerText(w: Line, frame: Frame, at: number, head: Cooked, length: number): void {
  const { bytes } = frame;
  if (head.ifindex === undefined) w.str(`${direction(frame, at, head).padStart(3)} `);
  else {
    w.str('ifindex ');
    w.dec(head.ifindex.read(bytes, at));
    w.char(0x20);
  }
  if (head.halen.read(bytes, at) === 6) {
    w.mac(bytes, at + head.address.distance);
    w.char(0x20);
  }
  if (w.quiet > 0) return;
  const type = head.etype.read(bytes, at);
  if (type === NOVELL) w.str('802.3');
  else if (type === LLC) w.str('802.2');
  else {
    w.str('ethertype ');
    w.str(type > MAX_LENGTH ? (ETHERTYPES[type] ?? 'Unknown') : 'Unknown');
    w.str(' (0x');
    w.hexPadded(type, 4);
    w.char(0x29);
  }
  w.str(', length ');
  w.dec(length);
  w.str(': ');
}
function payloadText(w: Line, frame: Frame, d: number, head: Cooked): void {
  const at = frame.from[d]!;
  let type = head.etype.read(frame.bytes, at);
  let payload = at + head.$size;
  let layer = d;
  for (; type === VLAN; payload += 4, layer++) {
    if (!w.has(payload, 4)) {
      w.label = 'vlan';
      w.trunc();
      w.linkHeader = frame.end - frame.start;
      return;
    }
    if (w.link) tagText(w, w.u16(payload));
    type = w.u16(payload + 2);
    // Here a length can only mean what a length means on Ethernet.
    if (type <= MAX_LENGTH) type = LLC;
    if (w.quiet === 0) w.str(`ethertype ${ETHERTYPES[type] ?? 'Unknown'}, `);
  }
  w.linkHeader = payload - frame.start;
  if (!ETHERNET_ONLY.has(type) && (w.next(frame, layer) || nothingOf(w, type, payload))) return;
  if (type === LLC && !w.has(payload, 1)) {
    w.label = 'llc';
    w.trunc();
    return;
  }
  if (type > MAX_LENGTH && !w.link) headerText(w, frame, at, head, frame.claim[d]! - at - (payload - at - head.$size));
  w.unknownPayload(payload);
}
function tagText(w: Line, tag: number): void {
  w.str('vlan ');
  w.dec(tag & 0xfff);
  w.str(', p ');
  w.dec(tag >> 13);
  w.str((tag & 0x1000) !== 0 ? ', DEI, ' : ', ');
}
