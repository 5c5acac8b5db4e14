import { header, u8 } from '../src/bytes/field.ts';
import { read8 } from '../src/bytes/kind.ts';
import type { Line } from '../src/dissect/line.ts';
import { NONE, protocol, table } from '../src/dissect/protocol.ts';
import { NLPIDS } from './names/nlpids.ts';
import { hex, say } from './say.ts';
import { LINE, unknownData } from './unknown-data.ts';

/** Keyed by the network layer protocol identifier, which is the first byte of the protocol itself. */
export const nlpidTable = table('osinl.incl', 0x100);
/** The identifier is the protocol's own, too: nothing of its own lies before it. */
const osi = header('osi', {}, { nlpid: u8('Network layer protocol', { base: 'hex', names: NLPIDS }) });
const NULL = 0x00;
/** Those that tcpdump has words for, and we do not yet. */
const UNWRITTEN = new Set([0x08, 0xcf]);
/** These do not begin with the identifier themselves. */
const IP: Readonly<Record<number, string>> = { 142: 'ipv6', 204: 'ip' };

/** ISO's network layer protocols, which tell themselves by their first byte. */
export const isoNetwork = protocol(osi, {
  title: 'ISO Network Layer',
  source: 'ISO/IEC TR 9577',
  on: { 'llc.dsap': 0xfe, ethertype: 0x00fe },
  opens: [nlpidTable],
  spansPayload: true,
  step(frame, bytes, at, end) {
    if (at >= frame.end) return NONE;
    const nlpid = read8(bytes, at);
    const ip = IP[nlpid];
    if (ip !== undefined) return frame.passOn(frame.registry.id(ip), at + 1, end);
    return frame.handOn(nlpidTable, nlpid, at, end);
  },
  expand(frame, d, visit) {
    const at = frame.from[d]!;
    if (at < frame.limit(d)) visit(osi.nlpid, at, at + 1);
  },
  line(w, frame, d) {
    const at = frame.from[d]!;
    w.label = 'isoclns';
    const nlpid = w.u8(at);
    if (w.cut) return true;
    if (UNWRITTEN.has(nlpid)) return false;
    if (w.link) say(w, `OSI NLPID ${NLPIDS[nlpid] ?? 'Unknown'} (0x${hex(nlpid, 2)}): `);
    if (!w.next(frame, d)) unknownText(w, nlpid, at, frame.claim[d]! - at);
    return true;
  },
});
function unknownText(w: Line, nlpid: number, at: number, length: number): void {
  if (nlpid === NULL) {
    say(w, w.link ? '' : ', ', 'length: ', length);
    return;
  }
  if (!w.link) say(w, `OSI NLPID 0x${hex(nlpid, 2)} unknown`);
  say(w, w.link ? '' : ', ', 'length: ', length);
  if (length > 1) unknownData(w, at, length, LINE);
}
