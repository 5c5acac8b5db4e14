import { type FieldSpec, ipv4, ipv6, bytes as raw, text, time, u8, u24, u32 } from '../../src/bytes/field.ts';
import { VALUES } from './values.ts';

/** How an attribute's value lies in its bytes; the tagged ones (RFC 2868 section 3) begin with an octet of their own. */
export type Format =
  | 'text'
  | 'bytes'
  | 'number'
  | 'hex'
  | 'ipv4'
  | 'ipv6'
  | 'time'
  | 'tagged text'
  | 'tagged bytes'
  | 'tagged number';
export interface Attribute {
  /** As the RFCs spell it. */
  readonly name: string;
  readonly format: Format;
  /** Of its field, behind `radius.`. */
  readonly key: string;
}
const SPECS: Readonly<Record<Format, (label: string, names?: Readonly<Record<number, string>>) => FieldSpec>> = {
  text,
  bytes: raw,
  number: (label, names) => u32(label, names === undefined ? {} : { names }),
  hex: (label) => u32(label, { base: 'hex' }),
  ipv4,
  ipv6,
  time,
  'tagged text': text,
  'tagged bytes': raw,
  'tagged number': (label, names) => u24(label, names === undefined ? {} : { names }),
};
/** Attributes one after the other from `first`; the name alone of those that nobody gave a format. */
type Row = readonly [name: string, format: Format, key?: string] | undefined;
const rows = (first: number, list: readonly Row[]): readonly (readonly [number, Attribute])[] =>
  list.flatMap((row, i) => {
    if (row === undefined) return [];
    const [name, format, key = name.replaceAll('-', '_')] = row;
    return [[first + i, { name, format, key }] as const];
  });

/** RFC 2865 to 2869, 3162, 4675, 4818, 4849, 5176, 5447, 5580, 5607, 6572, 6911. */
export const ATTRIBUTES: Readonly<Record<number, Attribute>> = Object.fromEntries([
  ...rows(1, [
    ['User-Name', 'text'],
    ['User-Password', 'bytes', 'User_Password_encrypted'],
    ['CHAP-Password', 'bytes'],
    ['NAS-IP-Address', 'ipv4'],
    ['NAS-Port', 'number'],
    ['Service-Type', 'number'],
    ['Framed-Protocol', 'number'],
    ['Framed-IP-Address', 'ipv4', 'Framed-IP-Address'],
    ['Framed-IP-Netmask', 'ipv4'],
    ['Framed-Routing', 'number'],
    ['Filter-Id', 'text'],
    ['Framed-MTU', 'number'],
    ['Framed-Compression', 'number'],
    ['Login-IP-Host', 'ipv4', 'Login-IP-Host'],
    ['Login-Service', 'number'],
    ['Login-TCP-Port', 'number'],
    undefined,
    ['Reply-Message', 'text'],
    ['Callback-Number', 'text'],
    ['Callback-Id', 'text'],
    undefined,
    ['Framed-Route', 'text'],
    ['Framed-IPX-Network', 'hex', 'Framed-IPX-Network'],
    ['State', 'bytes'],
    ['Class', 'bytes'],
  ]),
  ...rows(27, [
    ['Session-Timeout', 'number'],
    ['Idle-Timeout', 'number'],
    ['Termination-Action', 'number'],
    ['Called-Station-Id', 'text'],
    ['Calling-Station-Id', 'text'],
    ['NAS-Identifier', 'text'],
    ['Proxy-State', 'bytes'],
    ['Login-LAT-Service', 'text'],
    ['Login-LAT-Node', 'text'],
    ['Login-LAT-Group', 'bytes'],
    ['Framed-AppleTalk-Link', 'number'],
    ['Framed-AppleTalk-Network', 'number'],
    ['Framed-AppleTalk-Zone', 'text'],
    ['Acct-Status-Type', 'number'],
    ['Acct-Delay-Time', 'number'],
    ['Acct-Input-Octets', 'number'],
    ['Acct-Output-Octets', 'number'],
    ['Acct-Session-Id', 'text'],
    ['Acct-Authentic', 'number'],
    ['Acct-Session-Time', 'number'],
    ['Acct-Input-Packets', 'number'],
    ['Acct-Output-Packets', 'number'],
    ['Acct-Terminate-Cause', 'number'],
    ['Acct-Multi-Session-Id', 'text'],
    ['Acct-Link-Count', 'number'],
    ['Acct-Input-Gigawords', 'number'],
    ['Acct-Output-Gigawords', 'number'],
    undefined,
    ['Event-Timestamp', 'time'],
    ['Egress-VLANID', 'tagged number', 'egress_vlanid'],
    ['Ingress-Filters', 'number'],
    ['Egress-VLAN-Name', 'tagged text', 'egress_vlan_name'],
    ['User-Priority-Table', 'bytes'],
    ['CHAP-Challenge', 'bytes'],
    ['NAS-Port-Type', 'number'],
    ['Port-Limit', 'number'],
    ['Login-LAT-Port', 'text'],
    ['Tunnel-Type', 'tagged number'],
    ['Tunnel-Medium-Type', 'tagged number'],
    ['Tunnel-Client-Endpoint', 'tagged text'],
    ['Tunnel-Server-Endpoint', 'tagged text'],
    ['Acct-Tunnel-Connection', 'text'],
    ['Tunnel-Password', 'tagged bytes', 'Tunnel_Password_encrypted'],
    ['ARAP-Password', 'bytes'],
    ['ARAP-Features', 'bytes'],
    ['ARAP-Zone-Access', 'number'],
    ['ARAP-Security', 'number'],
    ['ARAP-Security-Data', 'text'],
    ['Password-Retry', 'number'],
    ['Prompt', 'number'],
    ['Connect-Info', 'text'],
    ['Configuration-Token', 'text'],
    ['EAP-Message', 'bytes', 'eap_fragment'],
    ['Message-Authenticator', 'bytes'],
    ['Tunnel-Private-Group-ID', 'tagged text', 'Tunnel_Private_Group_Id'],
    ['Tunnel-Assignment-ID', 'tagged text', 'Tunnel_Assignment_Id'],
    ['Tunnel-Preference', 'tagged number'],
    ['ARAP-Challenge-Response', 'bytes'],
    ['Acct-Interim-Interval', 'number'],
    ['Acct-Tunnel-Packets-Lost', 'number'],
    ['NAS-Port-Id', 'text'],
    ['Framed-Pool', 'text'],
    ['CUI', 'text', 'Chargeable_User_Identity'],
    ['Tunnel-Client-Auth-ID', 'tagged text', 'Tunnel_Client_Auth_Id'],
    ['Tunnel-Server-Auth-ID', 'tagged text', 'Tunnel_Server_Auth_Id'],
    ['NAS-Filter-Rule', 'text'],
    undefined,
    ['Originating-Line-Info', 'text'],
    ['NAS-IPv6-Address', 'ipv6'],
    ['Framed-Interface-ID', 'bytes', 'Framed_Interface_Id'],
    ['Framed-IPv6-Prefix', 'bytes'],
    ['Login-IPv6-Host', 'ipv6'],
    ['Framed-IPv6-Route', 'text'],
    ['Framed-IPv6-Pool', 'text'],
    ['Error-Cause', 'number'],
    ['EAP-Key-Name', 'text'],
  ]),
  ...rows(123, [
    ['Delegated-IPv6-Prefix', 'bytes'],
    ['MIP6-Feature-Vector', 'bytes'],
    ['MIP6-Home-Link-Prefix', 'bytes'],
    ['Operator-Name', 'text'],
    ['Location-Information', 'bytes'],
    ['Location-Data', 'bytes'],
    ['Basic-Location-Policy-Rules', 'bytes'],
    ['Extended-Location-Policy-Rules', 'text'],
    ['Location-Capable', 'number'],
    ['Requested-Location-Info', 'number'],
    ['Framed-Management', 'number'],
    ['Management-Transport-Protection', 'number'],
    ['Management-Policy-Id', 'text'],
    ['Management-Privilege-Level', 'number'],
  ]),
  ...rows(168, [
    ['Framed-IPv6-Address', 'ipv6'],
    ['DNS-Server-IPv6-Address', 'ipv6'],
    ['Route-IPv6-Information', 'bytes'],
    ['Delegated-IPv6-Prefix-Pool', 'text'],
    ['Stateful-IPv6-Address-Pool', 'text'],
  ]),
]);

