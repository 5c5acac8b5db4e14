import type { Frame } from '../../src/dissect/frame.ts';
import type { Line } from '../../src/dissect/line.ts';
import { nothingOf } from '../announced.ts';
import { ETHERTYPES } from '../names/ethertypes.ts';
import { BRIDGED_PIDS, CISCO_PIDS, COMMANDS, SAPS, SUPERVISORY } from '../names/llc.ts';
import { OUIS } from '../names/ouis.ts';
import {
  BPDU_PID,
  BRIDGE_PAD,
  isBetween,
  isBridgedEthernet,
  isSupervisory,
  isUnnumbered,
  llc,
  OUI,
  SNAP_SAP,
  SNAP_SIZE,
  UI,
} from './header.ts';
import { stationsBelow } from './stations.ts';

const GLOBAL = 0xff;
const STP_SAP = 0x42;
const IP_SAP = 0x06;
const IPX_SAP = 0xe0;
/** Service access points whose payload speaks for itself: the header is shown with `-e` only. */
const SPEAKING = [STP_SAP, IP_SAP, IPX_SAP, 0xfe] as const;
const APPLETALK = 0x809b;
const IP_TYPE = 0x0800;

/** tcpdump's text of the layers from the logical link up. `-x` counts this header to the link layer, too. */
export function llcText(w: Line, frame: Frame, d: number): void {
  const size = linkText(w, frame, d);
  w.linkHeader = frame.from[d]! + size - frame.start;
}
/** Returns the size of the header. */
function linkText(w: Line, frame: Frame, d: number): number {
  const at = frame.from[d]!;
  const { bytes } = frame;
  const length = frame.claim[d]! - at;
  w.label = 'llc';
  const size = w.has(at, 3) && isUnnumbered(llc.control.read(bytes, at)) ? 3 : 4;
  if (!w.has(at, size) || length < size) {
    w.trunc();
    w.hexDump(at, w.limit, true);
    return Math.min(w.limit - at, length);
  }
  const control = size === 3 ? w.u8(at + 2) : w.u8(at + 2) | (w.u8(at + 3) << 8);
  if (llc.dsap.read(bytes, at) === GLOBAL && llc.ssap.read(bytes, at) === GLOBAL) {
    // Novell's IPX of before 802.2, which begins where the logical link would.
    if (w.link) w.str('IPX 802.3: ');
    return 0;
  }
  if (w.link) headerText(w, frame, at, control, size);
  if (control === UI && isBetween(bytes, at, SNAP_SAP)) {
    if (!snapText(w, frame, d, at + size, length - size)) w.unknownPayload(at);
    return size + SNAP_SIZE;
  }
  if (control === UI && payloadText(w, frame, d, at + size)) return size;
  if (!w.link) endsText(w, frame, d);
  if (!frameText(w, frame, at, control, size, length)) w.unknownPayload(at);
  return size;
}
/** False when the payload is none of those that speak for themselves. */
function payloadText(w: Line, frame: Frame, d: number, payload: number): boolean {
  const at = frame.from[d]!;
  const sap = SPEAKING.find((speaking) => isBetween(frame.bytes, at, speaking));
  if (sap === undefined) return false;
  if (sap === IPX_SAP && w.link) w.str('IPX 802.2: ');
  if (w.next(frame, d)) return true;
  if (sap === IP_SAP) nothingOf(w, IP_TYPE, payload);
  else if (sap === STP_SAP && !w.has(payload, 1)) w.invalid();
  return true;
}
function headerText(w: Line, frame: Frame, at: number, control: number, size: number): void {
  const dsap = llc.dsap.read(frame.bytes, at);
  const ssap = llc.ssap.read(frame.bytes, at);
  w.str('LLC, dsap ');
  sapText(w, dsap & 0xfe);
  w.str((dsap & 1) === 0 ? ' Individual, ssap ' : ' Group, ssap ');
  sapText(w, ssap & 0xfe);
  w.str((ssap & 1) === 0 ? ' Command, ctrl 0x' : ' Response, ctrl 0x');
  w.hexPadded(control, size === 3 ? 2 : 4);
  w.str(': ');
}
function sapText(w: Line, sap: number): void {
  w.str(SAPS[sap] ?? 'Unknown');
  w.str(' (0x');
  w.hex2(sap);
  w.char(0x29);
}

/** The addresses where the link layer has them, and the service access points. */
function endsText(w: Line, frame: Frame, d: number): void {
  const at = frame.from[d]!;
  const dsap = llc.dsap.read(frame.bytes, at) & 0xfe;
  const ssap = llc.ssap.read(frame.bytes, at) & 0xfe;
  const stations = stationsBelow(frame, d);
  if (stations !== undefined) {
    w.mac(frame.bytes, stations[0]);
    w.char(0x20);
  }
  if (ssap !== dsap) {
    w.named(SAPS, ssap, 'Unknown SSAP 0x%02x');
    w.char(0x20);
  }
  if (stations !== undefined || ssap !== dsap) w.str('> ');
  if (stations !== undefined) {
    w.mac(frame.bytes, stations[1]);
    w.char(0x20);
  }
  w.named(SAPS, dsap, 'Unknown DSAP 0x%02x');
  w.char(0x20);
}

