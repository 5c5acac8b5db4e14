import { bits, type Field, header, bytes as raw, text, u8, u16 } from '../src/bytes/field.ts';
import { read8, read16 } from '../src/bytes/kind.ts';
import { protocol, type Visit } from '../src/dissect/protocol.ts';
import { inOrder } from './in-order.ts';
import { varintKind, varintSize } from './mqtt/varint.ts';

const CONNECT = 1;
const PUBLISH = 3;
const TYPES = {
  [CONNECT]: 'Connect',
  2: 'Connect acknowledgment',
  [PUBLISH]: 'Publish',
  4: 'Publish acknowledgment',
  5: 'Publish received',
  6: 'Publish release',
  7: 'Publish complete',
  8: 'Subscribe',
  9: 'Subscribe acknowledgment',
  10: 'Unsubscribe',
  11: 'Unsubscribe acknowledgment',
  12: 'Ping',
  13: 'Pong',
  14: 'Disconnect',
  15: 'Authentication exchange',
};
const size = { unit: 'bytes' };
const mqtt = header(
  'mqtt',
  {},
  {
    hdrflags: u8('Packet type and flags', { base: 'hex' }),
    msgtype: bits('hdrflags', 0xf0, 'Packet', { names: TYPES }),
    dupflag: bits('hdrflags', 0x08, 'Sent again'),
    qos: bits('hdrflags', 0x06, 'Quality of service'),
    retain: bits('hdrflags', 0x01, 'Retain'),
    len: { kind: varintKind, label: 'Remaining length', ...size },
    proto_len: u16('Protocol name length', size),
    protoname: text('Protocol name'),
    ver: u8('Version', { names: { 3: '3.1', 4: '3.1.1', 5: '5.0' } }),
    conflags: u8('Connect flags', { base: 'hex' }),
    'conflag.uname': bits('conflags', 0x80, 'User name follows'),
    'conflag.passwd': bits('conflags', 0x40, 'Password follows'),
    'conflag.retain': bits('conflags', 0x20, 'Retain the will'),
    'conflag.qos': bits('conflags', 0x18, 'Quality of service of the will'),
    'conflag.willflag': bits('conflags', 0x04, 'Will follows'),
    'conflag.cleansess': bits('conflags', 0x02, 'Clean session'),
    kalive: u16('Keep alive', { unit: 'seconds' }),
    clientid_len: u16('Client ID length', size),
    clientid: text('Client ID'),
    willtopic_len: u16('Will topic length', size),
    willtopic: text('Will topic'),
    willmsg_len: u16('Will message length', size),
    willmsg: raw('Will message'),
    username_len: u16('User name length', size),
    username: text('User name'),
    passwd_len: u16('Password length', size),
    passwd: text('Password'),
    'conack.flags': u8('Acknowledgment flags', { base: 'hex' }),
    'conack.val': u8('Return code'),
    topic_len: u16('Topic length', size),
    topic: text('Topic'),
    msgid: u16('Packet ID'),
    msg: raw('Message'),
  },
);
const FIRST = [mqtt.hdrflags, mqtt.msgtype] as const;
const PUBLISH_FLAGS = [mqtt.dupflag, mqtt.qos, mqtt.retain] as const;
const CONNECT_FLAGS = [
  mqtt.conflags,
  mqtt['conflag.uname'],
  mqtt['conflag.passwd'],
  mqtt['conflag.retain'],
  mqtt['conflag.qos'],
  mqtt['conflag.willflag'],
  mqtt['conflag.cleansess'],
] as const;
const VERSION_5 = 5;
/** By type, as Wireshark calls them. */
const MESSAGES = [
  'Reserved',
  'Connect Command',
  'Connect Ack',
  'Publish Message',
  'Publish Ack',
  'Publish Received',
  'Publish Release',
  'Publish Complete',
  'Subscribe Request',
  'Subscribe Ack',
  'Unsubscribe Request',
  'Unsubscribe Ack',
  'Ping Request',
  'Ping Response',
  'Disconnect Req',
  'Authentication Exchange',
];

