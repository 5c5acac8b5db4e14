import type { Line } from '../src/dissect/line.ts';

/** How a line goes on where a port announces a payload and nothing of it was captured. */
interface Absent {
  /** tcpdump's name of the protocol that is cut short; absent: the line does not say that it is. */
  readonly label?: string;
  /** The line only says so: with `-x` the link layer is left out, as of whole packets. */
  readonly isOver?: boolean;
  /** What is written before, `%` being the length of the payload. */
  readonly before?: string;
  /** What is written behind that with `-v`. */
  readonly more?: string;
  /** What is written for a payload of no bytes; absent: the same as for others. */
  readonly empty?: string;
}
const COUNTED = ', length: %';
export const OVER_TCP: Readonly<Record<number, Absent>> = {
  21: { label: 'ftp', before: ': FTP', more: COUNTED },
  22: { label: 'ssh' },
  23: { label: 'telnet' },
  25: { label: 'smtp', before: ': SMTP', more: COUNTED },
  43: { label: 'whois', before: ': WHOIS', more: COUNTED },
  53: { label: 'domain' },
  80: { before: ': HTTP' },
  179: { before: ': BGP' },
  554: { before: ': RTSP' },
  646: { label: 'ldp' },
  6379: { label: 'resp', before: ': RESP' },
  8080: { before: ': HTTP' },
  8554: { before: ': RTSP' },
};
const [DOMAIN, BOOTP, SNMP] = [
  { label: 'domain', isOver: true, empty: 'domain [length 0 < 12] (invalid)' },
  { label: 'bootp' },
  { label: 'snmp', before: ' ', empty: ' [nothing to parse]' },
];
const [PTP, RADIUS, DHCP6, BFD] = [
  { label: 'ptp', empty: ' [length 0 < 34] (invalid)' },
  { label: 'radius', isOver: true, empty: ' [|radius]' },
  { label: 'dhcp6', isOver: true, before: 'dhcp6', empty: 'dhcp6 [|dhcp6]' },
  { label: 'bfd' },
];
export const OVER_UDP: Readonly<Record<number, Absent>> = {
  53: DOMAIN,
  67: BOOTP,
  68: BOOTP,
  69: { label: 'tftp', before: 'TFTP, length %', empty: 'TFTP, length 0 [|tftp]' },
  88: { label: 'krb', isOver: true, empty: ' [|krb]' },
  123: { label: 'ntp' },
  161: SNMP,
  162: SNMP,
  319: PTP,
  320: PTP,
  500: { label: 'isakmp', isOver: true, empty: ' [|isakmp]' },
  // The byte behind it is read, if there is one.
  514: { label: 'syslog', empty: ' (invalid)' },
  520: { label: 'rip', isOver: true, empty: ' [|rip]' },
  521: { label: 'ripng' },
  546: DHCP6,
  547: DHCP6,
  646: { label: 'ldp', empty: '' },
  921: { label: 'lwres' },
  1645: RADIUS,
  1646: RADIUS,
  1700: RADIUS,
  1701: { label: 'l2tp' },
  1812: RADIUS,
  1813: RADIUS,
  1985: { label: 'hsrp' },
  3784: BFD,
  3799: RADIUS,
  4500: { label: 'isakmp_rfc3948', empty: ' [|isakmp_rfc3948]' },
  4784: BFD,
  4789: { label: 'vxlan', before: 'VXLAN', empty: 'VXLAN (invalid)' },
  4790: { label: 'vxlan_gpe', before: 'VXLAN-GPE, ', empty: 'VXLAN-GPE,  (len 0 < 8) (invalid)' },
  5060: { before: 'SIP', empty: 'SIP' },
  5353: DOMAIN,
  6081: { label: 'geneve', isOver: true, before: 'Geneve', empty: 'Geneve [length 0 < 8] (invalid)' },
  6635: { label: 'mpls', before: 'MPLS', empty: 'MPLS (invalid)' },
  8472: { label: 'otv', before: 'OTV, ', empty: 'OTV, [length 0 < 8] (invalid)' },
};
/** By the protocol that `-T` gives to all ports. */
export const AS_GIVEN: Readonly<Record<string, Absent>> = {
  dns: DOMAIN,
  radius: RADIUS,
  rtp: { label: 'rtp', empty: 'udp/rtp, length 0 < 8' },
  snmp: SNMP,
  tftp: OVER_UDP[69]!,
  vxlan: OVER_UDP[4789]!,
};
const SYSLOG = 'syslog';

/** Writes what stands for a payload of `length` bytes at `at`, of which nothing is there; false when there is something. */
export function absentText(w: Line, known: Absent | undefined, at: number, length: number): boolean {
  const isThere = w.has(at, 1);
  if (known === undefined || (length > 0 && isThere)) return false;
  const { label, before = '', more = '', empty, isOver = false } = known;
  if (label !== undefined) w.label = label;
  if (length === 0 && empty !== undefined && (isThere || label !== SYSLOG)) {
    w.str(empty);
    return true;
  }
  w.str((before + (w.verbose > 0 ? more : '')).replace('%', String(length)));
  if (isOver) w.trunc();
  else if (label !== undefined) w.cutHere();
  return true;
}
