import { bits, fixed, header, ipv4, ipv6, mac, bytes as raw, text, u8, u16, u24, u32 } from '../../src/bytes/field.ts';
import { u8Kind } from '../../src/bytes/kind.ts';
import { ipv4PrefixKind, ipv6PrefixKind } from '../dns/kinds.ts';
import { NLPIDS } from '../names/nlpids.ts';
import { systemId } from '../osi/address.ts';
import { part } from '../part.ts';
import { ADJACENCIES, CIRCUITS, RECORDS, SYSTEM_TYPES, UNITS } from './names.ts';

/** What all units begin with (ISO 10589 clause 9). */
export const isis = header('isis', {
  irpd: u8('Routing protocol discriminator', { base: 'hex', names: NLPIDS }),
  len: u8('Length of the header', { unit: 'bytes' }),
  version: u8('Version'),
  sysid_len: u8('Length of the system IDs', { unit: 'bytes' }),
  type: part(u8Kind, 0x1f, 'Type of unit', { names: UNITS }),
  version2: u8('Version of the units'),
  reserved: u8('Reserved'),
  max_area_adr: u8('Area addresses at most'),
});
const record = {
  'clv.type': u8('Record type', { names: RECORDS }),
  'clv.length': u8('Record length', { unit: 'bytes' }),
};
const area = {
  area_address: raw('Area address'),
  'clv_nlpid.nlpid': u8('Protocol supported', { base: 'hex', names: NLPIDS }),
  clv_ipv4_int_addr: ipv4('Interface address'),
  clv_ipv6_int_addr: ipv6('Interface address'),
  clv_mt: u16('Topology', { base: 'hex' }),
};

export const hello = header(
  'isis.hello',
  {
    circuit_type: part(u8Kind, 0x03, 'Circuit type', { names: CIRCUITS }),
    source_id: systemId(6, 'Sender'),
    holding_timer: u16('Holding time', { unit: 'seconds' }),
    pdu_length: u16('Length of the unit', { unit: 'bytes' }),
  },
  {
    priority: part(u8Kind, 0x7f, 'Priority'),
    lan_id: systemId(7, 'Designated system'),
    local_circuit_id: u8('Local circuit'),
    ...record,
    ...area,
    is_neighbor: mac('Neighbor'),
    adjacency_state: u8('State of the adjacency', { names: ADJACENCIES }),
    extended_local_circuit_id: u32('Extended local circuit', { base: 'hex' }),
    neighbor_systemid: systemId(6, 'Neighbor'),
    neighbor_extended_local_circuit_id: u32("Neighbor's extended local circuit", { base: 'hex' }),
    clv_restart_flags: u8('Restart signaling', { base: 'hex' }),
    'clv_restart_flags.rr': bits('clv_restart_flags', 1, 'Restart request'),
    'clv_restart_flags.ra': bits('clv_restart_flags', 2, 'Restart acknowledgment'),
    'clv_restart_flags.sa': bits('clv_restart_flags', 4, 'Suppress adjacency'),
    iid: u16('Instance'),
    supported_itid: u16('Topology of the instance'),
  },
);
export const lsp = header(
  'isis.lsp',
  {
    pdu_length: u16('Length of the unit', { unit: 'bytes' }),
    remaining_life: u16('Remaining lifetime', { unit: 'seconds' }),
    lsp_id: systemId(8, 'LSP ID'),
    sequence_number: u32('Sequence number', { base: 'hex' }),
    checksum: u16('Checksum', { base: 'hex' }),
  },
  {
    partition_repair: part(u8Kind, 0x80, 'Partition repair'),
    att: part(u8Kind, 0x78, 'Attached'),
    overload: part(u8Kind, 0x04, 'Overload'),
    is_type: part(u8Kind, 0x03, 'Type of system', { names: SYSTEM_TYPES }),
    ...record,
    ...area,
    hostname: text('Hostname'),
    clv_te_router_id: ipv4('Router ID for traffic engineering'),
    'ext_is_reachability.is_neighbor_id': systemId(7, 'Neighbor'),
    'ext_is_reachability.metric': u24('Metric'),
    'ext_is_reachability.subclvs_length': u8('Length of the sub-records', { unit: 'bytes' }),
    'ext_ip_reachability.metric': u32('Metric'),
    'ext_ip_reachability.prefix_length': part(u8Kind, 0x3f, 'Prefix length', { unit: 'bits' }),
    'ext_ip_reachability.distribution': part(u8Kind, 0x80, 'Down'),
    'ext_ip_reachability.ipv4_prefix': { kind: ipv4PrefixKind, label: 'Prefix' },
    'ipv6_reachability.metric': u32('Metric'),
    'ipv6_reachability.distribution': part(u8Kind, 0x80, 'Down'),
    'ipv6_reachability.prefix_length': u8('Prefix length', { unit: 'bits' }),
    'ipv6_reachability.ipv6_prefix': { kind: ipv6PrefixKind, label: 'Prefix' },
    'ip_reachability.default_metric': part(u8Kind, 0x3f, 'Metric'),
    'ip_reachability.distribution': part(u8Kind, 0x80, 'Down'),
    'ip_reachability.ipv4_prefix': ipv4('Prefix'),
    'eis_neighbors.default_metric': part(u8Kind, 0x3f, 'Metric'),
    'eis_neighbors.is_neighbor': systemId(7, 'Neighbor'),
    'rt_capable.router_id': u32('Router ID', { base: 'hex' }),
    originating_lsp_buffer_size: u16('Size of buffers', { unit: 'bytes' }),
  },
);
const known = {
  lsp_id: systemId(8, 'LSP ID'),
  lsp_seq_num: u32('Sequence number', { base: 'hex' }),
  lsp_remain_life: u16('Remaining lifetime', { unit: 'seconds' }),
  lsp_checksum: u16('Checksum', { base: 'hex' }),
};
export const csnp = header(
  'isis.csnp',
  {
    pdu_length: u16('Length of the unit', { unit: 'bytes' }),
    source_id: systemId(6, 'Sender'),
    source_circuit: fixed(1, "Sender's circuit"),
    start_lsp_id: systemId(8, 'First LSP ID'),
    end_lsp_id: systemId(8, 'Last LSP ID'),
  },
  { ...record, ...known },
);
export const psnp = header(
  'isis.psnp',
  {
    pdu_length: u16('Length of the unit', { unit: 'bytes' }),
    source_id: systemId(6, 'Sender'),
    source_circuit: fixed(1, "Sender's circuit"),
  },
  { ...record },
);
