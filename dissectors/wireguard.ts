import { type Field, header, bytes as raw, u8, u24, u32le, u64le } from '../src/bytes/field.ts';
import { protocol } from '../src/dissect/protocol.ts';
import { inOrder } from './in-order.ts';

const TYPES = { 1: 'Handshake initiation', 2: 'Handshake response', 3: 'Cookie reply', 4: 'Transport data' };
const sized = (size: number, label: string) => {
  const { kind } = raw(label);
  return { label, kind: { ...kind, size } };
};
const head = header(
  'wg',
  { type: u8('Type', { names: TYPES }), reserved: u24('Reserved', { base: 'hex' }) },
  {
    sender: u32le('Sender', { base: 'hex' }),
    receiver: u32le('Receiver', { base: 'hex' }),
    ephemeral: sized(32, 'Ephemeral public key'),
    encrypted_static: sized(48, 'Encrypted static public key'),
    encrypted_timestamp: sized(28, 'Encrypted timestamp'),
    encrypted_empty: sized(16, 'Encrypted nothing'),
    mac1: sized(16, 'First authentication code'),
    mac2: sized(16, 'Second authentication code'),
    nonce: sized(24, 'Nonce'),
    encrypted_cookie: sized(32, 'Encrypted cookie'),
    counter: u64le('Counter'),
    encrypted_packet: raw('Encrypted packet'),
  },
);
/** By type: the fields behind the first four bytes. */
const SHAPES: Readonly<Record<number, readonly Field[]>> = {
  1: [head.sender, head.ephemeral, head.encrypted_static, head.encrypted_timestamp, head.mac1, head.mac2],
  2: [head.sender, head.receiver, head.ephemeral, head.encrypted_empty, head.mac1, head.mac2],
  3: [head.receiver, head.nonce, head.encrypted_cookie],
  4: [head.receiver, head.counter],
};
const sizeOf = (type: number): number => head.$size + SHAPES[type]!.reduce((sum, { size }) => sum + size, 0);
const SIZES = [0, sizeOf(1), sizeOf(2), sizeOf(3), sizeOf(4) + 16] as const;
const DATA = 4;

/** WireGuard, on whatever port its users chose. */
export const wireGuard = protocol(head, {
  title: 'WireGuard',
  source: 'wireguard.com/protocol',
  on: { 'udp.port': 51_820 },
  guess: {
    in: ['udp.port'],
    likes(bytes, from, to) {
      if (from + head.$size > to || head.reserved.read(bytes, from) !== 0) return false;
      const type = head.type.read(bytes, from);
      if (type < 1 || type > DATA) return false;
      return type === DATA ? to - from >= SIZES[DATA] : to - from === SIZES[type];
    },
  },
  expand(frame, d, visit) {
    const from = frame.from[d]!;
    const end = frame.limit(d);
    const type = head.type.read(frame.bytes, from);
    const rest = inOrder(SHAPES[type] ?? [], from + head.$size, end, visit);
    if (type === DATA && rest < end) visit(head.encrypted_packet, rest, end);
  },
});
