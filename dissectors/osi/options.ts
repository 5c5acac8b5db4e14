/** The options of CLNP and ES-IS (ISO 8473 clause 7.5, ISO 9542 clause 7.4), which share their numbers. */
import { type Field, header, bytes as raw, u8, u16 } from '../../src/bytes/field.ts';
import { read8, u8Kind } from '../../src/bytes/kind.ts';
import type { Visit } from '../../src/dissect/protocol.ts';
import { inOrder } from '../in-order.ts';
import { part } from '../part.ts';
import { nsapKind, systemIdKind } from './address.ts';
import { REASONS } from './reasons.ts';

export const OPTION = {
  protocols: 0x81,
  discarded: 0xc1,
  quality: 0xc3,
  security: 0xc5,
  pollTime: 0xc6,
  sourceRoute: 0xc8,
  recordRoute: 0xcb,
  padding: 0xcc,
  priority: 0xcd,
  addressMask: 0xe1,
  deviceMask: 0xe2,
} as const;
const SCOPES: Readonly<Record<number, string>> = {
  0: 'Reserved',
  1: 'Source specific',
  2: 'Destination specific',
  3: 'Global',
};
const GLOBAL = 3;
const ROUTES: Readonly<Record<number, string>> = { 0: 'Partial', 1: 'Complete' };
const flag = (mask: number, label: string) => part(u8Kind, mask, label);
const reason = (error: number) => part(u8Kind, 0x0f, 'Reason', { names: REASONS[error]![1] });

export const osiOptions = header(
  'osi.options',
  {},
  {
    'qos.maintenance': part(u8Kind, 0xc0, 'Scope of the quality of service', { names: SCOPES }),
    'qos.reserved': flag(0x20, 'Reserved'),
    'qos.seq_vs_trs': flag(0x10, 'Order before delay'),
    'qos.cong_exped': flag(0x08, 'Congestion experienced'),
    'qos.tsd_vs_cost': flag(0x04, 'Delay before cost'),
    'qos.reserror_trs': flag(0x02, 'Errors before delay'),
    'qos.reserror_cost': flag(0x01, 'Errors before cost'),
    security_type: part(u8Kind, 0xc0, 'Scope of the security', { names: SCOPES }),
    source_routing: u8('Source route', { names: ROUTES }),
    route_recording: u8('Recorded route', { names: ROUTES }),
    last_hop: u8('Next place in the route', { base: 'hex' }),
    route: { kind: nsapKind, label: 'Hop' },
    'rfd.error_class': part(u8Kind, 0xf0, 'Class of the error', {
      names: Object.fromEntries(Object.entries(REASONS).map(([error, [name]]) => [error, name])),
    }),
    rtd_general: reason(0),
    rtd_address: reason(8),
    rtd_source_routing: reason(9),
    rtd_lifetime: reason(10),
    rtd_pdu_discarded: reason(11),
    rtd_reassembly: reason(12),
    'rfd.field': u8('Place of the error'),
    priority: u8('Priority'),
    address_mask: raw('Address mask'),
    snpa_mask: { kind: systemIdKind, label: 'Mask of the link-level address' },
    esct: u16('Time until the next hello', { unit: 'seconds' }),
    padding: raw('Padding'),
  },
);
const QUALITY = osiOptions.$all.filter(({ name }) => name.startsWith('osi.options.qos.'));
const REASON_OF: Readonly<Record<number, Field>> = {
  0: osiOptions.rtd_general,
  8: osiOptions.rtd_address,
  9: osiOptions.rtd_source_routing,
  10: osiOptions.rtd_lifetime,
  11: osiOptions.rtd_pdu_discarded,
  12: osiOptions.rtd_reassembly,
};

type Rows = (bytes: Uint8Array, from: number, to: number, visit: Visit) => void;
const run =
  (...fields: readonly Field[]): Rows =>
  (_, from, to, visit) => {
    inOrder(fields, from, to, visit);
  };
/** A route tells at which of its bytes, counted from 1, the next hop begins. */
const route =
  (kind: Field): Rows =>
  (bytes, from, to, visit) => {
    if (inOrder([kind, osiOptions.last_hop], from, to, visit) !== from + 2) return;
    for (let at = from + 2; at < to; ) {
      const next = at + 1 + read8(bytes, at);
      if (next > to) return;
      if (next > at + 1) visit(osiOptions.route, at + 1, next);
      at = next;
    }
  };
const VALUES: Readonly<Record<number, Rows>> = {
  [OPTION.quality](bytes, from, _to, visit) {
    const scope = osiOptions['qos.maintenance'];
    const fields = scope.read(bytes, from) === GLOBAL ? QUALITY : [scope];
    for (const field of fields) visit(field, from, from + 1);
  },
  [OPTION.discarded](bytes, from, to, visit) {
    const error = osiOptions['rfd.error_class'];
    visit(error, from, from + 1);
    const why = REASON_OF[error.read(bytes, from)];
    if (why !== undefined) visit(why, from, from + 1);
    if (from + 1 < to) visit(osiOptions['rfd.field'], from + 1, from + 2);
  },
  [OPTION.security]: run(osiOptions.security_type),
  [OPTION.sourceRoute]: route(osiOptions.source_routing),
  [OPTION.recordRoute]: route(osiOptions.route_recording),
  [OPTION.priority]: run(osiOptions.priority),
  [OPTION.addressMask]: run(osiOptions.address_mask),
  [OPTION.deviceMask]: run(osiOptions.snpa_mask),
  [OPTION.pollTime]: run(osiOptions.esct),
  [OPTION.padding]: run(osiOptions.padding),
};
/** Reports what the options in `[from, end)` hold. */
export function optionRows(bytes: Uint8Array, from: number, end: number, visit: Visit): void {
  for (let at = from; at + 2 <= end; ) {
    const to = at + 2 + read8(bytes, at + 1);
    if (to > end) return;
    if (to > at + 2) VALUES[read8(bytes, at)]?.(bytes, at + 2, to, visit);
    at = to;
  }
}
