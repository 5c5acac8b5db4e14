import type { Frame } from '../../src/dissect/frame.ts';
import type { Line } from '../../src/dissect/line.ts';
import { actionText } from './action-text.ts';
import { REASONS, STATUSES } from './codes.ts';
import { ELEMENT } from './elements.ts';
import { FLAG, MANAGEMENT, subtypeOf } from './header.ts';
import { protectedText } from './protected-text.ts';

const NAMES: Readonly<Record<number, string>> = {
  0: 'Assoc Request',
  1: 'Assoc Response',
  2: 'ReAssoc Request',
  3: 'ReAssoc Response',
  4: 'Probe Request',
  5: 'Probe Response',
  8: 'Beacon',
  9: 'ATIM',
  10: 'Disassociation',
  11: 'Authentication',
  12: 'DeAuthentication',
  13: 'Action',
};
const PRIVACY = 0x0010;
const le16 = (w: Line, at: number): number => w.u8(at) | (w.u8(at + 1) << 8);

/** A management frame, whose body begins at `at`. False when it is cut short. */
export function managementText(w: Line, frame: Frame, d: number, control: number, at: number): boolean {
  const subtype = subtypeOf(control);
  const length = frame.claim[d]! - at;
  w.named(NAMES, subtype, 'Unhandled Management subtype(%x)');
  if ((control & FLAG.protected) !== 0) return protectedText(w, at);
  const body = BODIES[subtype];
  if (body === undefined) return true;
  const [least, text] = body;
  return w.has(at, least) && length >= least && text(w, at, length, frame.from[d]! + 10);
}
type Body = (w: Line, at: number, length: number, source: number) => boolean;
/** By subtype: how many bytes there must be, and what they say. */
const BODIES: Readonly<Record<number, readonly [least: number, text: Body]>> = {
  [MANAGEMENT.associationRequest]: [4, (w, at, length) => networkText(w, elements(w, at + 4, at + length))],
  [MANAGEMENT.associationResponse]: [6, associationText],
  [MANAGEMENT.reassociationRequest]: [10, reassociationText],
  [MANAGEMENT.reassociationResponse]: [6, associationText],
  [MANAGEMENT.probeRequest]: [0, (w, at, length) => networkText(w, elements(w, at, at + length))],
  [MANAGEMENT.probeResponse]: [12, (w, at, length) => beaconText(w, at, length, false)],
  [MANAGEMENT.beacon]: [12, (w, at, length) => beaconText(w, at, length, true)],
  [MANAGEMENT.disassociation]: [2, (w, at) => reasonText(w, at, ': ')],
  [MANAGEMENT.authentication]: [6, authenticationText],
  [MANAGEMENT.deauthentication]: [2, deauthenticationText],
  [MANAGEMENT.action]: [2, (w, at, _, source) => actionText(w, at, source)],
};

/** What tcpdump shows of the elements: the first of each kind. */
interface Elements {
  whole: boolean;
  ssid?: readonly [at: number, size: number];
  rates?: readonly [at: number, size: number];
  channel?: number;
}
/** The longest value that tcpdump takes. */
const MOST: Readonly<Record<number, number>> = {
  [ELEMENT.ssid]: 32,
  [ELEMENT.rates]: 16,
  [ELEMENT.challenge]: 253,
  [ELEMENT.trafficMap]: 254,
};
function elements(w: Line, from: number, end: number): Elements {
  const found: Elements = { whole: true };
  for (let at = from; at !== end; ) {
    if (!w.has(at, 2) || at + 2 > end) return { ...found, whole: false };
    const type = w.u8(at);
    const size = w.u8(at + 1);
    const value = at + 2;
    if (!w.has(value, size) || value + size > end || size > (MOST[type] ?? 255)) return { ...found, whole: false };
    if (type === ELEMENT.ssid) found.ssid ??= [value, size];
    else if (type === ELEMENT.rates && size > 0) found.rates ??= [value, size];
    else if (type === ELEMENT.channel && size === 1) found.channel ??= w.u8(value);
    at = value + size;
  }
  return found;
}
function ssidText(w: Line, { ssid }: Elements): void {
  if (ssid === undefined) return;
  const [at, size] = ssid;
  w.str(' (');
  // To tcpdump a zero byte is the end of the name.
  for (let i = 0; i < size && w.u8(at + i) !== 0; i++) w.textAt(at + i, 1);
  w.char(0x29);
}
function ratesText(w: Line, { rates }: Elements): void {
  if (rates === undefined) return;
  const [at, size] = rates;
  w.str(' [');
  for (let i = 0; i < size; i++) {
    const rate = w.u8(at + i);
    if (i > 0) w.char(0x20);
    w.str(((rate & 0x7f) / 2).toFixed(1));
    if (rate >= 0x80) w.char(0x2a);
  }
  w.str(' Mbit]');
}
function networkText(w: Line, found: Elements): boolean {
  ssidText(w, found);
  ratesText(w, found);
  return found.whole;
}
function beaconText(w: Line, at: number, length: number, isBeacon: boolean): boolean {
  const capabilities = le16(w, at + 10);
  const found = elements(w, at + 12, at + length);
  networkText(w, found);
  if (isBeacon) w.str((capabilities & 1) !== 0 ? ' ESS' : ' IBSS');
  if (found.channel !== undefined) w.str(` CH: ${found.channel}`);
  if ((capabilities & PRIVACY) !== 0) w.str(', PRIVACY');
  return found.whole;
}
function associationText(w: Line, at: number, length: number): boolean {
  const found = elements(w, at + 6, at + length);
  const id = (le16(w, at + 4) & 0x3fff).toString(16);
  const privacy = (le16(w, at) & PRIVACY) !== 0 ? ' PRIVACY ' : '';
  w.str(` AID(${id}) :${privacy}: ${STATUSES[le16(w, at + 2)] ?? 'n/a'}`);
  return found.whole;
}
function reassociationText(w: Line, at: number, length: number): boolean {
  const found = elements(w, at + 10, at + length);
  ssidText(w, found);
  w.str(' AP : ');
  w.macAt(at + 4);
  return found.whole;
}
function reasonText(w: Line, at: number, before: string): boolean {
  w.str(before);
  w.str(REASONS[le16(w, at)] ?? 'Reserved');
  return true;
}
function deauthenticationText(w: Line, at: number, _: number, source: number): boolean {
  if (!w.link) {
    w.str(' (');
    w.macAt(source);
    w.char(0x29);
  }
  return reasonText(w, at, ': ');
}
const ALGORITHMS = ['Open System', 'Shared Key', 'EAP'] as const;
function authenticationText(w: Line, at: number, length: number): boolean {
  const found = elements(w, at + 6, at + length);
  const algorithm = le16(w, at);
  const step = le16(w, at + 2);
  const status = step % 2 === 1 ? (STATUSES[le16(w, at + 4)] ?? 'n/a') : '';
  const challenge = algorithm === 1 && (step === 2 || step === 3);
  w.str(` (${ALGORITHMS[algorithm] ?? 'Reserved'})-${step.toString(16)}`);
  w.str(challenge ? ` [Challenge Text] ${status}` : `: ${status}`);
  return found.whole;
}
