import { type Field, header, bytes as raw, u32 } from '../src/bytes/field.ts';
import { read32 } from '../src/bytes/kind.ts';
import type { Frame } from '../src/dissect/frame.ts';
import { NONE, protocol, type Visit } from '../src/dissect/protocol.ts';
import { inOrder } from './in-order.ts';
import { PROCEDURE, procedureOf } from './nfs/names.ts';
import { NFS_PORT } from './nfs/text.ts';
import { segment } from './tcp/header.ts';
import { isOverTcp } from './tcp.ts';
import { datagram } from './udp.ts';

const PROGRAMS = {
  100000: 'Port mapper',
  100003: 'NFS',
  100004: 'YPSERV',
  100005: 'Mount',
  100021: 'NLM',
  100024: 'STAT',
  100227: 'NFSACL',
};
const rpc = header(
  'rpc',
  {},
  {
    fraglen: u32('Last fragment, and its length', { base: 'hex' }),
    xid: u32('Transaction ID', { base: 'hex' }),
    msgtyp: u32('Message', { names: { 0: 'Call', 1: 'Reply' } }),
    version: u32('RPC version'),
    program: u32('Program', { names: PROGRAMS }),
    programversion: u32('Program version'),
    procedure: u32('Procedure'),
    'auth.flavor': u32('Authentication', { names: { 0: 'None', 1: 'Unix', 2: 'Short', 3: 'DES', 6: 'GSS' } }),
    'auth.length': u32('Authentication length', { unit: 'bytes' }),
    'auth.body': raw('Authentication data'),
    replystat: u32('Reply', { names: { 0: 'Accepted', 1: 'Denied' } }),
    state_accept: u32('Accepted', {
      names: { 0: 'Success', 1: 'No such program', 2: 'Other version', 3: 'No such procedure', 4: 'Garbage' },
    }),
    state_reject: u32('Denied', { names: { 0: 'Other version of RPC', 1: 'Authentication failed' } }),
  },
);
/** As Wireshark calls them. */
const MESSAGES: Readonly<Record<number, string>> = { 0: 'Call', 1: 'Reply' };
const HEAD = [rpc.xid, rpc.msgtyp] as const;
const CALLED = [rpc.version, rpc.program, rpc.programversion, rpc.procedure] as const;
const MARK = 4;
const CALL = 0;
const REPLY = 1;
const RPC_VERSION = 2;
const ACCEPTED = 0;
const MOST_AUTHENTICATION = 400;
const NFS = 100_003;
/** Sun's programs, and those that users number themselves (RFC 5531 section 8.2). */
const isProgram = (number: number): boolean =>
  (number >= 100_000 && number < 101_000) || (number >= 0x2000_0000 && number < 0x6000_0000);

/** Does a message begin here? Strictly: there is nothing that all messages have. */
function isMessage(bytes: Uint8Array, at: number, to: number): boolean {
  if (at + 20 > to) return false;
  const type = read32(bytes, at + 4);
  if (type === CALL) return read32(bytes, at + 8) === RPC_VERSION && isProgram(read32(bytes, at + 12));
  const flavor = read32(bytes, at + 12);
  return (
    type === REPLY &&
    at + 24 <= to &&
    read32(bytes, at + 8) === ACCEPTED &&
    (flavor === 0 || flavor === 6) &&
    read32(bytes, at + 16) <= (flavor === 0 ? 0 : MOST_AUTHENTICATION)
  );
}
const isMarked = (bytes: Uint8Array, from: number, to: number): boolean =>
  from + MARK < to && read32(bytes, from) >>> 0 > 0x8000_0000 && isMessage(bytes, from + MARK, to);

/** Calls the visitor with what is before the data; returns where that begins, NONE when it is cut. */
function visitMessage(bytes: Uint8Array, at: number, end: number, visit: Visit): number {
  const body = inOrder(HEAD, at, end, visit);
  if (body >= end) return NONE;
  if (read32(bytes, at + 4) === CALL) {
    const credentials = inOrder(CALLED, body, end, visit);
    const verifier = visitAuthentication(bytes, credentials, end, visit);
    return verifier === NONE ? NONE : visitAuthentication(bytes, verifier, end, visit);
  }
  const state = inOrder([rpc.replystat], body, end, visit);
  if (state === end) return NONE;
  if (read32(bytes, body) !== ACCEPTED) {
    inOrder([rpc.state_reject], state, end, visit);
    return NONE;
  }
  const accepted = visitAuthentication(bytes, state, end, visit);
  if (accepted === NONE || accepted + 4 > end) return NONE;
  visit(rpc.state_accept, accepted, accepted + 4);
  return accepted + 4;
}
function visitAuthentication(bytes: Uint8Array, at: number, end: number, visit: Visit): number {
  if (at + 8 > end) return NONE;
  const body = inOrder([rpc['auth.flavor'], rpc['auth.length']], at, end, visit);
  const to = body + Math.ceil(read32(bytes, at + 4) / 4) * 4;
  if (to > end) return NONE;
  if (to > body) visit(rpc['auth.body'], body, to);
  return to;
}
const nobody: Visit = () => {};
const ports = (name: string): readonly [Field, Field] =>
  name === segment.$name ? [segment.srcport, segment.dstport] : [datagram.srcport, datagram.dstport];

/** Sun's Remote Procedure Call. */
export const remoteCall = protocol(rpc, {
  title: 'Remote Procedure Call',
  source: 'RFC 5531',
  on: { 'udp.port': 111, 'tcp.port': 111 },
  summary: {
    each: [rpc.msgtyp],
    text: (last) => `Remote Procedure Call, Type:${MESSAGES[last(rpc.msgtyp)] ?? 'Unknown'} XID:{rpc.xid:x}`,
  },
  guess: {
    in: ['udp.port', 'tcp.port'],
    likes: (bytes, from, to) => isMessage(bytes, from, to) || isMarked(bytes, from, to),
  },
  step(frame, bytes, at, end) {
    const d = frame.depth - 1;
    const isMarkedHere = isOverTcp(frame, d);
    const from = isMarkedHere ? at + MARK : at;
    const captured = Math.min(end, frame.end);
    if (from + 20 > captured) return NONE;
    const data = visitMessage(bytes, from, captured, nobody);
    if (data === NONE || data >= end) return NONE;
    const isNfs = read32(bytes, from + 4) === CALL ? callsNfs(bytes, from) : d > 0 && comesFromNfs(frame, d - 1);
    const to = isMarkedHere ? Math.min(end, from + (read32(bytes, at) & 0x7fff_ffff)) : end;
    return isNfs ? frame.passOn(frame.registry.id('nfs'), data, to) : NONE;
  },
  expand(frame, d, visit) {
    const at = frame.from[d]!;
    const end = frame.limit(d);
    const from = isOverTcp(frame, d) ? inOrder([rpc.fraglen], at, end, visit) : at;
    visitMessage(frame.bytes, from, end, visit);
  },
});
const callsNfs = (bytes: Uint8Array, at: number): boolean =>
  read32(bytes, at + 12) === NFS && procedureOf(read32(bytes, at + 16), read32(bytes, at + 20)) <= PROCEDURE.commit;
/** What was called is not said in replies. */
function comesFromNfs(frame: Frame, below: number): boolean {
  const [source] = ports(frame.registry.protocols[frame.layer[below]!]!.name);
  return source.read(frame.bytes, frame.from[below]!) === NFS_PORT;
}
