import { bytes, type FieldSpec, ipv4, text, u8, u16, u32 } from '../../src/bytes/field.ts';
import { read32, u32Kind } from '../../src/bytes/kind.ts';

/** How tcpdump shows an option's body: a run of values of one size, or as the option needs. */
export type Format =
  | 'address'
  | 'pair'
  | 'signed'
  | 'number'
  | 'short'
  | 'bytes'
  | 'text'
  | 'switch'
  | 'special'
  | 'none';

/** One option of BOOTP or DHCP. */
export interface DhcpOption {
  /** By the name that tcpdump's users know. */
  readonly name: string;
  readonly format: Format;
  /** Its field, called `option.` and this; absent where the body is no run of one kind of value. */
  readonly key?: string;
  readonly spec?: FieldSpec;
}

const signedKind = {
  ...u32Kind,
  name: 's32',
  read: () => (at: Uint8Array, from: number) => read32(at, from) | 0,
  write: (w: { signed(value: number): void }, at: Uint8Array, from: number) => w.signed(read32(at, from) | 0),
  parse(typed: string) {
    if (!/^[+-]?\d+$/.test(typed)) throw new RangeError(`"${typed}" is not a whole number`);
    return Number(typed);
  },
};
const YES_NO = { names: { 0: 'No', 1: 'Yes' } };
/** What the values of a format are, unless the option says otherwise. */
const SPECS: Readonly<Partial<Record<Format, (label: string) => FieldSpec>>> = {
  address: (label) => ipv4(label),
  signed: (label) => ({ kind: signedKind, label }),
  number: (label) => u32(label),
  short: (label) => u16(label),
  bytes: (label) => bytes(label),
  text: (label) => text(label),
  switch: (label) => u8(label, YES_NO),
};
type Row = readonly [
  code: number,
  name: string,
  format: Format,
  label: string,
  key?: string,
  spec?: (label: string) => FieldSpec,
];
const nodeType = (label: string) => u8(label, { names: NODE_TYPES });
const seconds = (label: string) => u32(label, { unit: 'seconds' });

export const MESSAGES = {
  1: 'Discover',
  2: 'Offer',
  3: 'Request',
  4: 'Decline',
  5: 'ACK',
  6: 'NACK',
  7: 'Release',
  8: 'Inform',
  10: 'LeaseQuery',
  11: 'LeaseUnassigned',
  12: 'LeaseUnknown',
  13: 'LeaseActive',
};
export const OVERLOADS = { 1: 'file', 2: 'sname', 3: 'file+sname' };
export const NODE_TYPES = { 1: 'b-node', 2: 'p-node', 4: 'm-node', 8: 'h-node' };

