import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ToolError } from '../../error.ts';
import { type HeldNamespace, inNamespace, makeNamespace } from '../../linux/namespace.ts';
import { Nftables } from '../../linux/nftables.ts';
import { Tun } from '../../linux/tun.ts';
import { Wiring } from '../../linux/wiring.ts';
import { ping } from './traffic.ts';

export const HOSTS = ['client', 'router', 'web', 'db'] as const;
export type Host = (typeof HOSTS)[number];

/** The demo's own addresses, and a capture filter that means them. */
export const ADDRESS = {
  client: '10.77.1.2',
  lan: '10.77.1.1',
  bridge: '10.77.2.1',
  web: '10.77.2.10',
  db: '10.77.2.20',
  tap: '10.77.3.1',
  vm: '10.77.3.2',
  overlayWeb: '10.77.9.10',
  overlayDb: '10.77.9.20',
} as const;
export const OWN_PACKETS = 'ip and net 10.77.0.0/16';
export const NETWORK_NUMBER = 42;
/** Where the web server listens; the router hands on what comes to its port 80. */
const WEB_PORT = 8080;
export const FIREWALL = 'inet wall forward';
const RULES = `
add table inet wall
add chain inet wall forward { type filter hook forward priority 0; policy accept; }
add table ip nat
add chain ip nat prerouting { type nat hook prerouting priority -100; }
add rule ip nat prerouting tcp dport 80 dnat to ${ADDRESS.web}:${WEB_PORT} comment "shop"
`;

const SETTINGS = '/proc/sys';

/** What a part of the network needs that not every machine has. */
export interface Missing {
  readonly part: 'nftables' | 'tap';
  readonly why: string;
  readonly remedy: string | undefined;
}
/** A network in namespaces without names: all of it is gone when this process ends, however it ends. */
export class DemoNetwork implements Disposable {
  readonly missing: Missing[] = [];
  readonly rules: Nftables | undefined;
  private readonly hosts = new Map<Host, { namespace: HeldNamespace; wiring: Wiring }>();
  private readonly stations = new Map<string, ChildProcess>();

