/** A capture of HTTP requests whose paths are anything: what a sender may do to a screen. */

const GLOBAL = Buffer.alloc(24);
GLOBAL.writeUInt32LE(0xa1b2c3d4, 0);
GLOBAL.writeUInt16LE(2, 4);
GLOBAL.writeUInt16LE(4, 6);
GLOBAL.writeUInt32LE(262_144, 16);
GLOBAL.writeUInt32LE(1, 20);

export function httpCapture(paths: readonly string[]): Buffer {
  return Buffer.concat([GLOBAL, ...paths.map((path, i) => recordOf(request(path), i))]);
}
function recordOf(packet: Buffer, second: number): Buffer {
  const head = Buffer.alloc(16);
  head.writeUInt32LE(1_700_000_000 + second, 0);
  head.writeUInt32LE(packet.length, 8);
  head.writeUInt32LE(packet.length, 12);
  return Buffer.concat([head, packet]);
}
/** Ethernet, IPv4, TCP to port 80. */
function request(path: string): Buffer {
  const payload = Buffer.from(`GET ${path} HTTP/1.1\r\nHost: ${path}\r\nUser-Agent: ${path}\r\n\r\n`, 'utf8');
  const head = Buffer.alloc(54);
  head.write('02000000000a02000000000b0800', 0, 'hex');
  head.write('45000000000040004006', 14, 'hex');
  head.writeUInt16BE(40 + payload.length, 16);
  head.write('0a0000010a000002', 26, 'hex');
  head.writeUInt16BE(40_000, 34);
  head.writeUInt16BE(80, 36);
  head.writeUInt32BE(1, 38);
  head.writeUInt32BE(1, 42);
  head.write('50180200', 46, 'hex');
  return Buffer.concat([head, payload]);
}
