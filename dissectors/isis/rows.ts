/** Where the fields of IS-IS's records lie. */
import type { Field } from '../../src/bytes/field.ts';
import { read8 } from '../../src/bytes/kind.ts';
import type { Frame } from '../../src/dissect/frame.ts';
import type { Visit } from '../../src/dissect/protocol.ts';
import { inOrder } from '../in-order.ts';
import { recordRows, repeatedRows } from '../records.ts';
import { csnp, hello, isis, lsp, psnp } from './fields.ts';
import { RECORD, UNIT } from './names.ts';

type Rows = (bytes: Uint8Array, from: number, to: number, visit: Visit) => void;
type Values = Readonly<Record<number, Rows>>;
const again =
  (field: Field): Rows =>
  (_, from, to, visit) => {
    repeatedRows(field, from, to, visit);
  };
const run =
  (...fields: readonly Field[]): Rows =>
  (_, from, to, visit) => {
    inOrder(fields, from, to, visit);
  };
/** What hellos and link states both have. */
const common = (unit: typeof hello | typeof lsp): Values => ({
  [RECORD.area]: (bytes, from, to, visit) => {
    for (let at = from; at < to; at += 1 + read8(bytes, at))
      if (at + 1 + read8(bytes, at) <= to && read8(bytes, at) > 0)
        visit(unit.area_address, at + 1, at + 1 + read8(bytes, at));
  },
  [RECORD.protocols]: again(unit['clv_nlpid.nlpid']),
  [RECORD.addresses]: again(unit.clv_ipv4_int_addr),
  [RECORD.addresses6]: again(unit.clv_ipv6_int_addr),
  [RECORD.topologies]: again(unit.clv_mt),
});
const RESTART = hello.$all.filter(({ name }) => name.startsWith('isis.hello.clv_restart_flags'));
const HELLO: Values = {
  ...common(hello),
  [RECORD.neighbors]: again(hello.is_neighbor),
  [RECORD.adjacency]: run(
    hello.adjacency_state,
    hello.extended_local_circuit_id,
    hello.neighbor_systemid,
    hello.neighbor_extended_local_circuit_id,
  ),
  [RECORD.restart]: run(...RESTART),
  [RECORD.instance]: (_, from, to, visit) => {
    repeatedRows(hello.supported_itid, inOrder([hello.iid], from, to, visit), to, visit);
  },
};
const NEIGHBOR = [
  lsp['ext_is_reachability.is_neighbor_id'],
  lsp['ext_is_reachability.metric'],
  lsp['ext_is_reachability.subclvs_length'],
];
const NEIGHBOR_SIZE = 11;
const LSP: Values = {
  ...common(lsp),
  [RECORD.hostname]: run(lsp.hostname),
  [RECORD.routerId]: run(lsp.clv_te_router_id),
  [RECORD.bufferSize]: run(lsp.originating_lsp_buffer_size),
  [RECORD.extendedSystems]: neighborRows,
  [RECORD.topologySystems]: behindTopology(neighborRows),
  [RECORD.extendedPrefixes]: prefixRows,
  [RECORD.topologyPrefixes]: behindTopology(prefixRows),
  [RECORD.prefixes6]: prefix6Rows,
  [RECORD.topologyPrefixes6]: behindTopology(prefix6Rows),
  [RECORD.internalPrefixes]: narrowPrefixRows,
  [RECORD.externalPrefixes]: narrowPrefixRows,
  [RECORD.systems]: narrowNeighborRows,
  [RECORD.capability]: run(lsp['rt_capable.router_id']),
};
function neighborRows(bytes: Uint8Array, from: number, to: number, visit: Visit): void {
  for (let at = from; at + NEIGHBOR_SIZE <= to; at += NEIGHBOR_SIZE + read8(bytes, at + NEIGHBOR_SIZE - 1))
    inOrder(NEIGHBOR, at, to, visit);
}
/** RFC 5120 section 7: the number of a topology comes first. */
function behindTopology(rows: Rows): Rows {
  return (bytes, from, to, visit) => rows(bytes, Math.min(from + 2, to), to, visit);
}
/** ISO 10589 clause 9.8, RFC 1195 section 5.3.4: four metrics each, of which the first counts. */
const METRICS = 4;
function narrowPrefixRows(_: Uint8Array, from: number, to: number, visit: Visit): void {
  for (let at = from; at + METRICS + 8 <= to; at += METRICS + 8) {
    visit(lsp['ip_reachability.default_metric'], at, at + 1);
    visit(lsp['ip_reachability.distribution'], at, at + 1);
    visit(lsp['ip_reachability.ipv4_prefix'], at + METRICS, at + METRICS + 4);
  }
}
function narrowNeighborRows(_: Uint8Array, from: number, to: number, visit: Visit): void {
  // Whether the link is virtual stands before the first.
  for (let at = from + 1; at + METRICS + 7 <= to; at += METRICS + 7) {
    visit(lsp['eis_neighbors.default_metric'], at, at + 1);
    visit(lsp['eis_neighbors.is_neighbor'], at + METRICS, at + METRICS + 7);
  }
}
/** RFC 5308 section 2. */
function prefix6Rows(bytes: Uint8Array, from: number, to: number, visit: Visit): void {
  for (let at = from; at + 6 <= to; ) {
    visit(lsp['ipv6_reachability.metric'], at, at + 4);
    visit(lsp['ipv6_reachability.distribution'], at + 4, at + 5);
    visit(lsp['ipv6_reachability.prefix_length'], at + 5, at + 6);
    const next = at + 6 + Math.ceil(read8(bytes, at + 5) / 8);
    if (next > to) return;
    visit(lsp['ipv6_reachability.ipv6_prefix'], at + 6, next);
    at = (read8(bytes, at + 4) & 0x20) === 0 ? next : next + 1 + (next < to ? read8(bytes, next) : 0);
  }
}
const KNOWN = [csnp.lsp_remain_life, csnp.lsp_id, csnp.lsp_seq_num, csnp.lsp_checksum];
const KNOWN_SIZE = 16;
const CSNP: Values = {
  [RECORD.entries]: (_, from, to, visit) => {
    for (let at = from; at + KNOWN_SIZE <= to; at += KNOWN_SIZE) inOrder(KNOWN, at, to, visit);
  },
};
/** RFC 5305 section 4. */
function prefixRows(bytes: Uint8Array, from: number, to: number, visit: Visit): void {
  for (let at = from; at + 5 <= to; ) {
    const flags = read8(bytes, at + 4);
    visit(lsp['ext_ip_reachability.metric'], at, at + 4);
    visit(lsp['ext_ip_reachability.distribution'], at + 4, at + 5);
    visit(lsp['ext_ip_reachability.prefix_length'], at + 4, at + 5);
    const next = at + 5 + Math.ceil((flags & 0x3f) / 8);
    if (next > to) return;
    visit(lsp['ext_ip_reachability.ipv4_prefix'], at + 5, next);
    at = (flags & 0x40) === 0 ? next : next + 1 + (next < to ? read8(bytes, next) : 0);
  }
}
const LAN = [hello.priority, hello.lan_id];
const BLOCK = [lsp.partition_repair, lsp.att, lsp.overload, lsp.is_type];