  private constructor() {
    for (const host of HOSTS) {
      const namespace = makeNamespace(host);
      this.hosts.set(host, { namespace, wiring: new Wiring(namespace) });
      this.settle(host);
    }
    this.cables();
    this.overlay();
    this.rules = this.possible('nftables', () => this.firewall());
  }
  static async build(): Promise<DemoNetwork> {
    const network = new DemoNetwork();
    try {
      await network.people();
      return network;
    } catch (error) {
      network[Symbol.dispose]();
      throw error;
    }
  }
  namespace(host: Host): HeldNamespace {
    return this.hosts.get(host)!.namespace;
  }
  get namespaces(): HeldNamespace[] {
    return HOSTS.map((host) => this.namespace(host));
  }
  wiring(host: Host): Wiring {
    return this.hosts.get(host)!.wiring;
  }
  station(name: string): ChildProcess | undefined {
    return this.stations.get(name);
  }
  lacks(part: Missing['part']): Missing | undefined {
    return this.missing.find((each) => each.part === part);
  }
  /** As `sysctl`. */
  set(host: Host, key: string, value: number): void {
    const path = `${SETTINGS}/${key.replaceAll('.', '/')}`;
    try {
      inNamespace(this.namespace(host), () => writeFileSync(path, String(value)));
    } catch (error) {
      if (error instanceof ToolError) throw error;
      throw new ToolError('cannot-set', `no network can be built: ${(error as Error).message}`, 'sudo hooktap demo');
    }
  }
  /** A new namespace may begin with the settings of the machine: those that matter here are set. */
  private settle(host: Host): void {
    for (const which of ['all', 'default']) {
      this.set(host, `net.ipv4.conf.${which}.rp_filter`, 0);
      if (existsSync(`${SETTINGS}/net/ipv6`)) this.set(host, `net.ipv6.conf.${which}.disable_ipv6`, 1);
    }
    this.set(host, 'net.ipv4.ip_forward', host === 'router' ? 1 : 0);
    // Where containers run, what a bridge hands on would go through the rules, too.
    if (existsSync(`${SETTINGS}/net/bridge`)) this.set(host, 'net.bridge.bridge-nf-call-iptables', 0);
    this.wiring(host).set('lo', { up: true });
  }
  private cables(): void {
    const router = this.wiring('router');
    router.bridge('br0');
    this.cable('client', 'lan', `${ADDRESS.client}/24`);
    this.cable('web', 'web0', `${ADDRESS.web}/24`);
    this.cable('db', 'db0', `${ADDRESS.db}/24`);
    for (const port of ['web0', 'db0']) router.set(port, { bridge: 'br0', up: true });
    router.set('br0', { up: true });
    router.set('lan', { up: true });
    router.address('lan', `${ADDRESS.lan}/24`);
    router.address('br0', `${ADDRESS.bridge}/24`);
    for (const [host, gateway] of [
      ['client', ADDRESS.lan],
      ['web', ADDRESS.bridge],
      ['db', ADDRESS.bridge],
    ] as const)
      this.wiring(host).defaultRoute(gateway);
  }
  private cable(host: Host, port: string, address: string): void {
    this.wiring('router').cable(port, this.namespace(host), 'eth0');
    this.wiring(host).address('eth0', address);
    this.wiring(host).set('eth0', { up: true });
  }
  private overlay(): void {
    this.tunnel('web', NETWORK_NUMBER);
    this.tunnel('db', NETWORK_NUMBER);
  }
  /** One end of the overlay between the two servers. */
  tunnel(host: 'web' | 'db', number: number): void {
    const wiring = this.wiring(host);
    wiring.vxlan('vx0', number, host === 'web' ? ADDRESS.db : ADDRESS.web);
    wiring.address('vx0', `${host === 'web' ? ADDRESS.overlayWeb : ADDRESS.overlayDb}/24`);
    wiring.set('vx0', { up: true });
  }
  private firewall(): Nftables {
    const rules = inNamespace(this.namespace('router'), () => Nftables.open());
    rules.run(RULES);
    return rules;
  }
  /** What not every machine has. */
  private possible<T>(part: Missing['part'], make: () => T): T | undefined {
    try {
      return make();
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      this.missing.push({ part, why: error.message, remedy: error.hint });
      return undefined;
    }
  }
  /** The programs, and what everybody learns from their first packets. */
  private async people(): Promise<void> {
    const far = this.possible('tap', () => this.tap());
    const starting = [this.start('web', 'web', String(WEB_PORT))];
    if (far !== undefined) {
      const router = this.wiring('router');
      router.set('tap0', { up: true, queueLength: 2 });
      router.address('tap0', `${ADDRESS.tap}/24`);
      starting.push(this.start('vm', 'router', ADDRESS.vm, far.fd));
      // From now on the program is the only one that holds it.
      far.close();
    }
    await Promise.all(starting);
    const first = [ping(this.namespace('client'), ADDRESS.web), ping(this.namespace('client'), ADDRESS.db)];
    await Promise.all([...first, ping(this.namespace('web'), ADDRESS.overlayDb)]);
    if (far !== undefined) await ping(this.namespace('client'), ADDRESS.vm);
  }
  private tap(): Tun {
    const options = { name: 'tap0', mode: 'tap', multiQueue: false } as const;
    return inNamespace(this.namespace('router'), () => Tun.open(options));
  }
  /** Starts a program in a host, and waits until it is ready. */
  private start(name: string, host: Host, value: string, far?: number): Promise<void> {
    const child = inNamespace(this.namespace(host), () =>
      spawn(process.execPath, [stationFile(), name, value], {
        stdio: ['pipe', 'pipe', 'inherit', ...(far === undefined ? [] : [far])],
      }),
    );
    this.stations.set(name, child);
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', () => reject(new ToolError('cannot-run', `the program "${name}" of the demo ended at once`)));
      child.stdout!.once('data', () => resolve());
    });
  }
  [Symbol.dispose](): void {
    for (const child of this.stations.values()) child.kill('SIGKILL');
    this.rules?.close();
    for (const { namespace, wiring } of this.hosts.values()) {
      wiring.close();
      closeSync(namespace.fd);
    }
  }
}
/** Beside what was built. */
function stationFile(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) && folder !== '/') folder = dirname(folder);
  return join(folder, 'dist', 'demo-station.js');
}
