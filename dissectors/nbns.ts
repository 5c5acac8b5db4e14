import { bits, header, ipv4, mac, bytes as raw, u8, u16, u32 } from '../src/bytes/field.ts';
import { protocol, type Visit } from '../src/dissect/protocol.ts';
import { skipName } from './dns/name.ts';
import { inOrder } from './in-order.ts';
import { encodedName, plainName } from './netbios/name.ts';

const OPCODES = { 0: 'Name query', 5: 'Registration', 6: 'Release', 7: 'Wait and acknowledge', 8: 'Refresh' };
const REPLIES = {
  0: 'No error',
  1: 'Format error',
  2: 'Server failure',
  3: 'No such name',
  4: 'Not implemented',
  5: 'Refused',
  6: 'Name is owned by another node',
  7: 'Name is in conflict',
};
const TYPES = { 1: 'A', 2: 'NS', 10: 'NULL', 32: 'NB', 33: 'NBSTAT' };
const NODES = { 0: 'B-node', 1: 'P-node', 2: 'M-node', 3: 'H-node' };
const NB = 32;
const NBSTAT = 33;

const head = header(
  'nbns',
  {
    id: u16('Transaction ID', { base: 'hex' }),
    flags: u16('Flags', { base: 'hex' }),
    'flags.response': bits('flags', 0x8000, 'Response'),
    'flags.opcode': bits('flags', 0x7800, 'Operation', { names: OPCODES }),
    'flags.authoritative': bits('flags', 0x0400, 'Authoritative answer'),
    'flags.truncated': bits('flags', 0x0200, 'Truncated'),
    'flags.recdesired': bits('flags', 0x0100, 'Recursion desired'),
    'flags.recavail': bits('flags', 0x0080, 'Recursion available'),
    'flags.broadcast': bits('flags', 0x0010, 'Broadcast or multicast'),
    'flags.rcode': bits('flags', 0x000f, 'Result', { names: REPLIES }),
    'count.queries': u16('Questions'),
    'count.answers': u16('Answers'),
    'count.auth_rr': u16('Authority records'),
    'count.add_rr': u16('Additional records'),
  },
  {
    name: encodedName('Name'),
    type: u16('Type', { names: TYPES }),
    class: u16('Class', { names: { 1: 'IN' } }),
    ttl: u32('Time to live', { unit: 'seconds' }),
    data_length: u16('Data length', { unit: 'bytes' }),
    nb_flags: u16('Flags of the name', { base: 'hex' }),
    'nb_flags.group': bits('nb_flags', 0x8000, 'Group name'),
    'nb_flags.ont': bits('nb_flags', 0x6000, 'Type of the node', { names: NODES }),
    addr: ipv4('Address'),
    number_of_names: u8('Number of names'),
    netbios_name: plainName('Name of the node'),
    name_flags: u16('Flags of the name', { base: 'hex' }),
    'name_flags.group': bits('name_flags', 0x8000, 'Group name'),
    'name_flags.ont': bits('name_flags', 0x6000, 'Type of the node', { names: NODES }),
    'name_flags.drg': bits('name_flags', 0x1000, 'Is being deregistered'),
    'name_flags.cnf': bits('name_flags', 0x0800, 'In conflict'),
    'name_flags.act': bits('name_flags', 0x0400, 'Active'),
    'name_flags.prm': bits('name_flags', 0x0200, 'Permanent'),
    unit_id: mac('Hardware address'),
    data: raw('Data'),
  },
);
const QUESTION = [head.type, head.class] as const;
const RECORD = [head.type, head.class, head.ttl, head.data_length] as const;
const ADDRESS = [head.nb_flags, head['nb_flags.group'], head['nb_flags.ont'], head.addr] as const;
const STATUS = [
  head.netbios_name,
  head.name_flags,
  head['name_flags.group'],
  head['name_flags.ont'],
  head['name_flags.drg'],
  head['name_flags.cnf'],
  head['name_flags.act'],
  head['name_flags.prm'],
] as const;
/** A name of a node and its flags, in bytes. */
const STATUS_SIZE = 18;
/** An address and its flags, in bytes. */
const ADDRESS_SIZE = 6;

/** NetBIOS name service: names without dots, looked up by asking everybody. */
export const nameService = protocol(head, {
  title: 'NetBIOS Name Service',
  source: 'RFC 1002 section 4.2',
  on: { 'udp.port': 137 },
  expand(frame, d, visit) {
    const { bytes } = frame;
    const start = frame.from[d]!;
    const end = frame.limit(d);
    const questions = head['count.queries'].read(bytes, start);
    const records =
      head['count.answers'].read(bytes, start) +
      head['count.auth_rr'].read(bytes, start) +
      head['count.add_rr'].read(bytes, start);
    let at = start + head.$size;
    for (let i = 0; i < questions && at < end; i++) {
      at = visitName(bytes, at, end, visit);
      at = inOrder(QUESTION, at, end, visit);
    }
    for (let i = 0; i < records && at < end; i++) at = visitRecord(bytes, at, end, visit);
  },
});
/** Returns where the name ends; `end` when nobody can say. */
function visitName(bytes: Uint8Array, at: number, end: number, visit: Visit): number {
  const to = skipName(bytes, at, end);
  if (to < 0 || to > end) return end;
  visit(head.name, at, to);
  return to;
}
function visitRecord(bytes: Uint8Array, at: number, end: number, visit: Visit): number {
  const fixed = visitName(bytes, at, end, visit);
  const from = inOrder(RECORD, fixed, end, visit);
  if (from === end) return end;
  const to = Math.min(end, from + head.data_length.read(bytes, from - head.data_length.size));
  const type = head.type.read(bytes, fixed);
  if (type === NB && (to - from) % ADDRESS_SIZE === 0)
    for (let next = from; next < to; next += ADDRESS_SIZE) inOrder(ADDRESS, next, to, visit);
  else if (type === NBSTAT && to > from) visitStatus(bytes, from, to, visit);
  else if (to > from) visit(head.data, from, to);
  return to;
}
/** What a node says of itself (RFC 1002 section 4.2.18); behind its hardware address are statistics of long ago. */
function visitStatus(bytes: Uint8Array, from: number, to: number, visit: Visit): void {
  visit(head.number_of_names, from, from + 1);
  const names = from + 1 + head.number_of_names.read(bytes, from) * STATUS_SIZE;
  let at = from + 1;
  while (at < names && at + STATUS_SIZE <= to) at = inOrder(STATUS, at, to, visit);
  if (at < names || at + head.unit_id.size > to) return;
  visit(head.unit_id, at, at + head.unit_id.size);
}
