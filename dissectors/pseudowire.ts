import { bits, header, u16 } from '../src/bytes/field.ts';
import type { Frame } from '../src/dissect/frame.ts';
import { protocol } from '../src/dissect/protocol.ts';
import { eth } from './eth/header.ts';
import { ETHERTYPES } from './names/ethertypes.ts';

const control = header('pweth.cw', {
  word: u16('Control word', { base: 'hex' }),
  reserved: bits('word', 0x0fff, 'Reserved', { base: 'hex' }),
  sequence_number: u16('Sequence number'),
});

/** Is it an Ethernet frame behind a control word (RFC 4448 section 4.6)? Only its looks can tell. */
export function looksBridged(frame: Frame, at: number, end: number): boolean {
  const inner = at + control.$size;
  if (inner + eth.$size > Math.min(end, frame.end)) return false;
  if (control.word.read(frame.bytes, at) !== 0) return false;
  const type = eth.type.read(frame.bytes, inner);
  return type <= MAX_LENGTH ? type <= end - inner - eth.$size : ETHERTYPES[type] !== undefined;
}
const MAX_LENGTH = 1500;

/** What Wireshark calls its having looked: a layer of no bytes. */
export const pseudowireGuess = protocol(header('pwethheuristic', {}), {
  title: 'Ethernet over MPLS, recognised by its looks',
  source: 'RFC 4448',
  step: (frame, _, at, end) => frame.passOn(frame.registry.id('pwethcw'), at, end),
});
/** Ethernet in a pseudowire, with the word that keeps it apart from IP. */
export const pseudowire = protocol(
  { ...control, $name: 'pwethcw' },
  {
    title: 'Ethernet pseudowire with control word',
    source: 'RFC 4448',
    link: true,
    step: (frame, _, at, end) => frame.passOn(frame.registry.id('eth'), at + control.$size, end),
  },
);
