import { header, ipv4, bytes as raw, u8, u16, u24 } from '../src/bytes/field.ts';
import { read8 } from '../src/bytes/kind.ts';
import { protocol, type Visit } from '../src/dissect/protocol.ts';
import { skipName } from './dns/name.ts';
import { encodedName } from './netbios/name.ts';

const MESSAGE = 0x00;
const REQUEST = 0x81;
const REFUSED = 0x83;
const RETARGET = 0x84;
const TYPES = {
  [MESSAGE]: 'Session message',
  [REQUEST]: 'Session request',
  130: 'Positive session response',
  [REFUSED]: 'Negative session response',
  [RETARGET]: 'Retarget session response',
  133: 'Keep alive',
};
const ERRORS = {
  128: 'Not listening on the called name',
  129: 'Not listening for the calling name',
  130: 'Called name not present',
  131: 'Called name present, but no resources',
  143: 'Unspecified error',
};
/** Nothing has a fixed place: a segment may begin in the middle of a message. */
const nbss = header(
  'nbss',
  {},
  {
    type: u8('Message', { base: 'hex', names: TYPES }),
    // Of the flags RFC 1002 has one, the length's highest bit; without NetBIOS the length has all 24.
    length: u24('Length', { unit: 'bytes' }),
    called_name: encodedName('Called name'),
    calling_name: encodedName('Calling name'),
    error_code: u8('Error', { base: 'hex', names: ERRORS }),
    retarget_ip_address: ipv4('Address to go to'),
    retarget_port: u16('Port to go to'),
    continuation_data: raw('Data'),
  },
);
const HEADER = 4;

/** NetBIOS session service, of which the header in front of SMB messages is left. */
export const sessionService = protocol(nbss, {
  title: 'NetBIOS Session Service',
  source: 'RFC 1002 section 4.3',
  on: { 'tcp.port': [139, 445] },
  expand(frame, d, visit) {
    const { bytes } = frame;
    const end = frame.limit(d);
    for (let at = frame.from[d]!; at < end; ) {
      if (at + HEADER > end || TYPES[read8(bytes, at) as keyof typeof TYPES] === undefined) {
        visit(nbss.continuation_data, at, end);
        return;
      }
      const body = at + HEADER;
      const to = Math.min(end, body + nbss.length.read(bytes, at + 1));
      visit(nbss.type, at, at + 1);
      visit(nbss.length, at + 1, body);
      if (to > body) visitBody(bytes, read8(bytes, at), body, to, visit);
      at = to;
    }
  },
});
function visitBody(bytes: Uint8Array, type: number, from: number, to: number, visit: Visit): void {
  if (type === REQUEST) visitNames(bytes, from, to, visit);
  else if (type === REFUSED) visit(nbss.error_code, from, from + 1);
  else if (type === RETARGET && from + 6 <= to) {
    visit(nbss.retarget_ip_address, from, from + 4);
    visit(nbss.retarget_port, from + 4, from + 6);
  } else visit(nbss.continuation_data, from, to);
}
function visitNames(bytes: Uint8Array, from: number, to: number, visit: Visit): void {
  let at = from;
  for (const name of [nbss.called_name, nbss.calling_name]) {
    const next = skipName(bytes, at, to);
    if (next < 0 || next > to) return;
    visit(name, at, next);
    at = next;
  }
}
