import { bits, type Field, header, mac, bytes as raw, u8, u16, u24, u32, u64 } from '../src/bytes/field.ts';
import { protocol, table } from '../src/dissect/protocol.ts';
import { inOrder } from './in-order.ts';
import { OUIS } from './names/ouis.ts';
import { recordRows } from './records.ts';
import { CODES } from './slow/oam.ts';
import { KINDS, slowText } from './slow/text.ts';

const slow = header('slow', { subtype: u8('Subtype', { names: KINDS }) });
const subtypes = table('slow.subtype', 0x100);

/** What is sent no more than ten times a second (IEEE 802.3 annex 57A). */
export const slowProtocols = protocol(slow, {
  title: 'Slow protocols',
  source: 'IEEE 802.3 annex 57A',
  on: { ethertype: 0x8809 },
  opens: [subtypes],
  step: (frame, bytes, at, end) => frame.handOn(subtypes, slow.subtype.read(bytes, at), at + 1, end),
  line: (w, frame, d) => slowText(w, frame.from[d]!, frame.claim[d]! - frame.from[d]!),
});

const STATES = [
  'activity',
  'timeout',
  'aggregation',
  'synchronization',
  'collecting',
  'distributing',
  'defaulted',
  'expired',
];
const party = (who: 'actor' | 'partner', label: string) => ({
  [`${who}.sys_priority`]: u16(`${label}: system priority`),
  [`${who}.sysid`]: mac(`${label}: system`),
  [`${who}.key`]: u16(`${label}: key`),
  [`${who}.port_priority`]: u16(`${label}: port priority`),
  [`${who}.port`]: u16(`${label}: port`),
  [`${who}.state`]: u8(`${label}: state`, { base: 'hex' }),
  ...Object.fromEntries(
    STATES.map((state, i) => [`${who}.state.${state}`, bits(`${who}.state`, 1 << i, `${label}: ${state}`)]),
  ),
  [`${who}.reserved`]: raw(`${label}: reserved`),
});
const lacp = header(
  'lacp',
  { version: u8('Version') },
  {
    tlv_type: u8('Record type', { names: { 0: 'Terminator', 1: 'Actor', 2: 'Partner', 3: 'Collector' } }),
    tlv_length: u8('Record length', { unit: 'bytes' }),
    ...party('actor', 'Actor'),
    ...party('partner', 'Partner'),
    'collector.max_delay': u16('Maximum delay', { unit: '10 µs' }),
    coll_reserved: raw('Reserved'),
    pad: raw('Padding'),
  },
);
const named = (start: string): Field[] => lacp.$all.filter(({ name }) => name.startsWith(`lacp.${start}.`));
const LACP: Readonly<Record<number, readonly Field[]>> = {
  1: named('actor'),
  2: named('partner'),
  3: [lacp['collector.max_delay'], lacp.coll_reserved],
};
/** Link Aggregation Control Protocol. */
export const linkAggregation = protocol(lacp, {
  title: 'Link Aggregation Control Protocol',
  summary: 'Link Aggregation Control Protocol',
  source: 'IEEE 802.1AX',
  on: { 'slow.subtype': 1 },
  expand(frame, d, visit) {
    const records = { type: lacp.tlv_type, length: lacp.tlv_length, whole: true };
    recordRows(records, frame.bytes, frame.from[d]! + lacp.$size, frame.limit(d), visit, (type, from, to) =>
      inOrder(LACP[type] ?? [lacp.pad], from, to, visit),
    );
  },
});

const marker = header(
  'marker',
  { version: u8('Version') },
  {
    tlvType: u8('Record type', { names: { 0: 'Terminator', 1: 'Marker', 2: 'Marker response' } }),
    tlvLen: u8('Record length', { unit: 'bytes' }),
    requesterPort: u16('Requesting port'),
    requesterSystem: mac('Requesting system'),
    requesterTransId: u32('Transaction'),
    reserved: raw('Reserved'),
  },
);
const MARKER = [marker.requesterPort, marker.requesterSystem, marker.requesterTransId, marker.reserved];
/** Marks a place in the stream of frames on an aggregated link. */
export const aggregationMarker = protocol(marker, {
  title: 'Link aggregation marker',
  source: 'IEEE 802.1AX',
  on: { 'slow.subtype': 2 },
  expand(frame, d, visit) {
    const records = { type: marker.tlvType, length: marker.tlvLen, whole: true };
    recordRows(records, frame.bytes, frame.from[d]! + marker.$size, frame.limit(d), visit, (type, from, to) =>
      inOrder(type === 0 ? [marker.reserved] : MARKER, from, to, visit),
    );
  },
});

