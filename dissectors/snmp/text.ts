import type { Line } from '../../src/dissect/line.ts';
import { hex, say } from '../say.ts';
import {
  type Element,
  elementText,
  octetsText,
  PDUS,
  type Reader,
  stringText,
  type Type,
  valueText,
} from './element.ts';

const VERSIONS: Readonly<Record<number, string>> = { 0: 'SNMPv1', 1: 'SNMPv2c', 3: 'SNMPv3' };
const ERRORS = [
  ...['noError', 'tooBig', 'noSuchName', 'badValue', 'readOnly', 'genErr', 'noAccess', 'wrongType', 'wrongLength'],
  ...['wrongEncoding', 'wrongValue', 'noCreation', 'inconsistentValue', 'resourceUnavailable', 'commitFailed'],
  ...['undoFailed', 'authorizationError', 'notWritable', 'inconsistentName'],
];
const TRAPS = [
  ...['coldStart', 'warmStart', 'linkDown', 'linkUp', 'authenticationFailure', 'egpNeighborLoss'],
  'enterpriseSpecific',
];
const ENTERPRISE = 6;
const PDU = { get: 0, next: 1, response: 2, set: 3, trap: 4, bulk: 5, inform: 6, trap2: 7, report: 8 } as const;
/** In these both the error and its index are zero. */
const FAULTLESS: ReadonlySet<number> = new Set([PDU.get, PDU.next, PDU.set, PDU.inform, PDU.trap2, PDU.report]);
const ASKING: ReadonlySet<number> = new Set([PDU.get, PDU.next, PDU.bulk]);
const PUBLIC = 'public';

/** An element that must be of a type; undefined, and the complaint written, when it is not. */
function expect(w: Line, r: Reader, type: Type, wrong: string): Element | undefined {
  const element = elementText(w, r);
  if (element === undefined || element.type === type) return element;
  w.str(wrong);
  valueText(w, element);
  return undefined;
}
const inside = ({ at, length }: Element): Reader => ({ at, left: length });
function extraText(w: Line, count: number, what: string): void {
  if (count > 0) say(w, '[', count, ' extra after ', what, ']');
}
const verbose = (w: Line, text: string): void => {
  if (w.verbose > 0) w.str(text);
};

/** tcpdump's text. */
export function snmpText(w: Line, at: number, length: number): void {
  w.label = 'snmp';
  w.str(' ');
  const outer = { at, left: length };
  const message = expect(w, outer, 'sequence', '[!init SEQ]');
  if (message === undefined) return;
  extraText(w, outer.left, 'iSEQ');
  const r = inside(message);
  const version = expect(w, r, 'int', '[version!=INT]')?.value as number | undefined;
  if (version === undefined) return;
  if (VERSIONS[version] === undefined) {
    say(w, 'SNMP [version = ', version, ']');
    return;
  }
  verbose(w, `{ ${VERSIONS[version]} `);
  if (version === 3) messageText(w, r);
  else communityText(w, r, version);
  verbose(w, '} ');
}
function communityText(w: Line, r: Reader, version: number): void {
  const community = expect(w, r, 'string', '[comm!=STR]');
  if (community === undefined) return;
  const { at, length } = community;
  const usual = length === PUBLIC.length && [...PUBLIC].every((c, i) => w.u8(at + i) === c.charCodeAt(0));
  if (!usual) {
    w.str('C=');
    stringText(w, community);
    w.str(' ');
  }
  pduText(w, r, version);
}
function pduText(w: Line, r: Reader, version: number): void {
  const pdu = elementText(w, r);
  if (pdu === undefined) return;
  if (pdu.type !== 'pdu') {
    w.str('[no PDU]');
    return;
  }
  extraText(w, r.left, 'PDU');
  verbose(w, '{ ');
  say(w, PDUS[pdu.id]!, '(', pdu.length, ') ');
  if (version === 0 && pdu.id > PDU.trap) w.str('[v2 PDU in v1 message]');
  else if (version === 1 && pdu.id === PDU.trap) w.str('[v1 PDU in v2 message]');
  else {
    if (pdu.id === PDU.trap) trapText(w, inside(pdu));
    else operationText(w, inside(pdu), pdu.id);
    verbose(w, ' } ');
  }
}
const errorName = (error: number): string => ERRORS[error] ?? `err=${error >>> 0}`;
function operationText(w: Line, r: Reader, pdu: number): void {
  const request = expect(w, r, 'int', '[reqId!=INT]');
  if (request === undefined) return;
  verbose(w, `R=${request.value} `);
  const status = expect(w, r, 'int', '[errorStatus!=INT]')?.value as number | undefined;
  if (status === undefined) return;
  const isBulk = pdu === PDU.bulk;
  if (FAULTLESS.has(pdu) && status !== 0) say(w, '[errorStatus(', errorName(status), ')!=0]');
  else if (isBulk) say(w, ' N=', status);
  else if (status !== 0) say(w, ' ', errorName(status));
  const error = FAULTLESS.has(pdu) || isBulk ? 0 : status;
  const index = expect(w, r, 'int', '[errorIndex!=INT]')?.value as number | undefined;
  if (index === undefined) return;
  if (FAULTLESS.has(pdu) && index !== 0) say(w, '[errorIndex(', index, ')!=0]');
  else if (isBulk) say(w, ' M=', index);
  else if (index !== 0) say(w, ...(error === 0 ? ['[errorIndex(', index, ') w/o errorStatus]'] : ['@', index]));
  else if (error !== 0) w.str('[errorIndex==0]');
  bindingsText(w, r, pdu);
}
/** RFC 1157 section 4.1.6. */
function trapText(w: Line, r: Reader): void {
  w.str(' ');
  const enterprise = expect(w, r, 'oid', '[enterprise!=OID]');
  if (enterprise === undefined) return;
  valueText(w, enterprise);
  w.str(' ');
  const agent = expect(w, r, 'address', '[agent-addr!=INETADDR]');
  if (agent === undefined) return;
  valueText(w, agent);
  const generic = expect(w, r, 'int', '[generic-trap!=INT]')?.value as number | undefined;
  if (generic === undefined) return;
  say(w, ' ', TRAPS[generic] ?? `gt=${generic}`);
  const specific = expect(w, r, 'int', '[specific-trap!=INT]')?.value as number | undefined;
  if (specific === undefined) return;
  if (generic === ENTERPRISE) say(w, ' s=', specific);
  else if (specific !== 0) say(w, '[specific-trap(', specific, ')!=0]');
  w.str(' ');
  const time = expect(w, r, 'unsigned', '[time-stamp!=TIMETICKS]');
  if (time === undefined) return;
  valueText(w, time);
  bindingsText(w, r, PDU.trap);
}
function bindingsText(w: Line, r: Reader, pdu: number): void {
  const list = expect(w, r, 'sequence', '[!SEQ of varbind]');
  if (list === undefined) return;
  extraText(w, r.left, 'SEQ of varbind');
  for (const bindings = inside(list); bindings.left > 0 && !w.cut; ) {
    w.str(' ');
    const binding = expect(w, bindings, 'sequence', '[!varbind]');
    if (binding === undefined || !bindingText(w, inside(binding), ASKING.has(pdu))) return;
  }
}
function bindingText(w: Line, r: Reader, asking: boolean): boolean {
  const name = expect(w, r, 'oid', '[objName!=OID]');
  if (name === undefined) return false;
  valueText(w, name);
  if (!asking) w.str('=');
  const value = elementText(w, r);
  if (value === undefined) return false;
  if (value.type === 'null') return true;
  if (asking) w.str('[objVal!=NULL]');
  valueText(w, value);
  return true;
}

