/** Values of generalized MPLS, by the names that tcpdump's users know. */

/** RFC 3471 section 7.1. */
export const PROTECTIONS = [
  [0x01, 'Extra Traffic'],
  [0x02, 'Unprotected'],
  [0x04, 'Shared'],
  [0x08, 'Dedicated 1:1'],
  [0x10, 'Dedicated 1+1'],
  [0x20, 'Enhanced'],
  [0x40, 'Reserved'],
  [0x80, 'Reserved'],
] as const;
/** RFC 3471 section 3.1.1. */
export const SWITCHINGS: Readonly<Record<number, string>> = {
  1: 'Packet-Switch Capable-1',
  2: 'Packet-Switch Capable-2',
  3: 'Packet-Switch Capable-3',
  4: 'Packet-Switch Capable-4',
  51: 'Layer-2 Switch Capable',
  100: 'Time-Division-Multiplex',
  150: 'Lambda-Switch Capable',
  200: 'Fiber-Switch Capable',
};
/** RFC 4203 section 1.4. */
export const TIME_DIVISIONS: Readonly<Record<number, string>> = { 0: 'Standard SONET/SDH', 1: 'Arbitrary SONET/SDH' };
/** RFC 3471 section 3.1.1. */
export const ENCODINGS: Readonly<Record<number, string>> = {
  1: 'Packet',
  2: 'Ethernet V2/DIX',
  3: 'ANSI/ETSI PDH',
  4: 'Reserved',
  5: 'SDH ITU-T G.707/SONET ANSI T1.105',
  6: 'Reserved',
  7: 'Digital Wrapper',
  8: 'Lambda (photonic)',
  9: 'Fiber',
  10: 'Reserved',
  11: 'FiberChannel',
};
/** How bandwidth is shared between classes (RFC 4125 to 4127). */
export const BANDWIDTH_MODELS: Readonly<Record<number, string>> = {
  0: 'Russian dolls',
  1: 'Maximum allocation',
  254: 'Maximum allocation with E-LSP support',
};
