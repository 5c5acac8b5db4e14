import { attributes, Netlink } from './netlink.ts';

/** linux/rtnetlink.h, linux/if_addr.h */
const ROUTE = 0;
const GET_ADDRESS = 22;
/** struct ifaddrmsg: family, prefix length, flags, scope, index. */
const ADDRESS_INFO = 8;
const ATTRIBUTE = { address: 1, local: 2 } as const;

/** The addresses of the network namespace's own devices, as bytes in network order. */
export function localAddresses(): Uint8Array[] {
  const netlink = Netlink.open(ROUTE);
  try {
    const found: Uint8Array[] = [];
    netlink.dump(GET_ADDRESS, new Uint8Array(ADDRESS_INFO), ({ body }) => {
      const values = new Map(attributes(body, ADDRESS_INFO));
      // On links between two, `address` is the other end's.
      const own = values.get(ATTRIBUTE.local) ?? values.get(ATTRIBUTE.address);
      if (own !== undefined) found.push(new Uint8Array(own.buffer, own.byteOffset, own.byteLength).slice());
    });
    return found;
  } finally {
    netlink.close();
  }
}