const FLAGS: ReadonlySet<number> = new Set([0, 1, 3, 4, 5, 7]);
const USER_BASED = 3;
/** RFC 3412 section 6. */
function messageText(w: Line, r: Reader): void {
  const head = expect(w, r, 'sequence', '[!message]');
  if (head === undefined) return;
  const h = inside(head);
  verbose(w, '{ ');
  if (!expect(w, h, 'int', '[msgID!=INT]') || !expect(w, h, 'int', '[msgMaxSize!=INT]')) return;
  const flags = expect(w, h, 'string', '[msgFlags!=STR]');
  if (flags === undefined || !flagsText(w, flags)) return;
  const model = expect(w, h, 'int', '[msgSecurityModel!=INT]');
  if (model === undefined) return;
  // tcpdump compares what is left with the size of what it read last.
  extraText(w, h.left - model.size, 'message SEQ');
  verbose(w, '} ');
  if (model.value !== USER_BASED) {
    say(w, '[security model ', model.value as number, ']');
    return;
  }
  verbose(w, '{ USM ');
  const parameters = expect(w, r, 'string', '[msgSecurityParameters!=STR]');
  if (parameters === undefined) return;
  userText(w, inside(parameters));
  verbose(w, '} { ScopedPDU ');
  scopedText(w, r);
  verbose(w, '} ');
}
function flagsText(w: Line, { at, length }: Element): boolean {
  const flags = w.u8(at);
  if (length !== 1) say(w, '[msgFlags size ', length, ']');
  else if (!FLAGS.has(flags)) say(w, '[msgFlags=0x', hex(flags, 2).toUpperCase(), ']');
  else {
    say(w, 'F=', (flags & 1) !== 0 ? 'a' : '', (flags & 2) !== 0 ? 'p' : '', (flags & 4) !== 0 ? 'r' : '', ' ');
    return true;
  }
  return false;
}
/** The user-based security model (RFC 3414 section 2.4). */
function userText(w: Line, outer: Reader): void {
  const parameters = expect(w, outer, 'sequence', '[!usm]');
  if (parameters === undefined) return;
  const r = inside(parameters);
  if (!expect(w, r, 'string', '[msgAuthoritativeEngineID!=STR]')) return;
  const boots = expect(w, r, 'int', '[msgAuthoritativeEngineBoots!=INT]');
  if (boots === undefined) return;
  verbose(w, `B=${boots.value} `);
  const time = expect(w, r, 'int', '[msgAuthoritativeEngineTime!=INT]');
  if (time === undefined) return;
  verbose(w, `T=${time.value} `);
  const user = expect(w, r, 'string', '[msgUserName!=STR]');
  if (user === undefined) return;
  w.str('U=');
  stringText(w, user);
  w.str(' ');
  if (!expect(w, r, 'string', '[msgAuthenticationParameters!=STR]')) return;
  const last = expect(w, r, 'string', '[msgPrivacyParameters!=STR]');
  if (last !== undefined) extraText(w, r.left - last.size, 'usm SEQ');
}
function scopedText(w: Line, outer: Reader): void {
  const scoped = expect(w, outer, 'sequence', '[!scoped PDU]');
  if (scoped === undefined) return;
  const r = inside(scoped);
  const engine = expect(w, r, 'string', '[contextEngineID!=STR]');
  if (engine === undefined) return;
  w.str('E=');
  octetsText(w, engine);
  w.str(' ');
  const context = expect(w, r, 'string', '[contextName!=STR]');
  if (context === undefined) return;
  w.str('C=');
  stringText(w, context);
  w.str(' ');
  pduText(w, r, USER_BASED);
}
