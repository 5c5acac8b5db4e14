import { ToolError } from '../error.ts';
import { failedWith, systemError } from './failure.ts';
import { libc } from './library.ts';
import { FAMILY, Socket, TYPE } from './socket.ts';

const sendTo = libc<
  (fd: number, bytes: Uint8Array, length: number, flags: number, address: Uint8Array, size: number) => number | bigint
>('int64_t sendto(int, const void *, size_t, int, const void *, uint32_t)');
const ADDRESS = 20;
const IPV4 = 0x0800;
const IPV6 = 0x86dd;

/** What became of a frame: `full`: there is no room for it now; `unfit`: the device takes none of its length. */
export type Outcome = 'sent' | 'full' | 'unfit';

export interface Target {
  readonly index: number;
  readonly name: string;
  /** Frames are IP packets, with nothing in front. */
  readonly raw: boolean;
  /** What to do when it is down. */
  readonly remedy: string;
}
/** Puts frames on a device as they are, through a packet socket. Needs CAP_NET_RAW in the thread's network namespace. */
export class PacketSender {
  private constructor(
    private readonly socket: Socket,
    /** For frames that say themselves what they carry, and for packets of IPv4 and IPv6 on devices without headers. */
    private readonly addresses: { readonly framed: Uint8Array; readonly ipv4: Uint8Array; readonly ipv6: Uint8Array },
    private readonly device: Target,
  ) {}
  static open(device: Target): PacketSender {
    // Protocol 0: nothing comes back.
    const socket = Socket.open(FAMILY.packet, TYPE.raw, 0, 'opening a packet socket');
    const { index } = device;
    const addresses = {
      framed: linkAddress(index, 0),
      ipv4: linkAddress(index, IPV4),
      ipv6: linkAddress(index, IPV6),
    };
    return new PacketSender(socket, addresses, device);
  }
  send(frame: Uint8Array): Outcome {
    const { framed, ipv4, ipv6 } = this.addresses;
    const address = !this.device.raw ? framed : frame[0]! >>> 4 === 6 ? ipv6 : ipv4;
    if (Number(sendTo(this.socket.fd, frame, frame.length, 0, address, ADDRESS)) >= 0) return 'sent';
    if (failedWith('EAGAIN') || failedWith('EINTR') || failedWith('ENOBUFS')) return 'full';
    if (failedWith('EMSGSIZE') || failedWith('EINVAL')) return 'unfit';
    throw this.failure();
  }
  private failure(): ToolError {
    const { name, remedy } = this.device;
    const error = systemError(`sending on "${name}"`);
    if (error.errno === 'ENXIO' || error.errno === 'ENODEV')
      return new ToolError('ENODEV', `the device "${name}" is gone`);
    if (error.errno !== 'ENETDOWN') return error;
    return new ToolError('ENETDOWN', `the device "${name}" is down`, remedy);
  }
  close(): void {
    this.socket.close();
  }
}
/** struct sockaddr_ll */
function linkAddress(device: number, protocol: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(ADDRESS));
  view.setUint16(0, FAMILY.packet, true);
  view.setUint16(2, protocol, false);
  view.setInt32(4, device, true);
  return new Uint8Array(view.buffer);
}
