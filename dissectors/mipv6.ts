import { ipv6 as address, bits, header, bytes as raw, u8, u16, u64 } from '../src/bytes/field.ts';
import type { Line } from '../src/dissect/line.ts';
import { protocol } from '../src/dissect/protocol.ts';
import { inOrder } from './in-order.ts';
import { notExtending } from './ipv6/chain.ts';
import { mobilityOptionsText } from './mipv6/options.ts';
import { IP_PROTOCOLS } from './names/ipprotocols.ts';

const MESSAGES: Readonly<Record<number, string>> = {
  0: 'BRR',
  1: 'HoTI',
  2: 'CoTI',
  3: 'HoT',
  4: 'CoT',
  5: 'BU',
  6: 'BA',
  7: 'BE',
};
const head = header(
  'mip6',
  {
    proto: u8('Payload protocol', { names: IP_PROTOCOLS }),
    hlen: u8('Length beyond the first 8 bytes', { unit: '8 bytes' }),
    mhtype: u8('Message type', { names: MESSAGES }),
    reserved: u8('Reserved', { base: 'hex' }),
    csum: u16('Checksum', { base: 'hex' }),
  },
  {
    unused: u16('Reserved', { base: 'hex' }),
    'hoti.cookie': u64('Home init cookie'),
    'coti.cookie': u64('Care-of init cookie'),
    'hot.nindex': u16('Home nonce index'),
    'hot.cookie': u64('Home init cookie'),
    'hot.token': u64('Keygen token'),
    'cot.nindex': u16('Care-of nonce index'),
    'cot.cookie': u64('Care-of init cookie'),
    'bu.seqnr': u16('Sequence number'),
    'bu.flags': u16('Flags', { base: 'hex' }),
    'bu.a_flag': bits('bu.flags', 0x8000, 'Acknowledge'),
    'bu.h_flag': bits('bu.flags', 0x4000, 'Home registration'),
    'bu.l_flag': bits('bu.flags', 0x2000, 'Link-local compatibility'),
    'bu.k_flag': bits('bu.flags', 0x1000, 'Key management mobility'),
    'bu.lifetime': u16('Lifetime', { unit: '4 seconds' }),
    'ba.status': u8('Status'),
    'ba.flags': u8('Flags', { base: 'hex' }),
    'ba.k_flag': bits('ba.flags', 0x80, 'Key management mobility'),
    'ba.seqnr': u16('Sequence number'),
    'ba.lifetime': u16('Lifetime', { unit: '4 seconds' }),
    'be.status': u8('Status'),
    'be.reserved': u8('Reserved', { base: 'hex' }),
    'be.haddr': address('Home address'),
    options: raw('Options'),
  },
);
/** The messages' own fields, in order; options follow. */
const BODIES: Readonly<Record<number, Parameters<typeof inOrder>[0]>> = {
  0: [head.unused],
  1: [head.unused, head['hoti.cookie']],
  2: [head.unused, head['coti.cookie']],
  3: [head['hot.nindex'], head['hot.cookie'], head['hot.token']],
  4: [head['cot.nindex'], head['cot.cookie'], head['hot.token']],
  5: [
    head['bu.seqnr'],
    head['bu.flags'],
    head['bu.a_flag'],
    head['bu.h_flag'],
    head['bu.l_flag'],
    head['bu.k_flag'],
    head['bu.lifetime'],
  ],
  6: [head['ba.status'], head['ba.flags'], head['ba.k_flag'], head['ba.seqnr'], head['ba.lifetime']],
  7: [head['be.status'], head['be.reserved'], head['be.haddr']],
};
/** Where a message's options begin, by type; shorter messages are bad. */
const OPTIONS_AT = [8, 16, 16, 24, 24, 12, 12, 24] as const;

