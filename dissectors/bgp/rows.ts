/** Where the fields of BGP's messages lie. */
import type { Field } from '../../src/bytes/field.ts';
import { read8, read16, read32 } from '../../src/bytes/kind.ts';
import type { Frame } from '../../src/dissect/frame.ts';
import type { Visit } from '../../src/dissect/protocol.ts';
import { inOrder } from '../in-order.ts';
import { recordRows, repeatedRows } from '../records.ts';
import { bgp as f } from './fields.ts';
import { HEAD, MARKER, MESSAGE } from './names.ts';

type Rows = (bytes: Uint8Array, from: number, end: number, visit: Visit) => void;
const ONES = 0xffff_ffff;
const isMarker = (bytes: Uint8Array, at: number): boolean => [0, 4, 8, 12].every((i) => read32(bytes, at + i) === ONES);

/** The messages of a segment. The first may have begun in another one, the last may end in another one. */
export function messagesRows(frame: Frame, d: number, visit: Visit): void {
  const { bytes } = frame;
  const end = frame.limit(d);
  for (let at = frame.from[d]!; at < end; ) {
    const length = at + HEAD <= end && isMarker(bytes, at) ? read16(bytes, at + MARKER) : 0;
    if (length < HEAD) {
      visit(f.continuation, at, end);
      return;
    }
    const body = inOrder([f.marker, f.length, f.type], at, end, visit);
    const to = Math.min(end, at + length);
    BODIES[read8(bytes, at + HEAD - 1)]?.(bytes, body, to, visit);
    at += length;
  }
}
const plain =
  (...fields: Field[]): Rows =>
  (_bytes, from, end, visit) =>
    inOrder(fields, from, end, visit);
const repeated =
  (...fields: Field[]): Rows =>
  (_bytes, from, end, visit) => {
    for (let at = from; at < end; ) at = inOrder(fields, at, end, visit);
  };

const CAPABILITY = { type: f['cap.type'], length: f['cap.length'] };
const RESTART = [f['cap.gr.timers'], f['cap.gr.timers.restart_flag'], f['cap.gr.timers.restart_time']];
const CAPABILITY_ROWS: Readonly<Record<number, Rows>> = {
  1: plain(f['cap.mp.afi'], f['cap.reserved'], f['cap.mp.safi']),
  64(bytes, from, end, visit) {
    const families = inOrder(RESTART, from, end, visit);
    repeated(f['cap.gr.afi'], f['cap.gr.safi'], f['cap.gr.flag'])(bytes, families, end, visit);
  },
  65: plain(f['cap.4as']),
  69: repeated(f['cap.ap.afi'], f['cap.ap.safi'], f['cap.ap.sendreceive']),
};
const open: Rows = (bytes, from, end, visit) => {
  const fields = [f['open.version'], f['open.myas'], f['open.holdtime'], f['open.identifier'], f['open.opt.len']];
  const options = inOrder(fields, from, end, visit);
  const records = { type: f['open.opt.param.type'], length: f['open.opt.param.len'] };
  recordRows(records, bytes, options, end, visit, (type, at, to) => {
    if (type !== 2) visit(f['open.opt.param.unknown'], at, to);
    else
      recordRows(CAPABILITY, bytes, at, to, visit, (code, value, valueEnd) =>
        (CAPABILITY_ROWS[code] ?? plain(f['cap.unknown']))(bytes, value, valueEnd, visit),
      );
  });
};
const SUBCODES = ['', '', '_open', '_update', '_expired', '_state', '_cease', '_capability'] as const;
const notification: Rows = (bytes, from, end, visit) => {
  if (from + 2 > end) return;
  const error = read8(bytes, from);
  const which = error === 0 ? undefined : SUBCODES[error];
  const subcode = which === undefined ? f['notify.minor_error_unknown'] : f[`notify.minor_error${which}`];
  const data = inOrder([f['notify.major_error'], subcode], from, end, visit);
  const isShutdown = error === 6 && [2, 4].includes(read8(bytes, from + 1)) && data < end;
  const length = isShutdown ? read8(bytes, data) : 0;
  if (!isShutdown || data + 1 + length > end) inOrder([f['notify.minor_data']], data, end, visit);
  else {
    visit(f['notify.communication_length'], data, data + 1);
    if (length > 0) visit(f['notify.communication'], data + 1, data + 1 + length);
    inOrder([f['notify.minor_data']], data + 1 + length, end, visit);
  }
};
/** Prefixes; those with path identifiers cannot be told from others here, and are left as they are. */
const prefixes =
  (prefix: Field, most: number): Rows =>
  (bytes, from, end, visit) => {
    for (let at = from; at < end; ) {
      const bits = read8(bytes, at);
      const next = at + 1 + Math.ceil(bits / 8);
      if (bits > most || next > end) return;
      visit(f.prefix_length, at, at + 1);
      if (next > at + 1) visit(prefix, at + 1, next);
      at = next;
    }
  };

