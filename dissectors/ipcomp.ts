import { header, u8, u16 } from '../src/bytes/field.ts';
import { protocol } from '../src/dissect/protocol.ts';
import { IP_PROTOCOLS } from './names/ipprotocols.ts';

const head = header('ipcomp', {
  next_header: u8('Next header', { names: IP_PROTOCOLS }),
  flags: u8('Flags', { base: 'hex' }),
  cpi: u16('Compression parameter index', { base: 'hex', names: { 1: 'OUI', 2: 'DEFLATE', 3: 'LZS', 4: 'LZJH' } }),
});
/** IP Payload Compression. */
export const compressedPayload = protocol(head, {
  title: 'IP Payload Compression',
  source: 'RFC 3173',
  on: { 'ip.proto': 108 },
  line(w, frame, d) {
    w.label = 'ipcomp';
    const cpi = w.u16(frame.from[d]! + 2);
    w.str('IPComp(cpi=0x');
    w.hexPadded(cpi, 4);
    w.char(0x29);
  },
});
