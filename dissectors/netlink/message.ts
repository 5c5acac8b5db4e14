import { type Field, header, bytes as raw, u16le, u32le } from '../../src/bytes/field.ts';
import { read16, read16le, read32, read32le, u16leKind } from '../../src/bytes/kind.ts';
import type { Frame } from '../../src/dissect/frame.ts';
import type { Visit } from '../../src/dissect/protocol.ts';
import { part } from '../part.ts';

/** linux/netlink.h: every message begins like this. */
export const message = header(
  'netlink',
  {},
  {
    hdr_len: u32le('Message length', { unit: 'bytes' }),
    hdr_type: u16le('Message type', { base: 'hex' }),
    hdr_flags: u16le('Message flags', { base: 'hex' }),
    'hdr_flags.request': part(u16leKind, 0x01, 'Request'),
    'hdr_flags.multi': part(u16leKind, 0x02, 'One of many'),
    'hdr_flags.ack': part(u16leKind, 0x04, 'Acknowledgment wanted'),
    hdr_seq: u32le('Sequence number'),
    hdr_pid: u32le('Port'),
    attr_len: u16le('Attribute length', { unit: 'bytes' }),
    attr_type: u16le('Attribute type', { base: 'hex' }),
    attr_data: raw('Attribute data'),
  },
);
export const MESSAGE_SIZE = 16;
const ATTRIBUTE_SIZE = 4;
/** The two highest bits of an attribute's type are flags. */
const TYPE_MASK = 0x3fff;
const aligned = (size: number): number => (size + 3) & ~3;
const HEADER = [message.hdr_len, message.hdr_type, message.hdr_flags, message.hdr_seq, message.hdr_pid] as const;

export interface Message {
  readonly type: number;
  /** What follows the header. */
  readonly body: number;
  readonly end: number;
}
/** The numbers are in the order of the machine that captured. A length is small, so its end tells which that is. */
const isBig = (bytes: Uint8Array, at: number): boolean => read32(bytes, at) < read32le(bytes, at);
/** The type of the message at `at`, in either order; the caller knows that its header is there. */
export const typeAt = (bytes: Uint8Array, at: number): number =>
  isBig(bytes, at) ? read16(bytes, at + 4) : read16le(bytes, at + 4);

/** The messages at `[from, limit)`, one behind the other. Those of big-endian machines are not looked into. */
export function* messagesOf(bytes: Uint8Array, from: number, limit: number): Generator<Message> {
  for (let at = from; at + MESSAGE_SIZE <= limit && !isBig(bytes, at); ) {
    const size = read32le(bytes, at);
    if (size < MESSAGE_SIZE) return;
    yield { type: read16le(bytes, at + 4), body: at + MESSAGE_SIZE, end: Math.min(at + size, limit) };
    at += aligned(size);
  }
}
/** The same for a layer above netlink's: from the message on whose body it begins with. */
export function messagesFrom(frame: Frame, d: number): Iterable<Message> {
  if (d === 0 || frame.layer[d - 1] !== frame.registry.id(message.$name)) return [];
  return messagesOf(frame.bytes, frame.from[d]! - MESSAGE_SIZE, frame.limit(d));
}
/** Reports the header in front of `body`. */
export function headerRows({ body }: Message, visit: Visit): void {
  let at = body - MESSAGE_SIZE;
  for (const field of HEADER) {
    visit(field, at, at + field.size);
    at += field.size;
  }
}
/** The fields of a fixed part, one after the other; nothing stands for bytes without a name. Returns where they end. */
export function fixedRows(fields: readonly (Field | number)[], from: number, { end }: Message, visit: Visit): number {
  let at = from;
  for (const field of fields) {
    const size = typeof field === 'number' ? field : field.size;
    if (at + size > end) return end;
    if (typeof field !== 'number') visit(field, at, at + size);
    at += size;
  }
  return aligned(at - from) + from;
}
/** Reports the attributes at `[from, end)`: what `fieldOf` knows by name, the rest as data. */
export function attributeRows(
  bytes: Uint8Array,
  from: number,
  end: number,
  fieldOf: (type: number, size: number) => Field | undefined,
  visit: Visit,
  nested?: (type: number, from: number, to: number) => boolean,
): void {
  for (let at = from; at + ATTRIBUTE_SIZE <= end; ) {
    const size = read16le(bytes, at);
    if (size < ATTRIBUTE_SIZE || at + size > end) return;
    const type = read16le(bytes, at + 2) & TYPE_MASK;
    const value = at + ATTRIBUTE_SIZE;
    const next = at + size;
    if (nested?.(type, value, next) !== true) {
      visit(message.attr_len, at, at + 2);
      visit(message.attr_type, at + 2, value);
      const known = next > value ? fieldOf(type, next - value) : undefined;
      const field =
        known !== undefined && (known.size === 0 || known.size === next - value) ? known : message.attr_data;
      if (next > value) visit(field, value, next);
    }
    at += aligned(size);
  }
}
