import { bits, type Field, header, bytes as raw, text, u8, u16, u32 } from '../src/bytes/field.ts';
import { read8, read16, read32 } from '../src/bytes/kind.ts';
import { protocol, type Visit } from '../src/dissect/protocol.ts';
import { cdpText, RECORDS } from './cdp/text.ts';
import { inOrder } from './in-order.ts';
import { recordRows } from './records.ts';

const names = Object.fromEntries(Object.entries(RECORDS).map(([type, [name]]) => [type, name]));
const cdp = header(
  'cdp',
  { version: u8('Version'), ttl: u8('Time to live', { unit: 'seconds' }), checksum: u16('Checksum', { base: 'hex' }) },
  {
    'tlv.type': u16('Record type', { base: 'hex', names }),
    'tlv.len': u16('Record length', { unit: 'bytes' }),
    data: raw('Record value'),
    deviceid: text('Device'),
    portid: text('Port'),
    software_version: text('Software'),
    platform: text('Platform'),
    capabilities: u32('Capabilities', { base: 'hex' }),
    'capabilities.router': bits('capabilities', 0x01, 'Router'),
    'capabilities.trans_bridge': bits('capabilities', 0x02, 'Transparent bridge'),
    'capabilities.src_bridge': bits('capabilities', 0x04, 'Source route bridge'),
    'capabilities.switch': bits('capabilities', 0x08, 'Switch'),
    'capabilities.host': bits('capabilities', 0x10, 'Host'),
    'capabilities.igmp_capable': bits('capabilities', 0x20, 'Knows IGMP'),
    'capabilities.repeater': bits('capabilities', 0x40, 'Repeater'),
    vtp_management_domain: text('VTP management domain'),
    native_vlan: u16('Native VLAN'),
    duplex: u8('Duplex', { names: { 0: 'half', 1: 'full' } }),
    voice_vlan: u16('Voice VLAN'),
    power_consumption: u16('Power consumption', { unit: 'mW' }),
    mtu: u32('MTU', { unit: 'bytes' }),
    trust_bitmap: u8('Trust bitmap', { base: 'hex' }),
    untrusted_port_cos: u8('Class of service of untrusted ports', { base: 'hex' }),
    system_name: text('System name'),
    system_object_identifier: raw('System object identifier'),
    location: text('Location'),
    number_of_addresses: u32('Number of addresses'),
    protocol_type: u8('Protocol type', { base: 'hex' }),
    protocol_length: u8('Protocol length', { unit: 'bytes' }),
    protocol: raw('Protocol'),
    address_length: u16('Address length', { unit: 'bytes' }),
    address: raw('Address'),
  },
);
const VALUES: Readonly<Record<number, readonly Field[]>> = {
  1: [cdp.deviceid],
  3: [cdp.portid],
  4: cdp.$all.filter(({ name }) => name.startsWith('cdp.capabilities')),
  5: [cdp.software_version],
  6: [cdp.platform],
  9: [cdp.vtp_management_domain],
  10: [cdp.native_vlan],
  11: [cdp.duplex],
  14: [cdp.data],
  16: [cdp.power_consumption],
  17: [cdp.mtu],
  18: [cdp.trust_bitmap],
  19: [cdp.untrusted_port_cos],
  20: [cdp.system_name],
  21: [cdp.system_object_identifier],
  23: [cdp.data],
};

/** Cisco Discovery Protocol. */
export const ciscoDiscovery = protocol(cdp, {
  title: 'Cisco Discovery Protocol',
  source: "Cisco's documentation of it",
  on: { 'llc.cisco_pid': 0x2000, ethertype: 0x2000 },
  expand(frame, d, visit) {
    const { bytes } = frame;
    const records = { type: cdp['tlv.type'], length: cdp['tlv.len'], whole: true };
    recordRows(records, bytes, frame.from[d]! + cdp.$size, frame.limit(d), visit, (type, from, to) => {
      if (type === 2 || type === 22) addressRows(bytes, from, to, visit);
      else if (type === 14 && to - from === 3) inOrder([cdp.voice_vlan], from + 1, to, visit);
      else if (type === 23 && to - from > 1) visit(cdp.location, from + 1, to);
      else inOrder(VALUES[type] ?? [cdp.data], from, to, visit);
    });
  },
  line(w, frame, d) {
    // tcpdump does not know it by the type that it has in GRE.
    if (frame.registry.protocols[frame.layer[d - 1] ?? -1]?.name === 'gre') return false;
    cdpText(w, frame.from[d]!, frame.claim[d]! - frame.from[d]!);
    return true;
  },
});
function addressRows(bytes: Uint8Array, from: number, to: number, visit: Visit): void {
  let at = inOrder([cdp.number_of_addresses], from, to, visit);
  if (at >= to) return;
  for (let left = read32(bytes, from); left > 0 && at + 2 <= to; left--) {
    const known = at + 2 + read8(bytes, at + 1);
    if (known + 2 > to) return;
    inOrder([cdp.protocol_type, cdp.protocol_length], at, to, visit);
    if (known > at + 2) visit(cdp.protocol, at + 2, known);
    visit(cdp.address_length, known, known + 2);
    at = known + 2 + read16(bytes, known);
    if (at > to) return;
    if (at > known + 2) visit(cdp.address, known + 2, at);
  }
}
