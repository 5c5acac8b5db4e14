import type { Port } from '../frame/port.ts';
import { BLOCK, BYTE_ORDER_MAGIC } from './blocks.ts';

const SECTION = { application: 4 } as const;
const INTERFACE = { name: 2, description: 3, resolution: 9 } as const;
const NANOSECONDS = 9;
const text = new TextEncoder();

/** A section header block: who wrote it, and that its length is not told. */
export function sectionBlock(application: string, littleEndian: boolean): Uint8Array {
  const body = new Words(littleEndian);
  body.u32(BYTE_ORDER_MAGIC);
  body.u16(1);
  body.u16(0);
  body.u32(0xffff_ffff);
  body.u32(0xffff_ffff);
  body.option(SECTION.application, text.encode(application));
  body.option(0, NOTHING);
  return body.block(BLOCK.section);
}
/** An interface description block. Times are in microseconds, which needs no option, or in nanoseconds. */
export function interfaceBlock(port: Port, littleEndian: boolean): Uint8Array {
  const body = new Words(littleEndian);
  body.u16(port.linkType);
  body.u16(0);
  body.u32(port.snaplen);
  if (port.name !== undefined) body.option(INTERFACE.name, text.encode(port.name));
  if (port.description !== undefined) body.option(INTERFACE.description, text.encode(port.description));
  if (port.nanos) body.option(INTERFACE.resolution, Uint8Array.of(NANOSECONDS));
  body.option(0, NOTHING);
  return body.block(BLOCK.interface);
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
