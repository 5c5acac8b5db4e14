/** Network namespaces for one test: made, used, and gone when it is done, whatever came of it. */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { Links } from '../../src/linux/links.ts';
import { inNamespace, type Namespace, namespacesOf } from '../../src/linux/namespace.ts';
import { FAMILY, Socket, TYPE } from '../../src/linux/socket.ts';
import { requireAll } from '../support/project.ts';

/** Runs a command to its end, which it must come to well. */
export function done(...[command, ...args]: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command!, args, {
    encoding: 'utf8',
    timeout: 60_000,
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`${[command, ...args].join(' ')}: ${error?.message ?? stderr}`);
  return stdout;
}
/** Why live tests cannot run here; undefined when they can. */
export function whyNotLive(...programs: string[]): string | undefined {
  const why = reason(programs);
  if (why !== undefined && requireAll) throw new Error(`live tests must run here, but ${why}`);
  return why;
}
function reason(programs: string[]): string | undefined {
  if (process.getuid?.() !== 0) return 'they need root';
  for (const program of ['ip', ...programs])
    if (spawnSync('which', [program]).status !== 0) return `${program} is not installed`;
  const name = fresh();
  const made = spawnSync('ip', ['netns', 'add', name], { encoding: 'utf8' });
  if (made.status !== 0) return `no network namespace can be made: ${made.stderr.trim()}`;
  spawnSync('ip', ['netns', 'del', name]);
  return undefined;
}
const fresh = (): string => `hooktap-${randomBytes(4).toString('hex')}`;

const WEST_MAC = '02:00:00:00:00:0a';
const EAST_MAC = '02:00:00:00:00:0b';

/** Two namespaces, `left` and `right`, with a cable between them: 10.9.0.1 on `west`, 10.9.0.2 on `east`. */
export class World implements Disposable {
  readonly left = fresh();
  readonly right = fresh();

  constructor() {
    try {
      for (const name of [this.left, this.right]) this.add(name);
      this.cable('west', 'east', '10.9.0.1', '10.9.0.2');
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }
  private add(name: string): void {
    done('ip', 'netns', 'add', name);
    // Nothing is to be on the wire but what a test sends.
    const off = 'for each in all default; do echo 1 > /proc/sys/net/ipv6/conf/$each/disable_ipv6; done';
    done('ip', 'netns', 'exec', name, 'sh', '-c', `test ! -d /proc/sys/net/ipv6 || { ${off}; }`);
    done('ip', '-n', name, 'link', 'set', 'lo', 'up');
  }
  /** A pair of devices, one in each namespace, which know each other's address: no ARP comes in between. */
  private cable(west: string, east: string, westAddress: string, eastAddress: string): void {
    done('ip', '-n', this.left, 'link', 'add', west, 'type', 'veth', 'peer', 'name', east, 'netns', this.right);
    this.end(this.left, west, westAddress, WEST_MAC, eastAddress, EAST_MAC);
    this.end(this.right, east, eastAddress, EAST_MAC, westAddress, WEST_MAC);
  }
  private end(of: string, device: string, address: string, mac: string, other: string, otherMac: string): void {
    done('ip', '-n', of, 'link', 'set', device, 'address', mac, 'up');
    done('ip', '-n', of, 'addr', 'add', `${address}/24`, 'dev', device);
    done('ip', '-n', of, 'neigh', 'add', other, 'lladdr', otherMac, 'nud', 'permanent', 'dev', device);
  }
  [Symbol.dispose](): void {
    for (const name of [this.left, this.right]) spawnSync('ip', ['netns', 'del', name]);
  }
}
export const namespace = (name: string): Namespace => namespacesOf(name)[0]!;

/** Puts whole frames on a device. */
export class Sender implements Disposable {
  private readonly socket: Socket;

  constructor(of: string, device: string) {
    this.socket = inNamespace(namespace(of), () => {
      const index = readyIndex(device);
      const socket = Socket.open(FAMILY.packet, TYPE.raw, 0, 'opening a socket to send on');
      const address = new Uint8Array(20);
      const view = new DataView(address.buffer);
      view.setUint16(0, FAMILY.packet, true);
      view.setInt32(4, index, true);
      socket.bind(address, 'binding a socket to send on');
      return socket;
    });
  }
  send(frame: Uint8Array): void {
    this.socket.send(frame, 'sending a frame');
  }
  [Symbol.dispose](): void {
    this.socket.close();
  }
}
/** IFF_UP and IFF_RUNNING of linux/if.h. */
const [UP, RUNNING] = [0x1, 0x40];
const PATIENCE_MS = 3000;
/**
 * The index of a device, when the kernel has taken in that it is up: that a cable was plugged in is worked on later
 * (net/core/link_watch.c), and what is sent until then is lost without a word.
 */
function readyIndex(device: string): number {
  const links = Links.open();
  try {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const { index, flags } = links.list().find((link) => link.name === device)!;
      if ((flags & UP) === 0 || (flags & RUNNING) !== 0 || performance.now() > deadline) return index;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  } finally {
    links.close();
  }
}
/** The experimental EtherType of IEEE 802: nobody answers it. */
export const EXPERIMENT = 0x88b5;
/** A broadcast frame that tells its number, with a tag in front if one is given. */
export function numbered(number: number, length: number, tag?: { protocol: number; control: number }): Uint8Array {
  const frame = new Uint8Array(length).fill(number & 0xff);
  const view = new DataView(frame.buffer);
  frame.fill(0xff, 0, 6);
  frame.set([2, 0, 0, 0, 0, 1], 6);
  let at = 12;
  if (tag !== undefined) {
    view.setUint16(at, tag.protocol);
    view.setUint16(at + 2, tag.control);
    at += 4;
  }
  view.setUint16(at, EXPERIMENT);
  view.setUint32(at + 2, number);
  return frame;
}