/** By vendor and type: what the vendor calls it. */
export const VENDOR_ATTRIBUTES: Readonly<Record<number, Readonly<Record<number, Attribute>>>> = {
  9: Object.fromEntries(rows(1, [['Cisco-AVPair', 'text']])),
  // RFC 2548.
  311: Object.fromEntries([
    ...rows(1, [
      ['MS-CHAP-Response', 'bytes'],
      ['MS-CHAP-Error', 'text'],
    ]),
    ...rows(10, [
      ['MS-CHAP-Domain', 'text'],
      ['MS-CHAP-Challenge', 'bytes'],
      ['MS-CHAP-MPPE-Keys', 'bytes'],
    ]),
    ...rows(16, [
      ['MS-MPPE-Send-Key', 'bytes'],
      ['MS-MPPE-Recv-Key', 'bytes'],
    ]),
    ...rows(25, [
      ['MS-CHAP2-Response', 'bytes'],
      ['MS-CHAP2-Success', 'bytes'],
    ]),
  ]),
};
/** A field for each attribute, and one for the tag of those that have one. */
export const ATTRIBUTE_FIELDS: Readonly<Record<string, FieldSpec>> = Object.fromEntries(
  [ATTRIBUTES, ...Object.values(VENDOR_ATTRIBUTES)].flatMap((attributes) =>
    Object.entries(attributes).flatMap(([code, { name, format, key }]): [string, FieldSpec][] => {
      const value: [string, FieldSpec] = [
        key,
        SPECS[format](name, VALUES[attributes === ATTRIBUTES ? Number(code) : 0]),
      ];
      return format.startsWith('tagged') ? [[tagOf(key), u8(`${name}: tag`, { base: 'hex' })], value] : [value];
    }),
  ),
);
export function tagOf(key: string): string {
  // Of these two the tag says whether frames are tagged (RFC 4675 section 2.1).
  if (key.startsWith('egress')) return `${key}_tag`;
  return `${key.replace('_encrypted', '')}.tag`;
}
