/** Topologies of our own making. */
import { type Rates, ratesBetween } from '../../src/topology/rates.ts';
import type { Device, Edge, NamespaceNode, Topology } from '../../src/topology/topology.ts';

const NOTHING = { packets: 0, bytes: 0, errors: 0, dropped: 0 };
const UP = 0x41;
type Settings = Omit<Partial<Device>, 'addresses'> & { addresses?: readonly string[] };

/** A network that is written down device by device. */
export class Network {
  private readonly namespaces: NamespaceNode[] = [];
  private readonly devices: Device[] = [];
  private readonly edges: Edge[] = [];

  namespace(name: string, more: Partial<NamespaceNode> = {}): this {
    const id = `4:${1000 + this.namespaces.length}`;
    const namespace = {
      label: more.own === true ? '' : name,
      path: more.own === true ? undefined : `/run/netns/${name}`,
    };
    const node: NamespaceNode = {
      id,
      namespace,
      own: false,
      names: [name],
      container: undefined,
      firstProcess: undefined,
      processes: 0,
      obstacle: undefined,
      ...more,
    };
    this.namespaces.push(node);
    return this;
  }
  /** In the namespace that was made last. */
  device(name: string, kind: string | undefined, { addresses = [], ...more }: Settings = {}): this {
    const namespace = this.namespaces.at(-1)!.id;
    const index = this.devices.filter((each) => each.namespace === namespace).length + 1;
    this.devices.push({
      id: `${namespace}/${index}`,
      namespace,
      index,
      name,
      kind,
      hardware: 1,
      flags: UP,
      mtu: 1500,
      mac: `02:00:00:00:00:${String(this.devices.length).padStart(2, '0')}`,
      state: 'up',
      lower: undefined,
      lowerNamespace: undefined,
      master: undefined,
      details: {},
      counters: { received: NOTHING, sent: NOTHING },
      addresses: addresses.map((text) => {
        const [address, prefix] = text.split('/');
        const scope = address!.startsWith('fe80') ? 'link' : 'global';
        return { device: index, address: address!, prefix: Number(prefix), peer: undefined, scope };
      }),
      linkType: 'EN10MB',
      obstacle: undefined,
      holders: [],
      ...more,
    });
    return this;
  }
  loopback(): this {
    return this.device('lo', undefined, { hardware: 772, flags: 9, state: 'unknown', addresses: ['127.0.0.1/8'] });
  }
  /** `network.join('port', 'router/web0', 'router/br0')` */
  join(kind: Edge['kind'], from: string, to: string | undefined): this {
    this.edges.push({ kind, from: this.find(from).id, to: to === undefined ? undefined : this.find(to).id });
    return this;
  }
  find(path: string): Device {
    const [name, device] = path.split('/');
    const { id } = this.namespaces.find(
      ({ names, namespace, own }) => namespace.label === name || names.includes(name!) || (own && name === 'here'),
    )!;
    return this.devices.find((each) => each.namespace === id && each.name === device)!;
  }
  get topology(): Topology {
    return { namespaces: this.namespaces, devices: this.devices, edges: this.edges, unseen: 0 };
  }
  /** What passes: packets and bytes in a second, received and sent. */
  rates(passing: Record<string, readonly [received: number, sent: number, lost?: number]>): Map<string, Rates> {
    const after = this.devices.map((device) => {
      const [path] = Object.keys(passing).filter((each) => this.find(each) === device);
      if (path === undefined) return device;
      const [received, sent, lost = 0] = passing[path]!;
      const counted = (packets: number, dropped: number) => ({ packets, bytes: packets * 100, errors: 0, dropped });
      return { ...device, counters: { received: counted(received, lost), sent: counted(sent, 0) } };
    });
    return ratesBetween(this.topology, { ...this.topology, devices: after }, 1);
  }
}
/** What `hooktap demo` builds: a router with a bridge and a tap, an overlay between two servers. */
export function demo(): Network {
  const vxlan = (remote: string) => ({ details: { id: 42, remote, port: 4789 } });
  const network = new Network()
    .namespace('here', { own: true, names: [] })
    .loopback()
    .device('eth0', undefined, { addresses: ['192.0.2.10/24', 'fe80::1/64'] })
    .namespace('client')
    .loopback()
    .device('eth0', 'veth', { addresses: ['10.77.1.2/24'] })
    .namespace('router', { processes: 1, firstProcess: { pid: 4711, name: 'vm' } })
    .loopback()
    .device('br0', 'bridge', { addresses: ['10.77.2.1/24', '2001:db8:77::1/64'] })
    .device('lan', 'veth', { addresses: ['10.77.1.1/24'] })
    .device('web0', 'veth')
    .device('db0', 'veth')
    .device('tap0', 'tun', {
      details: { mode: 'tap' },
      addresses: ['10.77.3.1/24'],
      holders: [{ pid: 4711, name: 'vm' }],
    })
    .namespace('web')
    .loopback()
    .device('eth0', 'veth', { addresses: ['10.77.2.10/24'] })
    .device('vx0', 'vxlan', { ...vxlan('10.77.2.20'), addresses: ['10.77.9.10/24'], state: 'unknown' })
    .namespace('db', { container: { runtime: 'docker', id: '3f4e5d6c7b8a' } })
    .loopback()
    .device('eth0', 'veth', { addresses: ['10.77.2.20/24'] })
    .device('vx0', 'vxlan', { ...vxlan('10.77.2.10'), addresses: ['10.77.9.20/24'], state: 'unknown' });
  return network
    .join('peer', 'router/lan', 'client/eth0')
    .join('peer', 'router/web0', 'web/eth0')
    .join('peer', 'router/db0', 'db/eth0')
    .join('port', 'router/web0', 'router/br0')
    .join('port', 'router/db0', 'router/br0')
    .join('over', 'web/vx0', 'web/eth0')
    .join('over', 'db/vx0', 'db/eth0');
}
/** A machine with so many containers on a bridge. */
export function containers(count: number): Network {
  const network = new Network().namespace('here', { own: true, names: ['here'] }).loopback();
  network.device('eth0', undefined, { addresses: ['192.0.2.10/24'] });
  network.device('br0', 'bridge', { addresses: ['172.17.0.1/16'] });
  const number = (i: number) => String(i + 1).padStart(2, '0');
  for (let i = 0; i < count; i++) network.device(`veth${number(i)}`, 'veth');
  for (let i = 0; i < count; i++)
    network.namespace(`box${number(i)}`).device('eth0', 'veth', { addresses: [`172.17.0.${i + 2}/16`] });
  for (let i = 0; i < count; i++) {
    network.join('port', `here/veth${number(i)}`, 'here/br0');
    network.join('peer', `here/veth${number(i)}`, `box${number(i)}/eth0`);
  }
  return network;
}
