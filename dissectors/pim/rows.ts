/** Where the fields of each PIM message lie. */
import type { Field } from '../../src/bytes/field.ts';
import { read8, read16 } from '../../src/bytes/kind.ts';
import type { Visit } from '../../src/dissect/protocol.ts';
import { inOrder } from '../in-order.ts';
import { recordRows } from '../records.ts';
import { pim as f, TYPE } from './header.ts';

type Rows = (bytes: Uint8Array, from: number, end: number, visit: Visit) => number;
type Pair = readonly [v4: Field, v6: Field];
const FAMILY = [f.addr_address_family, f.addr_encoding_type];
const GROUP: Pair = [f.group, f.group_ip6];
const SOURCE: Pair = [f.source, f.source_ip6];
const POINT: Pair = [f.rp, f.rp_ip6];
const GROUP_HEAD = [f['group_addr.flags'], f.mask_len];
const SOURCE_HEAD = [
  f['source_addr.flags'],
  f['source_addr.flags.s'],
  f['source_addr.flags.w'],
  f['source_addr.flags.r'],
  f.mask_len,
];

/** An address with its family in front (RFC 7761 section 4.9.1). Returns `end` where it is none. */
const encoded =
  (pair: Pair, head: readonly Field[] = []): Rows =>
  (bytes, from, end, visit) => {
    const at = inOrder([...FAMILY, ...head], from, end, visit);
    if (at >= end) return end;
    const family = read8(bytes, from);
    return family === 1 || family === 2 ? inOrder([pair[family - 1]!], at, end, visit) : end;
  };
const plain =
  (...fields: Field[]): Rows =>
  (_bytes, from, end, visit) =>
    inOrder(fields, from, end, visit);
const all =
  (...rows: Rows[]): Rows =>
  (bytes, from, end, visit) =>
    rows.reduce((at, row) => (at < end ? row(bytes, at, end, visit) : end), from);
const times = (count: number, rows: Rows): Rows =>
  count <= 0
    ? (_bytes, from) => from
    : (bytes, from, end, visit) => {
        let at = from;
        for (let i = 0; i < count && at < end; i++) at = rows(bytes, at, end, visit);
        return at;
      };
const group = encoded(GROUP, GROUP_HEAD);
const METRIC = [f.preference, f.rpt, f.metric_pref, f.metric];

const OPTION_VALUES: Readonly<Record<number, readonly Field[]>> = {
  1: [f.holdtime],
  2: [f.delay, f.t, f.propagation_delay, f.override_interval],
  18: [f.dr_priority],
  19: [f.dr_priority],
  20: [f.generation_id],
  21: [f.state_refresh_version, f.state_refresh_interval, f.state_refresh_reserved],
};
const addresses: Rows = (bytes, from, end, visit) => {
  const one = encoded([f.address_list, f.address_list_ip6]);
  let at = from;
  while (at < end) at = one(bytes, at, end, visit);
  return end;
};
const hello: Rows = (bytes, from, end, visit) => {
  recordRows({ type: f.optiontype, length: f.optionlength }, bytes, from, end, visit, (type, at, to) => {
    if (type === 24 || type === 65001) addresses(bytes, at, to, visit);
    else inOrder(OPTION_VALUES[type] ?? [f.optionvalue], at, to, visit);
  });
  return end;
};
const joins: Rows = (bytes, from, end, visit) => {
  let at = encoded([f.upstream_neighbor, f.upstream_neighbor_ip6])(bytes, from, end, visit);
  if (at + 4 > end) return end;
  const groups = read8(bytes, at + 1);
  // A byte is reserved.
  at = inOrder([f.numgroups, f.holdtime], at + 1, end, visit);
  return times(groups, groupRows)(bytes, at, end, visit);
};
const groupRows: Rows = (bytes, from, end, visit) => {
  const at = group(bytes, from, end, visit);
  if (at + 4 > end) return end;
  const joined = times(read16(bytes, at), encoded([f.join_ip, f.join_ip6], SOURCE_HEAD));
  const pruned = times(read16(bytes, at + 2), encoded([f.prune_ip, f.prune_ip6], SOURCE_HEAD));
  return all(plain(f.numjoins, f.numprunes), joined, pruned)(bytes, at, end, visit);
};
const points: Rows = (bytes, from, end, visit) => {
  const at = group(bytes, from, end, visit);
  if (at + 4 > end) return end;
  inOrder([f.rp_count, f.frp_count], at, end, visit);
  return times(read8(bytes, at + 1), point)(bytes, at + 4, end, visit);
};
const point: Rows = (bytes, from, end, visit) => {
  const at = encoded(POINT)(bytes, from, end, visit);
  // The last byte is reserved.
  return Math.min(end, inOrder([f.holdtime, f.priority], at, end, visit) + 1);
};
const bootstrap: Rows = (bytes, from, end, visit) => {
  const head = all(plain(f.fragment_tag, f.hash_mask_len, f.bsr_priority), encoded([f.bsr, f.bsr_ip6]));
  let at = head(bytes, from, end, visit);
  while (at < end) at = points(bytes, at, end, visit);
  return end;
};
const candidate: Rows = (bytes, from, end, visit) => {
  const at = all(plain(f.prefix_count, f.priority, f.holdtime), encoded(POINT))(bytes, from, end, visit);
  return at < end ? times(read8(bytes, from), group)(bytes, at, end, visit) : end;
};
const ROWS: Readonly<Record<number, Rows>> = {
  [TYPE.hello]: hello,
  [TYPE.register]: plain(f.register_flag, f['register_flag.border'], f['register_flag.null_register']),
  [TYPE.registerStop]: all(group, encoded(SOURCE)),
  [TYPE.joinPrune]: joins,
  [TYPE.bootstrap]: bootstrap,
  [TYPE.assert]: all(group, encoded(SOURCE), plain(...METRIC)),
  [TYPE.graft]: joins,
  [TYPE.graftAck]: joins,
  [TYPE.candidate]: candidate,
  [TYPE.stateRefresh]: all(
    group,
    encoded(SOURCE),
    encoded([f.originator, f.originator_ip6]),
    plain(...METRIC, f.mask_len, f.ttl, f.prune_flags, f.prune_indicator, f.prune_now, f.assert_override, f.interval),
  ),
  [TYPE.election]: all(encoded(POINT), plain(...METRIC)),
};
/** The fields of a message after the checksum. */
export function messageRows(bytes: Uint8Array, type: number, from: number, end: number, visit: Visit): void {
  ROWS[type]?.(bytes, from, end, visit);
}
