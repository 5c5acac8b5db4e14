import type { Field } from '../src/bytes/field.ts';
import { read16le } from '../src/bytes/kind.ts';
import type { Frame } from '../src/dissect/frame.ts';
import { NONE, protocol, type Visit } from '../src/dissect/protocol.ts';
import { isPadded } from './radiotap/below.ts';
import { elementRows } from './wlan/elements.ts';
import {
  CONTROL,
  DATA,
  FLAG,
  wlan as head,
  headerSize,
  MANAGEMENT,
  qosDistance,
  subtypeOf,
  TYPE,
  typeOf,
} from './wlan/header.ts';
import { security } from './wlan/security.ts';
import { wlanSummary } from './wlan/summary.ts';
import { wlanText } from './wlan/text.ts';

/** Where what follows the header begins; some devices align it. */
const bodyAt = (frame: Frame, d: number): number => {
  const at = frame.from[d]!;
  const size = headerSize(read16le(frame.bytes, at));
  return at + (isPadded(frame, d) ? (size + 3) & ~3 : size);
};

/** IEEE 802.11 wireless LAN. */
export const wirelessLan = protocol(
  { ...head, $all: [...head.$all, ...security.$all] },
  {
    title: 'IEEE 802.11 wireless LAN',
    source: 'IEEE 802.11',
    link: true,
    on: { link: 105 },
    summary: wlanSummary,
    computed: [
      {
        name: 'wlan.fc.type_subtype',
        label: 'Type and subtype',
        type: 'number',
        value: ({ bytes, from }, d) =>
          head['fc.type'].read(bytes, from[d]!) * 16 + head['fc.subtype'].read(bytes, from[d]!),
      },
    ],
    step(frame, bytes, at, end) {
      const control = read16le(bytes, at);
      const subtype = subtypeOf(control);
      const secret = (control & FLAG.protected) !== 0;
      if (secret && typeOf(control) === TYPE.management) return frame.passOn(NONE, bodyAt(frame, frame.depth - 1), end);
      if (typeOf(control) !== TYPE.data || (subtype & DATA.nothing) !== 0) return NONE;
      const body = bodyAt(frame, frame.depth - 1);
      const known = !secret && !isAggregate(bytes, at, control, Math.min(end, frame.end));
      return frame.passOn(known ? frame.registry.id('llc') : NONE, body, end);
    },
    expand(frame, d, visit) {
      const { bytes } = frame;
      const from = frame.from[d]!;
      const end = frame.limit(d);
      const control = read16le(bytes, from);
      for (const [field, distance] of placesOf(control))
        if (from + distance + field.size <= end) visit(field, from + distance, from + distance + field.size);
      const body = bodyAt(frame, d);
      if (body > end) return;
      if (typeOf(control) === TYPE.data) {
        if ((subtypeOf(control) & DATA.qos) !== 0) qosRows(from + qosDistance(control), visit);
      } else if (typeOf(control) === TYPE.management && (control & FLAG.protected) === 0)
        managementRows(bytes, subtypeOf(control), body, end, visit);
    },
    line: wlanText,
  },
);
/** Several frames in one: each with a header of its own. */
function isAggregate(bytes: Uint8Array, at: number, control: number, end: number): boolean {
  const qos = at + qosDistance(control);
  if ((subtypeOf(control) & DATA.qos) === 0 || qos + 2 > end) return false;
  return head['qos.amsdupresent'].read(bytes, qos) !== 0;
}
function qosRows(at: number, visit: Visit): void {
  for (const field of [head.qos, head['qos.tid'], head['qos.amsdupresent']]) visit(field, at, at + 2);
}
type Places = readonly (readonly [field: Field, distance: number])[];
const [FIRST, SECOND, THIRD, FOURTH] = [4, 10, 16, 24] as const;
const RECEIVER: Places = [[head.ra, FIRST]];
const TRANSMITTED: Places = [...RECEIVER, [head.ta, SECOND]];
const CONTROL_ADDRESSES: Readonly<Record<number, Places>> = {
  [CONTROL.blockAckRequest]: TRANSMITTED,
  [CONTROL.blockAck]: TRANSMITTED,
  [CONTROL.requestToSend]: TRANSMITTED,
  [CONTROL.powerSavePoll]: [
    [head.bssid, FIRST],
    [head.ta, SECOND],
  ],
  [CONTROL.contentionFreeEnd]: [...RECEIVER, [head.bssid, SECOND]],
  [CONTROL.contentionFreeEndAck]: [...RECEIVER, [head.bssid, SECOND]],
};
const NUMBERS: Places = [
  [head.frag, 22],
  [head.seq, 22],
];
const DIRECT: Places = [[head.da, FIRST], [head.sa, SECOND], [head.bssid, THIRD], ...NUMBERS];
/** By whether the frame goes to the distribution system (1) and comes from there (2): IEEE 802.11 table 9-30. */
const DATA_ADDRESSES: readonly Places[] = [
  DIRECT,
  [[head.bssid, FIRST], [head.sa, SECOND], [head.da, THIRD], ...NUMBERS],
  [[head.da, FIRST], [head.bssid, SECOND], [head.sa, THIRD], ...NUMBERS],
  [...TRANSMITTED, [head.da, THIRD], ...NUMBERS, [head.sa, FOURTH]],
];
/** The addresses and numbers of the header, in wire order. */
function placesOf(control: number): Places {
  const type = typeOf(control);
  if (type === TYPE.management) return DIRECT;
  if (type === TYPE.data) return DATA_ADDRESSES[(control >> 8) & 3]!;
  return type === TYPE.control ? (CONTROL_ADDRESSES[subtypeOf(control)] ?? RECEIVER) : [];
}
const CAPABILITIES = [head['fixed.capabilities'], head['fixed.capabilities.privacy']] as const;
const BEACON = [head['fixed.timestamp'], head['fixed.beacon'], ...CAPABILITIES] as const;
const RESPONSE = [...CAPABILITIES, head['fixed.status_code'], head['fixed.aid']] as const;
/** What each kind of management frame has in front of its elements. */
const FIXED: Readonly<Record<number, readonly Field[]>> = {
  [MANAGEMENT.associationRequest]: [...CAPABILITIES, head['fixed.listen_ival']],
  [MANAGEMENT.associationResponse]: RESPONSE,
  [MANAGEMENT.reassociationRequest]: [...CAPABILITIES, head['fixed.listen_ival'], head['fixed.current_ap']],
  [MANAGEMENT.reassociationResponse]: RESPONSE,
  [MANAGEMENT.probeRequest]: [],
  [MANAGEMENT.probeResponse]: BEACON,
  [MANAGEMENT.beacon]: BEACON,
  [MANAGEMENT.disassociation]: [head['fixed.reason_code']],
  [MANAGEMENT.authentication]: [head['fixed.auth.alg'], head['fixed.auth_seq'], head['fixed.status_code']],
  [MANAGEMENT.deauthentication]: [head['fixed.reason_code']],
};
function managementRows(bytes: Uint8Array, subtype: number, from: number, end: number, visit: Visit): void {
  if (subtype === MANAGEMENT.action && from < end) visit(head['fixed.category_code'], from, from + 1);
  const fields = FIXED[subtype];
  if (fields === undefined) return;
  let at = from;
  for (const field of fields) {
    // The bit of the capabilities lies where they do.
    const start = field === head['fixed.capabilities.privacy'] ? at - 2 : at;
    if (start + field.size > end) return;
    visit(field, start, start + field.size);
    at = start + field.size;
  }
  elementRows(bytes, at, end, visit);
}
