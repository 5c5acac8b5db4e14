import { addressText, macOf } from '../inet.ts';
import { attributes, type Netlink } from '../netlink.ts';

const GET_NEIGHBOUR = 30;
/** struct ndmsg (linux/neighbour.h) */
const MESSAGE = { size: 12, device: 4, state: 8 } as const;
const ATTRIBUTE = { destination: 1, mac: 2, vlan: 5, master: 9 } as const;
const BRIDGE = 7;
const MAC = 6;
/** NUD_ bits, each with its name. */
const STATES: readonly (readonly [bit: number, name: string])[] = [
  [0x01, 'incomplete'],
  [0x02, 'reachable'],
  [0x04, 'stale'],
  [0x08, 'delay'],
  [0x10, 'probe'],
  [0x20, 'failed'],
  [0x40, 'noarp'],
  [0x80, 'permanent'],
];

/** Which station of a link has an address. */
export interface Neighbour {
  /** Index of the device. */
  readonly device: number;
  readonly address: string;
  readonly mac: string | undefined;
  readonly state: string;
}
/** Where a bridge, or a tunnel, sends frames for a station. */
export interface ForwardingEntry {
  /** Index of the port, or of the tunnel. */
  readonly device: number;
  readonly mac: string;
  readonly vlan: number | undefined;
  /** Index of the bridge. */
  readonly master: number | undefined;
  /** The other end of the tunnel that the frames take. */
  readonly remote: string | undefined;
  readonly state: string;
}

/** The neighbours by IPv4 and IPv6 in the namespace that `netlink` is in. */
export function neighboursOf(netlink: Netlink): Neighbour[] {
  const found: Neighbour[] = [];
  each(netlink, 0, (device, state, values) => {
    const address = values.get(ATTRIBUTE.destination);
    if (address === undefined || (address.byteLength !== 4 && address.byteLength !== 16)) return;
    found.push({ device, address: addressText(address), mac: macIn(values), state });
  });
  return found;
}
/** The forwarding databases of the bridges and tunnels in the namespace that `netlink` is in. */
export function forwardingOf(netlink: Netlink): ForwardingEntry[] {
  const found: ForwardingEntry[] = [];
  each(netlink, BRIDGE, (device, state, values) => {
    const mac = macIn(values);
    if (mac === undefined) return;
    const remote = values.get(ATTRIBUTE.destination);
    found.push({
      device,
      mac,
      vlan: values.get(ATTRIBUTE.vlan)?.getUint16(0, true),
      master: values.get(ATTRIBUTE.master)?.getUint32(0, true),
      remote: remote === undefined ? undefined : addressText(remote),
      state,
    });
  });
  return found;
}
function each(
  netlink: Netlink,
  family: number,
  take: (device: number, state: string, values: Map<number, DataView>) => void,
): void {
  const request = new Uint8Array(MESSAGE.size);
  request[0] = family;
  netlink.dump(GET_NEIGHBOUR, request, ({ body }) => {
    const state = body.getUint16(MESSAGE.state, true);
    const name = STATES.find(([bit]) => (state & bit) !== 0)?.[1] ?? 'none';
    take(body.getInt32(MESSAGE.device, true), name, new Map(attributes(body, MESSAGE.size)));
  });
}
function macIn(values: Map<number, DataView>): string | undefined {
  const mac = values.get(ATTRIBUTE.mac);
  return mac?.byteLength === MAC ? macOf(mac) : undefined;
}
