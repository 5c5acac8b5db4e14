import {
  bits,
  type Field,
  header,
  ipv4,
  ipv6,
  mac,
  bytes as raw,
  text,
  u8,
  u16,
  u24,
  u32,
} from '../src/bytes/field.ts';
import { read8, read16, read24, u16Kind } from '../src/bytes/kind.ts';
import { protocol, type Visit } from '../src/dissect/protocol.ts';
import { inOrder } from './in-order.ts';
import { CHASSIS, NUMBERINGS, PORTS, RECORDS } from './lldp/names.ts';
import { lldpText } from './lldp/text.ts';
import { FAMILIES } from './names/families.ts';
import { OUIS } from './names/ouis.ts';
import { part } from './part.ts';

const CAPABILITIES = [
  ['other', 'Other'],
  ['repeater', 'Repeater'],
  ['bridge', 'Bridge'],
  ['wlan_access_pt', 'WLAN access point'],
  ['router', 'Router'],
  ['telephone', 'Telephone'],
  ['docsis_cable_device', 'DOCSIS cable device'],
  ['station_only', 'Station only'],
] as const;
const capabilities = (name: string, label: string) => ({
  [name]: u16(label, { base: 'hex' }),
  ...Object.fromEntries(CAPABILITIES.map(([key, what], i) => [`${name}.${key}`, bits(name, 1 << i, what)])),
});
const lldp = header(
  'lldp',
  {},
  {
    'tlv.type': part(u16Kind, 0xfe00, 'Record type', { names: RECORDS }),
    'tlv.len': part(u16Kind, 0x01ff, 'Record length', { unit: 'bytes' }),
    'tlv.value': raw('Record value'),
    'chassis.subtype': u8('Kind of chassis ID', { names: CHASSIS }),
    'chassis.id': text('Chassis'),
    'chassis.id.mac': mac('Chassis'),
    'chassis.id.ip4': ipv4('Chassis'),
    'chassis.id.ip6': ipv6('Chassis'),
    'port.subtype': u8('Kind of port ID', { names: PORTS }),
    'port.id': text('Port'),
    'port.id.mac': mac('Port'),
    'port.id.ip4': ipv4('Port'),
    'port.id.ip6': ipv6('Port'),
    'network_address.subtype': u8('Address family', { names: FAMILIES }),
    time_to_live: u16('Time to live', { unit: 'seconds' }),
    'port.desc': text('Port description'),
    'tlv.system.name': text('System name'),
    'tlv.system.desc': text('System description'),
    ...capabilities('tlv.system_cap', 'Capabilities'),
    ...capabilities('tlv.enable_system_cap', 'Enabled capabilities'),
    'mgn.address.len': u8('Address length', { unit: 'bytes' }),
    'mgn.address.subtype': u8('Address family', { names: FAMILIES }),
    'mgn.addr.ip4': ipv4('Management address'),
    'mgn.addr.ip6': ipv6('Management address'),
    'mgn.addr.hex': raw('Management address'),
    'mgn.interface.subtype': u8('Interface numbering', { names: NUMBERINGS }),
    'mgn.interface.number': u32('Interface number'),
    'mgn.obj.len': u8('Length of the object identifier', { unit: 'bytes' }),
    'mgn.obj.id': raw('Object identifier'),
    'orgtlv.oui': u24('Organization', { base: 'hex', names: OUIS }),
    'ieee.802_1.subtype': u8('Subtype of IEEE 802.1'),
    'ieee.802_1.port_vlan.id': u16('VLAN of the port'),
    'ieee.802_1.vlan.id': u16('VLAN'),
    'ieee.802_1.vlan.name_len': u8('Length of the name', { unit: 'bytes' }),
    'ieee.802_1.vlan.name': text('Name of the VLAN'),
    'ieee.802_3.subtype': u8('Subtype of IEEE 802.3'),
    'ieee.802_3.max_frame_size': u16('Maximum frame size', { unit: 'bytes' }),
    'dcbx.subtype': u8('Subtype of DCBX'),
    'media.subtype': u8('Subtype of media endpoint discovery'),
    'iana.subtype': u8('Subtype of IANA'),
    'iana.mudurl': text('Manufacturer usage description'),
    unknown_subtype: u8('Subtype'),
    'unknown_subtype.content': raw('Value'),
  },
);
const all = (start: string): Field[] => lldp.$all.filter(({ name }) => name === start || name.startsWith(`${start}.`));
const END = 0;

