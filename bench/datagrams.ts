/**
 * Sends UDP datagrams through a socket, as programs do, as fast as the machine can or at a rate; or takes them.
 *   node dist/scripts/bench/datagrams.js NETNS send ADDRESS PORT COUNT LENGTH [PER-SECOND]
 *   node dist/scripts/bench/datagrams.js NETNS receive PORT
 */
import { ffi, libc } from '../src/linux/library.ts';
import { inNamespace, namespacesOf } from '../src/linux/namespace.ts';
import { LEVEL, OPTION, Socket, words } from '../src/linux/socket.ts';

const connect = libc<(fd: number, address: Uint8Array, length: number) => number>(
  'int connect(int, const void *, uint32_t)',
);
const sendMany = libc<(fd: number, messages: unknown, count: number, flags: number) => number>(
  'int sendmmsg(int, void *, unsigned int, int)',
);
const receiveMany = libc<(fd: number, messages: unknown, count: number, flags: number, timeout: null) => number>(
  'int recvmmsg(int, void *, unsigned int, int, void *)',
);
const TOGETHER = 64;
/** struct mmsghdr, struct iovec. */
const [MESSAGE, VECTOR] = [64, 16];
const [INTERNET, DATAGRAM] = [2, 2];
const ROOM = 2048;

const pause = new Int32Array(new SharedArrayBuffer(4));
const rest = (milliseconds: number) => Atomics.wait(pause, 0, 0, milliseconds);

function addressOf(text: string, port: number): Uint8Array {
  const address = new Uint8Array(16);
  const view = new DataView(address.buffer);
  view.setUint16(0, INTERNET, true);
  view.setUint16(2, port);
  address.set(text.split('.').map(Number), 4);
  return address;
}
/** So many messages of a length, one behind the other. */
function messages(length: number): unknown {
  const size = TOGETHER * (MESSAGE + VECTOR + length);
  const memory = ffi().alloc('uint8_t', size);
  const base = BigInt(ffi().address(memory));
  const view = new DataView(ffi().view(memory, size));
  for (let i = 0; i < size; i++) view.setUint8(i, 0);
  for (let i = 0; i < TOGETHER; i++) {
    const vector = TOGETHER * MESSAGE + i * VECTOR;
    view.setBigUint64(i * MESSAGE + 16, base + BigInt(vector), true);
    view.setBigUint64(i * MESSAGE + 24, 1n, true);
    view.setBigUint64(vector, base + BigInt(TOGETHER * (MESSAGE + VECTOR) + i * length), true);
    view.setBigUint64(vector + 8, BigInt(length), true);
  }
  return memory;
}
function send(socket: Socket, [address, port, count, length, rate]: readonly string[]): void {
  const [whole, perSecond] = [Number(count), Number(rate ?? 0)];
  connect(socket.fd, addressOf(address!, Number(port)), 16);
  const memory = messages(Number(length));
  const before = process.cpuUsage();
  const started = performance.now();
  let sent = 0;
  while (sent < whole) {
    const due = perSecond === 0 ? whole : ((performance.now() - started) * perSecond) / 1000;
    if (sent >= due) {
      rest(1);
      continue;
    }
    // What did not go out says so once, on the socket.
    const done = sendMany(socket.fd, memory, Math.min(TOGETHER, whole - sent, Math.ceil(due - sent)), 0);
    if (done > 0) sent += done;
    else rest(1);
  }
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(before);
  const cpu = (user + system) / 1e6;
  process.stdout.write(`${JSON.stringify({ sent, perSecond: Math.round(sent / seconds), cpu })}\n`);
}
function receive(socket: Socket, [port]: readonly string[]): void {
  socket.wish(LEVEL.socket, OPTION.receiveBufferForce, words(1 << 24));
  socket.bind(addressOf('0.0.0.0', Number(port)), 'binding a socket to receive on');
  const memory = messages(ROOM);
  process.stdout.write('ready\n');
  while (process.ppid !== 1) if (receiveMany(socket.fd, memory, TOGETHER, 0, null) <= 0) rest(2);
}
const [, , netns, what, ...more] = process.argv;
const socket = inNamespace(namespacesOf(netns!)[0]!, () => Socket.open(INTERNET, DATAGRAM, 0, 'opening a UDP socket'));
if (what === 'send') send(socket, more);
else receive(socket, more);
