/** What GRE carries, as Wireshark calls it in a summary. */
const NAMES: Readonly<Record<number, string>> = {
  0: 'Possible GRE keepalive packet',
  254: 'OSI',
  2048: 'IP',
  2054: 'ARP',
  8192: 'CDP (Cisco)',
  8193: 'NHRP',
  8939: 'ERSPAN III',
  25600: 'MIKROTIK EoIP',
  25944: 'Transparent Ethernet bridging',
  25945: 'Frame Relay',
  33079: 'IPX',
  34525: 'IPv6',
  34827: 'PPP',
  34878: 'WCCP',
  34887: 'MPLS label switched packet',
  34945: 'CDMA2000 A10 Unstructured byte stream',
  35006: 'ERSPAN',
  35026: 'CDMA2000 A10 3GPP2 Packet',
  35081: 'CiscoMetaData',
  35151: 'Network Service Header',
  36864: 'ARUBA WLAN',
  47082: 'Huawei GRE bonding',
  65198: 'AIROHIVE AP AP',
};
/** Every sixteenth number from 0x8200 to 0x8370 is of one vendor. */
const isVendors = (type: number): boolean => (type & 0x0f) === 0 && type >= 0x8200 && type <= 0x8370;
export const carriedName = (type: number): string | undefined =>
  NAMES[type] ?? (isVendors(type) ? 'ARUBA WLAN' : undefined);
