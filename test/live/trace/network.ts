/** Networks of namespaces for tests: built, used, and gone when the test is done, whatever came of it. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { done } from '../world.ts';

export class Network implements Disposable {
  private readonly prefix = `trc${randomBytes(3).toString('hex')}-`;
  private readonly names = new Set<string>();
  private readonly children: ChildProcess[] = [];

  /** The whole name of a namespace, which is made when it is named first. */
  of(name: string): string {
    const whole = this.prefix + name;
    if (this.names.has(name)) return whole;
    done('ip', 'netns', 'add', whole);
    this.names.add(name);
    this.set(name, 'net.ipv6.conf.all.disable_ipv6', 1);
    this.set(name, 'net.ipv6.conf.default.disable_ipv6', 1);
    done('ip', '-n', whole, 'link', 'set', 'lo', 'up');
    return whole;
  }
  /** What tests call the namespaces that there are. */
  all(): string[] {
    return [...this.names];
  }
  owns(whole: string): boolean {
    return whole.startsWith(this.prefix);
  }
  /** What a test calls a namespace by its whole name. */
  short(whole: string): string {
    return whole.startsWith(this.prefix) ? whole.slice(this.prefix.length) : whole;
  }
  /** `ip` in a namespace: `net.ip('a', 'link set a0 up')`. */
  ip(name: string, words: string): this {
    done('ip', '-n', this.of(name), ...words.split(' '));
    return this;
  }
  /** A command in a namespace, to its end. */
  run(name: string, ...command: string[]): string {
    return done('ip', 'netns', 'exec', this.of(name), ...command);
  }
  /** The same for a command that may fail. */
  attempt(name: string, ...command: string[]): void {
    spawnSync('ip', ['netns', 'exec', this.of(name), ...command], { timeout: 60_000 });
  }
  /** A command in a namespace that runs until the end; resolves when it printed a line. */
  async serve(name: string, ...command: string[]): Promise<ChildProcess> {
    const child = spawn('ip', ['netns', 'exec', this.of(name), ...command], { stdio: ['ignore', 'pipe', 'inherit'] });
    this.children.push(child);
    await new Promise<void>((resolve, reject) => {
      child.stdout.once('data', () => resolve());
      child.once('exit', () => reject(new Error(`${command.join(' ').slice(0, 100)} ended`)));
    });
    return child;
  }
  set(name: string, key: string, value: number | string): this {
    done('ip', 'netns', 'exec', this.of(name), 'sysctl', '-qw', `${key}=${value}`);
    return this;
  }
  /** A pair of devices: `net.cable('a', 'a0', '10.1.0.1/24', 'b', 'b0', '10.1.0.2/24')`; an empty address is none. */
  cable(a: string, left: string, leftAddress: string, b: string, right: string, rightAddress: string): void {
    done('ip', '-n', this.of(a), 'link', 'add', left, 'type', 'veth', 'peer', 'name', right, 'netns', this.of(b));
    for (const [name, device, address] of [
      [a, left, leftAddress],
      [b, right, rightAddress],
    ] as const) {
      if (address !== '') done('ip', '-n', this.of(name), 'addr', 'add', address, 'dev', device, ...NO_DAD(address));
      this.ip(name, `link set ${device} up`);
    }
  }
  /** Rules, in one line or in several. */
  nft(name: string, rules: string): this {
    const { status, stderr } = spawnSync('ip', ['netns', 'exec', this.of(name), 'nft', '-f', '-'], {
      input: rules.replace(/([{;])\s+/g, '$1\n').replace(/\s*\}\s*/g, '\n}\n'),
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`nft: ${stderr}`);
    return this;
  }
  /** `a` – `r` – `b`: 10.71.0.2 behind 10.71.0.1, 10.72.0.2 behind 10.72.0.1. */
  router(): this {
    this.cable('a', 'a0', '10.71.0.2/24', 'r', 'r0', '10.71.0.1/24');
    this.cable('b', 'b0', '10.72.0.2/24', 'r', 'r1', '10.72.0.1/24');
    this.ip('a', 'route add default via 10.71.0.1');
    this.ip('b', 'route add default via 10.72.0.1');
    this.set('r', 'net.ipv4.ip_forward', 1);
    return this;
  }
  /** `a` – `b`: 10.70.0.1 and 10.70.0.2. */
  pair(): this {
    this.cable('a', 'a0', '10.70.0.1/24', 'b', 'b0', '10.70.0.2/24');
    return this;
  }
  [Symbol.dispose](): void {
    for (const child of this.children) {
      // `ip netns exec` becomes the command itself.
      child.kill('SIGKILL');
    }
    for (const name of this.names) spawnSync('ip', ['netns', 'del', this.prefix + name]);
  }
}
const NO_DAD = (address: string) => (address.includes(':') ? ['nodad'] : []);

const node = (script: string): string[] => [process.execPath, '-e', script];
/** One UDP datagram. */
export const udp = (address: string, port: number, length = 20, from = 0): string[] =>
  node(
    `const s=require('dgram').createSocket('${address.includes(':') ? 'udp6' : 'udp4'}');s.bind(${from},()=>s.send(Buffer.alloc(${length},65),${port},'${address}',()=>s.close()))`,
  );
/** Opens a connection, sends some bytes, and is done when it is closed or half a second has passed. */
export const tcp = (address: string, port: number, length = 5): string[] =>
  node(
    `const s=require('net').connect(${port},'${address}',()=>s.end(Buffer.alloc(${length},65)));s.on('close',()=>process.exit());s.on('error',()=>process.exit());setTimeout(()=>process.exit(),500)`,
  );
export const udpServer = (port: number, more = ''): string[] =>
  node(
    `const s=require('dgram').createSocket('udp4');s.bind(${port},()=>{${more};console.log(1)});s.on('message',()=>{})`,
  );
export const tcpServer = (port: number): string[] =>
  node(
    `require('net').createServer(s=>{s.on('data',()=>{});s.on('error',()=>{});s.on('end',()=>s.end())}).listen(${port},()=>console.log(1))`,
  );
export const ping = (address: string, ...more: string[]): string[] => ['ping', '-c', '1', '-W', '1', ...more, address];
