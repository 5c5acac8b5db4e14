import { NONE, protocol, type Visit } from '../src/dissect/protocol.ts';
import { acknowledges, genericSize, dccp as head, TYPE } from './dccp/header.ts';
import { dccpText } from './dccp/text.ts';
import { inOrder } from './in-order.ts';

/** Datagram Congestion Control Protocol. */
export const dccp = protocol(head, {
  title: 'Datagram Congestion Control Protocol',
  source: 'RFC 4340',
  on: { 'ip.proto': 33 },
  ends: [head.srcport, head.dstport],
  step: (frame, bytes, at, end) => frame.passOn(NONE, at + head.data_offset.read(bytes, at) * 4, end),
  expand(frame, d, visit) {
    const { bytes } = frame;
    const from = frame.from[d]!;
    const end = frame.limit(d);
    const long = head.x.read(bytes, from) === 1;
    if (long) inOrder([head.seq], from + head.low.distance + 1, end, visit);
    else visit(head.seq_raw, from + head.low.distance, from + head.$size);
    const type = head.type.read(bytes, from);
    let at = from + genericSize(bytes, from);
    if (acknowledges(type)) {
      inOrder(long ? [head.ack] : [head.ack_raw], long ? at + 2 : at + 1, end, visit);
      at += long ? 8 : 4;
    }
    if (type === TYPE.request || type === TYPE.response) at = inOrder([head.service_code], at, end, visit);
    if (type === TYPE.reset) {
      inOrder([head.reset_code], at, end, visit);
      at += 4;
    }
    optionRows(bytes, at, Math.min(from + head.data_offset.read(bytes, from) * 4, end), visit);
  },
  line: dccpText,
});
/** RFC 4340 section 5.8: those below 32 are a single byte. */
function optionRows(bytes: Uint8Array, from: number, end: number, visit: Visit): void {
  for (let at = from; at < end; ) {
    const type = head.option_type.read(bytes, at);
    visit(head.option_type, at, at + 1);
    const size = type < 32 ? 1 : at + 1 < end ? head.option_type.read(bytes, at + 1) : 0;
    if (size === 0 || at + size > end) return;
    if (size > 2) visit(head.options, at + 2, at + size);
    at += size;
  }
}
