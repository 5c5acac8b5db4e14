import type { FieldSpec } from '../src/bytes/field.ts';
import { header, ipv4, bytes as raw, text } from '../src/bytes/field.ts';
import type { Kind } from '../src/bytes/kind.ts';
import { read8 } from '../src/bytes/kind.ts';
import { protocol, type Visit } from '../src/dissect/protocol.ts';
import { type Ber, berAt, bersIn, objectIdentifier } from './ber.ts';
import { snmpText } from './snmp/text.ts';

/** Numbers of as many bytes as they need, the highest first. */
const numberOf = (bytes: Uint8Array, from: number, to: number, signed: boolean): bigint => {
  let value = 0n;
  for (let at = from; at < to; at++) value = (value << 8n) + BigInt(read8(bytes, at));
  return signed && from < to && read8(bytes, from) > 0x7f ? value - (1n << BigInt(8 * (to - from))) : value;
};
const berNumber = (name: string, signed: boolean): Kind => ({
  name,
  size: 0,
  write: (w, bytes, from, to) => w.str(numberOf(bytes, from, to, signed).toString()),
  parse(typed) {
    if (!/^-?\d+$/.test(typed)) throw new RangeError(`"${typed}" is not a number`);
    const wanted = BigInt(typed);
    return (bytes, from, to) => numberOf(bytes, from, to, signed) === wanted;
  },
});
const integer = (label: string): FieldSpec => ({ kind: berNumber('integer', true), label });
const unsigned = (label: string): FieldSpec => ({ kind: berNumber('unsigned integer', false), label });
const oid = (label: string): FieldSpec => ({
  kind: {
    name: 'object identifier',
    size: 0,
    write: (w, bytes, from, to) => w.str(objectIdentifier(bytes, from, to)),
    parse(typed) {
      if (!/^\d+(\.\d+)*$/.test(typed)) throw new RangeError(`"${typed}" is not an object identifier`);
      return (bytes, from, to) => objectIdentifier(bytes, from, to) === typed;
    },
  },
  label,
});

const snmp = header(
  'snmp',
  {},
  {
    version: integer('Version'),
    msgVersion: integer('Version'),
    community: text('Community'),
    msgID: integer('Message ID'),
    msgMaxSize: integer('Maximum size'),
    msgFlags: raw('Flags'),
    msgSecurityModel: integer('Security model'),
    msgAuthoritativeEngineID: raw('Authoritative engine'),
    msgAuthoritativeEngineBoots: integer('Boots of the engine'),
    msgAuthoritativeEngineTime: integer('Time of the engine'),
    msgUserName: text('User'),
    msgAuthenticationParameters: raw('Authentication parameters'),
    msgPrivacyParameters: raw('Privacy parameters'),
    encryptedPDU: raw('Encrypted operation'),
    contextEngineID: raw('Engine of the context'),
    contextName: text('Context'),
    request_id: integer('Request'),
    error_status: integer('Error'),
    error_index: integer('Index of the error'),
    enterprise: oid('Enterprise'),
    agent_addr: ipv4('Agent'),
    generic_trap: integer('Generic trap'),
    specific_trap: integer('Specific trap'),
    time_stamp: unsigned('Time'),
    name: oid('Object'),
    'value.int': integer('Integer'),
    'value.octets': raw('Octets'),
    'value.oid': oid('Object identifier'),
    'value.ipv4': ipv4('Address'),
    'value.counter': unsigned('Counter'),
    'value.u32': unsigned('Gauge'),
    'value.timeticks': unsigned('Time'),
    'value.unk': raw('Value'),
  },
);
const SEQUENCE = 0x30;
const TRAP = 0xa4;
const ADDRESS = 0x40;
const OPERATION = [snmp.request_id, snmp.error_status, snmp.error_index];
const TRAP_FIELDS = [snmp.enterprise, snmp.agent_addr, snmp.generic_trap, snmp.specific_trap, snmp.time_stamp];
const VALUES: Readonly<Record<number, keyof typeof snmp>> = {
  2: 'value.int',
  4: 'value.octets',
  6: 'value.oid',
  64: 'value.ipv4',
  65: 'value.counter',
  66: 'value.u32',
  67: 'value.timeticks',
  70: 'value.counter',
};

