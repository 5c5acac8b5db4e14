import { bits, header, u8, u16, u32 } from '../src/bytes/field.ts';
import { NONE, protocol } from '../src/dissect/protocol.ts';
import { handOnNext, ipv6Below, nextText, notExtending } from './ipv6/chain.ts';
import { ipv6Header } from './ipv6/header.ts';
import { IP_PROTOCOLS } from './names/ipprotocols.ts';

export const fragment = header('ipv6.fraghdr', {
  nxt: u8('Next header', { names: IP_PROTOCOLS }),
  reserved_octet: u8('Reserved', { base: 'hex' }),
  place: u16('Fragment offset and flags', { base: 'hex' }),
  offset: bits('place', 0xfff8, 'Fragment offset', { unit: '8 bytes' }),
  reserved_bits: bits('place', 0x0006, 'Reserved bits'),
  more: bits('place', 0x0001, 'More fragments'),
  ident: u32('Identification', { base: 'hex' }),
});

/** One piece of a packet that was too long for some link. */
export const fragmentHeader = protocol(fragment, {
  title: 'IPv6 fragment header',
  source: 'RFC 8200 section 4.5',
  on: { 'ip.proto': 44 },
  step(frame, bytes, at) {
    const payload = at + fragment.$size;
    // Only the first fragment begins with the next header.
    if (fragment.offset.read(bytes, at) !== 0) return frame.passOn(NONE, payload, frame.claim[frame.depth - 1]!);
    return handOnNext(frame, fragment.nxt.read(bytes, at), payload);
  },
  line(w, frame, d) {
    if (notExtending(w, frame, d, 44)) return;
    const at = frame.from[d]!;
    const { bytes } = frame;
    w.label = 'frag6';
    if (!w.need(at + 2, w.verbose > 0 ? 6 : 2)) return;
    w.str('frag (');
    if (w.verbose > 0) {
      w.str('0x');
      w.hexPadded(fragment.ident.read(bytes, at), 8);
      w.char(0x3a);
    }
    const offset = fragment.offset.read(bytes, at) * 8;
    w.dec(offset);
    w.char(0x7c);
    const start = frame.from[ipv6Below(frame, d)]!;
    const length = start + ipv6Header.$size + ipv6Header.plen.read(bytes, start) - at - fragment.$size;
    // tcpdump counts in unsigned 64 bits, also when the header says that there is less than its own length.
    if (length >= 0) w.dec(length);
    else w.str(BigInt.asUintN(64, BigInt(length)).toString());
    w.char(0x29);
    if (offset !== 0) return;
    w.char(0x20);
    const payload = at + fragment.$size;
    if (w.limit > payload) nextText(w, frame, d, fragment.nxt.read(bytes, at), payload);
  },
});
