/** tcpdump's text of the PIM messages that consist of addresses. */
import type { Line } from '../../src/dissect/line.ts';
import { durationText } from '../duration.ts';
import { hex, nameOf, say } from '../say.ts';
import { TYPE } from './header.ts';

/** Where reading goes on, and where the message claims to end. `size`: of addresses without a family in front (RFC 2117), or 0. */
export interface Reader {
  at: number;
  readonly end: number;
  readonly size: number;
}
type Kind = 'unicast' | 'group' | 'source';

/** An encoded address. False, and nothing written, when it is none. */
export function addressText(w: Line, r: Reader, kind: Kind): boolean {
  let { at } = r;
  let size = r.size;
  if (size === 0) {
    if (r.end - at < 2) return false;
    const family = w.u8(at);
    if (family < 1 || family > 2 || w.u8(at + 1) !== 0) return w.cut;
    size = family === 1 ? 4 : 16;
    at += 2;
  } else if (size !== 4 && size !== 16) return false;
  const head = kind === 'unicast' ? 0 : 2;
  if (r.end - at < size + head || !w.has(at, size + head)) return false;
  if (size === 4) w.ipv4At(at + head);
  else w.ipv6At(at + head);
  if (kind !== 'unicast') {
    const mask = w.u8(at + 1);
    if (mask !== size * 8) say(w, '/', mask);
    flagsText(w, w.u8(at), kind);
  }
  r.at = at + head + size;
  return true;
}
function flagsText(w: Line, flags: number, kind: Kind): void {
  if (flags === 0) return;
  if (kind === 'group') {
    say(w, '(0x', hex(flags, 2), ')');
    return;
  }
  say(w, '(', (flags & 4) !== 0 ? 'S' : '', (flags & 2) !== 0 ? 'W' : '', (flags & 1) !== 0 ? 'R' : '');
  if ((flags & 0xf8) !== 0) say(w, '+0x', hex(flags & 0xf8, 2));
  w.char(0x29);
}
function labelled(w: Line, label: string, r: Reader, kind: Kind): boolean {
  w.str(label);
  return addressText(w, r, kind);
}
const left = (r: Reader): number => r.end - r.at;
const durationAt = (w: Line, at: number): void => durationText(w, w.u16(at));

