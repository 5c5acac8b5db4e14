import { ToolError } from '../error.ts';
import type { Port } from '../frame/port.ts';
import { type LinkType, linkTypeOf } from '../linux/link-type.ts';
import type { Link } from '../linux/links.ts';
import { inNamespace, type Namespace } from '../linux/namespace.ts';
import { type Outcome, PacketSender } from '../linux/packet-sender.ts';
import { Neighbourhood } from './neighbourhood.ts';
import { noDevice } from './selection.ts';

const ETHERNET = 1;
/** LINKTYPE_RAW, what systems call it themselves, LINKTYPE_IPV4 and LINKTYPE_IPV6. */
const RAW: ReadonlySet<number> = new Set([101, 12, 14, 228, 229]);
const COOKED: ReadonlySet<number> = new Set([113, 276]);
/** 802.1Q, 802.1ad, and what came before that. */
const TAGS: ReadonlySet<number> = new Set([0x8100, 0x88a8, 0x9100]);
const TYPE_AT = 12;

/** A device that packets of a capture are sent on. */
export class DeviceOutlet implements Disposable {
  private constructor(
    private readonly link: Link,
    private readonly sender: PacketSender,
  ) {}
  static open(name: string, namespace: Namespace): DeviceOutlet {
    const neighbourhood = Neighbourhood.open(namespace);
    const link = neighbourhood.find(name);
    neighbourhood.close();
    if (link === undefined) throw noDevice(name, [namespace]);
    const raw = RAW.has(linkTypeOf(link.hardware).number);
    const remedy = `ip ${namespace.label === '' ? '' : `-n ${namespace.label} `}link set ${name} up`;
    const sender = inNamespace(namespace, () => PacketSender.open({ index: link.index, name, raw, remedy }));
    return new DeviceOutlet(link, sender);
  }
  accept({ linkType }: Port): void {
    checkLinkType(linkType, this.link.name, linkTypeOf(this.link.hardware));
  }
  send(frame: Uint8Array): Outcome {
    if (this.link.kind === 'vlan') refuseTagged(frame, this.link.name);
    return this.sender.send(frame);
  }
  [Symbol.dispose](): void {
    this.sender.close();
  }
}
/** Throws unless packets that begin so can be sent on a device whose packets begin with `own`. */
export function checkLinkType(linkType: number, device: string, own: LinkType): void {
  if (own.number === ETHERNET && linkType === ETHERNET) return;
  if (RAW.has(own.number) && RAW.has(linkType)) return;
  const takes = RAW.has(own.number) ? 'bare IP packets' : `${own.title} frames`;
  const why = `the capture holds ${nameOf(linkType)}, and "${device}" takes ${takes}`;
  throw new ToolError('link-type', why, remedyFor(linkType));
}
function nameOf(linkType: number): string {
  if (linkType === ETHERNET) return 'Ethernet frames';
  if (RAW.has(linkType)) return 'bare IP packets';
  return COOKED.has(linkType) ? "packets whose link layer was replaced by Linux's own header" : `link type ${linkType}`;
}
function remedyFor(linkType: number): string {
  if (linkType === ETHERNET) return '-i a device of Ethernet, such as a veth, bridge or tap';
  if (RAW.has(linkType)) return '-i a tun device';
  return 'capture on one device, without -i any and --cooked';
}
/** A VLAN device puts its own tag in front: what is tagged already would be tagged twice. */
export function refuseTagged(frame: Uint8Array, device: string): void {
  const type = (frame[TYPE_AT]! << 8) | frame[TYPE_AT + 1]!;
  if (frame.length > TYPE_AT + 1 && TAGS.has(type))
    throw new ToolError(
      'tagged',
      `the capture has packets with a VLAN tag, and "${device}" adds one of its own`,
      'hooktap interfaces shows the device below it: -i that one',
    );
}
