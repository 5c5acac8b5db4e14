import { BLOCK } from './blocks.ts';
import { PACKET_ID_OPTION } from './packet-flags.ts';
import { putTime } from './pcapng-time.ts';

/** A packet and what is to be said of it. */
export interface AnnotatedPacket {
  /** The interface's number in the section, whose times are in nanoseconds. */
  readonly port: number;
  /** In ns since 1970. */
  readonly at: bigint;
  readonly bytes: Uint8Array;
  /** How long it was on the wire. */
  readonly wire: number;
  /** Each at most 65,535 bytes; what is longer is cut. */
  readonly comments: readonly string[];
  /** The same for one packet at several interfaces. */
  readonly packetId: bigint;
  /** What became of it here: a TC_ACT_ number (linux/pkt_cls.h). */
  readonly verdict?: number | undefined;
}
const COMMENT_OPTION = 1;
const VERDICT_OPTION = 7;
/** The verdict is one of tc's. */
const VERDICT_OF_TC = 1;
const [HEADER, TRAILER, LONGEST] = [28, 4, 0xffff];
const SECOND = 1_000_000_000n;
const text = new TextEncoder();

/** An enhanced packet block (draft-ietf-opsawg-pcapng, section 4.3), little-endian. */
export function packetBlock(packet: AnnotatedPacket): Uint8Array {
  const options = optionsOf(packet);
  const length = options.reduce((sum, { value }) => sum + 4 + padded(value.length), 4);
  const from = HEADER + padded(packet.bytes.length);
  const whole = from + length + TRAILER;
  const block = new Uint8Array(whole);
  const view = new DataView(block.buffer);
  const words = [BLOCK.packet, whole, packet.port];
  for (const [i, word] of words.entries()) view.setUint32(i * 4, word, true);
  putTime(view, 12, Number(packet.at / SECOND), Number(packet.at % SECOND), true);
  view.setUint32(20, packet.bytes.length, true);
  view.setUint32(24, packet.wire, true);
  block.set(packet.bytes, HEADER);
  let at = from;
  for (const { code, value } of options) {
    view.setUint16(at, code, true);
    view.setUint16(at + 2, value.length, true);
    block.set(value, at + 4);
    at += 4 + padded(value.length);
  }
  view.setUint32(whole - TRAILER, whole, true);
  return block;
}
function optionsOf({ comments, packetId, verdict }: AnnotatedPacket): { code: number; value: Uint8Array }[] {
  const options = comments.map((each) => ({ code: COMMENT_OPTION, value: text.encode(each).subarray(0, LONGEST) }));
  const id = new Uint8Array(8);
  new DataView(id.buffer).setBigUint64(0, packetId, true);
  options.push({ code: PACKET_ID_OPTION, value: id });
  if (verdict !== undefined) {
    const value = new Uint8Array(9);
    value[0] = VERDICT_OF_TC;
    new DataView(value.buffer).setBigUint64(1, BigInt(verdict), true);
    options.push({ code: VERDICT_OPTION, value });
  }
  return options;
}
const padded = (length: number): number => (length + 3) & ~3;
