import { PLACE, STATUS } from '../linux/packet-ring.ts';
import type { Crate } from './crate.ts';
import type { Lane } from './lane.ts';
import { copy, SHAPE } from './transcribe.ts';

/** Both addresses, behind which a VLAN tag stands. */
const ADDRESSES = 12;
const TAG = 4;
const COOKED = 20;
const VLAN = 0x8100;

/**
 * Copies a packet whose beginning is not as it was: the kernel took the VLAN tag off, or Linux's header is wanted in place
 * of the device's own. Returns how long it became.
 */
export function rebuild(lane: Lane, crate: Crate, at: number, to: number): number {
  const w = at >>> 2;
  const { words } = lane;
  const kept = words[w + PLACE.captured]!;
  const headers = words[w + PLACE.headers]!;
  const from = at + (headers & 0xffff);
  if (lane.shape === SHAPE.cooked) {
    const made = cook(lane, crate, w, to);
    const gone = Math.min(Math.max((headers >>> 16) - (headers & 0xffff), 0), kept);
    copy(lane, from + gone, crate, to + made, kept - gone);
    return kept - gone + made;
  }
  if (lane.shape !== SHAPE.ethernet || kept < ADDRESSES) {
    copy(lane, from, crate, to, kept);
    return kept;
  }
  copy(lane, from, crate, to, ADDRESSES);
  crate.ints[(to + ADDRESSES) >>> 2] = swapped(tagProtocol(lane, w)) | (swapped(tag(lane, w)) << 16);
  copy(lane, from + ADDRESSES, crate, to + ADDRESSES + TAG, kept - ADDRESSES);
  return kept + TAG;
}
const tag = (lane: Lane, w: number): number => lane.words[w + PLACE.tag]! & 0xffff;
function tagProtocol({ words }: Lane, w: number): number {
  return (words[w + PLACE.status]! & STATUS.tagProtocolValid) !== 0 ? words[w + PLACE.tagProtocol]! & 0xffff : VLAN;
}
/** LINKTYPE_LINUX_SLL2: what the socket tells of a packet, and behind that its tag. Returns how long that is. */
function cook(lane: Lane, crate: Crate, w: number, to: number): number {
  const { words } = lane;
  const { ints, view } = crate;
  const protocol = words[w + PLACE.protocol]! >>> 16;
  const kinds = words[w + PLACE.kinds]!;
  const tagged = (words[w + PLACE.status]! & STATUS.tagValid) !== 0;
  const i = to >>> 2;
  ints[i] = tagged ? swapped(VLAN) : protocol;
  view.setUint32(to + 4, words[w + PLACE.device]!, false);
  // Type of the device, kind of the packet, length of the address: the latter two are bytes and stay.
  ints[i + 2] = swapped(kinds & 0xffff) | (kinds & 0xffff_0000);
  ints[i + 3] = words[w + PLACE.address]!;
  ints[i + 4] = words[w + PLACE.address + 1]!;
  if (!tagged) return COOKED;
  ints[i + 5] = swapped(tag(lane, w)) | (protocol << 16);
  return COOKED + TAG;
}
const swapped = (value: number): number => ((value & 0xff) << 8) | (value >>> 8);
