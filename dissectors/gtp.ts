import { bits, header, u8, u16, u32 } from '../src/bytes/field.ts';
import { read8 } from '../src/bytes/kind.ts';
import type { Frame } from '../src/dissect/frame.ts';
import { NONE, protocol, type Visit } from '../src/dissect/protocol.ts';
import { inOrder } from './in-order.ts';

const MESSAGES = {
  1: 'Echo request',
  2: 'Echo response',
  3: 'Version not supported',
  16: 'Create PDP context request',
  17: 'Create PDP context response',
  18: 'Update PDP context request',
  19: 'Update PDP context response',
  20: 'Delete PDP context request',
  21: 'Delete PDP context response',
  26: 'Error indication',
  31: 'Supported extension headers notification',
  254: 'End marker',
  255: 'T-PDU',
};
const EXTENSIONS = { 0: 'None', 64: 'UDP port', 133: 'PDU session container', 192: 'PDCP PDU number' };
const head = header(
  'gtp',
  {
    flags: u8('Flags', { base: 'hex' }),
    'flags.version': bits('flags', 0xe0, 'Version'),
    'flags.payload': bits('flags', 0x10, 'Protocol type', { names: { 0: "GTP'", 1: 'GTP' } }),
    'flags.e': bits('flags', 0x04, 'Extension header present'),
    'flags.s': bits('flags', 0x02, 'Sequence number present'),
    'flags.pn': bits('flags', 0x01, 'N-PDU number present'),
    message: u8('Message type', { base: 'hex', names: MESSAGES }),
    length: u16('Length', { unit: 'bytes' }),
    teid: u32('Tunnel endpoint identifier', { base: 'hex' }),
  },
  {
    seq_number: u16('Sequence number', { base: 'hex' }),
    npdu_number: u8('N-PDU number', { base: 'hex' }),
    'ext_hdr.next': u8('Next extension header', { base: 'hex', names: EXTENSIONS }),
    'ext_hdr.length': u8('Length of the extension header', { unit: '4 bytes' }),
    'ext_hdr.pdu_ses_con.pdu_type': u8('PDU type and flags', { base: 'hex' }),
  },
);
const OPTIONAL = [head.seq_number, head.npdu_number, head['ext_hdr.next']] as const;
/** Any of extension header, sequence number and N-PDU number brings all three fields. */
const ANY = 0x07;
const EXTENDED = 0x04;
const T_PDU = 255;
const PDU_SESSION = 0x85;

/** GPRS Tunnelling Protocol: users' packets between the radio network and the core of mobile networks. */
export const gprsTunnel = protocol(head, {
  title: 'GPRS Tunnelling Protocol',
  source: '3GPP TS 29.281, TS 29.060',
  on: { 'udp.port': 2152 },
  step(frame, bytes, at, end) {
    if (head['flags.version'].read(bytes, at) !== 1 || head.message.read(bytes, at) !== T_PDU) return NONE;
    const payload = walk(frame, at, end, ignored);
    if (payload >= Math.min(end, frame.end)) return NONE;
    const version = read8(bytes, payload) >> 4;
    if (version !== 4 && version !== 6) return NONE;
    return frame.passOn(frame.registry.id(version === 4 ? 'ip' : 'ipv6'), payload, end);
  },
  expand(frame, d, visit) {
    const from = frame.from[d]!;
    if (head['flags.version'].read(frame.bytes, from) === 1) walk(frame, from, frame.limit(d), visit);
  },
});
const ignored: Visit = () => {};

/** Reports the optional fields and the extension headers of the header at `from`. Returns where they end. */
function walk({ bytes, end: captured }: Frame, from: number, claimed: number, visit: Visit): number {
  const end = Math.min(claimed, captured);
  const flags = head.flags.read(bytes, from);
  if ((flags & ANY) === 0) return from + head.$size;
  let at = inOrder(OPTIONAL, from + head.$size, end, visit);
  if ((flags & EXTENDED) === 0 || at !== from + head.$size + 4) return at;
  for (let type = read8(bytes, at - 1); type !== 0 && at < end; ) {
    visit(head['ext_hdr.length'], at, at + 1);
    const size = read8(bytes, at) * 4;
    if (size === 0 || at + size > end) return end;
    if (type === PDU_SESSION) visit(head['ext_hdr.pdu_ses_con.pdu_type'], at + 1, at + 2);
    at += size;
    visit(head['ext_hdr.next'], at - 1, at);
    type = read8(bytes, at - 1);
  }
  return at;
}
