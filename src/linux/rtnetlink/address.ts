import { addressText } from '../inet.ts';
import { attributes, type Netlink } from '../netlink.ts';

const GET_ADDRESS = 22;
/** struct ifaddrmsg (linux/if_addr.h) */
const MESSAGE = { size: 8, prefix: 1, scope: 3, device: 4 } as const;
const ATTRIBUTE = { address: 1, local: 2 } as const;
/** RT_SCOPE_ numbers. */
const SCOPES: Readonly<Record<number, string>> = { 0: 'global', 200: 'site', 253: 'link', 254: 'host', 255: 'nowhere' };

/** An address of a device. */
export interface Address {
  /** Index of the device. */
  readonly device: number;
  readonly address: string;
  /** Bits of the network that it is in. */
  readonly prefix: number;
  /** On links between two: the other end's. */
  readonly peer: string | undefined;
  readonly scope: string;
}
/** The addresses of IPv4 and IPv6 of the namespace that `netlink` is in. */
export function addressesOf(netlink: Netlink): Address[] {
  const found: Address[] = [];
  netlink.dump(GET_ADDRESS, new Uint8Array(MESSAGE.size), ({ body }) => {
    const values = new Map(attributes(body, MESSAGE.size));
    const text = (type: number) => {
      const value = values.get(type);
      return value === undefined ? undefined : addressText(value);
    };
    const [local, other] = [text(ATTRIBUTE.local), text(ATTRIBUTE.address)];
    const address = local ?? other;
    if (address === undefined || address === '') return;
    const scope = body.getUint8(MESSAGE.scope);
    found.push({
      device: body.getUint32(MESSAGE.device, true),
      address,
      prefix: body.getUint8(MESSAGE.prefix),
      peer: other === address ? undefined : other,
      scope: SCOPES[scope] ?? String(scope),
    });
  });
  return found;
}
