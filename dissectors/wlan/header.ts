import { bits, header, mac, bytes as raw, text, u8, u16le, u24, u64le } from '../../src/bytes/field.ts';
import { u16leKind } from '../../src/bytes/kind.ts';
import { part } from '../part.ts';
import { REASONS, STATUSES } from './codes.ts';

const TYPES = { 0: 'Management', 1: 'Control', 2: 'Data', 3: 'Extension' };
const TAGS = {
  0: 'SSID',
  1: 'Supported rates',
  3: 'DS parameters',
  4: 'CF parameters',
  5: 'Traffic indication map',
  7: 'Country',
  11: 'BSS load',
  16: 'Challenge text',
  42: 'ERP information',
  45: 'HT capabilities',
  48: 'RSN',
  50: 'Extended supported rates',
  61: 'HT operation',
  127: 'Extended capabilities',
  191: 'VHT capabilities',
  192: 'VHT operation',
  221: 'Vendor specific',
  255: 'Element ID extension',
};
const numbered = (names: readonly string[]): Record<number, string> => Object.fromEntries(names.entries());

const ADDRESS = { also: 'wlan.addr' };
/** IEEE 802.11 clause 9.2: what every frame begins with, and what the others have besides. */
export const wlan = header(
  'wlan',
  {
    first: u8('Version, type and subtype', { base: 'hex' }),
    'fc.version': bits('first', 0x03, 'Version'),
    'fc.type': bits('first', 0x0c, 'Type', { names: TYPES }),
    'fc.subtype': bits('first', 0xf0, 'Subtype'),
    flags: u8('Flags', { base: 'hex' }),
    'fc.tods': bits('flags', 0x01, 'To the distribution system'),
    'fc.fromds': bits('flags', 0x02, 'From the distribution system'),
    'fc.frag': bits('flags', 0x04, 'More fragments'),
    'fc.retry': bits('flags', 0x08, 'Retry'),
    'fc.pwrmgt': bits('flags', 0x10, 'Power management'),
    'fc.moredata': bits('flags', 0x20, 'More data'),
    'fc.protected': bits('flags', 0x40, 'Protected'),
    'fc.order': bits('flags', 0x80, 'Order'),
    duration: u16le('Duration or association ID', { unit: 'microseconds' }),
  },
  {
    ra: mac('Receiver', ADDRESS),
    ta: mac('Transmitter', ADDRESS),
    da: mac('Destination', ADDRESS),
    sa: mac('Source', ADDRESS),
    bssid: mac('Basic service set', ADDRESS),
    frag: part(u16leKind, 0x000f, 'Fragment number'),
    seq: part(u16leKind, 0xfff0, 'Sequence number'),
    qos: u16le('Quality of service', { base: 'hex' }),
    'qos.tid': part(u16leKind, 0x000f, 'Traffic identifier'),
    'qos.amsdupresent': part(u16leKind, 0x0080, 'Aggregate of frames'),
    'fixed.timestamp': u64le('Timestamp', { unit: 'microseconds' }),
    'fixed.beacon': u16le('Beacon interval', { unit: '1.024 ms' }),
    'fixed.capabilities': u16le('Capabilities', { base: 'hex' }),
    'fixed.capabilities.privacy': part(u16leKind, 0x0010, 'Privacy'),
    'fixed.listen_ival': u16le('Listen interval', { unit: 'beacons' }),
    'fixed.current_ap': mac('Current access point'),
    'fixed.status_code': u16le('Status', { names: numbered(STATUSES) }),
    'fixed.reason_code': u16le('Reason', { names: numbered(REASONS) }),
    'fixed.aid': part(u16leKind, 0x3fff, 'Association ID'),
    'fixed.auth.alg': u16le('Authentication algorithm', { names: { 0: 'Open system', 1: 'Shared key', 3: 'SAE' } }),
    'fixed.auth_seq': u16le('Authentication sequence number'),
    'fixed.category_code': u8('Category'),
    'tag.number': u8('Element', { names: TAGS }),
    'tag.length': u8('Element length', { unit: 'bytes' }),
    ssid: text('SSID'),
    supported_rates: u8('Supported rate', { unit: '500 kb/s, 0x80: basic' }),
    'ds.current_channel': u8('Current channel'),
    'tim.dtim_count': u8('DTIM count'),
    'tim.dtim_period': u8('DTIM period'),
    'country_info.code': text('Country'),
    'tag.oui': u24('Organization', { base: 'hex' }),
    'tag.data': raw('Element data'),
  },
);
export const TYPE = { management: 0, control: 1, data: 2 } as const;
/** Subtypes of management frames. */
export const MANAGEMENT = {
  associationRequest: 0,
  associationResponse: 1,
  reassociationRequest: 2,
  reassociationResponse: 3,
  probeRequest: 4,
  probeResponse: 5,
  beacon: 8,
  disassociation: 10,
  authentication: 11,
  deauthentication: 12,
  action: 13,
} as const;
/** Subtypes of control frames. */
export const CONTROL = {
  wrapper: 7,
  blockAckRequest: 8,
  blockAck: 9,
  powerSavePoll: 10,
  requestToSend: 11,
  clearToSend: 12,
  acknowledgment: 13,
  contentionFreeEnd: 14,
  contentionFreeEndAck: 15,
} as const;
/** Bits of the subtypes of data frames. */
export const DATA = { ack: 1, poll: 2, nothing: 4, qos: 8 } as const;
/** With the first byte as the low one, as the frame control is on the air. */
export const FLAG = { toDs: 0x0100, fromDs: 0x0200, protected: 0x4000, order: 0x8000 } as const;

