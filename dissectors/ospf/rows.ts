/** Where the fields of OSPF's packets and advertisements lie. */
import type { Field } from '../../src/bytes/field.ts';
import { read8, read16 } from '../../src/bytes/kind.ts';
import type { Frame } from '../../src/dissect/frame.ts';
import type { Visit } from '../../src/dissect/protocol.ts';
import { inOrder } from '../in-order.ts';
import { repeatedRows } from '../records.ts';
import { ospf as f } from './fields.ts';
import { SIGNALING, TYPE } from './names.ts';
import { advertisement6Rows, trailer6Rows } from './rows6.ts';

export const LSA_HEAD = 20;
const all = (start: string): Field[] => f.$all.filter(({ name }) => name === start || name.startsWith(`${start}.`));
const OPTIONS = all('ospf.v2.options');
const OPTIONS6 = all('ospf.v3.options');
const FLAGS = all('ospf.dbd');
const LSA6 = f.$all.filter(({ name }) => /^ospf\.v3\.lsa(\.(u|s12|fc))?$/.test(name));
const HEAD_REST = [f['lsa.id'], f.advrouter, f['lsa.seqnum'], f['lsa.chksum'], f['lsa.length']];
const HEAD = [f['lsa.age'], ...OPTIONS, f.lsa, ...HEAD_REST];
const HEAD6 = [f['lsa.age'], ...LSA6, ...HEAD_REST];

const AUTH: Readonly<Record<number, readonly Field[]>> = {
  1: [f['auth.simple']],
  2: [f['auth.reserved'], f['auth.crypt.key_id'], f['auth.crypt.data_length'], f['auth.crypt.seq_nbr']],
};
/** The body of each packet up to what it has several of, by version. */
const BODIES: Readonly<Record<number, Readonly<Record<number, readonly Field[]>>>> = {
  2: {
    1: [
      ...[f['hello.network_mask'], f['hello.hello_interval'], ...OPTIONS, f['hello.router_priority']],
      ...[f['hello.router_dead_interval'], f['hello.designated_router'], f['hello.backup_designated_router']],
    ],
    2: [f['db.interface_mtu'], ...OPTIONS, ...FLAGS, f['db.dd_sequence']],
    3: [],
    4: [f['ls.number_of_lsas']],
    5: [],
  },
  3: {
    1: [
      ...[f['hello.interface_id'], f['hello.router_priority'], ...OPTIONS6, f['hello.hello_interval']],
      ...[f['hello.router_dead_interval_16'], f['hello.designated_router'], f['hello.backup_designated_router']],
    ],
    2: [f.reserved, ...OPTIONS6, f['db.interface_mtu'], f.reserved, ...FLAGS, f['db.dd_sequence']],
    3: [],
    4: [f['ls.number_of_lsas']],
    5: [],
  },
};
const REQUEST = [f['lsa.requested'], f.link_state_id, f.advrouter];
const REQUEST6 = [...LSA6, f.link_state_id, f.advrouter];