/** Mobile IPv6's mobility header. Its fields have another prefix than its name, as in Wireshark. */
export const mobilityHeader = protocol(
  { ...head, $name: 'mipv6' },
  {
    title: 'Mobile IPv6',
    source: 'RFC 6275 section 6.1',
    on: { 'ip.proto': [62, 135] },
    expand(frame, d, visit) {
      const at = frame.from[d]!;
      const { bytes } = frame;
      const end = Math.min(at + (head.hlen.read(bytes, at) + 1) * 8, frame.limit(d));
      const rest = inOrder(BODIES[head.mhtype.read(bytes, at)] ?? [], at + head.$size, end, visit);
      if (rest < end) visit(head.options, rest, end);
    },
    line(w, frame, d) {
      if (notExtending(w, frame, d, 135)) return;
      const at = frame.from[d]!;
      w.label = 'mobility';
      if (!w.has(at + 1, 1)) {
        w.trunc();
        return;
      }
      const length = (w.u8(at + 1) + 1) * 8;
      const type = w.u8(at + 2);
      if (w.cut) return;
      const options = OPTIONS_AT[type];
      if (options !== undefined && length < options) {
        w.str('(header length ');
        w.dec(length);
        w.str(' is too small for type ');
        w.dec(type);
        w.char(0x29);
        w.trunc();
        return;
      }
      w.str('mobility: ');
      w.named(MESSAGES, type, 'type-#%u');
      if (options === undefined) {
        w.str(' len=');
        w.dec(w.u8(at + 1));
        return;
      }
      const whole = messageText(w, type, at);
      if (!whole || (w.verbose > 0 && !w.cut && !mobilityOptionsText(w, at + options, length - options))) w.trunc();
    },
  },
);

/** False when tcpdump finds that the message was cut. */
function messageText(w: Line, type: number, at: number): boolean {
  if (type === 1 || type === 2) cookieText(w, type === 1 ? ' Home Init Cookie=' : ' Care-of Init Cookie=', at + 8);
  else if (type === 3 || type === 4) {
    const index = w.u16(at + 6);
    w.str(' nonce id=0x');
    w.hex(index);
    cookieText(w, type === 3 ? ' Home Init Cookie=' : ' Care-of Init Cookie=', at + 8);
    cookieText(w, type === 3 ? ' Home Keygen Token=' : ' Care-of Keygen Token=', at + 16);
  } else if (type === 5) return updateText(w, at);
  else if (type === 6) acknowledgementText(w, at);
  else if (type === 7) {
    number(w, ' status=', w.u8(at + 6));
    if (!w.need(at + 8, 16)) return true;
    w.str(' homeaddr ');
    w.ipv6At(at + 8);
  }
  return true;
}
function number(w: Line, label: string, value: number): void {
  if (w.cut) return;
  w.str(label);
  w.dec(value);
}
function cookieText(w: Line, label: string, at: number): void {
  if (w.verbose === 0 || !w.need(at, 8)) return;
  w.str(label);
  w.hexPadded(w.u32(at), 8);
  w.char(0x3a);
  w.hexPadded(w.u32(at + 4), 8);
}
const UPDATE_FLAGS = [
  [0x08, 'A'],
  [0x04, 'H'],
  [0x02, 'L'],
  [0x01, 'K'],
] as const;
function updateText(w: Line, at: number): boolean {
  number(w, ' seq#=', w.u16(at + 6));
  if (w.cut) return true;
  if (!w.has(at + 8, 2)) return false;
  const flags = w.u8(at + 8) >> 4;
  if (flags !== 0) {
    w.char(0x20);
    w.flags(UPDATE_FLAGS, flags, '', '');
  }
  number(w, ' lifetime=', w.u16(at + 10) * 4);
  return true;
}
function acknowledgementText(w: Line, at: number): void {
  number(w, ' status=', w.u8(at + 6));
  if ((w.u8(at + 7) & 0x80) !== 0) w.str(' K');
  number(w, ' seq#=', w.u16(at + 8));
  number(w, ' lifetime=', w.u16(at + 10) * 4);
}