/** Message Queuing Telemetry Transport. */
export const messageQueue = protocol(mqtt, {
  title: 'MQ Telemetry Transport',
  source: 'OASIS MQTT 3.1.1 and 5.0',
  on: { 'tcp.port': 1883 },
  summary: {
    each: [mqtt.msgtype],
    text: (last) => `MQ Telemetry Transport Protocol, ${MESSAGES[last(mqtt.msgtype)]}`,
  },
  expand(frame, d, visit) {
    const { bytes } = frame;
    const end = frame.limit(d);
    for (let at = frame.from[d]!; at < end; ) at = visitPacket(bytes, at, end, visit);
  },
});
function visitPacket(bytes: Uint8Array, at: number, end: number, visit: Visit): number {
  const type = read8(bytes, at) >> 4;
  for (const field of FIRST) visit(field, at, at + 1);
  if (type === PUBLISH) for (const field of PUBLISH_FLAGS) visit(field, at, at + 1);
  const lengthSize = varintSize(bytes, at + 1, end);
  if (lengthSize === 0) return end;
  const body = at + 1 + lengthSize;
  visit(mqtt.len, at + 1, body);
  const to = Math.min(end, body + mqtt.len.read(bytes, at + 1));
  if (type === CONNECT) visitConnect(bytes, body, to, visit);
  else if (type === 2) inOrder([mqtt['conack.flags'], mqtt['conack.val']], body, to, visit);
  else if (type === PUBLISH) visitPublish(bytes, body, to, (read8(bytes, at) & 0x06) !== 0, visit);
  else if (type < 12) {
    const rest = inOrder([mqtt.msgid], body, to, visit);
    if (rest < to) visit(mqtt.msg, rest, to);
  } else if (body < to) visit(mqtt.msg, body, to);
  return to;
}
/** A length of two octets and so much text; returns where it ends. */
function visitString(length: Field, content: Field, bytes: Uint8Array, at: number, end: number, visit: Visit): number {
  if (at + 2 > end) return end;
  visit(length, at, at + 2);
  const to = Math.min(end, at + 2 + read16(bytes, at));
  if (to > at + 2) visit(content, at + 2, to);
  return to;
}
function visitPublish(bytes: Uint8Array, from: number, to: number, hasId: boolean, visit: Visit): void {
  let at = visitString(mqtt.topic_len, mqtt.topic, bytes, from, to, visit);
  if (hasId) at = inOrder([mqtt.msgid], at, to, visit);
  if (at < to) visit(mqtt.msg, at, to);
}
function visitConnect(bytes: Uint8Array, from: number, to: number, visit: Visit): void {
  const version = visitString(mqtt.proto_len, mqtt.protoname, bytes, from, to, visit);
  const flagsAt = version + 1;
  let at = inOrder([mqtt.ver, ...CONNECT_FLAGS, mqtt.kalive], version, to, visit);
  if (at >= to) return;
  // The properties of version 5 stand in between.
  const isVersion5 = read8(bytes, version) >= VERSION_5;
  const skip = (): void => {
    const width = isVersion5 ? varintSize(bytes, at, to) : 0;
    if (width > 0) at = Math.min(to, at + width + mqtt.len.read(bytes, at));
  };
  const string = (length: Field, content: Field): void => {
    at = visitString(length, content, bytes, at, to, visit);
  };
  const flags = read8(bytes, flagsAt);
  skip();
  string(mqtt.clientid_len, mqtt.clientid);
  if ((flags & 0x04) !== 0) {
    skip();
    string(mqtt.willtopic_len, mqtt.willtopic);
    string(mqtt.willmsg_len, mqtt.willmsg);
  }
  if ((flags & 0x80) !== 0) string(mqtt.username_len, mqtt.username);
  if ((flags & 0x40) !== 0) string(mqtt.passwd_len, mqtt.passwd);
}
