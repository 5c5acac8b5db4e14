import { type Field, header, ipv6, bytes as raw, text, u8, u16, u24, u32 } from '../src/bytes/field.ts';
import { read8, read16 } from '../src/bytes/kind.ts';
import { protocol, type Visit } from '../src/dissect/protocol.ts';
import { searchListKind } from './dhcp/kinds.ts';
import { CODE, headSize, isRelayed, MESSAGES, OPTION_NAMES, STATUSES } from './dhcpv6/options.ts';
import { messageText } from './dhcpv6/text.ts';
import { inOrder } from './in-order.ts';

const seconds = { unit: 'seconds' };
const head = header(
  'dhcpv6',
  {},
  {
    // Relayed messages have all of this once more inside.
    msgtype: u8('Message', { names: MESSAGES }),
    xid: u24('Transaction ID', { base: 'hex' }),
    hopcount: u8('Hop count'),
    linkaddr: ipv6('Link address'),
    peeraddr: ipv6('Peer address'),
    'option.type': u16('Option', { names: OPTION_NAMES }),
    'option.length': u16('Option length', { unit: 'bytes' }),
    'duid.bytes': raw('DHCP unique identifier'),
    iaid: u32('Identity association', { base: 'hex' }),
    'iaid.t1': u32('Renew after', seconds),
    'iaid.t2': u32('Rebind after', seconds),
    'iaaddr.ip': ipv6('Address'),
    'iaaddr.pref_lifetime': u32('Preferred lifetime', seconds),
    'iaaddr.valid_lifetime': u32('Valid lifetime', seconds),
    'iaprefix.pref_lifetime': u32('Preferred lifetime', seconds),
    'iaprefix.valid_lifetime': u32('Valid lifetime', seconds),
    'iaprefix.pref_len': u8('Prefix length', { unit: 'bits' }),
    'iaprefix.pref_addr': ipv6('Prefix'),
    requested_option_code: u16('Requested option', { names: OPTION_NAMES }),
    option_preference: u8('Preference'),
    elapsed_time: u16('Elapsed time', { unit: 'hundredths of a second' }),
    status_code: u16('Status', { names: STATUSES }),
    status_msg: text('Status message'),
    'vendorclass.enterprise': u32('Enterprise'),
    'vendoropts.enterprise': u32('Enterprise'),
    interface_id: raw('Interface ID'),
    reconf_msg: u8('Reconfigure with', { names: MESSAGES }),
    dns_server: ipv6('DNS server'),
    search_list_entry: { kind: searchListKind, label: 'Domain search list' },
    sntp_server: ipv6('SNTP server'),
    client_fqdn_flags: u8('FQDN flags', { base: 'hex' }),
    client_domain: { kind: searchListKind, label: "Client's domain name" },
    bootfile_url: text('Boot file'),
    'option.value': raw('Option value'),
  },
);
const RELAYED = [head.hopcount, head.linkaddr, head.peeraddr] as const;
const LEASE = [head['iaaddr.ip'], head['iaaddr.pref_lifetime'], head['iaaddr.valid_lifetime']] as const;
const PREFIX = [
  head['iaprefix.pref_lifetime'],
  head['iaprefix.valid_lifetime'],
  head['iaprefix.pref_len'],
  head['iaprefix.pref_addr'],
] as const;
/** What an option's body begins with, which may be repeated or be followed by more options. */
interface Layout {
  readonly fields: readonly Field[];
  readonly rest?: Field | 'options' | 'same';
}
const one = (field: Field): Layout => ({ fields: [field] });
const many = (field: Field): Layout => ({ fields: [field], rest: 'same' });
const association: Layout = { fields: [head.iaid, head['iaid.t1'], head['iaid.t2']], rest: 'options' };
const LAYOUTS: Readonly<Record<number, Layout>> = {
  [CODE.clientId]: { fields: [], rest: head['duid.bytes'] },
  [CODE.serverId]: { fields: [], rest: head['duid.bytes'] },
  [CODE.iaNa]: association,
  [CODE.iaPd]: association,
  [CODE.iaTa]: { fields: [head.iaid], rest: 'options' },
  [CODE.iaAddress]: { fields: LEASE, rest: 'options' },
  [CODE.iaPrefix]: { fields: PREFIX, rest: 'options' },
  [CODE.requested]: many(head.requested_option_code),
  [CODE.preference]: one(head.option_preference),
  [CODE.elapsedTime]: one(head.elapsed_time),
  [CODE.status]: { fields: [head.status_code], rest: head.status_msg },
  [CODE.vendorClass]: { fields: [head['vendorclass.enterprise']], rest: head['option.value'] },
  [CODE.vendorOptions]: { fields: [head['vendoropts.enterprise']], rest: head['option.value'] },
  [CODE.interfaceId]: { fields: [], rest: head.interface_id },
  [CODE.reconfigureMessage]: one(head.reconf_msg),
  [CODE.dnsServers]: many(head.dns_server),
  [CODE.domainList]: { fields: [], rest: head.search_list_entry },
  [CODE.sntpServers]: many(head.sntp_server),
  [CODE.clientFqdn]: { fields: [head.client_fqdn_flags], rest: head.client_domain },
  [CODE.bootFile]: { fields: [], rest: head.bootfile_url },
};
const HEADER = [head['option.type'], head['option.length']] as const;
/** Options in options in relayed messages in options: more than any real message has. */
const MAX_NESTING = 8;

/** Dynamic Host Configuration Protocol for IPv6. */
export const configuration6 = protocol(head, {
  title: 'Dynamic Host Configuration Protocol for IPv6',
  source: 'RFC 8415',
  on: { 'udp.port': [546, 547] },
  expand(frame, d, visit) {
    visitMessage(frame.bytes, frame.from[d]!, frame.limit(d), 0, visit);
  },
  line(w, frame, d) {
    messageText(w, frame.from[d]!, frame.claim[d]!);
  },
});
function visitMessage(bytes: Uint8Array, at: number, end: number, nesting: number, visit: Visit): void {
  if (at >= end) return;
  const type = read8(bytes, at);
  inOrder([head.msgtype, ...(isRelayed(type) ? RELAYED : [head.xid])], at, end, visit);
  visitOptions(bytes, at + headSize(type), end, nesting, visit);
}
function visitOptions(bytes: Uint8Array, from: number, end: number, nesting: number, visit: Visit): void {
  for (let at = from; at + 4 <= end; ) {
    const body = inOrder(HEADER, at, end, visit);
    const to = Math.min(end, body + read16(bytes, at + 2));
    if (body < to) visitBody(bytes, read16(bytes, at), body, to, nesting, visit);
    at = to;
  }
}
function visitBody(bytes: Uint8Array, code: number, from: number, to: number, nesting: number, visit: Visit): void {
  if (code === CODE.relayMessage && nesting < MAX_NESTING) {
    visitMessage(bytes, from, to, nesting + 1, visit);
    return;
  }
  const { fields, rest = head['option.value'] } = LAYOUTS[code] ?? { fields: [] };
  let at = inOrder(fields, from, to, visit);
  if (rest === 'same') while (at < to) at = inOrder(fields, at, to, visit);
  else if (rest !== 'options') {
    if (at < to) visit(rest, at, to);
  } else if (nesting < MAX_NESTING) visitOptions(bytes, at, to, nesting + 1, visit);
}
