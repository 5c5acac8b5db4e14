/** EtherTypes that the filter language has words for. Values up to 1500 are no EtherTypes: there the same number is an LLC SAP. */
export const ETHERTYPE = {
  xnsIdp: 0x0600,
  ip: 0x0800,
  arp: 0x0806,
  mopdl: 0x6001,
  moprc: 0x6002,
  decnet: 0x6003,
  lat: 0x6004,
  sca: 0x6007,
  rarp: 0x8035,
  atalk: 0x809b,
  aarp: 0x80f3,
  vlan: 0x8100,
  ipx: 0x8137,
  ip6: 0x86dd,
  slow: 0x8809,
  mpls: 0x8847,
  pppoed: 0x8863,
  pppoes: 0x8864,
  qinq: 0x88a8,
  lldp: 0x88cc,
  loopback: 0x9000,
  qinqOld: 0x9100,
  transparentBridging: 0x6558,
} as const;

/** LLC service access points. */
export const SAP = { ip: 0x06, stp: 0x42, ipx: 0xe0, netbeui: 0xf0, iso: 0xfe } as const;
/** Up to here the third field of an 802.3 header is a length. */
export const LONGEST_802_3 = 1500;

/** IP protocol numbers. */
export const PROTOCOL = {
  icmp: 1,
  igmp: 2,
  tcp: 6,
  igrp: 9,
  udp: 17,
  fragment: 44,
  esp: 50,
  ah: 51,
  icmp6: 58,
  pim: 103,
  vrrp: 112,
  sctp: 132,
} as const;

/** OSI network-layer protocol identifiers, ISO/IEC TR 9577. */
export const OSI = { clnp: 0x81, esis: 0x82, isis: 0x83 } as const;
