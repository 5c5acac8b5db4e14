import { addressText } from '../inet.ts';
import { attributes } from '../netlink.ts';

/** What only some kinds of device have. */
export interface LinkDetails {
  /** Of a vxlan or geneve its network (VNI), of a vlan its tag. */
  readonly id?: number;
  /** The ends of a tunnel. */
  readonly local?: string;
  readonly remote?: string;
  /** The UDP port that a tunnel sends to. */
  readonly port?: number;
  /** `tap` or `tun`; how a macvlan, ipvlan or bond works. */
  readonly mode?: string;
  /** Does a tun or tap stay when nobody holds it? */
  readonly persistent?: boolean;
  /** May a tun or tap be held several times, each time with a queue of its own? */
  readonly multiQueue?: boolean;
  /** The index of the device that it sends through. */
  readonly lower?: number;
}
type Read = (value: DataView) => LinkDetails[keyof LinkDetails];
type Layout = readonly (readonly [name: keyof LinkDetails, attribute: number, read: Read])[];

const u8: Read = (value) => value.getUint8(0);
const u16: Read = (value) => value.getUint16(0, true);
const u32: Read = (value) => value.getUint32(0, true);
const port: Read = (value) => value.getUint16(0, false);
const flag: Read = (value) => value.getUint8(0) !== 0;
/** `undefined` for the address that means none. */
const address: Read = (value) => {
  const text = addressText(value);
  return text === '0.0.0.0' || text === '::' ? undefined : text;
};
const named =
  (read: Read, names: Readonly<Record<number, string>>): Read =>
  (value) =>
    names[read(value) as number];

const MACVLAN_MODE = named(u32, { 1: 'private', 2: 'vepa', 4: 'bridge', 8: 'passthru', 16: 'source' });
const BOND_MODES = [
  'balance-rr',
  'active-backup',
  'balance-xor',
  'broadcast',
  '802.3ad',
  'balance-tlb',
  'balance-alb',
] as const;
const GRE: Layout = [
  ['lower', 1, u32],
  ['local', 6, address],
  ['remote', 7, address],
];
const IP_TUNNEL: Layout = [
  ['lower', 1, u32],
  ['local', 2, address],
  ['remote', 3, address],
];
/** By kind: which attributes of IFLA_INFO_DATA say it (linux/if_link.h, linux/if_tunnel.h). */
const LAYOUTS: Readonly<Record<string, Layout>> = {
  vxlan: [
    ['id', 1, u32],
    ['remote', 2, address],
    ['remote', 16, address],
    ['lower', 3, u32],
    ['local', 4, address],
    ['local', 17, address],
    ['port', 15, port],
  ],
  geneve: [
    ['id', 1, u32],
    ['remote', 2, address],
    ['remote', 7, address],
    ['port', 5, port],
  ],
  vlan: [['id', 1, u16]],
  macvlan: [['mode', 1, MACVLAN_MODE]],
  macvtap: [['mode', 1, MACVLAN_MODE]],
  ipvlan: [['mode', 1, named(u16, ['l2', 'l3', 'l3s'])]],
  bond: [['mode', 1, named(u8, BOND_MODES)]],
  tun: [
    ['mode', 3, named(u8, { 1: 'tun', 2: 'tap' })],
    ['persistent', 6, flag],
    ['multiQueue', 7, flag],
  ],
  gre: GRE,
  gretap: GRE,
  ipip: IP_TUNNEL,
  sit: IP_TUNNEL,
};

/** From IFLA_INFO_DATA. */
export function linkDetails(kind: string | undefined, data: DataView | undefined): LinkDetails {
  const layout = kind === undefined ? undefined : LAYOUTS[kind];
  if (layout === undefined || data === undefined) return {};
  const values = new Map(attributes(data));
  const found = layout.flatMap(([name, attribute, read]) => {
    const value = values.get(attribute);
    const said = value === undefined || value.byteLength === 0 ? undefined : read(value);
    return said === undefined ? [] : [[name, said] as const];
  });
  return Object.fromEntries(found);
}