const FLAGS = ['Command', 'Response', 'Poll', 'Final'] as const;
const EXCHANGE_ID = 0xaf;
const POLL = 0x10;

/** The kind of frame, of a payload that has no words of its own. False when a dump is to follow. */
function frameText(w: Line, frame: Frame, at: number, control: number, size: number, length: number): boolean {
  const response = llc.ssap.read(frame.bytes, at) & 1;
  if (!isUnnumbered(control)) {
    const supervisory = isSupervisory(control);
    w.str(supervisory ? 'Supervisory, ' : 'Information, send seq ');
    if (supervisory) w.named(SUPERVISORY, (control >> 2) & 3, '?');
    else w.dec((control >> 1) & 0x7f);
    w.str(', rcv seq ');
    w.dec(control >> 9);
    flagsText(w, ((control >> 7) & 2) | response, length);
    return supervisory;
  }
  w.str('Unnumbered, ');
  w.named(COMMANDS, control & 0xef, '%02x');
  flagsText(w, ((control >> 3) & 2) | response, length);
  return (control & ~POLL) === EXCHANGE_ID && exchangeText(w, at + size, length - size);
}
function flagsText(w: Line, flags: number, length: number): void {
  w.str(', Flags [');
  w.str(FLAGS[flags]!);
  w.str('], length ');
  w.dec(length);
}
/** Exchange of identification (IEEE 802.2 clause 5.4.1.1.2). */
function exchangeText(w: Line, at: number, length: number): boolean {
  if (length === 0) return true;
  if (!w.has(at, 1)) {
    w.trunc();
    return true;
  }
  if (w.u8(at) !== 0x81) return false;
  if (!w.has(at, 3) || length < 3) {
    w.trunc();
    w.hexDump(at, w.limit, true);
    return true;
  }
  w.str(': ');
  w.hex2(w.u8(at + 1));
  w.char(0x20);
  w.hex2(w.u8(at + 2));
  return true;
}

/** False when nobody has text for the payload: a dump is to follow. */
function snapText(w: Line, frame: Frame, d: number, at: number, length: number): boolean {
  w.label = 'snap';
  if (!w.has(at, SNAP_SIZE) || length < SNAP_SIZE) {
    w.trunc();
    return true;
  }
  const oui = w.u24(at);
  const pid = w.u16(at + 3);
  if (w.link) {
    organizationText(w, oui);
    protocolText(w, oui, pid, length - SNAP_SIZE);
  }
  if (oui === OUI.ethernet || oui === OUI.ciscoBridge || (oui === OUI.apple && pid === APPLETALK)) {
    if (w.next(frame, d) || nothingOf(w, pid, at + SNAP_SIZE)) return true;
  } else if (oui === OUI.cisco && CISCO_PIDS[pid] !== undefined) {
    w.next(frame, d);
    return true;
  } else if (oui === OUI.bridged && (pid === BPDU_PID || isBridgedEthernet(pid))) {
    if (pid !== BPDU_PID && !w.has(at + SNAP_SIZE, BRIDGE_PAD)) w.trunc();
    else w.next(frame, d);
    return true;
  }
  if (w.link) return false;
  const stations = stationsBelow(frame, d);
  if (stations !== undefined) {
    w.mac(frame.bytes, stations[0]);
    w.str(' > ');
    w.mac(frame.bytes, stations[1]);
    w.char(0x20);
  }
  w.str('SNAP, ');
  if (oui !== OUI.ethernet) organizationText(w, oui);
  protocolText(w, oui, pid, length - SNAP_SIZE);
  return false;
}
function organizationText(w: Line, oui: number): void {
  w.str('oui ');
  w.str(OUIS[oui] ?? 'Unknown');
  w.str(' (0x');
  w.hexPadded(oui, 6);
  w.str('), ');
}
function protocolText(w: Line, oui: number, pid: number, length: number): void {
  w.str(oui === OUI.ethernet ? 'ethertype ' : 'pid ');
  w.str(PIDS[oui]?.[pid] ?? 'Unknown');
  w.str(' (0x');
  w.hexPadded(pid, 4);
  w.str('), length ');
  w.dec(length);
  w.str(': ');
}
/** Whose numbers have which names. */
const PIDS: Readonly<Record<number, Readonly<Record<number, string>>>> = {
  [OUI.ethernet]: ETHERTYPES,
  [OUI.ciscoBridge]: ETHERTYPES,
  [OUI.apple]: ETHERTYPES,
  [OUI.cisco]: CISCO_PIDS,
  [OUI.bridged]: BRIDGED_PIDS,
};
