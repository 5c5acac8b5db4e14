import type { Frame } from '../../src/dissect/frame.ts';
import type { Line } from '../../src/dissect/line.ts';
import { ETHERTYPES } from '../names/ethertypes.ts';

export const ATM = 19;
const FRAME_RELAY = 15;
export const HARDWARE: Readonly<Record<number, string>> = {
  1: 'Ethernet',
  6: 'TokenRing',
  7: 'ArcNet',
  [FRAME_RELAY]: 'FrameRelay',
  [ATM]: 'ATM',
  23: 'Strip',
  24: 'IEEE 1394',
  32: 'InfiniBand',
};
export const OPERATIONS: Readonly<Record<number, string>> = {
  1: 'Request',
  2: 'Reply',
  3: 'Reverse Request',
  4: 'Reverse Reply',
  8: 'Inverse Request',
  9: 'Inverse Reply',
  10: 'NACK Reply',
};

const TRAILERS = 0x1000;
const HEADER = 8;
const ATM_HEADER = 12;
/** The other bits of ATM's lengths tell what kind of number it is (RFC 2225 section 8.1). */
export const ATM_LENGTH = 0x3f;

/** Where an address lies; an ATM number may have a subaddress right behind it. */
interface Place {
  readonly at: number;
  readonly size: number;
  readonly subaddress: number;
}
interface Packet {
  readonly hardware: number;
  readonly protocol: number;
  readonly operation: number;
  readonly sender: Place;
  readonly senderProtocol: Place;
  readonly target: Place;
  readonly targetProtocol: Place;
}

/** tcpdump's text of ARP, RARP and InARP. */
export function arpText(w: Line, frame: Frame, d: number): void {
  const at = frame.from[d]!;
  w.label = 'arp';
  if (!w.need(at, HEADER) || (w.u16(at) === ATM && !w.need(at, ATM_HEADER))) return;
  const packet = read(w, at);
  if (!w.need(packet.targetProtocol.at, packet.targetProtocol.size)) return;
  if (!w.link) w.str('ARP, ');
  const known = formatText(w, packet);
  if (known) {
    if (w.verbose > 0) w.str(', ');
    w.named(OPERATIONS, packet.operation, 'Unknown (%u)');
    w.char(0x20);
    if (!operationText(w, packet)) {
      // Shown even where -x shows it again.
      w.hexDump(at, w.limit, true);
      return;
    }
  }
  w.str(', length ');
  w.dec(frame.claim[d]! - at);
}
/** The caller knows that the header was captured. */
function read(w: Line, at: number): Packet {
  const hardware = w.u16(at);
  const isAtm = hardware === ATM;
  const mask = isAtm ? ATM_LENGTH : 0xff;
  const first = w.u8(at + 4) & mask;
  const second = w.u8(at + 5) & mask;
  const sizes = isAtm
    ? [first, second, w.u8(at + 8), w.u8(at + 9) & mask, w.u8(at + 10) & mask, w.u8(at + 11)]
    : [first, 0, second, first, 0, second];
  let next = at + (isAtm ? ATM_HEADER : HEADER);
  const place = (i: number, subaddress = 0): Place => {
    const size = sizes[i]!;
    const from = next;
    next += size + subaddress;
    return { at: from, size, subaddress };
  };
  return {
    hardware,
    protocol: w.u16(at + 2),
    operation: w.u16(at + 6),
    sender: place(0, sizes[1]),
    senderProtocol: place(2),
    target: place(3, sizes[4]),
    targetProtocol: place(5),
  };
}
const isIp = (packet: Packet): boolean => packet.protocol === 0x0800 || packet.protocol === TRAILERS;

