import type { Line } from '../../src/dissect/line.ts';
import { AT, CIST_SIZE, CONFIG_ID, CONFIG_SIZE, RAPID_SIZE, SPB, TREE, TYPE, VERSION } from './layout.ts';

const VERSIONS: Readonly<Record<number, string>> = { 0: '802.1d', 2: '802.1w', 3: '802.1s', 4: '802.1aq' };
const TYPES: Readonly<Record<number, string>> = { 0: 'Config', 2: 'Rapid STP', 128: 'Topology Change' };
const FLAGS = [
  [0x01, 'Topology change'],
  [0x02, 'Proposal'],
  [0x10, 'Learn'],
  [0x20, 'Forward'],
  [0x40, 'Agreement'],
  [0x80, 'Topology change ACK'],
] as const;
const ROLES = ['Unknown', 'Alternate', 'Root', 'Designated'] as const;

/** tcpdump's text of a bridge protocol data unit of `length` bytes. */
export function stpText(w: Line, at: number, length: number): void {
  w.label = 'stp';
  if (length < 4) {
    w.invalid();
    return;
  }
  if (w.u16(at) !== 0) {
    w.str('unknown STP version, length ');
    w.dec(length);
    return;
  }
  const version = w.u8(at + AT.version);
  w.str('STP ');
  w.named(VERSIONS, version, 'Unknown STP protocol (0x%02x)');
  if (VERSIONS[version] === undefined) return;
  const type = w.u8(at + AT.type);
  w.str(', ');
  w.named(TYPES, type, 'Unknown BPDU Type (0x%02x)');
  if (type === TYPE.config || (type === TYPE.rapid && version === VERSION.rapid)) {
    if (length < (type === TYPE.config ? CONFIG_SIZE : RAPID_SIZE)) w.invalid();
    else configText(w, at, length);
  } else if (type === TYPE.rapid && version !== VERSION.classic) {
    if (!multipleText(w, at, length, version)) w.invalid();
  }
}

function configText(w: Line, at: number, length: number): void {
  const flags = flagsText(w, at + AT.flags, ', Flags [');
  if (!w.need(at + AT.bridge, 10)) return;
  w.str(', bridge-id ');
  bridgeText(w, at + AT.bridge);
  w.char(0x2e);
  w.hexPadded(w.u16(at + AT.port), 4);
  w.str(', length ');
  w.dec(length);
  if (w.verbose === 0) return;
  timesText(w, at);
  if (!w.need(at + AT.root, 12)) return;
  w.str('\n\troot-id ');
  bridgeText(w, at + AT.root);
  w.str(', root-pathcost ');
  w.dec(w.u32(at + AT.rootCost));
  // Only rapid spanning tree tells the role of the port.
  if (w.u8(at + AT.version) === VERSION.rapid) roleText(w, ', port-role ', flags);
}
/** Writes the names of the flags after `before`, which opens the bracket; returns the flags. */
function flagsText(w: Line, at: number, before: string): number {
  const flags = w.u8(at);
  w.str(before);
  w.flags(FLAGS, flags, 'none');
  w.char(0x5d);
  return flags;
}
function roleText(w: Line, before: string, flags: number): void {
  w.str(before);
  w.str(ROLES[(flags >> 2) & 3]!);
}
/** `8000.00:11:22:33:44:55`. The caller knows that it was captured. */
function bridgeText(w: Line, at: number): void {
  w.hexPadded(w.u16(at), 4);
  w.char(0x2e);
  w.macAt(at + 2);
}
function timesText(w: Line, at: number): void {
  if (!w.need(at + AT.messageAge, 8)) return;
  secondsText(w, '\n\tmessage-age ', w.u16(at + AT.messageAge));
  secondsText(w, ', max-age ', w.u16(at + AT.maxAge));
  secondsText(w, ', hello-time ', w.u16(at + AT.hello));
  secondsText(w, ', forwarding-delay ', w.u16(at + AT.forward));
}
/** Timers count 1/256 seconds; a value half way between two hundredths goes to the even one. */
function secondsText(w: Line, before: string, ticks: number): void {
  const rest = (ticks * 100) % 256;
  let hundredths = (ticks * 100 - rest) / 256;
  if (rest > 128 || (rest === 128 && hundredths % 2 === 1)) hundredths++;
  w.str(before);
  w.dec(Math.floor(hundredths / 100));
  w.char(0x2e);
  w.decPadded(hundredths % 100, 2);
  w.char(0x73);
}

