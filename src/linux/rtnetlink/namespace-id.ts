import { attributes, type Netlink } from '../netlink.ts';

/** linux/net_namespace.h */
const GET_ID = 90;
const ATTRIBUTE = { id: 1, fd: 3 } as const;
/** struct rtgenmsg, padded. */
const GENERAL = 4;

/**
 * The number that the namespace of `netlink` has for another one, which `fd` stands for: what a device says of the
 * namespace that its other end is in. `undefined`: none was needed so far.
 */
export function namespaceId(netlink: Netlink, fd: number): number | undefined {
  const request = new Uint8Array(GENERAL + 8);
  const view = new DataView(request.buffer);
  view.setUint16(GENERAL, 8, true);
  view.setUint16(GENERAL + 2, ATTRIBUTE.fd, true);
  view.setUint32(GENERAL + 4, fd, true);
  const { body } = netlink.ask(GET_ID, request);
  const id = new Map(attributes(body, GENERAL)).get(ATTRIBUTE.id)?.getInt32(0, true);
  return id === undefined || id < 0 ? undefined : id;
}
