/** A name for each number from 0 on, as tcpdump writes them; without one, the number is written. */
export type Names = readonly (string | undefined)[];
const words = (text: string): string[] => text.split(' ');
const none: readonly undefined[] = [undefined];

export const PROTOCOLS: Names = [...none, ...words('isakmp ipsec-ah ipsec-esp ipcomp')];
const unnamed = Array.from({ length: 19 }, (_, i) => `pay${14 + i}`);
export const PAYLOADS: Names = [
  ...words('none sa p t ke id cert cr hash sig nonce n d vid'),
  ...unnamed,
  ...words('v2sa v2ke v2IDi v2IDr v2cert v2cr v2auth v2nonce v2n v2d v2vid v2TSi v2TSr v2e v2cp v2eap'),
];
export const PAYLOAD = {
  sa: 1,
  proposal: 2,
  transform: 3,
  keyExchange: 4,
  identification: 5,
  certificate: 6,
  certificateRequest: 7,
  hash: 8,
  signature: 9,
  nonce: 10,
  notification: 11,
  delete: 12,
  vendor: 13,
  sa2: 33,
  keyExchange2: 34,
  initiator2: 35,
  responder2: 36,
  certificate2: 37,
  certificateRequest2: 38,
  authentication2: 39,
  nonce2: 40,
  notification2: 41,
  delete2: 42,
  vendor2: 43,
  initiatorTraffic2: 44,
  responderTraffic2: 45,
  encrypted2: 46,
  configuration2: 47,
  extensible2: 48,
} as const;
export const EXCHANGES: Names = [
  ...words('none base ident auth agg inf'),
  ...Array.from({ length: 26 }, () => undefined),
  ...words('oakley-quick oakley-newgroup ikev2_init ikev2_auth child_sa inf2'),
];
const GROUPS: Names = [
  ...none,
  'modp768',
  'modp1024',
  'EC2N 2^155',
  'EC2N 2^185',
  'modp1536',
  ...words('iana-grp06 iana-grp07 iana-grp08 iana-grp09 iana-grp10 iana-grp11 iana-grp12 iana-grp13'),
  ...words('modp2048 modp3072 modp4096 modp6144 modp8192'),
];
const ESP: Names = [...none, ...words('1des-iv64 1des 3des rc5 idea cast blowfish 3idea 1des-iv32 rc4 null aes')];
/** By the protocol that a proposal of version 1 is for. */
export const TRANSFORMS: Readonly<Record<number, Names>> = {
  1: [...none, 'ike'],
  2: [...none, ...words('(reserved) md5 sha 1des sha2-256 sha2-384 sha2-512')],
  3: ESP,
  4: [...none, ...words('oui deflate lzs')],
};
export const TRANSFORM_TYPES2: Names = [...none, ...words('encr prf integ dh esn')];
/** By the type of a transform of version 2. */
export const TRANSFORMS2: Readonly<Record<number, Names>> = {
  1: ESP,
  2: [...none, ...words('hmac-md5 hmac-sha hmac-tiger aes128_xcbc')],
  3: [...none, ...words('hmac-md5 hmac-sha dec-mac kpdk-md5 aes-xcbc')],
  4: GROUPS,
  5: words('no-esn esn'),
};
export const GROUPS2 = GROUPS;

/** What an attribute's type is called, and its values. tcpdump knows the groups up to 17 here. */
export interface Attribute {
  readonly name: string;
  readonly values?: Names;
}
const named = (...all: readonly (string | undefined)[]): readonly (Attribute | undefined)[] =>
  all.map((name) => (name === undefined ? undefined : { name }));
