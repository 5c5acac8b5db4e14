import { literal, type Text } from '../../bytes/text.ts';
import { ends, flagNames, protocolName, summary } from '../describe.ts';
import type { Headers } from '../headers.ts';
import type { Journey } from '../journey.ts';
import { CLOSE, CLOSE_LIST, COLON, COMMA, OPEN_LIST, put, putOther, putText, QUOTE, quoted } from './value.ts';

const PROTOCOL = literal('"protocol":');
const VERSION = literal(',"version":');
const SOURCE = literal(',"src":');
const DESTINATION = literal(',"dst":');
const SOURCE_PORT = literal(',"sport":');
const DESTINATION_PORT = literal(',"dport":');
const TTL = literal(',"ttl":');
const ID = literal(',"id":');
const VLAN = literal(',"vlan":');
const ICMP = literal(',"icmp":');
const TUNNEL = literal(',"tunnel":{"name":"');
const VNI = literal('","vni":');
const INNER = literal(',"packet":{');
const LENGTH = literal(',"length":');
const SEGMENTS = literal(',"segments":');

export function putPacket(w: Text, { first, length, segments }: Journey): void {
  putSummary(w, first);
  w.char(QUOTE);
  w.char(COMMA);
  putHeaders(w, first);
  put(w, LENGTH, length);
  if (segments > 1) put(w, SEGMENTS, segments);
}
/** As {@link summary} has it: of most packets that is who they are from and for. */
function putSummary(w: Text, first: Headers): void {
  const { version, tcp, icmp, fragment, tunnel } = first;
  if (version === 0 || tcp !== undefined || icmp !== undefined || fragment !== undefined || tunnel !== undefined) {
    w.str(summary(first));
    return;
  }
  w.str(protocolName(first));
  w.char(SPACE);
  putEndpoint(w, first.source, first.sourcePort);
  w.str(' > ');
  putEndpoint(w, first.destination, first.destinationPort);
}
const SPACE = 0x20;
function putHeaders(w: Text, headers: Headers): void {
  const { version, sourcePort, destinationPort, tcp, icmp, vlan, tunnel } = headers;
  const isIp = version !== 0;
  w.put(PROTOCOL);
  w.put(quoted(protocolName(headers)));
  if (isIp) put(w, VERSION, version);
  putText(w, SOURCE, isIp ? headers.source : headers.sourceMac);
  putText(w, DESTINATION, isIp ? headers.destination : headers.destinationMac);
  if (sourcePort !== undefined) put(w, SOURCE_PORT, sourcePort);
  if (destinationPort !== undefined) put(w, DESTINATION_PORT, destinationPort);
  if (isIp) put(w, TTL, headers.ttl);
  if (version === 4) put(w, ID, headers.id);
  if (vlan !== undefined) put(w, VLAN, vlan);
  if (tcp !== undefined) putTcp(w, tcp);
  if (icmp !== undefined) putOther(w, ICMP, { type: icmp.type, code: icmp.code, id: icmp.id, seq: icmp.sequence });
  if (tunnel === undefined) return;
  w.put(TUNNEL);
  w.str(tunnel.name);
  put(w, VNI, tunnel.vni);
  w.put(INNER);
  putHeaders(w, tunnel.inner);
  w.char(CLOSE);
  w.char(CLOSE);
}
const SEQUENCE = literal(',"tcp":{"seq":');
const ACKNOWLEDGED = literal(',"ack":');
const FLAGS = literal(',"flags":[');
const DATA = literal('],"len":');
function putTcp(w: Text, { sequence, acknowledged, flags, data }: NonNullable<Headers['tcp']>): void {
  put(w, SEQUENCE, sequence);
  put(w, ACKNOWLEDGED, acknowledged);
  w.put(FLAGS);
  for (const [i, name] of flagNames(flags).entries()) {
    if (i > 0) w.char(COMMA);
    w.put(quoted(name));
  }
  put(w, DATA, data);
  w.char(CLOSE);
}
const FROM = literal('{"source":"');
const TO = literal('","destination":"');
export function putEnds(w: Text, headers: Headers): void {
  const { source, destination, sourcePort, destinationPort, version } = headers;
  const other = version === 0 ? ends(headers) : undefined;
  w.put(FROM);
  putEndpoint(w, other?.source ?? source, sourcePort);
  w.put(TO);
  putEndpoint(w, other?.destination ?? destination, destinationPort);
  w.char(QUOTE);
  w.char(CLOSE);
}
/** As {@link endpoint} has it. Addresses need no escapes. */
export function putEndpoint(w: Text, address: string, port: number | undefined): void {
  const apart = port !== undefined && address.includes(':');
  if (apart) w.char(OPEN_LIST);
  w.str(address);
  if (apart) w.char(CLOSE_LIST);
  if (port === undefined) return;
  w.char(COLON);
  w.dec(port);
}