const oam = header(
  'oampdu',
  {
    flags: u16('Flags', { base: 'hex' }),
    'flags.linkFault': bits('flags', 0x01, 'Link fault'),
    'flags.dyingGasp': bits('flags', 0x02, 'Dying gasp'),
    'flags.criticalEvent': bits('flags', 0x04, 'Critical event'),
    'flags.localEvaluating': bits('flags', 0x08, 'Evaluating here'),
    'flags.localStable': bits('flags', 0x10, 'Stable here'),
    'flags.remoteEvaluating': bits('flags', 0x20, 'Evaluating there'),
    'flags.remoteStable': bits('flags', 0x40, 'Stable there'),
    code: u8('Code', { base: 'hex', names: CODES }),
  },
  {
    'info.type': u8('Information type'),
    'info.length': u8('Information length', { unit: 'bytes' }),
    'info.version': u8('Version'),
    'info.revision': u16('Revision'),
    'info.state': u8('State', { base: 'hex' }),
    'info.oamConfig': u8('Configuration', { base: 'hex' }),
    'info.oampduConfig': u16('Maximum size', { unit: 'bytes' }),
    'info.oui': u24('Organization', { base: 'hex', names: OUIS }),
    'info.vendor': raw('Information of the organization'),
    'event.sequence': u16('Sequence number'),
    'event.type': u8('Event type'),
    'event.length': u8('Event length', { unit: 'bytes' }),
    'event.timestamp': u16('Event time', { unit: '100 ms' }),
    'event.espeWindow': u64('Window of symbols'),
    'event.espeThreshold': u64('Threshold of symbols'),
    'event.espeErrors': u64('Errored symbols'),
    'event.espeTotalErrors': u64('Errors in all'),
    'event.espeTotalEvents': u32('Events in all'),
    'event.value': raw('Event'),
    'lpbk.commands': u8('Loopback command'),
    'variable.value': raw('Data'),
  },
);
const INFO = [
  ...[oam['info.version'], oam['info.revision'], oam['info.state'], oam['info.oamConfig']],
  ...[oam['info.oampduConfig'], oam['info.oui'], oam['info.vendor']],
];
const SYMBOLS = [
  ...[oam['event.timestamp'], oam['event.espeWindow'], oam['event.espeThreshold'], oam['event.espeErrors']],
  ...[oam['event.espeTotalErrors'], oam['event.espeTotalEvents']],
];
/** Operations, administration and maintenance of Ethernet links. */
export const linkMaintenance = protocol(oam, {
  title: 'Ethernet operations, administration and maintenance',
  source: 'IEEE 802.3 clause 57',
  on: { 'slow.subtype': 3 },
  expand(frame, d, visit) {
    const { bytes } = frame;
    const at = frame.from[d]!;
    const end = frame.limit(d);
    const body = at + oam.$size;
    const code = oam.code.read(bytes, at);
    if (code === 0)
      recordRows(
        { type: oam['info.type'], length: oam['info.length'], whole: true },
        bytes,
        body,
        end,
        visit,
        (type, from, to) => inOrder(type === 1 || type === 2 ? INFO : [oam['info.vendor']], from, to, visit),
      );
    else if (code === 1)
      recordRows(
        { type: oam['event.type'], length: oam['event.length'], whole: true },
        bytes,
        inOrder([oam['event.sequence']], body, end, visit),
        end,
        visit,
        (type, from, to) => inOrder(type === 1 ? SYMBOLS : [oam['event.value']], from, to, visit),
      );
    else inOrder([code === 4 ? oam['lpbk.commands'] : oam['variable.value']], body, end, visit);
  },
});
