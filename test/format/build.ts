import { MAGIC } from '../../src/format/pcap.ts';

/** A packet as tests speak of it. */
export interface Packet {
  readonly seconds: number;
  readonly nanos: number;
  readonly data: Uint8Array;
  readonly wire: number;
  readonly port: number;
  readonly direction: number;
  readonly flags: number;
}
export const packet = (from: Partial<Packet> = {}): Packet => {
  const data = from.data ?? Uint8Array.of(1, 2, 3, 4, 5);
  const { seconds = 1_700_000_000, nanos = 0, wire = data.length, port = 0, direction = 0, flags = 0 } = from;
  return { seconds, nanos, data, wire, port, direction, flags };
};

/** Bytes under construction, in one byte order. */
export class Bytes {
  private readonly list: number[] = [];
  constructor(readonly littleEndian: boolean) {}
  get length(): number {
    return this.list.length;
  }
  u8(...values: number[]): this {
    this.list.push(...values);
    return this;
  }
  u16(value: number): this {
    return this.littleEndian ? this.u8(value & 0xff, value >>> 8) : this.u8(value >>> 8, value & 0xff);
  }
  u32(value: number): this {
    const [high, low] = [value >>> 16, value & 0xffff];
    return this.littleEndian ? this.u16(low).u16(high) : this.u16(high).u16(low);
  }
  u64(value: bigint): this {
    const [high, low] = [Number((value >> 32n) & 0xffff_ffffn), Number(value & 0xffff_ffffn)];
    return this.littleEndian ? this.u32(low).u32(high) : this.u32(high).u32(low);
  }
  add(bytes: Iterable<number>): this {
    for (const byte of bytes) this.list.push(byte);
    return this;
  }
  pad(): this {
    while (this.list.length % 4 !== 0) this.list.push(0);
    return this;
  }
  option(code: number, value: Iterable<number>): this {
    const bytes = [...value];
    return this.u16(code).u16(bytes.length).add(bytes).pad();
  }
  done(): Uint8Array {
    return Uint8Array.from(this.list);
  }
}

export interface PcapOptions {
  readonly magic?: keyof typeof MAGIC;
  readonly littleEndian?: boolean;
  readonly version?: readonly [number, number];
  readonly snaplen?: number;
  readonly linkType?: number;
  /** Captured and wire length the other way round. */
  readonly swapped?: boolean;
}
/** A pcap file, built as the draft says, by code that shares nothing with the writer. */
export function pcap(packets: readonly Packet[], options: PcapOptions = {}): Uint8Array {
  const { magic = 'micro', littleEndian = true, version = [2, 4], snaplen = 262_144, linkType = 1 } = options;
  const file = new Bytes(littleEndian);
  file.u32(MAGIC[magic]).u16(version[0]).u16(version[1]).u32(0).u32(0).u32(snaplen).u32(linkType);
  for (const { seconds, nanos, data, wire } of packets) {
    file.u32(seconds).u32(magic === 'nano' ? nanos : Math.floor(nanos / 1000));
    if (options.swapped) file.u32(wire).u32(data.length);
    else file.u32(data.length).u32(wire);
    // The modified header goes on with interface index, protocol, packet type and padding.
    if (magic === 'modified') file.u32(2).u16(0x800).u8(0, 0);
    file.add(data);
  }
  return file.done();
}

export interface InterfaceOptions {
  readonly linkType?: number;
  readonly snaplen?: number;
  readonly name?: string;
  readonly resolution?: number;
  readonly offset?: bigint;
}
/** A pcapng file, block by block. */
export class Pcapng {
  private file = new Bytes(true);
  constructor(private littleEndian: boolean) {
    this.section(littleEndian);
  }
  body(): Bytes {
    return new Bytes(this.littleEndian);
  }
  block(type: number, body: Bytes): this {
    body.pad();
    const block = this.body().u32(type);
    block.u32(body.length + 12).add(body.done());
    this.file.add(block.u32(body.length + 12).done());
    return this;
  }
  section(littleEndian: boolean, version: readonly [number, number] = [1, 0]): this {
    this.littleEndian = littleEndian;
    const body = this.body().u32(0x1a2b3c4d).u16(version[0]).u16(version[1]);
    return this.block(0x0a0d0d0a, body.u64(0xffff_ffff_ffff_ffffn));
  }
  interface(options: InterfaceOptions = {}): this {
    const { linkType = 1, snaplen = 0, name, resolution, offset } = options;
    const body = this.body().u16(linkType).u16(0).u32(snaplen);
    if (name !== undefined) body.option(2, Buffer.from(name));
    if (resolution !== undefined) body.option(9, [resolution]);
    if (offset !== undefined) body.option(14, this.body().u64(BigInt.asUintN(64, offset)).done());
    return this.block(1, body.option(0, []));
  }
  /** Time in units of the interface. */
  enhanced(id: number, time: bigint, { data, wire }: Packet, options: Iterable<number> = []): this {
    const body = this.body()
      .u32(id)
      .u32(Number(time >> 32n))
      .u32(Number(time & 0xffff_ffffn));
    return this.block(6, body.u32(data.length).u32(wire).add(data).pad().add(options));
  }
  old(id: number, time: bigint, { data, wire }: Packet, options: Iterable<number> = []): this {
    const body = this.body()
      .u16(id)
      .u16(0xffff)
      .u32(Number(time >> 32n))
      .u32(Number(time & 0xffff_ffffn));
    return this.block(2, body.u32(data.length).u32(wire).add(data).pad().add(options));
  }
  simple({ data, wire }: Packet): this {
    return this.block(3, this.body().u32(wire).add(data));
  }
  add(bytes: Iterable<number>): this {
    this.file.add(bytes);
    return this;
  }
  get length(): number {
    return this.file.length;
  }
  done(): Uint8Array {
    return this.file.done();
  }
}
/** A time in microseconds, the unit that interfaces have unless they say otherwise. */
export const micros = ({ seconds, nanos }: Packet): bigint =>
  BigInt(seconds) * 1_000_000n + BigInt(Math.floor(nanos / 1000));