const FLAGS = f.$all.filter(({ name }) => name.startsWith('bgp.update.path_attribute.flags'));
const update: Rows = (bytes, from, end, visit) => {
  if (from + 2 > end) return;
  visit(f['update.withdrawn_routes.length'], from, from + 2);
  const attributes = from + 2 + read16(bytes, from);
  prefixes(f.withdrawn_prefix, 32)(bytes, from + 2, Math.min(attributes, end), visit);
  if (attributes + 2 > end) return;
  visit(f['update.path_attributes.length'], attributes, attributes + 2);
  const routes = attributes + 2 + read16(bytes, attributes);
  attributeRows(bytes, attributes + 2, Math.min(routes, end), visit);
  if (routes < end) prefixes(f.nlri_prefix, 32)(bytes, routes, end, visit);
};
const attributeRows: Rows = (bytes, from, end, visit) => {
  for (let at = from; at + 3 <= end; ) {
    const long = (read8(bytes, at) & 0x10) !== 0;
    if (long && at + 4 > end) return;
    const length = long ? read16(bytes, at + 2) : read8(bytes, at + 2);
    const value = inOrder(
      [
        ...FLAGS,
        f['update.path_attribute.type_code'],
        long ? f['update.path_attribute.length'] : f['update.path_attribute.length_8'],
      ],
      at,
      end,
      visit,
    );
    const next = at + (long ? 4 : 3) + length;
    if (next > end) return;
    if (length > 0)
      (ATTRIBUTE_ROWS[read8(bytes, at + 1)] ?? plain(f['update.path_attribute.value']))(bytes, value, next, visit);
    at = next;
  }
};
const path =
  (wide: boolean): Rows =>
  (bytes, from, end, visit) => {
    const field =
      wide || !fitsTwo(bytes, from, end)
        ? f['update.path_attribute.as_path_segment.as4']
        : f['update.path_attribute.as_path_segment.as2'];
    for (let at = from; at + 2 <= end; ) {
      const systems = inOrder(
        [f['update.path_attribute.as_path_segment.type'], f['update.path_attribute.as_path_segment.length']],
        at,
        end,
        visit,
      );
      at = systems + read8(bytes, at + 1) * field.size;
      repeatedRows(field, systems, Math.min(at, end), visit);
    }
  };
/** Do the segments end where the attribute does, when systems have two bytes? */
function fitsTwo(bytes: Uint8Array, from: number, end: number): boolean {
  let at = from;
  while (at + 2 <= end) at += 2 + read8(bytes, at + 1) * 2;
  return at === end;
}
const NEXT_HOPS: Readonly<Record<number, Field>> = {
  4: f['update.path_attribute.mp_reach_nlri.next_hop.ipv4'],
  16: f['update.path_attribute.mp_reach_nlri.next_hop.ipv6'],
};
const reach: Rows = (bytes, from, end, visit) => {
  const head = [
    f['update.path_attribute.mp_reach_nlri.afi'],
    f['update.path_attribute.mp_reach_nlri.safi'],
    f['update.path_attribute.mp_reach_nlri.next_hop.length'],
  ];
  const hop = inOrder(head, from, end, visit);
  if (hop >= end) return;
  const size = read8(bytes, from + 3);
  const to = hop + size;
  if (to > end) return;
  if (size > 0) visit(NEXT_HOPS[size] ?? f['update.path_attribute.mp_reach_nlri.next_hop'], hop, to);
  const routes = inOrder([f['update.path_attribute.mp_reach_nlri.nbr_snpa']], to, end, visit);
  familyRoutes(bytes, from, routes, end, f['update.path_attribute.mp_reach_nlri'], visit);
};
function familyRoutes(bytes: Uint8Array, from: number, at: number, end: number, rest: Field, visit: Visit): void {
  const family = read16(bytes, from);
  if ((family === 1 || family === 2) && read8(bytes, from + 2) < 3)
    prefixes(f.nlri_prefix, family === 1 ? 32 : 128)(bytes, at, end, visit);
  else if (at < end) visit(rest, at, end);
}
const ATTRIBUTE_ROWS: Readonly<Record<number, Rows>> = {
  1: plain(f['update.path_attribute.origin']),
  2: path(false),
  3: plain(f['update.path_attribute.next_hop']),
  4: plain(f['update.path_attribute.multi_exit_disc']),
  5: plain(f['update.path_attribute.local_pref']),
  7(bytes, from, end, visit) {
    const system =
      end - from === 6 ? f['update.path_attribute.aggregator_as_2'] : f['update.path_attribute.aggregator_as'];
    plain(system, f['update.path_attribute.aggregator_origin'])(bytes, from, end, visit);
  },
  8: repeated(f['update.path_attribute.community_as'], f['update.path_attribute.community_value']),
  9: plain(f['update.path_attribute.originator_id']),
  10: repeated(f['path_attribute.cluster_id']),
  14: reach,
  15(bytes, from, end, visit) {
    const routes = inOrder(
      [f['update.path_attribute.mp_unreach_nlri.afi'], f['update.path_attribute.mp_unreach_nlri.safi']],
      from,
      end,
      visit,
    );
    if (routes < end) familyRoutes(bytes, from, routes, end, f['update.path_attribute.mp_unreach_nlri'], visit);
  },
  16: repeated(f['ext_communities.value']),
  17: path(true),
  18: plain(f['update.path_attribute.aggregator_as'], f['update.path_attribute.aggregator_origin']),
  32: repeated(f['large_communities.ga'], f['large_communities.ldp1'], f['large_communities.ldp2']),
};
const BODIES: Readonly<Record<number, Rows>> = {
  [MESSAGE.open]: open,
  [MESSAGE.update]: update,
  [MESSAGE.notification]: notification,
  [MESSAGE.refresh]: plain(f['route_refresh.afi'], f['route_refresh.subtype'], f['route_refresh.safi']),
};