/** Writes a message; false when something was missing. */
type MessageText = (w: Line, r: Reader, subtype: number, type: number) => boolean;
const joins: MessageText = (w, r, _subtype, type) => {
  const acknowledges = type === TYPE.graftAck;
  if (!acknowledges && !labelled(w, ', upstream-neighbor: ', r, 'unicast')) return false;
  if (left(r) < 4 || !w.has(r.at, 4)) return false;
  const groups = w.u8(r.at + 1);
  const hold = w.u16(r.at + 2);
  say(w, '\n\t  ', groups, ' group(s)');
  if (!acknowledges) {
    w.str(', holdtime: ');
    if (hold === 0xffff) w.str('infinite');
    else durationText(w, hold);
  }
  r.at += 4;
  for (let i = 1; i <= groups && !w.cut; i++) {
    if (!labelled(w, `\n\t    group #${i}: `, r, 'group') || left(r) < 4 || !w.has(r.at, 4)) return false;
    const joined = w.u16(r.at);
    const pruned = w.u16(r.at + 2);
    say(w, ', joined sources: ', joined, ', pruned sources: ', pruned);
    r.at += 4;
    if (!sourcesText(w, r, 'joined', joined) || !sourcesText(w, r, 'pruned', pruned)) return false;
  }
  return true;
};
function sourcesText(w: Line, r: Reader, what: string, count: number): boolean {
  for (let i = 1; i <= count && !w.cut; i++)
    if (!labelled(w, `\n\t      ${what} source #${i}: `, r, 'source')) return false;
  return true;
}
const bootstrap: MessageText = (w, r) => {
  if (left(r) < 2) return false;
  say(w, ' tag=', hex(w.u16(r.at)));
  if (left(r) < 3) return false;
  say(w, ' hashmlen=', w.u8(r.at + 2));
  if (left(r) < 4 || !w.has(r.at + 4, 1)) return false;
  say(w, ' BSRprio=', w.u8(r.at + 3));
  r.at += 4;
  if (!labelled(w, ' BSR=', r, 'unicast')) return false;
  for (let i = 0; left(r) > 0 && !w.cut; i++) {
    if (!labelled(w, ` (group${i}: `, r, 'group') || !pointsText(w, r)) return false;
    w.char(0x29);
  }
  return true;
};
function pointsText(w: Line, r: Reader): boolean {
  if (left(r) < 1) return false;
  say(w, ' RPcnt=', w.u8(r.at));
  if (left(r) < 2) return false;
  const count = w.u8(r.at + 1);
  say(w, ' FRPcnt=', count);
  if (left(r) < 4) return false;
  r.at += 4;
  for (let i = 0; i < count && left(r) > 0 && !w.cut; i++) {
    if (!labelled(w, ` RP${i}=`, r, 'unicast') || left(r) < 2) return false;
    w.str(',holdtime=');
    durationAt(w, r.at);
    if (left(r) < 3) return false;
    say(w, ',prio=', w.u8(r.at + 2));
    if (left(r) < 4) return false;
    r.at += 4;
  }
  return true;
}
const assert: MessageText = (w, r) => {
  if (!labelled(w, ' group=', r, 'group') || !labelled(w, ' src=', r, 'unicast')) return false;
  if (left(r) < 8 || !w.has(r.at, 8)) return false;
  const preference = w.u32(r.at);
  say(w, preference > 0x7fff_ffff ? ' RPT' : '', ' pref=', preference & 0x7fff_ffff, ' metric=', w.u32(r.at + 4));
  return true;
};
const candidate: MessageText = (w, r) => {
  if (left(r) < 1) return false;
  const count = w.u8(r.at);
  say(w, ' prefix-cnt=', count);
  if (left(r) < 2) return false;
  say(w, ' prio=', w.u8(r.at + 1));
  if (left(r) < 4) return false;
  w.str(' holdtime=');
  durationAt(w, r.at + 2);
  r.at += 4;
  if (!labelled(w, ' RP=', r, 'unicast')) return false;
  for (let i = 0; i < count && left(r) > 0 && !w.cut; i++) if (!labelled(w, ` Group${i}=`, r, 'group')) return false;
  return true;
};
const stateRefresh: MessageText = (w, r) => {
  if (!labelled(w, ' src=', r, 'unicast') || !labelled(w, ' grp=', r, 'group')) return false;
  if (!labelled(w, ' forwarder=', r, 'unicast') || left(r) < 2) return false;
  w.str(' TUNR ');
  durationAt(w, r.at);
  return true;
};
const ELECTION: Readonly<Record<number, string>> = { 1: 'Offer', 2: 'Winner', 3: 'Backoff', 4: 'Pass' };
const election: MessageText = (w, r, subtype) => {
  say(w, '\n\t  ', nameOf(ELECTION, subtype, 'Unknown'), ',');
  if (!labelled(w, ' rpa=', r, 'unicast')) return false;
  say(w, ' sender pref=', w.u32(r.at));
  say(w, ' sender metric=', w.u32(r.at + 4));
  r.at += 8;
  if (subtype !== 3 && subtype !== 4) return true;
  const who = subtype === 3 ? 'offer' : 'new winner';
  if (!labelled(w, `\n\t  ${who} addr=`, r, 'unicast')) return false;
  say(w, ' ', who, ' pref=', w.u32(r.at));
  say(w, ' ', who, ' metric=', w.u32(r.at + 4));
  if (subtype === 3) say(w, ' interval ', w.u16(r.at + 8), 'ms');
  return true;
};
export const MESSAGES: Readonly<Record<number, MessageText>> = {
  [TYPE.registerStop]: (w, r) => labelled(w, ' group=', r, 'group') && labelled(w, ' source=', r, 'unicast'),
  [TYPE.joinPrune]: joins,
  [TYPE.bootstrap]: bootstrap,
  [TYPE.assert]: assert,
  [TYPE.graft]: joins,
  [TYPE.graftAck]: joins,
  [TYPE.candidate]: candidate,
  [TYPE.stateRefresh]: stateRefresh,
  [TYPE.election]: election,
};
