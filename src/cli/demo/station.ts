/** The programs of the demo's network, each a process of its own: a web server, and a machine behind a tap device. */
import { read, writeSync } from 'node:fs';
import { createServer } from 'node:http';

const [role, value] = process.argv.slice(2);
process.title = role!;
// Whoever started us holds the other end.
process.stdin.on('end', () => process.exit()).resume();

if (role === 'web') {
  const server = createServer((_, response) => response.end('hello from a namespace\n'));
  server.listen(Number(value), '0.0.0.0', ready);
} else {
  answer(value!.split('.').map(Number));
  ready();
}
function ready(): void {
  writeSync(1, 'ready\n');
}

/** Answers ARP (RFC 826) and echo requests (RFC 792) to an address, at descriptor 3. */
function answer(own: readonly number[]): void {
  const frame = Buffer.alloc(2048);
  const next = () =>
    read(3, frame, 0, frame.length, null, (error, length) => {
      if (error !== null) {
        // There is none.
        if (error.code === 'EAGAIN') setTimeout(next, EVERY_MS);
        return;
      }
      const reply = arpReply(frame, own) ?? echoReply(frame.subarray(0, length), own);
      if (reply !== undefined) writeSync(3, reply);
      next();
    });
  next();
}
/** Between two looks for a frame. */
const EVERY_MS = 2;
const MAC = [2, 0, 0, 0, 0, 0x99];
const ETHERNET = 14;

function arpReply(frame: Buffer, own: readonly number[]): Buffer | undefined {
  const asksForUs =
    frame.readUInt16BE(12) === 0x0806 && frame.readUInt16BE(20) === 1 && own.every((b, i) => frame[38 + i] === b);
  if (!asksForUs) return undefined;
  const asking = frame.subarray(22, 32);
  return Buffer.from([...asking.subarray(0, 6), ...MAC, ...frame.subarray(12, 20), 0, 2, ...MAC, ...own, ...asking]);
}
function echoReply(frame: Buffer, own: readonly number[]): Buffer | undefined {
  const icmp = ETHERNET + (frame[ETHERNET]! & 15) * 4;
  const isEcho = frame.readUInt16BE(12) === 0x0800 && frame[ETHERNET + 9] === 1 && frame[icmp] === 8;
  if (!isEcho || !own.every((b, i) => frame[ETHERNET + 16 + i] === b)) return undefined;
  const reply = Buffer.from(frame);
  reply.set([...frame.subarray(6, 12), ...MAC]);
  // Two addresses that change places do not change a checksum; type 8 that becomes 0 does.
  reply.set(
    [...frame.subarray(ETHERNET + 16, ETHERNET + 20), ...frame.subarray(ETHERNET + 12, ETHERNET + 16)],
    ETHERNET + 12,
  );
  reply[icmp] = 0;
  const sum = frame.readUInt16BE(icmp + 2) + 0x0800;
  reply.writeUInt16BE((sum & 0xffff) + (sum >>> 16), icmp + 2);
  return reply;
}
