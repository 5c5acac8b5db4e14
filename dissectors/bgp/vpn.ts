/** tcpdump's text of the routes of virtual private networks that are no prefixes. */
import type { Line } from '../../src/dissect/line.ts';
import { dotted, hex, nameOf, say } from '../say.ts';
import { distinguisher, prefixBytes } from './prefix.ts';

const RD = 8;
const MULTICAST: Readonly<Record<number, string>> = {
  1: 'Intra-AS I-PMSI',
  2: 'Inter-AS I-PMSI',
  3: 'S-PMSI',
  4: 'Intra-AS Segment-Leaf',
  5: 'Source-Active',
  6: 'Shared Tree Join',
  7: 'Source Tree Join',
};
/** RFC 6514 section 4. */
export function multicastText(w: Line, from: number, indent: string): number {
  const type = w.u8(from);
  const length = w.u8(from + 1);
  const at = from + 2;
  const head = `${indent}Route-Type: ${nameOf(MULTICAST, type, 'Unknown')} (${type}), length: ${length}`;
  const withAs = type === 2 || type === 6 || type === 7;
  if (type === 0 || type === 4 || type > 7) w.str(head);
  else if (!w.has(at, withAs ? RD + 4 : RD)) return -2;
  else if (type === 1) {
    if (!ipNeeded(w, at + RD, ((length - RD) * 8) >>> 0)) return 1;
    say(w, head, ', RD: ', distinguisher(w, at), ', Originator ');
    ipText(w, at + RD, ((length - RD) * 8) >>> 0);
  } else {
    say(w, head, ', RD: ', distinguisher(w, at));
    if (withAs) say(w, ', Source-AS ', w.u32(at + RD));
    if (type !== 2) {
      const pair = at + (withAs ? RD + 4 : RD);
      const size = pairText(w, pair);
      if (type === 3) originatorText(w, pair, (length - size) >>> 0);
    }
  }
  return length + 2;
}
/** tcpdump looks for the originator where the source and group begin. */
function originatorText(w: Line, at: number, size: number): void {
  if (!w.need(at, size)) return;
  w.str(', Originator ');
  ipText(w, at, (size * 8) >>> 0);
}
const ipNeeded = (w: Line, at: number, bits: number): boolean =>
  bits === 32 || bits === 128 ? w.need(at, bits / 8) : true;
function ipText(w: Line, at: number, bits: number): void {
  if (bits === 32) w.ipv4At(at);
  else if (bits === 128) w.ipv6At(at);
  else say(w, 'bogus address length ', bits);
}
/** A source and a group, each with its length in bits. Returns the size of what was there. */
function pairText(w: Line, from: number): number {
  let at = from;
  for (const name of [', Source ', ', Group ']) {
    const bits = w.u8(at);
    const size = bits >> 3;
    if (!w.has(at + 1, size)) return at - from;
    if (bits !== 0) {
      w.str(name);
      ipText(w, at + 1, bits);
    }
    at += 1 + size;
  }
  return at - from;
}

/** Text for tcpdump's buffer, which has room for so many characters and what ends them. */
class Bounded {
  text = '';
  private room = 164;
  get full(): boolean {
    return this.room === 0;
  }
  add(part: string): void {
    if (this.room === 0) return;
    this.text += part.slice(0, this.room - 1);
    this.room = part.length > this.room ? 0 : this.room - part.length;
  }
}
/** Layer 2 circuits (RFC 4761, RFC 6624). */
export function circuitText(w: Line, from: number, indent: string): number {
  const length = w.u16(from);
  const at = from + 2;
  if (length === 12) {
    if (!w.has(at, 12)) return -2;
    say(w, indent, 'RD: ', distinguisher(w, at), ', BGPNH: ', dotted(w, at + 8));
    return length + 2;
  }
  if (length <= 17 || !w.has(at, 15)) return -2;
  const out = new Bounded();
  out.add(
    `RD: ${distinguisher(w, at)}, CE-ID: ${w.u16(at + 8)}, Label-Block Offset: ${w.u16(at + 10)}, Label Base ${w.u24(at + 12) >> 4}`,
  );
  if (!circuitRecords(w, at + 15, length - 15, out)) return -2;
  say(w, indent, out.text);
  return length + 2;
}
/** What tcpdump makes of the records; it counts only their values. False when something was missing. */
function circuitRecords(w: Line, from: number, length: number, out: Bounded): boolean {
  let at = from;
  for (let left = length; left !== 0 && !w.cut; ) {
    if (left < 3) {
      out.add('\n\t\tran past the end');
      return true;
    }
    const type = w.u8(at);
    const bits = w.u16(at + 1);
    let size = Math.ceil(bits / 8);
    at += 3;
    if (type !== 1) {
      out.add(`\n\t\tunknown TLV #${type}, length: ${bits}`);
      if (left < size) {
        out.add(' (ran past the end)');
        return true;
      }
      left -= size;
      continue;
    }
    out.add(`\n\t\tcircuit status vector (${type}) length: ${bits}: 0x`);
    for (; size > 0; size--, left--) {
      if (left < 1) {
        out.add(' (ran past the end)');
        return true;
      }
      if (!w.has(at, 1)) return false;
      if (!out.full) out.add(hex(w.u8(at++), 2));
    }
  }
  return true;
}

/** RFC 4684 section 4: an autonomous system and a target, or a part of it. */
export function routeTargetText(w: Line, at: number, indent: string): number {
  const bits = w.u8(at);
  if (w.cut) return 1;
  if (bits === 0) {
    say(w, indent, 'default route target');
    return 1;
  }
  if (bits < 32 || bits > 96) {
    if (bits >= 32) w.need(at + 1, 4);
    say(w, indent, '(illegal prefix length)');
    return -1;
  }
  const system = w.u32(at + 1);
  const target = prefixBytes(w, at + 5, bits - 32, 8);
  say(w, indent, 'origin AS: ', system, ', ', targetName(target, bits - 32));
  return 5 + Math.ceil((bits - 32) / 8);
}
function targetName(target: Uint8Array, bits: number): string {
  if (bits === 0) return 'route-target: 0:0/0';
  const shown = [...target.subarray(0, Math.ceil(bits / 8))].map((byte) => hex(byte, 2));
  const pairs = shown.map((byte, i) => (i % 2 === 1 && i < shown.length - 1 ? `${byte} ` : byte)).join('');
  if (bits < 16) return `route-target: partial-type: (${pairs}/${bits})`;
  const number = (from: number, to: number) => target.subarray(from, to).reduce((sum, byte) => sum * 256 + byte, 0);
  const kind = number(0, 2);
  if (kind === 0x0002) return `route-target: ${number(2, 4)}:${number(4, 8)}/${bits} (${pairs})`;
  if (kind === 0x0102) return `route-target: ${target.subarray(2, 6).join('.')}:${number(6, 8)}/${bits} (${pairs})`;
  if (kind === 0x0202) return `route-target: ${number(2, 6)}:${number(6, 8)}/${bits} (${pairs})`;
  return `route target: unknown-type(${hex(kind, 4)}) (${pairs}/${bits})`;
}
