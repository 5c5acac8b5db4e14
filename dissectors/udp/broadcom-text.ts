import type { Frame } from '../../src/dissect/frame.ts';
import type { Line } from '../../src/dissect/line.ts';
import { nothingOf } from '../announced.ts';
import { nameOf, say } from '../say.ts';

/**
 * The first of the ephemeral ports, which switches of Broadcom send copies of frames from: tcpdump takes whatever comes
 * from it for such a copy.
 */
export const BROADCOM = 49_152;
/** Ports that tcpdump looks for before that. */
const EARLIER: ReadonlySet<number> = new Set([
  ...[53, 67, 68, 69, 88, 123, 137, 138, 161, 162, 496, 500, 520, 521, 525, 546, 547, 646, 654, 698, 750, 921],
  ...[1645, 1646, 1700, 1701, 1812, 1813, 1985, 2103, 2104, 3456, 3503, 3799, 4500, 4567, 5353, 5359, 6696, 6697],
  ...[7000, 7001, 7002, 7003, 7004, 7005, 7006, 7007, 7008, 7009, 7500, 8231, 8500],
]);
export const isBroadcom = (source: number, destination: number): boolean =>
  source === BROADCOM && !EARLIER.has(destination);

const DIRECTIONS: Readonly<Record<number, string>> = { 1: 'unused', 2: 'egress', 3: 'ingress' };
const UNDECIDED = 4;
const KINDS: Readonly<Record<number, string>> = { [UNDECIDED]: 'undecided', 5: 'ipv4', 6: 'ipv6', 7: 'ethernet' };
const TAGS: Readonly<Record<number, string>> = { 1: 'single VLAN tag', 2: 'double VLAN tag', 3: 'untagged' };
const TAG = 4;
const COPIES: Readonly<Record<number, string>> = { 5: 'ip', 6: 'ipv6', 7: 'eth' };
const VERSIONS: Readonly<Record<number, string>> = { 4: 'ip', 6: 'ipv6' };

const ETHERTYPES: Readonly<Record<string, number>> = { ip: 0x0800, ipv6: 0x86dd };

/** Four bytes in front of the copy, which follows with -v. */
export function broadcomText(w: Line, frame: Frame, d: number, at: number, length: number): void {
  w.label = 'bcm_li';
  if (length < TAG) {
    say(w, ' (length ', length, ' < ', TAG, ')');
    w.invalid();
    return;
  }
  const tag = w.u32(at);
  const kind = (tag >>> 25) & 0x0f;
  const indent = w.verbose > 0 ? '\n    ' : '';
  const direction = nameOf(DIRECTIONS, tag >>> 29, 'unknown');
  say(w, indent, 'BCM-LI-SHIM: direction ', direction, ', pkt-type ', nameOf(KINDS, kind, 'unknown'));
  say(w, ', pkt-subtype ', nameOf(TAGS, (tag >>> 22) & 7, 'unknown'), ', li-id ', tag & 0x3f_ffff, indent);
  if (w.verbose === 0) w.need(at + TAG, length - TAG);
  else copyText(w, frame, d, kind, at + TAG, length - TAG);
}
function copyText(w: Line, frame: Frame, d: number, kind: number, at: number, length: number): void {
  if (KINDS[kind] === undefined) {
    w.invalid();
    return;
  }
  const copied = kind === UNDECIDED ? VERSIONS[w.u8(at) >> 4] : COPIES[kind];
  if (copied === undefined) {
    w.str('unknown payload');
    return;
  }
  // Only here is it read so: fields and filters know the payload as what its port says.
  frame.endWith(d, at, at + length);
  frame.readAs(frame.registry.id(copied));
  if (w.next(frame, d) || nothingOf(w, ETHERTYPES[copied] ?? 0, at)) return;
  w.label = 'ether';
  w.trunc();
}
