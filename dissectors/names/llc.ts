/** Service access points of IEEE 802.2, by the names that tcpdump's users know. */
export const SAPS: Readonly<Record<number, string>> = {
  0: 'Null',
  2: '802.1B I',
  3: '802.1B G',
  4: 'SNA',
  6: 'IP',
  14: 'ProWay NM',
  66: 'STP',
  78: 'RS511',
  126: 'ISO8208',
  142: 'ProWay',
  170: 'SNAP',
  224: 'IPX',
  240: 'NetBeui',
  254: 'OSI',
  255: 'Global',
};
/** Commands of unnumbered frames, the poll bit left out (IEEE 802.2 clause 5.4). */
export const COMMANDS: Readonly<Record<number, string>> = {
  3: 'ui',
  15: 'dm',
  67: 'disc',
  99: 'ua',
  111: 'sabme',
  135: 'frmr',
  175: 'xid',
  227: 'test',
};
export const SUPERVISORY: Readonly<Record<number, string>> = {
  0: 'Receiver Ready',
  1: 'Receiver not Ready',
  2: 'Reject',
};
/** Protocols that Cisco numbers under its own identifier. */
export const CISCO_PIDS: Readonly<Record<number, string>> = {
  267: 'PVST',
  268: 'VLAN Bridge',
  273: 'UDLD',
  8192: 'CDP',
  8195: 'VTP',
  8196: 'DTP',
};
/** Bridged frames under the identifier of IEEE 802.1 (RFC 2684 appendix B). */
export const BRIDGED_PIDS: Readonly<Record<number, string>> = {
  1: 'Ethernet + FCS',
  2: '802.4 + FCS',
  3: 'Token Ring + FCS',
  4: 'FDDI + FCS',
  5: '802.6 + FCS',
  7: 'Ethernet w/o FCS',
  8: '802.4 w/o FCS',
  9: 'Token Ring w/o FCS',
  10: 'FDDI w/o FCS',
  11: '802.6 w/o FCS',
  14: 'BPDU',
};
