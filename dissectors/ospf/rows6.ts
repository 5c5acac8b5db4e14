/** Where the fields of the advertisements of OSPF version 3 lie (RFC 5340 appendix A.4). */
import type { Field } from '../../src/bytes/field.ts';
import { read8, read16, read32 } from '../../src/bytes/kind.ts';
import type { Visit } from '../../src/dissect/protocol.ts';
import { inOrder } from '../in-order.ts';
import { repeatedRows } from '../records.ts';
import { ospf as f } from './fields.ts';
import { SIGNALING6, TYPE } from './names.ts';

const OPTIONS = f.$all.filter(({ name }) => name === 'ospf.v3.options' || name.startsWith('ospf.v3.options.'));
const LINK = [
  ...[f['v3.lsa.type'], f.reserved, f['v3.lsa.metric'], f['v3.lsa.interface_id']],
  ...[f['v3.lsa.neighbor_interface_id'], f['v3.lsa.neighbor_router_id']],
];
const PREFIX: readonly Field[] = [f.prefix_length, f['v3.prefix.options'], f['v3.prefix.metric']];

/** A prefix takes as many words as its length needs. Returns where it ends. */
function prefixRows(bytes: Uint8Array, at: number, end: number, visit: Visit): number {
  const prefix = inOrder(PREFIX, at, end, visit);
  if (prefix >= end) return end;
  const to = prefix + Math.ceil(read8(bytes, at) / 32) * 4;
  if (to > end) return end;
  if (to > prefix) visit(f['v3.address_prefix.ipv6'], prefix, to);
  return to;
}
function prefixesRows(bytes: Uint8Array, from: number, end: number, visit: Visit): void {
  for (let at = from; at < end; ) at = prefixRows(bytes, at, end, visit);
}
type Rows = (bytes: Uint8Array, from: number, end: number, visit: Visit) => void;
const ROWS: Readonly<Record<number, Rows>> = {
  1(_bytes, from, end, visit) {
    let at = inOrder([f['v3.router.lsa.flags'], ...OPTIONS], from, end, visit);
    while (at < end) at = inOrder(LINK, at, end, visit);
  },
  2(_bytes, from, end, visit) {
    const routers = inOrder([f.reserved, ...OPTIONS], from, end, visit);
    repeatedRows(f['v3.lsa.attached_router'], routers, end, visit);
  },
  3(bytes, from, end, visit) {
    prefixesRows(bytes, inOrder([f.reserved, f.metric], from, end, visit), end, visit);
  },
  4(_bytes, from, end, visit) {
    const fields = [f.reserved, ...OPTIONS, f.reserved, f.metric, f['v3.lsa.destination_router_id']];
    inOrder(fields, from, end, visit);
  },
  5: externalRows,
  7: externalRows,
  8(bytes, from, end, visit) {
    const address = f['v3.lsa.link_local_interface_address.ipv6'];
    const fields = [f['v3.lsa.router_priority'], ...OPTIONS, address, f['v3.lsa.num_prefixes']];
    prefixesRows(bytes, inOrder(fields, from, end, visit), end, visit);
  },
  9(bytes, from, end, visit) {
    // Two bytes of number, which elsewhere are four.
    const at = inOrder(REFERENCE, from + 2, end, visit);
    prefixesRows(bytes, at, end, visit);
  },
};
const REFERENCE = [
  f['v3.lsa.referenced_ls_type'],
  f['v3.lsa.referenced_link_state_id'],
  f['v3.lsa.referenced_advertising_router'],
];
function externalRows(bytes: Uint8Array, from: number, end: number, visit: Visit): void {
  const at = prefixRows(bytes, inOrder([f['v3.as.external.flags'], f.metric], from, end, visit), end, visit);
  if (at < end) visit(f['v3.lsa.external'], at, end);
}
/** What an advertisement of a type says, without its head. */
export function advertisement6Rows(bytes: Uint8Array, type: number, from: number, end: number, visit: Visit): void {
  const rows = ROWS[type & 0x1fff];
  if (rows !== undefined) rows(bytes, from, end, visit);
  else inOrder([f['lsa.data']], from, end, visit);
}
const TRAILER = f.$all.filter(({ name }) => name.startsWith('ospf.at.'));
/** Link-local signaling (RFC 5613) and the authentication trailer (RFC 7166), in this order. */
export function trailer6Rows(bytes: Uint8Array, at: number, from: number, end: number, visit: Visit): void {
  const type = read8(bytes, at + 1);
  const options = type === TYPE.hello ? read32(bytes, at + 20) : type === TYPE.description ? read32(bytes, at + 16) : 0;
  let next = from;
  if ((options & SIGNALING6) !== 0) {
    if (from + 4 > end) return;
    next = Math.min(end, from + Math.max(4, read16(bytes, from + 2) * 4));
    inOrder([f['lls.checksum'], f['lls.data_length'], f['lls.data']], from, next, visit);
  }
  inOrder(TRAILER, next, end, visit);
}