/** The fields after the checksum. */
export function packetRows(frame: Frame, d: number, visit: Visit): void {
  const { bytes } = frame;
  const at = frame.from[d]!;
  const version = f.version.read(bytes, at);
  const captured = frame.limit(d);
  const end = Math.min(captured, at + f.packet_length.read(bytes, at));
  const body = BODIES[version]?.[f.msg.read(bytes, at)];
  const after =
    version === 2 ? authRows(bytes, at, end, visit) : inOrder([f.instance_id, f.reserved], at + f.$size, end, visit);
  if (body === undefined || after >= end) return;
  const list = inOrder(body, after, end, visit);
  listRows(bytes, version, f.msg.read(bytes, at), list, end, visit);
  if (end >= captured) return;
  if (version === 2) trailerRows(bytes, at, end, captured, visit);
  else trailer6Rows(bytes, at, end, captured, visit);
}
function authRows(bytes: Uint8Array, at: number, end: number, visit: Visit): number {
  const start = at + f.$size;
  const data = inOrder([f['auth.type']], start, end, visit);
  if (data + 8 > end) return end;
  inOrder(AUTH[read16(bytes, start)] ?? [f['auth.none']], data, data + 8, visit);
  return data + 8;
}
/** What a packet has as many of as fit. */
function listRows(bytes: Uint8Array, version: number, type: number, from: number, end: number, visit: Visit): void {
  if (type === TYPE.hello) repeatedRows(f['hello.active_neighbor'], from, end, visit);
  else if (type === TYPE.update) advertisementsRows(bytes, version, from, end, visit);
  else
    for (let at = from; at < end; ) {
      if (type !== TYPE.request) at = inOrder(version === 2 ? HEAD : HEAD6, at, end, visit);
      // Version 3 has two bytes of nothing in front of the type.
      else at = version === 2 ? inOrder(REQUEST, at, end, visit) : inOrder(REQUEST6, at + 2, end, visit);
    }
}
function advertisementsRows(bytes: Uint8Array, version: number, from: number, end: number, visit: Visit): void {
  for (let at = from; at + LSA_HEAD <= end; ) {
    const body = inOrder(version === 2 ? HEAD : HEAD6, at, end, visit);
    const next = at + read16(bytes, at + 18);
    if (next < body) return;
    const to = Math.min(next, end);
    if (version !== 2) advertisement6Rows(bytes, read16(bytes, at + 2), body, to, visit);
    else (BODY_ROWS[read8(bytes, at + 3)] ?? dataRows)(bytes, body, to, visit);
    at = next;
  }
}
/** A trailing digest (RFC 2328 appendix D.4.3) and link-local signaling (RFC 5613). */
function trailerRows(bytes: Uint8Array, at: number, from: number, end: number, visit: Visit): void {
  const start = at + f.$size;
  let next = from;
  if (read16(bytes, start) === 2) {
    next = Math.min(end, from + read8(bytes, start + 5));
    if (next > from) visit(f['auth.crypt.data'], from, next);
  }
  const type = read8(bytes, at + 1);
  const options = type === TYPE.hello ? read8(bytes, at + 30) : type === TYPE.description ? read8(bytes, at + 26) : 0;
  if ((options & SIGNALING) !== 0) inOrder([f['lls.checksum'], f['lls.data_length'], f['lls.data']], next, end, visit);
}

type Rows = (bytes: Uint8Array, from: number, end: number, visit: Visit) => void;
const dataRows: Rows = (_bytes, from, end, visit) => inOrder([f['lsa.data']], from, end, visit);
const TOPOLOGY = [f['lsa.tos'], f.metric];
const linkRows: Rows = (bytes, from, end, visit) => {
  // A byte between the flags and the number is reserved.
  inOrder([f['v2.router.lsa.flags']], from, end, visit);
  let at = inOrder([f['lsa.number_of_links']], from + 2, end, visit);
  while (at + 12 <= end) {
    const link = inOrder(LINK, at, end, visit);
    const others = Math.min(end, link + read8(bytes, at + 9) * 4);
    for (let tos = link; tos < others; ) tos = inOrder(TOPOLOGY, tos, others, visit);
    at = others;
  }
};
const LINK = [
  ...[f['lsa.router.linkid'], f['lsa.router.linkdata'], f['lsa.router.linktype']],
  ...[f['lsa.router.nummetrics'], f['lsa.router.metric0']],
];
const summaryRows: Rows = (_bytes, from, end, visit) => {
  let at = inOrder([f['lsa.asbr.netmask']], from, end, visit);
  while (at < end) at = inOrder(TOPOLOGY, at, end, visit);
};
const externalRows: Rows = (_bytes, from, end, visit) => {
  let at = inOrder([f['lsa.asext.netmask']], from, end, visit);
  while (at < end) at = inOrder([...TOPOLOGY, f['lsa.asext.fwdaddr'], f['lsa.asext.extrttag']], at, end, visit);
};
const BODY_ROWS: Readonly<Record<number, Rows>> = {
  1: linkRows,
  2(_bytes, from, end, visit) {
    const routers = inOrder([f['lsa.network.netmask']], from, end, visit);
    repeatedRows(f['lsa.network.attchrtr'], routers, end, visit);
  },
  3: summaryRows,
  4: summaryRows,
  5: externalRows,
  7: externalRows,
};
