/** Version 1 of Protocol Independent Multicast (draft-ietf-idmr-pim-spec), a message type of IGMP. */
import type { Line } from '../../src/dissect/line.ts';
import { durationText } from '../duration.ts';

const HEADER = 8;
const TYPES: Readonly<Record<number, string>> = {
  0: 'Query',
  1: 'Register',
  2: 'Register-Stop',
  3: 'Join/Prune',
  4: 'RP-reachable',
  5: 'Assert',
  6: 'Graft',
  7: 'Graft-ACK',
};
const MODES: Readonly<Record<number, string>> = { 0: 'Dense-mode', 1: 'Sparse-mode', 2: 'Sparse-Dense-mode' };
const ALL_ONES = 0xffff_ffff;

/** tcpdump's text of a message; IGMP's header are its first eight bytes. */
export function pimV1Text(w: Line, at: number, length: number): void {
  w.label = 'pimv1';
  const type = w.u8(at + 1);
  if (w.cut) return;
  w.char(0x20);
  w.named(TYPES, type, '[type %u]');
  if (!bodyText(w, at, length, type)) {
    w.trunc();
    return;
  }
  const version = w.u8(at + 4) >> 4;
  if (version === 1 || w.cut) return;
  w.str(' [v');
  w.dec(version);
  w.char(0x5d);
}
/** False: something was missing, and the line says no more. */
function bodyText(w: Line, at: number, length: number, type: number): boolean {
  const verbose = w.verbose > 0;
  if (type === 0) queryText(w, at);
  else if (type === 1) {
    if (!w.has(at + HEADER, 20)) return false;
    pairText(w, at + 20, at + 24);
  } else if (type === 2) pairText(w, at + 8, at + 12);
  else if (type === 4 && verbose) reachableText(w, at);
  else if (type === 5) assertText(w, at);
  else if ((type === 3 || type > 5) && type < 8 && verbose) {
    if (length < HEADER) return false;
    if (!joinText(w, at + HEADER, length - HEADER)) w.trunc();
  }
  return true;
}
function queryText(w: Line, at: number): void {
  if (w.has(at + HEADER, 1)) {
    w.char(0x20);
    w.named(MODES, w.u8(at + HEADER) >> 4, 'mode-%u');
  }
  if (w.verbose === 0) return;
  w.str(' (Hold-time ');
  durationText(w, w.u16(at + 10));
  w.char(0x29);
}
function pairText(w: Line, source: number, group: number): void {
  if (!w.need(source, 4) || !w.need(group, 4)) return;
  w.str(' for ');
  w.ipv4At(source);
  w.str(' > ');
  w.ipv4At(group);
}
/** A mask that covers the whole address is not shown. */
function maskText(w: Line, at: number): void {
  if (w.u32(at) === ALL_ONES || w.cut) return;
  w.char(0x2f);
  w.ipv4At(at);
}
function reachableText(w: Line, at: number): void {
  if (!w.need(at + 8, 4)) return;
  w.str(' group ');
  w.ipv4At(at + 8);
  maskText(w, at + 12);
  if (!w.need(at + 16, 4)) return;
  w.str(' RP ');
  w.ipv4At(at + 16);
  w.str(' hold ');
  durationText(w, w.u16(at + 22));
}
function assertText(w: Line, at: number): void {
  pairText(w, at + 16, at + 8);
  maskText(w, at + 12);
  if (!w.need(at + 20, 8)) return;
  const preference = w.u32(at + 20);
  w.str(preference > 0x7fff_ffff ? ' RP-tree pref ' : ' SPT pref ');
  w.dec(preference & 0x7fff_ffff);
  w.str(' metric ');
  w.dec(w.u32(at + 24));
}
/** Joins and prunes: on one line when it is a single source of a single group. False: something was missing. */
function joinText(w: Line, at: number, length: number): boolean {
  if (w.has(at, 30) && w.u8(at + 11) === 1 && w.u16(at + 20) + w.u16(at + 22) === 1) {
    singleText(w, at);
    return true;
  }
  if (length < 4) return false;
  const newLine = w.verbose > 1 ? '\n' : '';
  w.str(newLine);
  if (!w.need(at, 4)) return true;
  w.str(' Upstream Nbr: ');
  w.ipv4At(at);
  if (length < 8) return false;
  w.str(newLine);
  w.str(' Hold time: ');
  durationText(w, w.u16(at + 6));
  if (w.verbose < 2) return true;
  if (length < 12) return false;
  return groupsText(w, at + 12, at + length, w.u8(at + 11));
}
function singleText(w: Line, at: number): void {
  w.str(' RPF ');
  w.ipv4At(at);
  w.char(0x20);
  const hold = w.u16(at + 6);
  if (hold !== 180) {
    w.str('Hold ');
    durationText(w, hold);
  }
  w.str(w.u16(at + 20) > 0 ? 'Join (' : 'Prune (');
  w.ipv4At(at + 26);
  w.char(0x2f);
  const flags = w.u8(at + 25);
  w.dec(flags & 0x3f);
  w.str(', ');
  w.ipv4At(at + 12);
  maskText(w, at + 16);
  w.str((w.u8(at + 24) & 0x01) !== 0 ? ') Sparse' : ') Dense');
  w.str((flags & 0x80) !== 0 ? ' WC' : '');
  w.str((flags & 0x40) !== 0 ? ' RP' : ' SPT');
}
function groupsText(w: Line, from: number, end: number, groups: number): boolean {
  let at = from;
  for (let left = groups; left > 0 && !w.cut; left--) {
    if (end - at < 4) return false;
    if (!w.need(at, 4)) return true;
    w.str('\n\tGroup: ');
    w.ipv4At(at);
    if (end - at < 8) return false;
    maskText(w, at + 4);
    if (end - at < 12) return false;
    const joined = w.u16(at + 8);
    const pruned = w.u16(at + 10);
    if (w.cut) return true;
    w.str(' joined: ');
    w.dec(joined);
    w.str(' pruned: ');
    w.dec(pruned);
    at += 12;
    for (let i = 0; i < joined + pruned; i++, at += 6) {
      if (end - at < 6) return false;
      if (!w.need(at, 6)) return true;
      sourceText(w, at, i < joined);
    }
  }
  return true;
}
function sourceText(w: Line, at: number, join: boolean): void {
  const flags = w.u8(at + 1);
  w.str(join ? '\n\tJoin  ' : '\n\tPrune ');
  w.str((w.u8(at) & 0x01) !== 0 ? 'Sparse ' : 'Dense ');
  w.str((flags & 0x80) !== 0 ? 'WC ' : '');
  w.str((flags & 0x40) !== 0 ? 'RP ' : 'SPT ');
  w.ipv4At(at + 2);
  w.char(0x2f);
  w.dec(flags & 0x3f);
}
