import { setTimeout } from 'node:timers/promises';
import { fold16, sum16 } from '../../bytes/checksum.ts';
import { SystemError } from '../../linux/failure.ts';
import { inNamespace, type Namespace } from '../../linux/namespace.ts';
import { FAMILY, LEVEL, Socket, TYPE, words } from '../../linux/socket.ts';

const PROTOCOL = { icmp: 1, tcp: 6 } as const;
/** linux/in.h: IP_MTU_DISCOVER, IP_PMTUDISC_DO */
const MTU_DISCOVER = 10;
const NEVER_FRAGMENT = 2;
/** Between two looks for an answer, and how long one is waited for. */
const EVERY_MS = 5;
const PATIENCE_MS = 250;
const IP_HEADER = 20;

export interface Ping {
  /** The address that it comes from, if not the device's. */
  readonly from?: string;
  /** How many bytes behind the ICMP header. */
  readonly size?: number;
  readonly fragment?: false;
  readonly patience?: number;
  readonly signal?: AbortSignal | undefined;
}
let sequence = 0;

/** Sends one echo request, with a real socket; was it answered? */
export async function ping(namespace: Namespace, to: string, options: Ping = {}): Promise<boolean> {
  const { from, size = 56, fragment, patience = PATIENCE_MS, signal } = options;
  const number = ++sequence;
  const socket = inNamespace(namespace, () =>
    Socket.open(FAMILY.internet, TYPE.raw, PROTOCOL.icmp, 'opening a socket'),
  );
  try {
    if (fragment === false) socket.set(LEVEL.ip, MTU_DISCOVER, words(NEVER_FRAGMENT), 'forbidding fragments');
    if (from !== undefined) socket.bind(address(from, 0), `sending from ${from}`);
    socket.connect(address(to, 0), `sending to ${to}`);
    socket.send(echo(number, size), `pinging ${to}`);
    const isReply = (bytes: Uint8Array) => bytes[IP_HEADER] === 0 && half(bytes, IP_HEADER + 6) === number;
    return await answered(socket, patience, isReply, signal);
  } finally {
    socket.close();
  }
}
function echo(number: number, size: number): Uint8Array {
  const packet = new Uint8Array(8 + size).map((_, i) => i);
  packet.set([8, 0, 0, 0, 0x77, 0x77, number >> 8, number & 255]);
  new DataView(packet.buffer).setUint16(2, fold16(sum16(packet, 0, packet.length)));
  return packet;
}
/** Opens a TCP connection, and asks for a page if it opens. Resolves to `answered`, or to what kept it from being. */
export async function connect(namespace: Namespace, to: string, port: number, signal?: AbortSignal): Promise<string> {
  const socket = inNamespace(namespace, () =>
    Socket.open(FAMILY.internet, TYPE.stream, PROTOCOL.tcp, 'opening a socket'),
  );
  try {
    socket.connect(address(to, port), `connecting to ${to}`);
    const request = new TextEncoder().encode(`GET / HTTP/1.1\r\nHost: ${to}\r\nConnection: close\r\n\r\n`);
    let asked = false;
    const end = performance.now() + PATIENCE_MS;
    while (!asked && performance.now() < end) {
      await setTimeout(EVERY_MS, undefined, { signal });
      asked = sent(socket, request);
    }
    return asked && (await answered(socket, PATIENCE_MS, (_, length) => length > 0, signal)) ? 'answered' : 'no answer';
  } catch (error) {
    if (error instanceof SystemError) return error.errno;
    throw error;
  } finally {
    socket.close();
  }
}
/** False while there is no connection yet. */
function sent(socket: Socket, bytes: Uint8Array): boolean {
  try {
    socket.send(bytes, 'sending');
    return true;
  } catch (error) {
    if (error instanceof SystemError && error.errno === 'EAGAIN') return false;
    throw error;
  }
}
async function answered(
  socket: Socket,
  ms: number,
  is: (bytes: Uint8Array, length: number) => boolean,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const bytes = new Uint8Array(2048);
  const end = performance.now() + ms;
  while (performance.now() < end) {
    await setTimeout(EVERY_MS, undefined, { signal });
    for (let length = received(socket, bytes); length !== undefined && length > 0; length = received(socket, bytes))
      if (is(bytes, length)) return true;
  }
  return false;
}
/** What ICMP says of a packet is an error of the socket: no answer. */
function received(socket: Socket, into: Uint8Array): number | undefined {
  try {
    return socket.receive(into, 'receiving');
  } catch (error) {
    if (error instanceof SystemError && error.errno !== 'ECONNREFUSED') return undefined;
    throw error;
  }
}
const half = (bytes: Uint8Array, at: number): number => (bytes[at]! << 8) | bytes[at + 1]!;

/** struct sockaddr_in */
function address(text: string, port: number): Uint8Array {
  const bytes = new Uint8Array(16);
  bytes.set([FAMILY.internet, 0, port >> 8, port & 255, ...text.split('.').map(Number)]);
  return bytes;
}