/** What kinds of address there are, where that is not the usual. False when these are not known, and all is said. */
function formatText(w: Line, packet: Packet): boolean {
  const isAtm = packet.hardware === ATM;
  const { size } = packet.senderProtocol;
  const usual = isIp(packet) && size === 4 && (isAtm ? packet.targetProtocol.size === 4 : packet.sender.size > 0);
  if (usual && w.verbose === 0) return true;
  w.named(HARDWARE, packet.hardware, 'Unknown Hardware (%u)');
  if (!isAtm) lengthText(w, packet.sender.size);
  w.str(', ');
  w.named(ETHERTYPES, packet.protocol, 'Unknown Protocol (0x%04x)');
  if (isAtm) lengthText(w, size, packet.targetProtocol.size);
  else lengthText(w, size);
  return w.verbose > 0;
}
function lengthText(w: Line, length: number, other?: number): void {
  w.str(' (len ');
  w.dec(length);
  if (other !== undefined) {
    w.char(0x2f);
    w.dec(other);
  }
  w.char(0x29);
}

/** False when the operation is none that tcpdump has words for. */
function operationText(w: Line, packet: Packet): boolean {
  const isAtm = packet.hardware === ATM;
  const operation = packet.operation;
  if (operation === 1) requestText(w, packet);
  else if (operation === 2) {
    protocolText(w, packet, packet.senderProtocol, 's');
    w.str(' is-at ');
    hardwareText(w, packet, packet.sender);
  } else if (operation === 8 || (operation === 3 && !isAtm)) {
    w.str('who-is ');
    hardwareText(w, packet, packet.target);
    w.str(' tell ');
    hardwareText(w, packet, packet.sender);
  } else if (operation === 9) {
    hardwareText(w, packet, packet.sender);
    w.str(isAtm ? 'at ' : ' at ');
    protocolText(w, packet, packet.senderProtocol, 's');
  } else if (operation === 4 && !isAtm) {
    hardwareText(w, packet, packet.target);
    w.str(' at ');
    protocolText(w, packet, packet.targetProtocol, 't');
  } else if (operation === 10 && isAtm) {
    w.str('for ');
    protocolText(w, packet, packet.senderProtocol, 's');
  } else return false;
  return true;
}
function requestText(w: Line, packet: Packet): void {
  const { at, size } = packet.target;
  w.str('who-has ');
  protocolText(w, packet, packet.targetProtocol, 't');
  // Whoever asks does not know the address yet, and leaves it empty.
  if (packet.hardware === ATM ? size > 0 : w.frame.bytes.subarray(at, at + size).some((byte) => byte !== 0)) {
    w.str(' (');
    hardwareText(w, packet, packet.target);
    w.char(0x29);
  }
  w.str(' tell ');
  protocolText(w, packet, packet.senderProtocol, 's');
}
function protocolText(w: Line, packet: Packet, place: Place, side: 's' | 't'): void {
  if (!isIp(packet)) w.str('<wrong proto type>');
  else if (place.size === 4) w.ipv4At(place.at);
  else w.str(packet.hardware === ATM ? `<wrong ${side}plen>` : '<wrong len>');
}
function hardwareText(w: Line, packet: Packet, place: Place): void {
  const { bytes } = w.frame;
  const { at, size, subaddress } = place;
  if (size === 0) w.str(packet.hardware === ATM ? '<No address>' : '<empty>');
  else if (packet.hardware === FRAME_RELAY) connectionText(w, at, size);
  else w.mac(bytes, at, size);
  if (size === 0 || subaddress === 0) return;
  w.char(0x2c);
  w.mac(bytes, at + size, subaddress);
}
/** A frame relay address (Q.922 section 3.3): two to four bytes, the last with its lowest bit set. */
function connectionText(w: Line, at: number, size: number): void {
  const address = [...w.frame.bytes.subarray(at, at + Math.min(size, 4))];
  const last = address.findIndex((byte) => (byte & 1) === 1);
  if (last === 0 || (last < 0 && address.length === 4)) {
    w.str('<Invalid DLCI>');
    return;
  }
  if (last < 0) {
    w.str('<Truncated>');
    return;
  }
  let dlci = ((address[0]! & 0xfc) << 2) | (address[1]! >> 4);
  if (last === 3) dlci = (dlci << 7) | (address[2]! >> 1);
  if (last > 1) dlci = (dlci << 6) | (address[last]! >> 2);
  w.str('DLCI ');
  w.dec(dlci);
}
