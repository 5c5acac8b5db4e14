/** The Distance Vector Multicast Routing Protocol (RFC 1075, draft-ietf-idmr-dvmrp-v3), a message type of IGMP. */
import type { Line } from '../../src/dissect/line.ts';
import { durationText } from '../duration.ts';

const HEADER = 8;
const TYPES: Readonly<Record<number, string>> = {
  1: 'Probe',
  2: 'Report',
  3: 'Ask-neighbors(old)',
  4: 'Neighbors(old)',
  5: 'Ask-neighbors2',
  6: 'Neighbors2',
  7: 'Prune',
  8: 'Graft',
  9: 'Graft-ACK',
};
const NEIGHBOR_FLAGS = [
  [0x01, '/tunnel'],
  [0x02, '/srcrt'],
  [0x40, '/querier'],
  [0x20, '/disabled'],
  [0x10, '/down'],
] as const;

/** tcpdump's text of a message of at least eight bytes, of which IGMP's header are the first. */
export function dvmrpText(w: Line, start: number, length: number): void {
  w.label = 'dvmrp';
  const type = w.u8(start + 1);
  if (w.cut) return;
  w.char(0x20);
  w.named(TYPES, type, '[type %u]');
  const at = start + HEADER;
  const end = start + length;
  if (type === 1 && w.verbose > 0) probeText(w, at, end);
  else if (type === 2 && w.verbose > 1) routesText(w, at, end);
  else if (type === 4) neighborsText(w, at, end, false);
  else if (type === 6) {
    const version = w.u16(start + 6);
    if (w.cut) return;
    w.str(' (v ');
    w.dec(version & 0xff);
    w.char(0x2e);
    w.dec(version >> 8);
    w.str('):');
    neighborsText(w, at, end, true);
  } else if (type >= 7 && type <= 9) treeText(w, at, type === 7);
}
/** Prune, graft and its acknowledgment. */
function treeText(w: Line, at: number, prune: boolean): void {
  if (!w.need(at, 8)) return;
  w.str(' src ');
  w.ipv4At(at);
  w.str(' grp ');
  w.ipv4At(at + 4);
  if (!prune) return;
  w.str(' timer ');
  durationText(w, w.u32(at + 8));
}
function shortage(w: Line, before: string, left: number, least: string): void {
  w.str(before);
  w.dec(left);
  w.str(least);
  w.invalid();
}
function probeText(w: Line, from: number, end: number): void {
  if (end - from < 4) {
    shortage(w, ' [full length ', end - from, ' < 4]');
    return;
  }
  w.str(w.verbose > 1 ? '\n\t' : ' ');
  const generation = w.u32(from);
  w.str('genid ');
  w.dec(generation);
  if (w.verbose < 2) return;
  for (let at = from + 4; at < end && !w.cut; at += 4) {
    if (end - at < 4) {
      shortage(w, '[remaining length ', end - at, ' < 4]');
      return;
    }
    if (!w.need(at, 4)) return;
    w.str('\n\tneighbor ');
    w.ipv4At(at);
  }
}
/** Routes under a common mask: only the bytes that the mask covers are there. */
function routesText(w: Line, from: number, end: number): void {
  for (let at = from; at < end; ) {
    if (end - at < 3) {
      shortage(w, ' [length ', end - at, ' < 3]');
      return;
    }
    const mask = w.u24(at);
    if (w.cut) return;
    w.str('\n\tMask ');
    addressText(w, 0xff00_0000 + mask);
    const width = (mask & 0xff) !== 0 ? 4 : (mask & 0xff00) !== 0 ? 3 : mask !== 0 ? 2 : 1;
    at += 3;
    let last = false;
    while (!last) {
      if (end - at < width + 1) {
        w.str('\n\t  [Truncated Report]');
        w.invalid();
        return;
      }
      if (!w.need(at, width + 1)) return;
      let origin = 0;
      for (let i = 0; i < 4; i++) origin = origin * 256 + (i < width ? w.u8(at + i) : 0);
      const metric = w.u8(at + width);
      w.str('\n\t  ');
      addressText(w, origin);
      w.str(' metric ');
      w.dec(metric & 0x7f);
      last = metric > 0x7f;
      at += width + 1;
    }
  }
}
function addressText(w: Line, address: number): void {
  for (let shift = 24; shift >= 0; shift -= 8) {
    w.dec((address >>> shift) & 0xff);
    if (shift > 0) w.char(0x2e);
  }
}
/** The neighbors behind each local address; the newer form tells flags. */
function neighborsText(w: Line, from: number, end: number, flagged: boolean): void {
  const size = flagged ? 8 : 7;
  for (let at = from; at < end; ) {
    if (end - at < size) {
      shortage(w, ' [length ', end - at, flagged ? ' < 8]' : ' < 7]');
      return;
    }
    const local = at;
    if (!w.need(at, size)) return;
    let count = w.u8(at + size - 1);
    at += size;
    for (; count > 0 && (!flagged || at < end); count--, at += 4) {
      if (end - at < 4) {
        shortage(w, ' [length ', end - at, ' < 4]');
        return;
      }
      neighborText(w, local, at, flagged);
      if (w.cut) return;
    }
    if (count > 0) {
      w.str(' [invalid ncount]');
      w.invalid();
      return;
    }
  }
}
function neighborText(w: Line, local: number, at: number, flagged: boolean): void {
  w.str(' [');
  w.ipv4At(local);
  w.str(flagged ? ' -> ' : ' ->');
  if (!w.need(at, 4)) return;
  if (!flagged) w.char(0x20);
  w.ipv4At(at);
  w.str(flagged ? ' (' : ', (');
  w.dec(w.u8(local + 4));
  w.char(0x2f);
  w.dec(w.u8(local + 5));
  if (flagged) w.flags(NEIGHBOR_FLAGS, w.u8(local + 6), '', '');
  w.str(')]');
}