/** IANA's registry "BOOTP Vendor Extensions and DHCP Options", which says where each is defined. */
const ROWS: readonly Row[] = [
  [0, 'PAD', 'none', 'Padding'],
  [1, 'Subnet-Mask', 'address', 'Subnet mask', 'subnet_mask'],
  [2, 'Time-Zone', 'signed', 'Time offset', 'time_offset'],
  [3, 'Default-Gateway', 'address', 'Router', 'router'],
  [4, 'Time-Server', 'address', 'Time server', 'time_server'],
  [5, 'IEN-Name-Server', 'address', 'Name server', 'name_server'],
  [6, 'Domain-Name-Server', 'address', 'Domain name server', 'domain_name_server'],
  [7, 'LOG', 'address', 'Log server', 'log_server'],
  [8, 'CS', 'address', 'Quotes server', 'quotes_server'],
  [9, 'LPR-Server', 'address', 'Printer server', 'lpr_server'],
  [10, 'IM', 'address', 'Impress server', 'impress_server'],
  [11, 'RL', 'address', 'Resource location server', 'resource_location_server'],
  [12, 'Hostname', 'text', 'Host name', 'hostname'],
  [13, 'BS', 'short', 'Boot file size', 'boot_file_size'],
  [14, 'DP', 'text', 'Merit dump file', 'merit_dump_file'],
  [15, 'Domain-Name', 'text', 'Domain name', 'domain_name'],
  [16, 'SS', 'address', 'Swap server', 'swap_server'],
  [17, 'RP', 'text', 'Root path', 'root_path'],
  [18, 'EP', 'text', 'Extensions path', 'extension_path'],
  [19, 'IPF', 'switch', 'IP forwarding', 'ip_forwarding'],
  [20, 'SRT', 'switch', 'Non-local source routing', 'non_local_source_routing'],
  [21, 'PF', 'pair', 'Policy filter'],
  [22, 'RSZ', 'short', 'Maximum reassembly size', 'max_datagram_reassembly_size'],
  [23, 'TTL', 'bytes', 'Default time to live', 'default_ip_ttl', u8],
  [24, 'MTU-Timeout', 'number', 'Path MTU aging timeout', 'path_mtu_aging_timeout', seconds],
  [25, 'MTU-Table', 'short', 'Path MTU plateau', 'path_mtu_plateau_table_item'],
  [26, 'MTU', 'short', 'Interface MTU', 'interface_mtu'],
  [27, 'LSN', 'switch', 'All subnets are local', 'all_subnets_are_local'],
  [28, 'BR', 'address', 'Broadcast address', 'broadcast_address'],
  [29, 'MD', 'switch', 'Perform mask discovery', 'perform_mask_discovery'],
  [30, 'MS', 'switch', 'Mask supplier', 'mask_supplier'],
  [31, 'Router-Discovery', 'switch', 'Perform router discovery', 'perform_router_discover'],
  [32, 'RSA', 'address', 'Router solicitation address', 'router_solicitation_address'],
  [33, 'Static-Route', 'pair', 'Static routes'],
  [34, 'UT', 'switch', 'Trailer encapsulation', 'trailer_encapsulation'],
  [35, 'AT', 'number', 'ARP cache timeout', 'arp_cache_timeout', seconds],
  [36, 'IE', 'switch', 'Ethernet encapsulation', 'ethernet_encapsulation'],
  [37, 'TT', 'bytes', 'TCP default time to live', 'tcp_default_ttl', u8],
  [38, 'KI', 'number', 'TCP keepalive interval', 'tcp_keepalive_interval', seconds],
  [39, 'KG', 'switch', 'TCP keepalive garbage', 'tcp_keepalive_garbage'],
  [40, 'YD', 'text', 'NIS domain', 'nis_domain'],
  [41, 'YS', 'address', 'NIS server', 'nis_server'],
  [42, 'NTP', 'address', 'NTP server', 'ntp_server'],
  [43, 'Vendor-Option', 'bytes', 'Vendor-specific information', 'vendor.value'],
  [44, 'Netbios-Name-Server', 'address', 'NetBIOS name server', 'netbios_over_tcpip_name_server'],
  [45, 'WDD', 'address', 'NetBIOS datagram distribution server', 'netbios_over_tcpip_dd_name_server'],
  [46, 'Netbios-Node', 'special', 'NetBIOS node type', 'netbios_over_tcpip_node_type', nodeType],
  [47, 'Netbios-Scope', 'text', 'NetBIOS scope', 'netbios_over_tcpip_scope'],
  [48, 'XFS', 'address', 'X font server', 'xwindows_system_font_server'],
  [49, 'XDM', 'address', 'X display manager', 'xwindows_system_display_manager'],
  [50, 'Requested-IP', 'address', 'Requested IP address', 'requested_ip_address'],
  [51, 'Lease-Time', 'number', 'Lease time', 'ip_address_lease_time', seconds],
  [52, 'OO', 'special', 'Option overload', 'option_overload', (l) => u8(l, { names: OVERLOADS })],
  [53, 'DHCP-Message', 'none', 'Message type', 'dhcp', (l) => u8(l, { names: MESSAGES })],
  [54, 'Server-ID', 'address', 'Server identifier', 'dhcp_server_id'],
  [55, 'Parameter-Request', 'bytes', 'Requested option', 'request_list_item', optionCode],
  [56, 'MSG', 'text', 'Message', 'message'],
  [57, 'MSZ', 'short', 'Maximum message size', 'dhcp_max_message_size'],
  [58, 'RN', 'number', 'Renewal time', 'renewal_time_value', seconds],
  [59, 'RB', 'number', 'Rebinding time', 'rebinding_time_value', seconds],
  [60, 'Vendor-Class', 'text', 'Vendor class', 'vendor_class_id'],
  [61, 'Client-ID', 'special', 'Client identifier'],
  [64, 'N+D', 'short', 'NIS+ domain', 'nis_plus_domain', text],
  [65, 'N+S', 'address', 'NIS+ server', 'nis_plus_server'],
  [66, 'TFTP', 'text', 'TFTP server name', 'tftp_server_name'],
  [67, 'BF', 'text', 'Boot file name', 'bootfile_name'],
  [68, 'MH', 'address', 'Mobile IP home agent', 'mobile_ip_home_agent'],
  [69, 'SMTP', 'address', 'SMTP server', 'smtp_server'],
  [70, 'POP3', 'address', 'POP3 server', 'pop3_server'],
  [71, 'NNTP', 'address', 'NNTP server', 'nntp_server'],
  [72, 'WWW', 'address', 'WWW server', 'default_www_server'],
  [73, 'FG', 'address', 'Finger server', 'default_finger_server'],
  [74, 'IRC', 'address', 'IRC server', 'default_irc_server'],
  [75, 'STS', 'address', 'StreetTalk server', 'streettalk_server'],
  [76, 'STDA', 'address', 'StreetTalk directory assistance server', 'streettalk_da_server'],
  [77, 'User-Class', 'special', 'User class'],
  [78, 'SLP-DA', 'bytes', 'SLP directory agents'],
  [79, 'SLP-SCOPE', 'bytes', 'SLP scopes'],
  [80, 'SLP-NA', 'text', 'SLP naming authority'],
  [81, 'FQDN', 'special', 'Client name'],
  [82, 'Agent-Information', 'special', 'Agent information'],
  [83, 'ARMT', 'bytes', 'Agent remote'],
  [88, 'TZSTR', 'text', 'Time zone'],
  [89, 'FQDNS', 'bytes', 'Name of the host'],
  [90, 'AUTH', 'bytes', 'Authentication'],
  [91, 'Last-Transaction-Time', 'signed', 'Time since the last transaction', 'client_last_transaction_time', seconds],
  [92, 'Associated-IP', 'address', 'Associated IP address', 'associated_ip_option'],
  [93, 'ARCH', 'short', 'Client architecture', 'client_system_architecture'],
  [94, 'NDI', 'bytes', 'Client network interface'],
  [95, 'LDAP', 'text', 'LDAP server'],
  [97, 'GUID', 'bytes', 'Client machine identifier'],
  [98, 'UAP', 'text', 'User authentication server'],
  [100, 'POSIX-TZ', 'text', 'Time zone as POSIX writes it', 'tz_pcode'],
  [101, 'TZ-Name', 'text', 'Time zone name', 'tz_tcode'],
  [112, 'NI', 'address', 'NetInfo parent server address', 'netinfo_parent_server_address'],
  [113, 'NITAG', 'text', 'NetInfo parent server tag', 'netinfo_parent_server_tag'],
  [114, 'URL', 'text', 'Captive portal', 'captive_portal'],
  [116, 'NOAUTO', 'switch', 'Auto-configuration', 'dhcp_auto_configuration'],
  [117, 'NSSEARCH', 'short', 'Name service search'],
  [118, 'SUBNET', 'address', 'Subnet selection', 'subnet_selection_option'],
  [121, 'Classless-Static-Route', 'special', 'Classless static routes'],
  [150, 'TFTP-Server-Address', 'address', 'TFTP server address', 'tftp_server_address'],
  [161, 'MUD-URL', 'text', 'Manufacturer usage description', 'mudurl'],
  [249, 'Classless-Static-Route-Microsoft', 'special', 'Classless static routes (Microsoft)'],
  [255, 'END', 'none', 'End'],
];
/** Options that tcpdump has no name for. */
const UNNAMED: readonly (readonly [number, string])[] = [
  [62, 'NetWare domain'],
  [63, 'NetWare options'],
  [85, 'NDS servers'],
  [86, 'NDS tree'],
  [87, 'NDS context'],
  [99, 'Civic location'],
  [108, 'IPv6-only preferred'],
  [119, 'Domain search list'],
  [120, 'SIP servers'],
  [122, 'CableLabs client configuration'],
  [123, 'Location'],
  [124, 'Vendor-identifying vendor class'],
  [125, 'Vendor-identifying vendor information'],
  [138, 'CAPWAP access controllers'],
  [212, '6rd'],
  [252, 'Proxy autodiscovery'],
];
/** What people call an option. */
const LABELS: Readonly<Record<number, string>> = Object.fromEntries([
  ...ROWS.map(([code, , , label]) => [code, label] as const),
  ...UNNAMED,
]);
/** A field that holds an option's code. */
export function optionCode(label: string): FieldSpec {
  return u8(label, { names: LABELS });
}

const optionOf = ([, name, format, label, key, spec = SPECS[format]]: Row): DhcpOption =>
  key === undefined || spec === undefined ? { name, format } : { name, format, key, spec: spec(label) };
export const OPTIONS: Readonly<Record<number, DhcpOption>> = Object.fromEntries(
  ROWS.map((row) => [row[0], optionOf(row)]),
);
