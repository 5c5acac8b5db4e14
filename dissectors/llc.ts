import type { Frame } from '../src/dissect/frame.ts';
import { NONE, protocol, table } from '../src/dissect/protocol.ts';
import { etherType } from './eth.ts';
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
} from './llc/header.ts';
import { llcText } from './llc/text.ts';

/** Keyed by the service access point, without its group bit. */
export const sapTable = table('llc.dsap', 0x100);
/** Keyed by the protocol identifiers of Cisco's frames. */
export const ciscoTable = table('llc.cisco_pid', 0x1_0000);

/** Logical Link Control, with the Subnetwork Access Protocol. */
export const logicalLink = protocol(llc, {
  title: 'Logical Link Control',
  source: 'IEEE 802.2',
  spansPayload: true,
  link: true,
  on: { 'eth.len': 0, ethertype: 0x8870 },
  opens: [sapTable, ciscoTable],
  step(frame, bytes, at, end) {
    const control = llc.control.read(bytes, at);
    const unnumbered = isUnnumbered(control);
    const payload = at + (unnumbered ? 3 : 4);
    if (unnumbered ? control !== UI : isSupervisory(control)) return NONE;
    if (control === UI && isBetween(bytes, at, SNAP_SAP)) return stepSnap(frame, bytes, payload, end);
    return frame.handOn(sapTable, llc.dsap.read(bytes, at) & 0xfe, payload, end);
  },
  expand(frame, d, visit) {
    const { bytes } = frame;
    const at = frame.from[d]!;
    const end = frame.limit(d);
    const control = llc.control.read(bytes, at);
    if (!isUnnumbered(control)) {
      const number = isSupervisory(control) ? llc['control.s_ftype'] : llc['control.n_s'];
      visit(number, at + llc.control.distance, at + llc.$size);
      if (at + 4 > end) return;
      for (const field of RECEIVE) visit(field, at + llc.$size, at + 4);
      return;
    }
    const snap = at + llc.$size;
    if (control !== UI || !isBetween(bytes, at, SNAP_SAP) || snap + SNAP_SIZE > end) return;
    visit(llc.oui, snap, snap + 3);
    visit(pidField(llc.oui.read(bytes, snap)), snap + 3, snap + SNAP_SIZE);
  },
  line: llcText,
});
const RECEIVE = [llc['control.n_r'], llc['control.p']] as const;

function pidField(oui: number) {
  if (oui === OUI.ethernet || oui === OUI.ciscoBridge || oui === OUI.apple) return llc.type;
  return oui === OUI.cisco ? llc.cisco_pid : llc.pid;
}
/** IEEE 802 clause 9: the organization, and what the organization calls the protocol. */
function stepSnap(frame: Frame, bytes: Uint8Array, at: number, end: number): number {
  const payload = at + SNAP_SIZE;
  if (payload > frame.end || payload > end) return NONE;
  const pid = llc.pid.read(bytes, at + 3);
  switch (llc.oui.read(bytes, at)) {
    case OUI.ethernet:
    case OUI.ciscoBridge:
    case OUI.apple:
      return frame.handOn(etherType, pid, payload, end);
    case OUI.cisco:
      return frame.handOn(ciscoTable, pid, payload, end);
    case OUI.bridged:
      if (isBridgedEthernet(pid)) return frame.passOn(frame.registry.id('eth'), payload + BRIDGE_PAD, end);
      return pid === BPDU_PID ? frame.passOn(frame.registry.id('stp'), payload, end) : NONE;
    default:
      return NONE;
  }
}