const LIFETIME: Attribute = { name: 'lifetype', values: [...none, 'sec', 'kb'] };
const GROUP: Attribute = { name: 'group desc', values: GROUPS.slice(0, 18) };
export type Attributes = readonly (Attribute | undefined)[];
export const IPSEC_ATTRIBUTES: Attributes = [
  undefined,
  LIFETIME,
  { name: 'life' },
  GROUP,
  { name: 'enc mode', values: [...none, 'tunnel', 'transport'] },
  { name: 'auth', values: [...none, ...words('hmac-md5 hmac-sha1 1des-mac keyed')] },
  ...named('keylen', 'rounds', 'dictsize', 'privalg'),
];
export const IKE_ATTRIBUTES: Attributes = [
  undefined,
  { name: 'enc', values: [...none, ...words('1des idea blowfish rc5 3des cast aes')] },
  { name: 'hash', values: [...none, ...words('md5 sha1 tiger sha2-256 sha2-384 sha2-512')] },
  { name: 'auth', values: [...none, 'preshared', 'dss', 'rsa sig', 'rsa enc', 'rsa enc revised'] },
  GROUP,
  { name: 'group type', values: [...none, ...words('MODP ECP EC2N')] },
  ...named('group prime', 'group gen1', 'group gen2', 'group curve A', 'group curve B'),
  LIFETIME,
  ...named('lifeduration', 'prf', 'keylen', 'field', 'order'),
];
export const ENCRYPTION_ATTRIBUTES2: Attributes = [...named(...Array.from({ length: 14 }, () => undefined), 'keylen')];

export const CERTIFICATES: Names = words('none pkcs7 pgp dns x509sign x509ke kerberos crl arl spki x509attr');
export const IDENTITIES: Names = [
  ...none,
  ...['IPv4', 'FQDN', 'user FQDN', 'IPv4net', 'IPv6', 'IPv6net', 'IPv4range', 'IPv6range', 'ASN1 DN', 'ASN1 GN'],
  'keyid',
];
export const AUTHENTICATIONS2: Names = words('invalid rsasig shared-secret dsssig');
/** RFC 2408 section 3.14.1. */
export const ERRORS: Names = [
  ...none,
  ...words('INVALID-PAYLOAD-TYPE DOI-NOT-SUPPORTED SITUATION-NOT-SUPPORTED INVALID-COOKIE INVALID-MAJOR-VERSION'),
  ...words('INVALID-MINOR-VERSION INVALID-EXCHANGE-TYPE INVALID-FLAGS INVALID-MESSAGE-ID INVALID-PROTOCOL-ID'),
  ...words('INVALID-SPI INVALID-TRANSFORM-ID ATTRIBUTES-NOT-SUPPORTED NO-PROPOSAL-CHOSEN BAD-PROPOSAL-SYNTAX'),
  ...words('PAYLOAD-MALFORMED INVALID-KEY-INFORMATION INVALID-ID-INFORMATION INVALID-CERT-ENCODING'),
  ...words('INVALID-CERTIFICATE CERT-TYPE-UNSUPPORTED INVALID-CERT-AUTHORITY INVALID-HASH-INFORMATION'),
  ...words('AUTHENTICATION-FAILED INVALID-SIGNATURE ADDRESS-NOTIFICATION NOTIFY-SA-LIFETIME'),
  ...words('CERTIFICATE-UNAVAILABLE UNSUPPORTED-EXCHANGE-TYPE UNEQUAL-PAYLOAD-LENGTHS'),
];
/** RFC 2407 section 4.6.3, from 24576 on. */
export const IPSEC_STATUSES: Names = words('RESPONDER-LIFETIME REPLAY-STATUS INITIAL-CONTACT');
/** RFC 7296 section 3.10.1 by tcpdump's names. */
export const NOTIFICATIONS2: Readonly<Record<number, string>> = {
  1: 'unsupported_critical_payload',
  4: 'invalid_ike_spi',
  5: 'invalid_major_version',
  7: 'invalid_syntax',
  9: 'invalid_message_id',
  11: 'invalid_spi',
  14: 'no_protocol_chosen',
  17: 'invalid_ke_payload',
  24: 'authentication_failed',
  34: 'single_pair_required',
  35: 'no_additional_sas',
  36: 'internal_address_failure',
  37: 'failed:cp_required',
  39: 'invalid_selectors',
  16384: 'initial_contact',
  16385: 'set_window_size',
  16386: 'additional_ts_possible',
  16387: 'ipcomp_supported',
  16388: 'nat_detection_source_ip',
  16389: 'nat_detection_destination_ip',
  16390: 'cookie',
  16391: 'use_transport_mode',
  16392: 'http_cert_lookup_supported',
  16393: 'rekey_sa',
  16394: 'tfc_padding_not_supported',
  16395: 'non_first_fragment_also',
};
