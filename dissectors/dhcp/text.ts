import type { Frame } from '../../src/dissect/frame.ts';
import type { Line } from '../../src/dissect/line.ts';
import { dhcp } from './fields.ts';
import { optionsText } from './options-text.ts';

const OPERATIONS = { 1: 'Request', 2: 'Reply' };
const ETHERNET = 1;
const SERVER = 44;
const FILE = 108;
const VENDOR = 236;
const OPTIONS_COOKIE = 0x63825363;
/** `CMU` and a zero: the area that Carnegie Mellon's clients had before there were options. */
const CMU_COOKIE = 0x434d5500;

/** tcpdump's text of a BOOTP or DHCP message. */
export function dhcpText(w: Line, frame: Frame, d: number): void {
  const at = frame.from[d]!;
  w.label = 'bootp';
  const operation = w.u8(at);
  w.str('BOOTP/DHCP, ');
  w.named(OPERATIONS, operation, 'unknown (0x%02x)');
  const type = w.value(dhcp['hw.type'], at);
  const isEthernet = type === ETHERNET && w.value(dhcp['hw.len'], at) === 6;
  if (w.cut) return;
  if (isEthernet && operation === 1 && w.need(at + dhcp['hw.mac_addr'].distance, 6)) {
    w.str(' from ');
    w.macAt(at + dhcp['hw.mac_addr'].distance);
  }
  w.str(', length ');
  w.dec(frame.claim[d]! - at);
  if (w.verbose === 0) return;
  if (!w.has(at + dhcp.secs.distance, dhcp.secs.size)) {
    w.trunc();
    return;
  }
  headerText(w, at, type, isEthernet);
  if (w.cut || !nameText(w, '\n\t  sname "', at + SERVER, FILE - SERVER)) return;
  if (!nameText(w, '\n\t  file "', at + FILE, VENDOR - FILE)) return;
  if (!w.has(at + VENDOR, 4)) {
    w.trunc();
    return;
  }
  const cookie = w.u32(at + VENDOR);
  if (cookie === OPTIONS_COOKIE) {
    w.str('\n\t  Vendor-rfc1048 Extensions\n\t    Magic Cookie 0x63825363');
    optionsText(w, at + VENDOR + 4);
  } else if (cookie === CMU_COOKIE) cmuText(w, at + VENDOR);
  else if (cookie !== 0) {
    w.str('\n\t  Vendor-#0x');
    w.hex(cookie);
  }
}

/** What is of interest in the header: numbers that are not zero, addresses that are known. */
function headerText(w: Line, at: number, type: number, isEthernet: boolean): void {
  if (type !== ETHERNET) numberText(w, ', htype ', type);
  if (!isEthernet) numberText(w, ', hlen ', w.value(dhcp['hw.len'], at));
  const hops = w.value(dhcp.hops, at);
  if (hops !== 0) numberText(w, ', hops ', hops);
  const transaction = w.value(dhcp.id, at);
  if (transaction !== 0) {
    w.str(', xid 0x');
    w.hex(transaction);
  }
  const seconds = w.value(dhcp.secs, at);
  if (seconds !== 0) numberText(w, ', secs ', seconds);
  const flags = w.value(dhcp.flags, at);
  w.str((flags & 0x8000) === 0 ? ', Flags [none]' : ', Flags [Broadcast]');
  if (w.verbose > 1) {
    w.str(' (0x');
    w.hexPadded(flags, 4);
    w.char(0x29);
  }
  for (const [field, label] of ADDRESSES) {
    if (w.value(field, at) === 0) continue;
    w.str(label);
    w.ipv4At(at + field.distance);
  }
  if (!isEthernet || !w.need(at + dhcp['hw.mac_addr'].distance, 6)) return;
  w.str('\n\t  Client-Ethernet-Address ');
  w.macAt(at + dhcp['hw.mac_addr'].distance);
}
const ADDRESSES = [
  [dhcp['ip.client'], '\n\t  Client-IP '],
  [dhcp['ip.your'], '\n\t  Your-IP '],
  [dhcp['ip.server'], '\n\t  Server-IP '],
  [dhcp['ip.relay'], '\n\t  Gateway-IP '],
] as const;
function numberText(w: Line, before: string, value: number): void {
  w.str(before);
  w.dec(value);
}
/** A name that ends in a zero. False when it has no end, with which the text is at its end, too. */
function nameText(w: Line, before: string, at: number, size: number): boolean {
  if (w.u8(at) === 0) return !w.cut;
  w.str(before);
  let i = 0;
  for (; i < size && w.has(at + i, 1) && w.u8(at + i) !== 0; i++) w.printableChar(w.u8(at + i));
  w.char(0x22);
  if (i < size && w.has(at + i, 1)) return true;
  w.trunc();
  return false;
}

const CMU_FLAGS = 4;
/** The area's addresses, of which some have no place in the options. */
const CMU = [
  [12, ' DG:'],
  [8, ' SM:'],
  [16, ' NS1:'],
  [20, ' NS2:'],
  [24, ' IEN1:'],
  [28, ' IEN2:'],
  [32, ' TS1:'],
  [36, ' TS2:'],
] as const;
function cmuText(w: Line, at: number): void {
  w.str(' vend-cmu');
  for (const [distance, label] of [[CMU_FLAGS, ''], ...CMU] as const) {
    if (!w.has(at + distance, 4)) {
      w.trunc();
      return;
    }
    const value = w.u32(at + distance);
    const flags = w.u8(at + CMU_FLAGS);
    if (distance === CMU_FLAGS) {
      if ((flags & ~1) === 0) continue;
      w.str(' F:0x');
      w.hex(flags);
    } else if (value !== 0) {
      // Only a flag makes the mask valid.
      w.str(distance === 8 && (flags & 1) === 0 ? ' SM*:' : label);
      w.ipv4At(at + distance);
    }
  }
}
