/** By the names that tcpdump's users know. */
type Names = Readonly<Record<number, string>>;
type Flags = readonly (readonly [mask: number, name: string])[];

export const TYPES: Names = {
  1: 'Hello',
  2: 'Database Description',
  3: 'LS-Request',
  4: 'LS-Update',
  5: 'LS-Ack',
};
export const TYPE = { hello: 1, description: 2, request: 3, update: 4, ack: 5 } as const;
export const AUTHENTICATION: Names = { 0: 'none', 1: 'simple', 2: 'MD5' };
/** Advertisements of version 2. */
export const LSAS: Names = {
  1: 'Router',
  2: 'Network',
  3: 'Summary',
  4: 'ASBR Summary',
  5: 'External',
  6: 'Multicast Group',
  7: 'NSSA',
  9: 'Link Local Opaque',
  10: 'Area Local Opaque',
  11: 'Domain Wide Opaque',
};
export const OPAQUES: Names = { 1: 'Traffic Engineering', 3: 'Graceful restart', 4: 'Router Information' };
/** Of version 3, without the bits that say how far they are flooded. */
export const LSAS6: Names = {
  1: 'Router',
  2: 'Network',
  3: 'Inter-Area Prefix',
  4: 'Inter-Area Router',
  5: 'External',
  6: 'Deprecated',
  7: 'NSSA',
  8: 'Link',
  9: 'Intra-Area Prefix',
  10: 'Intra-Area TE',
  11: 'Grace',
  12: 'Router Information',
  13: 'Inter-AS-TE',
  14: 'Layer 1 VPN',
};
export const SCOPES: Names = { 0: 'Link Local', 8192: 'Area Local', 16384: 'Domain Wide' };
export const LINKS: Names = { 1: 'Point-to-point', 2: 'Transit', 3: 'Stub', 4: 'Virtual' };
export const OPTIONS: Flags = [
  [0x01, 'MultiTopology'],
  [0x02, 'External'],
  [0x04, 'Multicast'],
  [0x08, 'NSSA'],
  [0x10, 'LLS'],
  [0x20, 'Demand Circuit'],
  [0x40, 'Opaque'],
  [0x80, 'Up/Down'],
];
export const OPTIONS6: Flags = [
  [0x01, 'V6'],
  [0x02, 'External'],
  [0x04, 'Deprecated'],
  [0x08, 'NSSA'],
  [0x10, 'Router'],
  [0x20, 'Demand Circuit'],
  [0x100, 'AFs Support'],
  [0x200, 'LLS'],
  [0x400, 'Authentication Trailer'],
];
/** Link-local signaling follows the packet (RFC 5613). */
export const SIGNALING = 0x10;
export const SIGNALING6 = 0x200;
