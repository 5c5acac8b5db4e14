import type { Field } from '../../src/bytes/field.ts';
import type { Frame } from '../../src/dissect/frame.ts';
import type { Visit } from '../../src/dissect/protocol.ts';
import { statefulOperations, visitData } from './data.ts';
import { dns, mdns } from './fields.ts';
import { skipName, UNKNOWN_LABEL } from './name.ts';

const OPT = 41;
const STATEFUL = 6;
/** What the class field is made of, in a question, a record, and an OPT record. */
interface Classes {
  readonly question: readonly Field[];
  readonly record: readonly Field[];
  readonly opt: readonly Field[];
}
export const UNICAST: Classes = {
  question: [dns['qry.class']],
  record: [dns['resp.class']],
  opt: [dns['rr.udp_payload_size']],
};
export const MULTICAST: Classes = {
  question: [mdns['qry.class'], mdns['qry.qu']],
  record: [mdns['resp.class'], mdns['resp.cache_flush']],
  opt: [mdns['rr.udp_payload_size'], mdns['resp.cache_flush']],
};

/**
 * Reports every field behind the header of the message in layer `d`, in wire order.
 * False: the message ends before what its header announces, or data does not fill its record.
 */
export function visitMessage(frame: Frame, d: number, visit: Visit, classes: Classes): boolean {
  const { bytes } = frame;
  const start = frame.from[d]!;
  const end = frame.limit(d);
  let at = start + dns.$size;
  for (let left = dns['count.queries'].read(bytes, start); left > 0; left--) {
    at = visitQuestion(bytes, at, end, visit, classes);
    if (at < 0) return false;
  }
  let good = true;
  for (let left = countRecords(bytes, start); left > 0; left--) {
    const data = visitRecordHeader(bytes, at, end, visit, classes);
    if (data < 0) return false;
    at = data + dns['resp.len'].read(bytes, data - 2);
    const type = dns['resp.type'].read(bytes, data - RECORD);
    // An update deletes with records that hold nothing (RFC 2136 section 2.5).
    if (at > data && !visitData(type, bytes, data, Math.min(at, end), visit)) good = false;
    if (at > end) return false;
  }
  // Operations stand where, the counts being zero, the sections would (RFC 8490 section 5.4).
  if (dns['flags.opcode'].read(bytes, start) === STATEFUL) return statefulOperations(bytes, at, end, visit) >= 0;
  return good;
}
const countRecords = (bytes: Uint8Array, start: number): number =>
  dns['count.answers'].read(bytes, start) +
  dns['count.auth_rr'].read(bytes, start) +
  dns['count.add_rr'].read(bytes, start);

/** The place behind the name, or -1; a name of no known end takes what is left. */
function visitName(field: Field, bytes: Uint8Array, at: number, end: number, visit: Visit): number {
  const to = skipName(bytes, at, end);
  if (to === UNKNOWN_LABEL) visit(field, at, end);
  if (to < 0 || to > end) return -1;
  visit(field, at, to);
  return to;
}
/** The place behind the question, or -1. */
function visitQuestion(bytes: Uint8Array, at: number, end: number, visit: Visit, classes: Classes): number {
  const name = visitName(dns['qry.name'], bytes, at, end, visit);
  if (name < 0) return -1;
  if (name + 4 > end) return -1;
  visit(dns['qry.type'], name, name + 2);
  for (const field of classes.question) visit(field, name + 2, name + 4);
  return name + 4;
}
/** Between the name and the data of a record: type, class, time to live, length. */
const RECORD = 10;
/** The place of the record's data, or -1. */
function visitRecordHeader(bytes: Uint8Array, at: number, end: number, visit: Visit, classes: Classes): number {
  const name = visitName(dns['resp.name'], bytes, at, end, visit);
  if (name < 0) return -1;
  const data = name + RECORD;
  if (data > end) return -1;
  visit(dns['resp.type'], name, name + 2);
  const isOpt = dns['resp.type'].read(bytes, name) === OPT;
  for (const field of isOpt ? classes.opt : classes.record) visit(field, name + 2, name + 4);
  if (isOpt) visitOptFlags(name + 4, visit);
  else visit(dns['resp.ttl'], name + 4, name + 8);
  visit(dns['resp.len'], name + 8, data);
  return data;
}
/** RFC 6891 section 6.1.3: in place of the time to live. */
function visitOptFlags(at: number, visit: Visit): void {
  visit(dns['resp.ext_rcode'], at, at + 1);
  visit(dns['resp.edns0_version'], at + 1, at + 2);
  visit(dns['resp.z'], at + 2, at + 4);
  visit(dns['resp.z.do'], at + 2, at + 4);
  visit(dns['resp.z.reserved'], at + 2, at + 4);
}
