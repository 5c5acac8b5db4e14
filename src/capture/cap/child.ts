/**
 * The process that the package cap runs in. The package gives no times and ends the process that it is in when its device
 * goes down: here it can do no harm.
 */
import { writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Cap } from 'cap';
import { ToolError } from '../../error.ts';
import { now } from '../../linux/clock.ts';
import { inNamespace } from '../../linux/namespace.ts';
import { noNewPrivileges, reduceCapabilities } from '../../linux/privileges.ts';
import { type ChildOptions, PACKAGE, type Refusal } from './told.ts';

const OUTPUT = 1;
const ERRORS = 2;
/** As long as the package lets a packet be. */
const LONGEST = 65_535;
const FILE_HEADER = 24;
const RECORD_HEADER = 16;
const ROOM = 1 << 18;
/** pcap with nanoseconds, in the machine's order. */
const MAGIC = 0xa1b2_3c4d;
/** By the package's names. It calls others by the number that libpcap has for them. */
const LINK_TYPES: Readonly<Record<string, number>> = {
  NULL: 0,
  ETHERNET: 1,
  IEEE802_11_RADIO: 127,
  LINKTYPE_LINUX_SLL: 113,
  RAW: 101,
};

/** Packets on their way out, as records of a pcap file. */
class Outlet {
  private readonly bytes = Buffer.alloc(ROOM);
  private used = 0;
  private scheduled = false;

  constructor(private readonly snaplen: number) {}
  begin(linkType: number): void {
    const header = Buffer.alloc(FILE_HEADER);
    header.writeUInt32LE(MAGIC, 0);
    header.writeUInt16LE(2, 4);
    header.writeUInt16LE(4, 6);
    header.writeUInt32LE(Math.min(this.snaplen, LONGEST), 16);
    header.writeUInt32LE(linkType, 20);
    writeAll(header);
  }
  add(packet: Buffer, length: number): void {
    const kept = Math.min(length, this.snaplen);
    if (this.used + RECORD_HEADER + kept > ROOM) this.flush();
    const { bytes, used } = this;
    const { seconds, nanos } = now();
    bytes.writeUInt32LE(seconds, used);
    bytes.writeUInt32LE(nanos, used + 4);
    bytes.writeUInt32LE(kept, used + 8);
    // The length on the wire is not told.
    bytes.writeUInt32LE(length, used + 12);
    packet.copy(bytes, used + RECORD_HEADER, 0, kept);
    this.used = used + RECORD_HEADER + kept;
    if (this.scheduled) return;
    // Behind the packets that came together with it.
    this.scheduled = true;
    setImmediate(() => this.flush());
  }
  flush(): void {
    this.scheduled = false;
    const { used } = this;
    this.used = 0;
    if (used > 0) writeAll(this.bytes.subarray(0, used));
  }
}
function writeAll(bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(OUTPUT, bytes, at);
}
function linkTypeOf(name: string): number {
  return LINK_TYPES[name] ?? Number(/\d+/.exec(name)?.[0] ?? 1);
}
function capture({ device, namespace, expression, snaplen, buffer }: ChildOptions): void {
  const { Cap: Capture } = createRequire(import.meta.url)(PACKAGE) as { Cap: typeof Cap };
  const packet = Buffer.alloc(LONGEST);
  const outlet = new Outlet(snaplen);
  const capture = new Capture();
  const linkType = inNamespace(namespace, () => capture.open(device, expression, buffer, packet));
  noNewPrivileges();
  reduceCapabilities([]);
  outlet.begin(linkTypeOf(linkType));
  capture.on('packet', (length) => outlet.add(packet, length));
  const stop = () => {
    capture.close();
    outlet.flush();
    process.exit(0);
  };
  // The end of the input is what stops us, also when who started us is gone.
  process.stdin.on('end', stop).on('error', stop).resume();
}
function refuse(error: unknown): void {
  const refusal: Refusal =
    error instanceof ToolError
      ? { code: error.code, message: error.message, hint: error.hint }
      : { code: 'cap', message: error instanceof Error ? error.message : String(error) };
  writeSync(ERRORS, `${JSON.stringify(refusal)}\n`);
  process.exit(1);
}
// Whoever started us decides when to stop.
for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM'] as const) process.on(signal, () => {});
process.on('uncaughtException', refuse);
capture(JSON.parse(process.argv[2]!) as ChildOptions);
