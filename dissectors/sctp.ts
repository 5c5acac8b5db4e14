import type { Field } from '../src/bytes/field.ts';
import { NONE, protocol, table, type Visit } from '../src/dissect/protocol.ts';
import { FLAG } from '../src/frame/batch.ts';
import { checksumStatus } from './checksum-status.ts';
import { inOrder } from './in-order.ts';
import { isIntact } from './sctp/checksum.ts';
import { CHUNK, sctp as head } from './sctp/header.ts';
import { sctpText } from './sctp/text.ts';
import { isFragment } from './udp.ts';

const sctpPort = table('sctp.port', 0x1_0000);
/** A message that is whole in its chunk: its first fragment and its last (section 3.3.1). */
const WHOLE = 3;
/** Of a DATA chunk, in bytes. */
const DATA_HEADER = 16;

/** Stream Control Transmission Protocol: bundles of chunks. */
export const sctp = protocol(head, {
  title: 'Stream Control Transmission Protocol',
  source: 'RFC 9260',
  on: { 'ip.proto': 132 },
  summary:
    'Stream Control Transmission Protocol, Src Port: {sctp.srcport} ({sctp.srcport}), Dst Port: {sctp.dstport} ({sctp.dstport})',
  opens: [sctpPort],
  computed: [checksumStatus('sctp')],
  ends: [head.srcport, head.dstport],
  // Of several messages the first one; the others are among the chunks.
  step(frame, bytes, at, end) {
    const limit = Math.min(end, frame.end);
    for (let chunk = at + head.$size; chunk + DATA_HEADER <= limit; ) {
      const length = head.chunk_length.read(bytes, chunk + 2);
      if (length < 4) return NONE;
      const isWhole = (head.chunk_flags.read(bytes, chunk + 1) & WHOLE) === WHOLE;
      if (head.chunk_type.read(bytes, chunk) === CHUNK.data && isWhole && length > DATA_HEADER) {
        const source = head.srcport.read(bytes, at);
        const destination = head.dstport.read(bytes, at);
        const payload = chunk + DATA_HEADER;
        const to = Math.min(end, chunk + length);
        const id = frame.handOn(sctpPort, Math.min(source, destination), payload, to);
        return id === NONE ? frame.handOn(sctpPort, Math.max(source, destination), payload, to) : id;
      }
      chunk += (length + 3) & ~3;
    }
    return NONE;
  },
  expand(frame, d, visit) {
    const { bytes } = frame;
    const end = frame.limit(d);
    for (let at = frame.from[d]! + head.$size; at < end; ) {
      const value = inOrder(CHUNK_HEADER, at, end, visit);
      if (value !== at + 4) return;
      const length = head.chunk_length.read(bytes, at + 2);
      if (length < 4) return;
      const to = Math.min(at + length, end);
      chunkRows(bytes, head.chunk_type.read(bytes, at), value, to, visit);
      at += (length + 3) & ~3;
    }
  },
  check(frame, d) {
    const end = frame.claim[d]!;
    if ((frame.flags & FLAG.checksumNotReady) !== 0 || frame.limit(d) < end || isFragment(frame, d)) return;
    frame.verified(d, isIntact(frame.bytes, frame.from[d]!, end));
  },
  line: sctpText,
});
const CHUNK_HEADER = [head.chunk_type, head.chunk_flags, head.chunk_length] as const;