export const typeOf = (control: number): number => (control >> 2) & 3;
export const subtypeOf = (control: number): number => (control >> 4) & 0xf;

const CONTROL_SIZES: Readonly<Record<number, number>> = {
  [CONTROL.wrapper]: 16,
  [CONTROL.blockAckRequest]: 20,
  [CONTROL.blockAck]: 10,
  [CONTROL.powerSavePoll]: 16,
  [CONTROL.requestToSend]: 16,
  [CONTROL.clearToSend]: 10,
  [CONTROL.acknowledgment]: 10,
  [CONTROL.contentionFreeEnd]: 16,
  [CONTROL.contentionFreeEndAck]: 16,
};
/** Where a bit meant for strict ordering says that it is there (clause 9.2.4.6). */
const HT_CONTROL = 4;
/** Subtypes of management frames of which nobody knows more. */
const RESERVED: ReadonlySet<number> = new Set([6, 7, 15]);
/** In bytes; 0: nobody knows. */
export function headerSize(control: number): number {
  const type = typeOf(control);
  const extra = (control & FLAG.order) !== 0 ? HT_CONTROL : 0;
  if (type === TYPE.management) return RESERVED.has(subtypeOf(control)) ? 24 : 24 + extra;
  if (type === TYPE.control) return CONTROL_SIZES[subtypeOf(control)] ?? 0;
  if (type !== TYPE.data) return 0;
  const fourth = (control & (FLAG.toDs | FLAG.fromDs)) === (FLAG.toDs | FLAG.fromDs) ? 6 : 0;
  return 24 + fourth + ((subtypeOf(control) & DATA.qos) !== 0 ? 2 + extra : 0);
}
/** Where the quality of service of a data frame is, as a distance. */
export const qosDistance = (control: number): number =>
  headerSize(control) - ((control & FLAG.order) !== 0 ? HT_CONTROL : 0) - 2;
/** Where the addresses of the two ends are in a data frame, as distances. */
export function endsOf(control: number): readonly [source: number, destination: number] {
  const toDs = (control & FLAG.toDs) !== 0;
  if ((control & FLAG.fromDs) !== 0) return toDs ? [24, 16] : [16, 4];
  return toDs ? [10, 16] : [10, 4];
}
