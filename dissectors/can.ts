import { bits, header, bytes as raw, u8, u16, u32, u32le } from '../src/bytes/field.ts';
import { NONE, type Protocol, protocol } from '../src/dissect/protocol.ts';
import { unsupportedText } from './unsupported.ts';

const identity = {
  'flags.xtd': bits('word', 0x8000_0000 | 0, 'Extended identifier'),
  'flags.rtr': bits('word', 0x4000_0000, 'Remote transmission request'),
  'flags.err': bits('word', 0x2000_0000, 'Error message'),
  id: bits('word', 0x1fff_ffff, 'Identifier', { base: 'hex' }),
  len: u8('Length', { unit: 'bytes' }),
};
const data = { data: raw('Data') };
const WORD = 'Identifier and flags';
const rest = { ...identity, flags: u8('Flags', { base: 'hex' }), reserved: u16('Reserved') };
const classic = header('can', { word: u32(WORD, { base: 'hex' }), ...rest }, data);
/** Behind a cooked header the word is as the kernel has it, so little-endian nearly everywhere. */
const classicCooked = header('can', { word: u32le(WORD, { base: 'hex' }), ...rest }, data);
const flexible = header(
  'canfd',
  {
    word: u32le(WORD, { base: 'hex' }),
    ...identity,
    flags: u8('Flags', { base: 'hex' }),
    'flags.brs': bits('flags', 0x01, 'Bit rate switch'),
    'flags.esi': bits('flags', 0x02, 'Error state indicator'),
    reserved: u16('Reserved'),
  },
  data,
);
function bus(
  head: typeof classic | typeof classicCooked | typeof flexible,
  on: Protocol['on'],
  title: string,
): Protocol {
  return protocol(head, {
    title,
    source: 'LINKTYPE_CAN_SOCKETCAN, linux/can.h',
    link: true,
    on,
    summary: (frame, d) => {
      const isExtended = head['flags.xtd'].read(frame.bytes, frame.from[d]!) === 1;
      const { $name: name } = head;
      const bus = `Controller Area Network${name === 'canfd' ? ' FD' : ''}`;
      return `${bus}, ${isExtended ? 'Ext. ' : ''}ID: {${name}.id:d} (0x{${name}.id:h}), Length: {${name}.len}`;
    },
    // What a frame carries is for whoever knows the devices; an error message is the bus's own.
    step: (frame, bytes, at) =>
      head['flags.err'].read(bytes, at) === 1
        ? NONE
        : frame.passOn(NONE, at + head.$size, at + head.$size + head.len.read(bytes, at)),
    expand(frame, d, visit) {
      const from = frame.from[d]! + head.$size;
      const to = Math.min(from + head.len.read(frame.bytes, frame.from[d]!), frame.limit(d));
      if (from < to) visit(head.data, from, to);
    },
    ...('link' in on ? { line: unsupportedText } : {}),
  });
}
/** Controller Area Network with flexible data rate: up to 64 bytes in a frame. */
export const canFlexible = bus(flexible, { 'sll.ltype': 13 }, 'Controller Area Network with flexible data rate');
const CLASSIC = 'Controller Area Network';
/** Controller Area Network, as Linux gives its frames. */
export const can = bus(classic, { link: 227 }, CLASSIC);
/** The same behind a cooked header, where tcpdump says nothing of it. */
export const canCooked: Protocol = {
  ...bus(classicCooked, { 'sll.ltype': 12 }, CLASSIC),
  name: 'can.sll',
  shownAs: 'can',
};
