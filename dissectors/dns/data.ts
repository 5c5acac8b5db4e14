import type { Field } from '../../src/bytes/field.ts';
import { read8 } from '../../src/bytes/kind.ts';
import type { Visit } from '../../src/dissect/protocol.ts';
import { dns } from './fields.ts';
import { type Item, items, repeated, tagged, visitItems, type Walk, walk } from './layout.ts';

const clientSubnet: Walk = (bytes, at, end, visit) => {
  const from = visitItems(
    bytes,
    [dns['opt.client.family'], dns['opt.client.netmask'], dns['opt.client.scope']],
    at,
    end,
    visit,
  );
  if (from < 0) return -1;
  const family = dns['opt.client.family'].read(bytes, at);
  const fits4 = family === 1 && end - from <= 4;
  const fits6 = family === 2 && end - from <= 16;
  const address = fits4 ? dns['opt.client.addr4'] : fits6 ? dns['opt.client.addr6'] : dns['opt.client.addr'];
  return visitItems(bytes, [address], from, end, visit);
};
export const options: Walk = tagged(
  dns['opt.code'],
  dns['opt.len'],
  {
    5: repeated(dns['opt.dau']),
    6: repeated(dns['opt.dhu']),
    7: repeated(dns['opt.n3u']),
    8: clientSubnet,
    10: items(dns['opt.cookie.client'], dns['opt.cookie.server']),
    // A query's holds none (RFC 7828 section 3.1).
    11: repeated(dns['opt.edns_tcp_keepalive.timeout']),
    12: items(dns['opt.padding']),
    13: items(dns['opt.chain.fqdn']),
    15: items(dns['opt.ext_error.info_code'], dns['opt.ext_error.extra_text']),
  },
  dns['opt.data'],
);
export const statefulOperations: Walk = tagged(
  dns['dso.tlv.type'],
  dns['dso.tlv.length'],
  {
    1: items(dns['dso.tlv.keepalive.inactivity'], dns['dso.tlv.keepalive.interval']),
    2: items(dns['dso.tlv.retrydelay.retrydelay']),
    3: items(dns['dso.tlv.encpad.padding']),
  },
  dns['dso.tlv.data'],
);
const serviceParameters: Walk = tagged(
  dns['svcb.svcparam.key'],
  dns['svcb.svcparam.value.length'],
  {
    0: repeated(dns['svcb.svcparam.mandatory.key']),
    1: repeated([dns['svcb.svcparam.alpn.length'], dns['svcb.svcparam.alpn']]),
    3: items(dns['svcb.svcparam.port']),
    4: repeated(dns['svcb.svcparam.ipv4hint.ip']),
    5: items(dns['svcb.svcparam.echconfig']),
    6: repeated(dns['svcb.svcparam.ipv6hint.ip']),
  },
  dns['svcb.svcparam.value'],
);
const serviceBinding: Walk = (bytes, at, end, visit) => {
  const next = visitItems(bytes, [dns['svcb.svcpriority'], dns['svcb.targetname']], at, end, visit);
  return next < 0 ? -1 : serviceParameters(bytes, next, end, visit);
};

/** RFC 2874 section 3.1: the fewer octets of the suffix, the longer the prefix, which is named unless it is empty. */
const ipv6Suffix: Walk = (bytes, at, end, visit) => {
  const from = visitItems(bytes, [dns['a6.prefix_len']], at, end, visit);
  if (from < 0) return -1;
  const prefix = read8(bytes, at);
  const to = from + 16 - (prefix >> 3);
  if (prefix > 128 || to > end) return -1;
  if (prefix < 128) visit(dns['a6.address_suffix'], from, to);
  return prefix === 0 ? to : visitItems(bytes, [dns['a6.prefix_name']], to, end, visit);
};
const GATEWAY_BY_TYPE: Readonly<Record<number, Field>> = {
  1: dns['ipseckey.gateway_ipv4'],
  2: dns['ipseckey.gateway_ipv6'],
  3: dns['ipseckey.gateway_dns'],
};
const ipsecKey: Walk = (bytes, at, end, visit) => {
  const start = [
    dns['ipseckey.gateway_precedence'],
    dns['ipseckey.gateway_type'],
    dns['ipseckey.gateway_algorithm'],
  ] as const;
  const from = visitItems(bytes, start, at, end, visit);
  if (from < 0) return -1;
  const gateway = GATEWAY_BY_TYPE[read8(bytes, at + 1)];
  const key = dns['ipseckey.public_key'];
  return visitItems(bytes, gateway === undefined ? [key] : [gateway, key], from, end, visit);
};
/** RFC 8005 section 5: the lengths stand in front of all the values. */
const hostIdentity: Walk = (bytes, at, end, visit) => {
  const lengths = [dns['hip.hit.length'], dns['hip.hit.pk.algo'], dns['hip.pk.length']];
  const tag = visitItems(bytes, lengths, at, end, visit);
  if (tag < 0) return -1;
  const key = tag + dns['hip.hit.length'].read(bytes, at);
  const servers = key + dns['hip.pk.length'].read(bytes, at + 2);
  if (servers > end) return -1;
  if (key > tag) visit(dns['hip.hit'], tag, key);
  if (servers > key) visit(dns['hip.pk'], key, servers);
  return repeated(dns['hip.rendezvous_server'])(bytes, servers, end, visit);
};
const ADDRESS_OF_FAMILY: Readonly<Record<number, readonly [field: Field, most: number]>> = {
  1: [dns['apl.afdpart.ipv4'], 4],
  2: [dns['apl.afdpart.ipv6'], 16],
};
const addressPrefixes: Walk = (bytes, at, end, visit) => {
  const start = [
    dns['apl.address_family'],
    dns['apl.coded_prefix'],
    dns['apl.negation_and_length'],
    dns['apl.negation'],
    dns['apl.afdlength'],
  ];
  for (let next = at; next < end; ) {
    const from = visitItems(bytes, start, next, end, visit);
    if (from < 0) return -1;
    const length = dns['apl.afdlength'].read(bytes, from - 1);
    if (from + length > end) return -1;
    const [field, most] = ADDRESS_OF_FAMILY[dns['apl.address_family'].read(bytes, next)] ?? [undefined, 0];
    const known = field !== undefined && length <= most;
    if (length > 0) visit(known ? field : dns['apl.afdpart.data'], from, from + length);
    next = from + length;
  }
  return end;
};

