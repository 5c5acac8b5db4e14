/** Where the fields of each ICMPv6 message lie. */
import type { Field } from '../../src/bytes/field.ts';
import type { Frame } from '../../src/dissect/frame.ts';
import type { Visit } from '../../src/dissect/protocol.ts';
import { skipName } from '../dns/name.ts';
import { inOrder } from '../in-order.ts';
import { icmp6 as f } from './header.ts';

/** What follows the fields of a message: `bytes` are the packet's. */
type Rest = (bytes: Uint8Array, from: number, end: number, visit: Visit) => void;
interface Message {
  /** After the checksum, in order. */
  readonly fields: readonly Field[];
  readonly rest?: Rest;
}
const data: Rest = (_bytes, from, end, visit) => {
  if (from < end) visit(f.data, from, end);
};
/** Nothing: what follows is the packet that the message is about, a layer of its own. */
const packet: Rest = () => {};
const addresses =
  (field: Field): Rest =>
  (bytes, from, end, visit) => {
    let at = from;
    while (at + field.size <= end) at = inOrder([field], at, end, visit);
    data(bytes, at, end, visit);
  };

const OPTION_VALUES: Readonly<Record<number, { readonly fields: readonly Field[]; readonly rest?: Field }>> = {
  1: { fields: [], rest: f['opt.src_linkaddr'] },
  2: { fields: [], rest: f['opt.target_linkaddr'] },
  3: {
    fields: [
      f['opt.prefix.length'],
      f['opt.prefix.flag'],
      f['opt.prefix.flag.l'],
      f['opt.prefix.flag.a'],
      f['opt.prefix.flag.r'],
      f['opt.prefix.valid_lifetime'],
      f['opt.prefix.preferred_lifetime'],
      f['opt.prefix.reserved'],
      f['opt.prefix'],
    ],
  },
  4: { fields: [f['opt.reserved'], f.reserved], rest: f['opt.redirected_packet'] },
  5: { fields: [f['opt.mtu.reserved'], f['opt.mtu']] },
  7: { fields: [f['opt.reserved'], f['opt.advertisement_interval']] },
  8: { fields: [f['opt.reserved'], f['opt.home_agent_preference'], f['opt.home_agent_lifetime']] },
  14: { fields: [], rest: f['opt.nonce'] },
  24: {
    fields: [
      f['opt.prefix.length'],
      f['opt.route_info.flag'],
      f['opt.route_info.flag.route_preference'],
      f['opt.route_lifetime'],
    ],
    // As long as it must be: 0, 8 or 16 bytes.
    rest: f['opt.prefix'],
  },
  25: { fields: [f['opt.reserved'], f['opt.rdnss.lifetime']], rest: f['opt.rdnss'] },
  31: { fields: [f['opt.reserved'], f['opt.dnssl.lifetime']], rest: f['opt.dnssl'] },
  37: { fields: [], rest: f['opt.captive_portal'] },
};
/** Does a field go on to the end of its option? */
const ends = (field: Field): boolean => field.size === 0 && field !== f['opt.dnssl'];
/** Domain names, padded with zeros; returns where the padding begins. */
function names(bytes: Uint8Array, from: number, end: number, visit: Visit): number {
  for (let at = from; ; ) {
    const next = skipName(bytes, at, end);
    if (next <= at + 1 || next > end) return at;
    visit(f['opt.dnssl'], at, next);
    at = next;
  }
}
/** Options of neighbour discovery (RFC 4861 section 4.6). */
const options: Rest = (bytes, from, end, visit) => {
  for (let at = from; at + 2 <= end; ) {
    visit(f['opt.type'], at, at + 1);
    visit(f['opt.length'], at + 1, at + 2);
    const length = f['opt.length'].read(bytes, at + 1) * 8;
    const next = at + length;
    if (length === 0 || next > end) return;
    const value = OPTION_VALUES[f['opt.type'].read(bytes, at)];
    let rest = inOrder(value?.fields ?? [], at + 2, next, visit);
    const field = value?.rest ?? f['opt.padding'];
    while (field.size > 0 && rest + field.size <= next) rest = inOrder([field], rest, next, visit);
    if (field === f['opt.dnssl']) rest = names(bytes, rest, next, visit);
    if (rest < next) visit(ends(field) ? field : f['opt.padding'], rest, next);
    at = next;
  }
};
const RECORD = [
  f['mldr.mar.record_type'],
  f['mldr.mar.aux_data_len'],
  f['mldr.mar.nb_sources'],
  f['mldr.mar.multicast_address'],
];
const RECORD_SIZE = 20;
/** RFC 3810 section 5.2. */
const records: Rest = (bytes, from, end, visit) => {
  for (let at = from; at < end; ) {
    let rest = inOrder(RECORD, at, end, visit);
    if (rest < at + RECORD_SIZE) return;
    const sources = f['mldr.mar.nb_sources'].read(bytes, at + 2);
    const field = f['mldr.mar.source_address'];
    for (let i = 0; i < sources && rest + field.size <= end; i++) rest = inOrder([field], rest, end, visit);
    const next = rest + f['mldr.mar.aux_data_len'].read(bytes, at + 1) * 4;
    if (next > rest && next <= end) visit(f['mldr.mar.auxiliary_data'], rest, next);
    at = next;
  }
};
const rplOptions: Rest = (bytes, from, end, visit) => {
  for (let at = from; at < end; ) {
    visit(f['rpl.opt.type'], at, at + 1);
    // Pad1 is a single byte.
    const single = f['rpl.opt.type'].read(bytes, at) === 0;
    if (single || at + 2 > end) {
      at++;
      continue;
    }
    visit(f['rpl.opt.length'], at + 1, at + 2);
    const next = at + 2 + f['rpl.opt.length'].read(bytes, at + 1);
    if (next > end) return;
    if (next > at + 2) visit(f['rpl.opt.data'], at + 2, next);
    at = next;
  }
};