/** Multiple spanning trees and shortest path bridging. False when the lengths contradict each other. */
function multipleText(w: Line, at: number, length: number, version: number): boolean {
  if (length < AT.trees || w.u8(at + AT.version1Length) !== 0) return false;
  const end = RAPID_SIZE + 2 + w.u16(at + AT.version3Length);
  if (length < end) return false;
  const flags = flagsText(w, at + AT.flags, ', CIST Flags [');
  w.str(', length ');
  w.dec(length);
  if (w.verbose > 0) commonTreeText(w, at, flags);
  if (version !== VERSION.shortestPath || w.cut) return true;
  const size = 2 + w.u16(at + end);
  if (w.cut) return true;
  if (length < end + size || size < SPB.size) return false;
  if (w.verbose > 0) shortestPathText(w, at + end);
  return true;
}
function commonTreeText(w: Line, at: number, flags: number): void {
  roleText(w, '\n\tport-role ', flags);
  w.str(', ');
  if (!w.need(at + AT.root, 12)) return;
  w.str('CIST root-id ');
  bridgeText(w, at + AT.root);
  w.str(', CIST ext-pathcost ');
  w.dec(w.u32(at + AT.rootCost));
  if (!w.need(at + AT.bridge, 8)) return;
  w.str('\n\tCIST regional-root-id ');
  bridgeText(w, at + AT.bridge);
  w.str(', ');
  const port = w.u16(at + AT.port);
  w.str('CIST port-id ');
  w.hexPadded(port, 4);
  w.char(0x2c);
  timesText(w, at);
  const size = w.u16(at + AT.version3Length);
  w.str('\n\tv3len ');
  w.dec(size);
  w.str(', MCID Name ');
  configIdText(w, at + AT.configId, ', rev ', ',');
  w.str(', ');
  const cost = w.u32(at + AT.cistCost);
  w.str('CIST int-root-pathcost ');
  w.dec(cost);
  w.char(0x2c);
  if (!w.need(at + AT.cistBridge, 8)) return;
  w.str('\n\tCIST bridge-id ');
  bridgeText(w, at + AT.cistBridge);
  w.str(', ');
  const hops = w.u8(at + AT.cistHops);
  w.str('CIST remaining-hops ');
  w.dec(hops);
  const end = at + AT.trees + size - CIST_SIZE;
  for (let tree = at + AT.trees; tree + TREE.size <= end && !w.cut; tree += TREE.size) treeText(w, tree);
}
function configIdText(w: Line, at: number, revision: string, comma: string): void {
  const name = at + CONFIG_ID.name;
  for (let i = 0; i < 32 && w.u8(name + i) !== 0; i++) w.printableChar(w.u8(name + i));
  if (!w.need(at + CONFIG_ID.revision, 18)) return;
  w.str(revision);
  w.dec(w.u16(at + CONFIG_ID.revision));
  w.str(comma);
  w.str('\n\t\tdigest ');
  w.hexAt(at + CONFIG_ID.digest, 16);
}
/** One of the spanning trees that are not the common one. */
function treeText(w: Line, at: number): void {
  if (!w.need(at, 3)) return;
  w.str('\n\tMSTI ');
  w.dec(w.u16(at + TREE.root) & 0x0fff);
  const flags = flagsText(w, at, ', Flags [');
  roleText(w, ', port-role ', flags);
  if (!w.need(at + TREE.root, 12)) return;
  w.str('\n\t\tMSTI regional-root-id ');
  bridgeText(w, at + TREE.root);
  w.str(', pathcost ');
  w.dec(w.u32(at + TREE.rootCost));
  if (!w.need(at + TREE.bridgePriority, 3)) return;
  w.str('\n\t\tMSTI bridge-prio ');
  w.dec(w.u8(at + TREE.bridgePriority) >> 4);
  w.str(', port-prio ');
  w.dec(w.u8(at + TREE.portPriority) >> 4);
  w.str(', hops ');
  w.dec(w.u8(at + TREE.hops));
}
function shortestPathText(w: Line, at: number): void {
  const size = w.u16(at);
  w.str('\n\tv4len ');
  w.dec(size);
  w.str(', AUXMCID Name ');
  configIdText(w, at + SPB.configId, ', Rev ', ',');
  if (!w.need(at + SPB.agreement, 34)) return;
  const agreement = w.u8(at + SPB.agreement);
  w.str('\n\tAgreement num ');
  w.dec(agreement >> 6);
  w.str(', Discarded Agreement num ');
  w.dec((agreement >> 4) & 3);
  w.str(', Agreement valid-flag ');
  w.dec((agreement >> 3) & 1);
  w.str(',\n\tRestricted role-flag: ');
  w.dec((agreement >> 2) & 1);
  halvesText(w, ', Format id ', w.u8(at + SPB.format));
  halvesText(w, ', Convention id ', w.u8(at + SPB.convention));
  w.str(',\n\tEdge count ');
  w.dec(w.u16(at + SPB.edges));
  w.str(', Agreement digest ');
  w.hexAt(at + SPB.digest, 20);
}
/** The capability is in the lower half; tcpdump shows the byte. */
function halvesText(w: Line, before: string, byte: number): void {
  w.str(before);
  w.dec(byte >> 4);
  w.str(' cap ');
  w.dec(byte);
}