const signature = items(
  dns['rrsig.type_covered'],
  dns['rrsig.algorithm'],
  dns['rrsig.labels'],
  dns['rrsig.original_ttl'],
  dns['rrsig.signature_expiration'],
  dns['rrsig.signature_inception'],
  dns['rrsig.key_tag'],
  dns['rrsig.signers_name'],
  dns['rrsig.signature'],
);
const zoneKey = items(
  dns['dnskey.flags'],
  dns['dnskey.flags.zone_key'],
  dns['dnskey.flags.key_revoked'],
  dns['dnskey.flags.secure_entry_point'],
  dns['dnskey.protocol'],
  dns['dnskey.algorithm'],
  dns['dnskey.public_key'],
);
const delegationSigner = items(dns['ds.key_id'], dns['ds.algorithm'], dns['ds.digest_type'], dns['ds.digest']);
const certificateAssociation = items(
  dns['tlsa.certificate_usage'],
  dns['tlsa.selector'],
  dns['tlsa.matching_type'],
  dns['tlsa.certificate_association_data'],
);
const nsec3Parameters: Item[] = [
  dns['nsec3.algo'],
  dns['nsec3.flags'],
  dns['nsec3.flags.opt_out'],
  dns['nsec3.iterations'],
  [dns['nsec3.salt_length'], dns['nsec3.salt_value']],
];