export function helloRows(frame: Frame, d: number, visit: Visit): void {
  const type = isis.type.read(frame.bytes, frame.from[d - 1]!);
  const head = type === UNIT.pointToPoint ? [hello.local_circuit_id] : LAN;
  const at = inOrder(head, frame.from[d]! + hello.$size, frame.limit(d), visit);
  rows(frame, d, at, hello, HELLO, visit);
}
export function lspRows(frame: Frame, d: number, visit: Visit): void {
  const at = frame.from[d]! + lsp.$size;
  if (at >= frame.limit(d)) return;
  for (const field of BLOCK) visit(field, at, at + 1);
  rows(frame, d, at + 1, lsp, LSP, visit);
}
export const csnpRows = (frame: Frame, d: number, visit: Visit): void =>
  rows(frame, d, frame.from[d]! + csnp.$size, csnp, CSNP, visit);
export const psnpRows = (frame: Frame, d: number, visit: Visit): void =>
  rows(frame, d, frame.from[d]! + psnp.$size, psnp, CSNP, visit);

function rows(
  frame: Frame,
  d: number,
  at: number,
  unit: typeof hello | typeof lsp | typeof csnp | typeof psnp,
  values: Values,
  visit: Visit,
): void {
  const { bytes } = frame;
  const records = { type: unit['clv.type'], length: unit['clv.length'] };
  recordRows(records, bytes, at, frame.limit(d), visit, (type, from, to) => values[type]?.(bytes, from, to, visit));
}
