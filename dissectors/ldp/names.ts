/** By the names that tcpdump's users know; IANA's registry "Label Distribution Protocol (LDP) Parameters". */
type Names = Readonly<Record<number, string>>;

export const MESSAGES: Names = {
  1: 'Notification',
  256: 'Hello',
  512: 'Initialization',
  513: 'Keepalive',
  768: 'Address',
  769: 'Address Withdraw',
  1024: 'Label Mapping',
  1025: 'Label Request',
  1026: 'Label Withdraw',
  1027: 'Label Release',
  1028: 'Label Abort Request',
};
export const RECORDS: Names = {
  256: 'FEC',
  257: 'Address List',
  259: 'Hop Count',
  260: 'Path Vector',
  512: 'Generic Label',
  513: 'ATM Label',
  514: 'Frame-Relay Label',
  768: 'Status',
  769: 'Extended Status',
  770: 'Returned PDU',
  771: 'Returned Message',
  1024: 'Common Hello Parameters',
  1025: 'IPv4 Transport Address',
  1026: 'Configuration Sequence Number',
  1027: 'IPv6 Transport Address',
  1280: 'Common Session Parameters',
  1281: 'ATM Session Parameters',
  1282: 'Frame-Relay Session Parameters',
  1283: 'Fault-Tolerant Session Parameters',
  1536: 'Label Request Message ID',
  1537: 'MTU',
};
/** Forwarding equivalence classes. */
export const CLASSES: Names = { 1: 'Wildcard', 2: 'Prefix', 3: 'Host address', 128: 'Martini VC' };
