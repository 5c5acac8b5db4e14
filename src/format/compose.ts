import type { Port } from '../frame/port.ts';
import { BLOCK, BYTE_ORDER_MAGIC } from './blocks.ts';

const COMMENT = 1;
const SECTION = { hardware: 2, system: 3, application: 4 } as const;
const INTERFACE = {
  name: 2,
  description: 3,
  mac: 6,
  speed: 8,
  resolution: 9,
  filter: 11,
  system: 12,
  hardware: 15,
} as const;
const STATISTICS = { start: 2, end: 3, accepted: 6, dropped: 7, delivered: 8 } as const;
/** A filter is told as text. */
const FILTER_TEXT = 0;
const NANOSECONDS = 9;
const text = new TextEncoder();

/** What a section says of where it was written. */
export interface Author {
  readonly application: string;
  /** The machine and the system that captured. */
  readonly hardware?: string | undefined;
  readonly system?: string | undefined;
}
/** A section header block: who wrote it, and that its length is not told. */
export function sectionBlock({ application, hardware, system }: Author, littleEndian: boolean): Uint8Array {
  const body = new Words(littleEndian);
  body.u32(BYTE_ORDER_MAGIC);
  body.u16(1);
  body.u16(0);
  body.u32(0xffff_ffff);
  body.u32(0xffff_ffff);
  body.text(SECTION.hardware, hardware);
  body.text(SECTION.system, system);
  body.text(SECTION.application, application);
  body.option(0, NOTHING);
  return body.block(BLOCK.section);
}
/** An interface description block. Times are in microseconds, which needs no option, or in nanoseconds. */
export function interfaceBlock(port: Port, littleEndian: boolean): Uint8Array {
  const body = new Words(littleEndian);
  body.u16(port.linkType);
  body.u16(0);
  body.u32(port.snaplen);
  body.text(INTERFACE.name, port.name);
  body.text(INTERFACE.description, port.description);
  if (port.mac !== undefined)
    body.option(
      INTERFACE.mac,
      Uint8Array.from(port.mac.split(':'), (byte) => Number.parseInt(byte, 16)),
    );
  if (port.speed !== undefined) body.wide(INTERFACE.speed, BigInt(port.speed));
  if (port.nanos) body.option(INTERFACE.resolution, Uint8Array.of(NANOSECONDS));
  if (port.filter !== undefined) body.option(INTERFACE.filter, Uint8Array.of(FILTER_TEXT, ...text.encode(port.filter)));
  body.text(INTERFACE.system, port.system);
  body.text(INTERFACE.hardware, port.hardware);
  body.option(0, NOTHING);
  return body.block(BLOCK.interface);
}
/** What an interface statistics block tells. */
export interface Totals {
  readonly received: number;
  readonly dropped: number;
  readonly comment?: string | undefined;
}
/** An interface statistics block; the times are those of the capture's beginning and of now, in nanoseconds since 1970. */
export function statisticsBlock(
  port: number,
  start: bigint,
  now: bigint,
  { received, dropped, comment }: Totals,
  littleEndian: boolean,
): Uint8Array {
  const body = new Words(littleEndian);
  body.u32(port);
  body.time(now);
  body.text(COMMENT, comment);
  body.option(STATISTICS.start, body.timeBytes(start));
  body.option(STATISTICS.end, body.timeBytes(now));
  body.wide(STATISTICS.accepted, BigInt(received));
  body.wide(STATISTICS.dropped, BigInt(dropped));
  body.wide(STATISTICS.delivered, BigInt(received - dropped));
  body.option(0, NOTHING);
  return body.block(BLOCK.statistics);
}
const NOTHING = new Uint8Array(0);

/** A block under construction; for the few that a file has. */
class Words {
  private readonly bytes: number[] = [];
  constructor(private readonly littleEndian: boolean) {}

  u16(value: number): void {
    if (this.littleEndian) this.bytes.push(value & 0xff, value >>> 8);
    else this.bytes.push(value >>> 8, value & 0xff);
  }
  u32(value: number): void {
    if (this.littleEndian) this.u16(value & 0xffff);
    this.u16(value >>> 16);
    if (!this.littleEndian) this.u16(value & 0xffff);
  }
  /** A time of 64 bits: the upper half comes first, whatever the byte order. */
  time(value: bigint): void {
    this.u32(Number(value >> 32n));
    this.u32(Number(value & 0xffff_ffffn));
  }
  timeBytes(value: bigint): Uint8Array {
    const words = new Words(this.littleEndian);
    words.time(value);
    return Uint8Array.from(words.bytes);
  }
  /** A text, if there is one. */
  text(code: number, value: string | undefined): void {
    if (value !== undefined) this.option(code, text.encode(value));
  }
  /** A number of 64 bits. */
  wide(code: number, value: bigint): void {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, value, this.littleEndian);
    this.option(code, bytes);
  }
  /** A value longer than its length field can say is cut. */
  option(code: number, value: Uint8Array): void {
    const kept = value.subarray(0, 0xffff);
    this.u16(code);
    this.u16(kept.length);
    this.bytes.push(...kept);
    while (this.bytes.length % 4 !== 0) this.bytes.push(0);
  }
  block(type: number): Uint8Array {
    const length = this.bytes.length + 12;
    const around = new Words(this.littleEndian);
    around.u32(type);
    around.u32(length);
    const end = new Words(this.littleEndian);
    end.u32(length);
    return Uint8Array.from([...around.bytes, ...this.bytes, ...end.bytes]);
  }
}