/** Link Layer Discovery Protocol. */
export const linkDiscovery = protocol(lldp, {
  title: 'Link Layer Discovery Protocol',
  source: 'IEEE 802.1AB',
  on: { ethertype: 0x88cc },
  expand(frame, d, visit) {
    const { bytes } = frame;
    const end = frame.limit(d);
    for (let at = frame.from[d]!; at + 2 <= end; ) {
      visit(lldp['tlv.type'], at, at + 2);
      visit(lldp['tlv.len'], at, at + 2);
      const type = read16(bytes, at) >> 9;
      const to = at + 2 + (read16(bytes, at) & 0x1ff);
      if (type === END || to > end) return;
      if (to > at + 2) (ROWS[type] ?? values(lldp['tlv.value']))(bytes, at + 2, to, visit);
      at = to;
    }
  },
  line: (w, frame, d) => lldpText(w, frame.from[d]!, frame.claim[d]! - frame.from[d]!),
});
type Rows = (bytes: Uint8Array, from: number, to: number, visit: Visit) => void;
const values =
  (...fields: Field[]): Rows =>
  (_bytes, from, to, visit) =>
    inOrder(fields, from, to, visit);
/** A chassis or a port; its kind says what follows. */
const identity =
  (which: 'chassis' | 'port', address: number): Rows =>
  (bytes, from, to, visit) => {
    const kind = read8(bytes, from);
    const size = to - from - 1;
    visit(lldp[`${which}.subtype`], from, from + 1);
    if (kind === address - 1 && size === 6) visit(lldp[`${which}.id.mac`], from + 1, to);
    else if (kind === address && size > 1) {
      visit(lldp['network_address.subtype'], from + 1, from + 2);
      const field = size === 5 ? 'ip4' : size === 17 ? 'ip6' : undefined;
      visit(field === undefined ? lldp[`${which}.id`] : lldp[`${which}.id.${field}`], from + 2, to);
    } else if (size > 0) visit(lldp[`${which}.id`], from + 1, to);
  };
const management: Rows = (bytes, from, to, visit) => {
  const size = read8(bytes, from) - 1;
  const address = inOrder([lldp['mgn.address.len'], lldp['mgn.address.subtype']], from, to, visit);
  if (size < 0 || address + size > to) return;
  const field = size === 4 ? lldp['mgn.addr.ip4'] : size === 16 ? lldp['mgn.addr.ip6'] : lldp['mgn.addr.hex'];
  if (size > 0) visit(field, address, address + size);
  inOrder(INTERFACE, address + size, to, visit);
};
const INTERFACE = [
  ...[lldp['mgn.interface.subtype'], lldp['mgn.interface.number']],
  ...[lldp['mgn.obj.len'], lldp['mgn.obj.id']],
];
const REST = lldp['unknown_subtype.content'];
/** By organization: the field of the subtype, and what some of them hold. */
const ORGANIZATIONS: Readonly<Record<number, readonly [Field, Readonly<Record<number, readonly Field[]>>]>> = {
  32962: [
    lldp['ieee.802_1.subtype'],
    {
      1: [lldp['ieee.802_1.port_vlan.id']],
      3: [lldp['ieee.802_1.vlan.id'], lldp['ieee.802_1.vlan.name_len'], lldp['ieee.802_1.vlan.name']],
    },
  ],
  4623: [lldp['ieee.802_3.subtype'], { 4: [lldp['ieee.802_3.max_frame_size']] }],
  6945: [lldp['dcbx.subtype'], {}],
  4795: [lldp['media.subtype'], {}],
  94: [lldp['iana.subtype'], { 1: [lldp['iana.mudurl']] }],
};
const organization: Rows = (bytes, from, to, visit) => {
  const value = inOrder([lldp['orgtlv.oui']], from, to, visit);
  if (value >= to) return;
  const [subtype, known] = ORGANIZATIONS[read24(bytes, from)] ?? [lldp.unknown_subtype, {}];
  visit(subtype, value, value + 1);
  inOrder(known[read8(bytes, value)] ?? [REST], value + 1, to, visit);
};
const ROWS: Readonly<Record<number, Rows>> = {
  1: identity('chassis', 5),
  2: identity('port', 4),
  3: values(lldp.time_to_live),
  4: values(lldp['port.desc']),
  5: values(lldp['tlv.system.name']),
  6: values(lldp['tlv.system.desc']),
  7: values(...all('lldp.tlv.system_cap'), ...all('lldp.tlv.enable_system_cap')),
  8: management,
  127: organization,
};
