/** The information elements of GTPv2-C (3GPP TS 29.274 section 8). */
import type { Field } from '../../src/bytes/field.ts';
import { read8, read16 } from '../../src/bytes/kind.ts';
import type { Visit } from '../../src/dissect/protocol.ts';
import { inOrder } from '../in-order.ts';
import { message as f, NETWORKS } from './header.ts';

/** Type, length, and a byte with flag and instance. */
const HEAD = 4;
/** Elements in elements: bearer contexts in a connection, and what is in those. */
const DEEPEST = 3;
type Rows = (bytes: Uint8Array, from: number, end: number, visit: Visit) => void;
const fields =
  (...all: readonly Field[]): Rows =>
  (_bytes, from, end, visit) => {
    inOrder(all, from, end, visit);
  };

const tunnelRows: Rows = (bytes, from, end, visit) => {
  const flags = read8(bytes, from);
  for (const field of [f.f_teid_v4, f.f_teid_v6, f.f_teid_interface_type]) visit(field, from, from + 1);
  const addresses = [f.f_teid_gre_key];
  if ((flags & 0x80) !== 0) addresses.push(f.f_teid_ipv4);
  if ((flags & 0x40) !== 0) addresses.push(f.f_teid_ipv6);
  inOrder(addresses, from + 1, end, visit);
};
const PREFIXED = [f.pdn_ipv6_len, f['pdn_addr_and_prefix.ipv6']];
const V4 = [f['pdn_addr_and_prefix.ipv4']];
const ADDRESSES: Readonly<Record<string, readonly Field[]>> = {
  IPv4: V4,
  IPv6: PREFIXED,
  'IPv4 and IPv6': [...PREFIXED, ...V4],
};
const allocationRows: Rows = (bytes, from, end, visit) => {
  visit(f.pdn_type, from, from + 1);
  const type = f.pdn_type.read(bytes, from) as keyof typeof NETWORKS;
  inOrder(ADDRESSES[NETWORKS[type] ?? ''] ?? [], from + 1, end, visit);
};

const ROWS: Readonly<Record<number, Rows>> = {
  1: fields(f.imsi),
  2: fields(f.cause),
  3: fields(f.rec),
  71: fields(f.apn),
  72: fields(f.ambr_up, f.ambr_down),
  73: fields(f.ebi),
  75: fields(f.mei),
  76: fields(f.msisdn),
  79: allocationRows,
  82: fields(f.rat_type),
  87: tunnelRows,
  99: fields(f.pdn_type),
  127: fields(f.apn_rest),
  128: fields(f.selec_mode),
};
/** These hold elements themselves. */
const GROUPED: ReadonlySet<number> = new Set([93, 109]);

export function elementRows(bytes: Uint8Array, from: number, end: number, visit: Visit, depth = 0): void {
  for (let at = from; at + HEAD <= end; ) {
    const type = read8(bytes, at);
    const value = at + HEAD;
    const next = value + read16(bytes, at + 1);
    inOrder([f.ie_type, f.ie_len], at, end, visit);
    for (const field of [f.cr, f.instance]) visit(field, at + 3, value);
    if (next > end) return;
    if (GROUPED.has(type) && depth < DEEPEST) elementRows(bytes, value, next, visit, depth + 1);
    else if (next > value) ROWS[type]?.(bytes, value, next, visit);
    at = next;
  }
}
