/**
 * Puts UDP packets on a device as fast as the machine can, or at a rate.
 *   node dist/scripts/bench/sender.js NETNS DEVICE COUNT LENGTH [PER-SECOND]
 */
import { ffi, libc } from '../src/linux/library.ts';
import { Links } from '../src/linux/links.ts';
import { inNamespace, namespacesOf } from '../src/linux/namespace.ts';
import { FAMILY, LEVEL, Socket, TYPE, words } from '../src/linux/socket.ts';

const sendMany = libc<(fd: number, messages: unknown, count: number, flags: number) => number>(
  'int sendmmsg(int, void *, unsigned int, int)',
);
const [, , netns, device, countText, lengthText, rateText] = process.argv;
const [count, length, rate] = [Number(countText), Number(lengthText), Number(rateText ?? 0)];
const TOGETHER = 64;
/** struct mmsghdr, struct iovec. */
const [MESSAGE, VECTOR] = [64, 16];
const PACKET_QDISC_BYPASS = 20;

const socket = inNamespace(namespacesOf(netns!)[0]!, () => {
  const links = Links.open();
  const index = links.list().find((link) => link.name === device)!.index;
  links.close();
  const opened = Socket.open(FAMILY.packet, TYPE.raw, 0, 'opening a socket to send on');
  const address = new Uint8Array(20);
  new DataView(address.buffer).setUint16(0, FAMILY.packet, true);
  new DataView(address.buffer).setInt32(4, index, true);
  opened.bind(address, 'binding a socket to send on');
  opened.set(LEVEL.packet, PACKET_QDISC_BYPASS, words(1), 'passing by the queue');
  return opened;
});
const memory = ffi().alloc('uint8_t', TOGETHER * (MESSAGE + VECTOR + length));
const base = ffi().address(memory);
const view = new DataView(ffi().view(memory, TOGETHER * (MESSAGE + VECTOR + length)));
for (let i = 0; i < TOGETHER; i++) {
  const vector = TOGETHER * MESSAGE + i * VECTOR;
  const frame = TOGETHER * (MESSAGE + VECTOR) + i * length;
  for (let at = 0; at < MESSAGE; at += 8) view.setBigUint64(i * MESSAGE + at, 0n);
  view.setBigUint64(i * MESSAGE + 16, base + BigInt(vector), true);
  view.setBigUint64(i * MESSAGE + 24, 1n, true);
  view.setBigUint64(vector, base + BigInt(frame), true);
  view.setBigUint64(vector + 8, BigInt(length), true);
  writeFrame(frame, i);
}
/** UDP from one private address to another, to the discard port: nobody answers. */
function writeFrame(at: number, i: number): void {
  const bytes = Buffer.alloc(length);
  bytes.write('ffffffffffff02000000000108004500', 0, 'hex');
  bytes.writeUInt16BE(length - 14, 16);
  bytes.write('4011', 22, 'hex');
  bytes.write('0a0900630a09004d', 26, 'hex');
  let sum = 0;
  for (let o = 14; o < 34; o += 2) sum += bytes.readUInt16BE(o);
  bytes.writeUInt16BE(~((sum & 0xffff) + (sum >>> 16)) & 0xffff, 24);
  bytes.writeUInt16BE(1000 + i, 34);
  bytes.writeUInt16BE(9, 36);
  bytes.writeUInt16BE(length - 34, 38);
  for (let o = 0; o < length; o++) view.setUint8(at + o, bytes[o]!);
}
const pause = new Int32Array(new SharedArrayBuffer(4));
const started = performance.now();
let sent = 0;
while (sent < count) {
  if (rate > 0) {
    const due = ((performance.now() - started) * rate) / 1000;
    if (sent > due) {
      Atomics.wait(pause, 0, 0, 1);
      continue;
    }
  }
  const done = sendMany(socket.fd, memory, Math.min(TOGETHER, count - sent), 0);
  if (done > 0) sent += done;
}
const seconds = (performance.now() - started) / 1000;
process.stdout.write(`${JSON.stringify({ sent, perSecond: Math.round(sent / seconds) })}\n`);
