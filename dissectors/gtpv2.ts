import { header } from '../src/bytes/field.ts';
import { read8 } from '../src/bytes/kind.ts';
import { NONE, protocol } from '../src/dissect/protocol.ts';
import { elementRows } from './gtpv2/elements.ts';
import { message } from './gtpv2/header.ts';
import { inOrder } from './in-order.ts';

const VERSION_2 = 2;
const SPARE = 1;
const MESSAGE = [message.seq];
const IN_TUNNEL = [message.teid, message.seq];

/** Control plane of the GPRS Tunnelling Protocol, version 2: sessions of mobile users, and the tunnels for their packets. */
export const gtpv2 = protocol(message, {
  title: 'GPRS Tunnelling Protocol version 2, control plane',
  source: '3GPP TS 29.274',
  spansPayload: true,
  step(frame, bytes, at, end) {
    const next = at + 4 + message.msg_length.read(bytes, at);
    // Another message may ride along, a layer of its own.
    if (message.p.read(bytes, at) === 0 || next >= end) return NONE;
    return frame.passOn(frame.registry.id('gtpv2'), next, end);
  },
  expand(frame, d, visit) {
    const { bytes } = frame;
    const at = frame.from[d]!;
    const behind = at + message.$size;
    const end = Math.min(behind + message.msg_length.read(bytes, at), frame.limit(d));
    const elements = inOrder(message.t.read(bytes, at) === 1 ? IN_TUNNEL : MESSAGE, behind, end, visit) + SPARE;
    elementRows(bytes, elements, end, visit);
  },
});
/** What Wireshark names in front of it. It has no bytes of its own. */
export const gtpOfVersion2 = protocol(header('gtp.v2', {}), {
  title: 'GPRS Tunnelling Protocol',
  source: '3GPP TS 29.274',
  shownAs: 'gtp',
  step: (frame, _bytes, at, end) => frame.passOn(frame.registry.id('gtpv2'), at, end),
});
/** The port of the control plane, where the versions are told apart by their first bits. */
export const gtpControl = protocol(header('gtp.control', {}), {
  title: 'GPRS Tunnelling Protocol, control plane',
  source: '3GPP TS 29.060, TS 29.274',
  framing: true,
  on: { 'udp.port': 2123 },
  step(frame, bytes, at, end) {
    if (at >= frame.end) return NONE;
    const version = read8(bytes, at) >> 5;
    return frame.passOn(frame.registry.id(version === VERSION_2 ? 'gtp.v2' : 'gtp'), at, end);
  },
});