/** The fields that the chunks begin with, and what their rest is. */
const SHAPES: Readonly<Record<number, readonly [fields: readonly Field[], rest: Field | Rest]>> = {
  [CHUNK.data]: [[head.data_tsn, head.data_sid, head.data_ssn, head.data_payload_proto_id], head.data],
  [CHUNK.init]: [
    [
      head.init_initiate_tag,
      head.init_credit,
      head.init_nr_out_streams,
      head.init_nr_in_streams,
      head.init_initial_tsn,
    ],
    parameterRows,
  ],
  [CHUNK.initAck]: [
    [
      head.initack_initiate_tag,
      head.initack_credit,
      head.initack_nr_out_streams,
      head.initack_nr_in_streams,
      head.initack_initial_tsn,
    ],
    parameterRows,
  ],
  [CHUNK.sack]: [
    [
      head.sack_cumulative_tsn_ack,
      head.sack_a_rwnd,
      head.sack_number_of_gap_blocks,
      head.sack_number_of_duplicated_tsns,
    ],
    gapRows,
  ],
  [CHUNK.heartbeat]: [[], parameterRows],
  [CHUNK.heartbeatAck]: [[], parameterRows],
  [CHUNK.abort]: [[], causeRows],
  [CHUNK.shutdown]: [[head.shutdown_cumulative_tsn_ack], head.chunk_value],
  [CHUNK.error]: [[], causeRows],
  [CHUNK.cookieEcho]: [[], head.cookie],
  [CHUNK.ecnEcho]: [[head.ecne_lowest_tsn], head.chunk_value],
  [CHUNK.cwr]: [[head.cwr_lowest_tsn], head.chunk_value],
  [CHUNK.forwardTsn]: [[head.forward_tsn_tsn], skippedRows],
};
type Rest = (bytes: Uint8Array, from: number, to: number, visit: Visit) => void;
const OTHER = [[], head.chunk_value] as const;

function chunkRows(bytes: Uint8Array, type: number, from: number, to: number, visit: Visit): void {
  const [fields, rest] = SHAPES[type] ?? OTHER;
  const at = inOrder(fields, from, to, visit);
  if (typeof rest === 'function') rest(bytes, at, to, visit);
  else if (at < to) visit(rest, at, to);
}
/** Pairs of the first and the last TSN that came in spite of a gap, then duplicates. */
function gapRows(bytes: Uint8Array, from: number, to: number, visit: Visit): void {
  let at = from;
  const gaps = head.sack_number_of_gap_blocks.read(bytes, from - 4);
  for (let i = 0; i < gaps && at < to; i++)
    at = inOrder([head.sack_gap_block_start, head.sack_gap_block_end], at, to, visit);
  while (at < to) at = inOrder([head.sack_duplicate_tsn], at, to, visit);
}
function skippedRows(_: Uint8Array, from: number, to: number, visit: Visit): void {
  for (let at = from; at < to; ) at = inOrder([head.forward_tsn_sid, head.forward_tsn_ssn], at, to, visit);
}
/** RFC 9260 section 3.3.2.1. */
const PARAMETERS: Readonly<Record<number, Field>> = {
  1: head.parameter_heartbeat_information,
  5: head.parameter_ipv4_address,
  6: head.parameter_ipv6_address,
  7: head.parameter_state_cookie,
  11: head.parameter_hostname,
};
function parameterRows(bytes: Uint8Array, from: number, to: number, visit: Visit): void {
  records([head.parameter_type, head.parameter_length], bytes, from, to, visit, (type, size) => {
    const field = PARAMETERS[type];
    return field !== undefined && (field.size === 0 || field.size === size) ? field : head.parameter_value;
  });
}
/** Section 3.3.10: why an association ends, or what was wrong. */
function causeRows(bytes: Uint8Array, from: number, to: number, visit: Visit): void {
  records([head.cause_code, head.cause_length], bytes, from, to, visit, () => head.cause_information);
}
/** Type, length, value; padded to multiples of four bytes, which the length does not count. */
function records(
  [type, length]: readonly [Field, Field],
  bytes: Uint8Array,
  from: number,
  to: number,
  visit: Visit,
  chooseValue: (type: number, size: number) => Field,
): void {
  for (let at = from; at + 4 <= to; ) {
    inOrder([type, length], at, to, visit);
    const size = length.read(bytes, at + 2);
    if (size < 4 || at + size > to) return;
    if (size > 4) visit(chooseValue(type.read(bytes, at), size - 4), at + 4, at + size);
    at += (size + 3) & ~3;
  }
}