/** What the data of a record of each type holds. */
const DATA: Readonly<Record<number, Walk>> = {
  1: items(dns.a),
  2: items(dns.ns),
  3: items(dns.md),
  4: items(dns.mf),
  5: items(dns.cname),
  6: items(
    dns['soa.mname'],
    dns['soa.rname'],
    dns['soa.serial_number'],
    dns['soa.refresh_interval'],
    dns['soa.retry_interval'],
    dns['soa.expire_limit'],
    dns['soa.minimum_ttl'],
  ),
  7: items(dns.mb),
  8: items(dns.mg),
  9: items(dns.mr),
  10: items(dns.null),
  11: walk({ items: [dns['wks.address'], dns['wks.protocol']], again: [dns['wks.bits']] }),
  12: items(dns['ptr.domain_name']),
  13: items([dns['hinfo.cpu_length'], dns['hinfo.cpu']], [dns['hinfo.os_length'], dns['hinfo.os']]),
  14: items(dns['minfo.r'], dns['minfo.e']),
  15: items(dns['mx.preference'], dns['mx.mail_exchange']),
  16: repeated([dns['txt.length'], dns.txt]),
  17: items(dns['rp.mailbox'], dns['rp.txt_rr']),
  18: items(dns['afsdb.subtype'], dns['afsdb.hostname']),
  19: items([dns['x25.length'], dns['x25.psdn_address']]),
  20: walk({
    items: [[dns['idsn.length'], dns['idsn.address']]],
    again: [[dns['idsn.sa.length'], dns['idsn.sa.address']]],
  }),
  21: items(dns['rt.subtype'], dns['rt.intermediate_host']),
  22: items(dns['nsap.rdata']),
  23: items(dns['nsap_ptr.owner']),
  24: signature,
  25: items(dns['key.flags'], dns['key.protocol'], dns['key.algorithm'], dns['key.public_key']),
  26: items(dns['px.preference'], dns['px.map822'], dns['px.map400']),
  27: items(
    [dns['gpos.longitude_length'], dns['gpos.longitude']],
    [dns['gpos.latitude_length'], dns['gpos.latitude']],
    [dns['gpos.altitude_length'], dns['gpos.altitude']],
  ),
  28: items(dns.aaaa),
  29: items(
    dns['loc.version'],
    dns['loc.size'],
    dns['loc.horizontal_precision'],
    dns['loc.vertical_precision'],
    dns['loc.latitude'],
    dns['loc.longitude'],
    dns['loc.altitude'],
  ),
  30: items(dns['nxt.next_domain_name'], dns['nxt.type_bitmap']),
  33: items(dns['srv.priority'], dns['srv.weight'], dns['srv.port'], dns['srv.target']),
  35: items(
    dns['naptr.order'],
    dns['naptr.preference'],
    [dns['naptr.flags_length'], dns['naptr.flags']],
    [dns['naptr.service_length'], dns['naptr.service']],
    [dns['naptr.regex_length'], dns['naptr.regex']],
    dns['naptr.replacement'],
  ),
  36: items(dns['kx.preference'], dns['kx.key_exchange']),
  37: items(dns['cert.type'], dns['cert.key_tag'], dns['cert.algorithm'], dns['cert.certificate']),
  38: ipv6Suffix,
  39: items(dns.dname),
  41: options,
  42: addressPrefixes,
  43: delegationSigner,
  44: items(dns['sshfp.algorithm'], dns['sshfp.fingerprint.type'], dns['sshfp.fingerprint']),
  45: ipsecKey,
  46: signature,
  47: items(dns['nsec.next_domain_name'], dns['nsec.type_bitmap']),
  48: zoneKey,
  49: items(dns['dhcid.rdata']),
  50: items(...nsec3Parameters, [dns['nsec3.hash_length'], dns['nsec3.hash_value']], dns['nsec3.type_bitmap']),
  51: items(...nsec3Parameters),
  52: certificateAssociation,
  53: certificateAssociation,
  55: hostIdentity,
  59: delegationSigner,
  60: zoneKey,
  61: items(dns.openpgpkey),
  62: items(
    dns['csync.soa'],
    dns['csync.flags'],
    dns['csync.flags.immediate'],
    dns['csync.flags.soaminimum'],
    dns['csync.type_bitmap'],
  ),
  63: items(dns['zonemd.serial'], dns['zonemd.scheme'], dns['zonemd.hash_algo'], dns['zonemd.digest']),
  64: serviceBinding,
  65: serviceBinding,
  99: repeated([dns['spf.length'], dns.spf]),
  104: items(dns['ilnp.nid.preference'], dns['ilnp.nid']),
  105: items(dns['ilnp.l32.preference'], dns['ilnp.l32']),
  106: items(dns['ilnp.l64.preference'], dns['ilnp.l64']),
  107: items(dns['ilnp.lp.preference'], dns['ilnp.lp']),
  108: items(dns.eui48),
  109: items(dns.eui64),
  249: items(
    dns['tkey.algo_name'],
    dns['tkey.signature_inception'],
    dns['tkey.signature_expiration'],
    dns['tkey.mode'],
    dns['tkey.error'],
    [dns['tkey.key_size'], dns['tkey.key_data']],
    [dns['tkey.other_size'], dns['tkey.other_data']],
  ),
  250: items(
    dns['tsig.algorithm_name'],
    dns['tsig.time_signed'],
    dns['tsig.fudge'],
    [dns['tsig.mac_size'], dns['tsig.mac']],
    dns['tsig.original_id'],
    dns['tsig.error'],
    [dns['tsig.other_len'], dns['tsig.other_data']],
  ),
  256: items(dns['uri.priority'], dns['uri.weight'], dns['uri.target']),
  257: items(
    dns['caa.flags'],
    dns['caa.flags.issuer_critical'],
    [dns['caa.tag_length'], dns['caa.tag']],
    dns['caa.value'],
  ),
  32768: delegationSigner,
  32769: delegationSigner,
  65281: walk({
    items: [dns['wins.local_flag'], dns['wins.lookup_timeout'], dns['wins.cache_timeout'], dns['wins.nb_wins_servers']],
    again: [dns['wins.wins_server']],
  }),
  65282: items(
    dns['winsr.local_flag'],
    dns['winsr.lookup_timeout'],
    dns['winsr.cache_timeout'],
    dns['winsr.name_result_domain'],
  ),
};
const unknown = items(dns.data);

/** Reports the data of a record. False: it holds less or more than its type wants. */
export function visitData(type: number, bytes: Uint8Array, from: number, to: number, visit: Visit): boolean {
  return (DATA[type] ?? unknown)(bytes, from, to, visit) === to;
}