const LISTENER = [f['mld.maximum_response_delay'], f['mld.reserved'], f['mld.multicast_address']];
const QUERY = [
  f['mld.maximum_response_code'],
  f['mld.reserved'],
  f['mld.multicast_address'],
  f['mld.flag'],
  f['mld.flag.s'],
  f['mld.flag.qrv'],
  f['mld.qqi'],
  f['mld.nb_sources'],
];
const NODE = [f['ni.qtype'], f['ni.flag'], f['ni.nonce']];
const RENUMBERING = [f['rr.sequence_number'], f['rr.segment_number'], f['rr.flag'], f['rr.maxdelay'], f.reserved];
const MATCH = [
  f['rr.pco.mp.opcode'],
  f['rr.pco.mp.oplength'],
  f['rr.pco.mp.ordinal'],
  f['rr.pco.mp.matchlen'],
  f['rr.pco.mp.minlen'],
  f['rr.pco.mp.maxlen'],
  f['rr.pco.mp.reserved'],
  f['rr.pco.mp.matchprefix'],
];
const USE = [
  f['rr.pco.up.uselen'],
  f['rr.pco.up.keeplen'],
  f['rr.pco.up.flagmask'],
  f['rr.pco.up.raflags'],
  f['rr.pco.up.validlifetime'],
  f['rr.pco.up.preferredlifetime'],
  f['rr.pco.up.flag'],
  f['rr.pco.up.flag.v'],
  f['rr.pco.up.flag.p'],
  f['rr.pco.up.useprefix'],
];
const RESULT = [
  f['rr.rm.flag'],
  f['rr.rm.ordinal'],
  f['rr.rm.matchedlen'],
  f['rr.rm.interfaceindex'],
  f['rr.rm.matchedprefix'],
];
const MESSAGES: Readonly<Record<number, Message>> = {
  1: { fields: [f.reserved], rest: packet },
  2: { fields: [f.mtu], rest: packet },
  3: { fields: [f.reserved], rest: packet },
  4: { fields: [f.pointer], rest: packet },
  128: { fields: [f['echo.identifier'], f['echo.sequence_number']] },
  129: { fields: [f['echo.identifier'], f['echo.sequence_number']] },
  131: { fields: LISTENER },
  132: { fields: LISTENER },
  133: { fields: [f.reserved], rest: options },
  134: {
    fields: [
      f['nd.ra.cur_hop_limit'],
      f['nd.ra.flag'],
      f['nd.ra.flag.m'],
      f['nd.ra.flag.o'],
      f['nd.ra.flag.h'],
      f['nd.ra.flag.prf'],
      f['nd.ra.flag.p'],
      f['nd.ra.router_lifetime'],
      f['nd.ra.reachable_time'],
      f['nd.ra.retrans_timer'],
    ],
    rest: options,
  },
  135: { fields: [f.reserved, f['nd.ns.target_address']], rest: options },
  136: {
    fields: [f['nd.na.flag'], f['nd.na.flag.r'], f['nd.na.flag.s'], f['nd.na.flag.o'], f['nd.na.target_address']],
    rest: options,
  },
  137: { fields: [f.reserved, f['nd.rd.target_address'], f['rd.na.destination_address']], rest: options },
  140: { fields: NODE },
  141: { fields: [f.reserved], rest: options },
  142: { fields: [f.reserved], rest: options },
  143: { fields: [f['mldr.reserved'], f['mldr.nb_mcast_records']], rest: records },
  144: { fields: [f['mip6.identifier']] },
  145: {
    fields: [f['mip6.identifier'], f['opt.reserved']],
    rest: addresses(f['mip6.home_agent_address']),
  },
  146: { fields: [f['mip6.identifier']] },
  147: {
    fields: [f['mip6.identifier'], f['mip6.flag'], f['mip6.flag.m'], f['mip6.flag.o']],
    rest: options,
  },
};
/** RFC 6550 section 6, by code. */
const RPL: Readonly<Record<number, readonly Field[]>> = {
  0: [f['rpl.dis.flags']],
  1: [
    f['rpl.dio.instance'],
    f['rpl.dio.version'],
    f['rpl.dio.rank'],
    f['rpl.dio.flag'],
    f['rpl.dio.flag.g'],
    f['rpl.dio.flag.mop'],
    f['rpl.dio.flag.preference'],
    f['rpl.dio.dtsn'],
    f['rpl.dio.reserved'],
    f['rpl.dio.dagid'],
  ],
  2: [
    f['rpl.dao.instance'],
    f['rpl.dao.flag'],
    f['rpl.dao.flag.k'],
    f['rpl.dao.flag.d'],
    f['rpl.dao.reserved'],
    f['rpl.dao.sequence'],
  ],
  3: [
    f['rpl.daoack.instance'],
    f['rpl.daoack.flag'],
    f['rpl.daoack.flag.d'],
    f['rpl.daoack.sequence'],
    f['rpl.daoack.status'],
  ],
};
function rpl(bytes: Uint8Array, code: number, at: number, end: number, visit: Visit): void {
  let rest = inOrder(RPL[code] ?? [], at, end, visit);
  if (code === 2 && rest === at + 4 && f['rpl.dao.flag.d'].read(bytes, at + 1) === 1)
    rest = inOrder([f['rpl.dao.dodagid']], rest, end, visit);
  if (code === 3 && rest === at + 4 && f['rpl.daoack.flag.d'].read(bytes, at + 1) === 1)
    rest = inOrder([f['rpl.daoack.dodagid']], rest, end, visit);
  // Solicitations have a reserved byte here.
  if (code === 0 && rest < end) rest++;
  if (code <= 3) rplOptions(bytes, rest, end, visit);
  else data(bytes, rest, end, visit);
}
/** RFC 2894 section 3, by code: commands have one prefix to match and any number to use, results are any number. */
function renumbering(bytes: Uint8Array, code: number, at: number, end: number, visit: Visit): void {
  let rest = inOrder(code === 0 ? [...RENUMBERING, ...MATCH] : RENUMBERING, at, end, visit);
  while (code <= 1 && rest < end) rest = inOrder(code === 0 ? USE : RESULT, rest, end, visit);
  data(bytes, rest, end, visit);
}
function nodeQuery(bytes: Uint8Array, code: number, at: number, end: number, visit: Visit): void {
  const subject = [f['ni.query.subject_ipv6'], undefined, f['ni.query.subject_ipv4']][code];
  const rest = inOrder(subject === undefined ? NODE : [...NODE, subject], at, end, visit);
  data(bytes, rest, end, visit);
}

/** The fields of the message at depth `d` that come after its first four bytes. */
export function messageRows(frame: Frame, d: number, visit: Visit): void {
  const { bytes } = frame;
  const start = frame.from[d]!;
  const end = frame.limit(d);
  const at = start + f.$size;
  if (at > end) return;
  const type = f.type.read(bytes, start);
  const code = f.code.read(bytes, start);
  if (type === 155) rpl(bytes, code, at, end, visit);
  else if (type === 138) renumbering(bytes, code, at, end, visit);
  else if (type === 139) nodeQuery(bytes, code, at, end, visit);
  else {
    let message = MESSAGES[type];
    // A query is of version 2 when it is long enough (RFC 3810 section 8.1).
    if (type === 130)
      message =
        frame.to[d]! - start >= 28 ? { fields: QUERY, rest: addresses(f['mld.source_address']) } : { fields: LISTENER };
    const rest = inOrder(message?.fields ?? [], at, end, visit);
    (message?.rest ?? data)(bytes, rest, end, visit);
  }
}