/** Simple Network Management Protocol, versions 1, 2c and 3. */
export const networkManagement = protocol(snmp, {
  title: 'Simple Network Management Protocol',
  source: 'RFC 3416, RFC 3412, RFC 1157, X.690',
  on: { 'udp.port': [161, 162] },
  expand(frame, d, visit) {
    const { bytes } = frame;
    // A message that was cut has its elements as far as they go.
    const end = frame.limit(d);
    const message = berAt(bytes, frame.from[d]!, end);
    if (message === undefined || message.tag !== SEQUENCE) return;
    const parts = [...bersIn(bytes, message.from, message.to)];
    if (parts.length < 3 || parts[0]!.tag !== 2) return;
    const isV3 = numberOf(bytes, parts[0]!.from, parts[0]!.to, true) === 3n;
    visitAll([isV3 ? snmp.msgVersion : snmp.version], parts, visit);
    if (isV3) messageRows(bytes, parts, visit);
    else {
      visitAll([snmp.community], parts.slice(1), visit);
      pduRows(bytes, parts[2]!, visit);
    }
  },
  line: (w, frame, d) => snmpText(w, frame.from[d]!, frame.claim[d]! - frame.from[d]!),
});
/** One field for each element, as far as both go. */
function visitAll(fields: readonly (typeof snmp.version)[], elements: readonly Ber[], visit: Visit): void {
  fields.forEach((field, i) => {
    const element = elements[i];
    if (element === undefined || element.from === element.to) return;
    if (field.size === 0 || field.size === element.to - element.from) visit(field, element.from, element.to);
  });
}
const partsOf = (bytes: Uint8Array, element: Ber | undefined): Ber[] =>
  element === undefined ? [] : [...bersIn(bytes, element.from, element.to)];

function messageRows(bytes: Uint8Array, parts: readonly Ber[], visit: Visit): void {
  const head = [snmp.msgID, snmp.msgMaxSize, snmp.msgFlags, snmp.msgSecurityModel];
  visitAll(head, partsOf(bytes, parts[1]), visit);
  const user = [
    ...[snmp.msgAuthoritativeEngineID, snmp.msgAuthoritativeEngineBoots, snmp.msgAuthoritativeEngineTime],
    ...[snmp.msgUserName, snmp.msgAuthenticationParameters, snmp.msgPrivacyParameters],
  ];
  const security = parts[2];
  if (security !== undefined) visitAll(user, partsOf(bytes, berAt(bytes, security.from, security.to)), visit);
  const data = parts[3];
  if (data?.tag !== SEQUENCE) {
    visitAll([snmp.encryptedPDU], data === undefined ? [] : [data], visit);
    return;
  }
  const scoped = partsOf(bytes, data);
  visitAll([snmp.contextEngineID, snmp.contextName], scoped, visit);
  if (scoped[2] !== undefined) pduRows(bytes, scoped[2], visit);
}
function pduRows(bytes: Uint8Array, pdu: Ber, visit: Visit): void {
  const parts = partsOf(bytes, pdu);
  const fields = pdu.tag === TRAP ? TRAP_FIELDS : OPERATION;
  visitAll(fields, parts, visit);
  for (const binding of partsOf(bytes, parts[fields.length])) {
    const [name, value] = partsOf(bytes, binding);
    if (name === undefined || value === undefined) continue;
    const field = snmp[VALUES[value.tag] ?? 'value.unk'] as typeof snmp.version;
    const isOdd = value.tag === ADDRESS && value.to - value.from !== 4;
    visitAll([snmp.name, isOdd ? snmp['value.unk'] : field], [name, value], visit);
  }
}
