/** Network layer protocol identifiers (ISO/IEC TR 9577), by the names that tcpdump's users know. */
export const NLPIDS: Readonly<Record<number, string>> = {
  0: 'NULL',
  8: 'Q.933',
  9: 'LMI',
  128: 'SNAP',
  129: 'CLNP',
  130: 'ES-IS',
  131: 'IS-IS',
  132: 'CONS',
  133: 'IDRP',
  138: 'X25 ES-IS',
  142: 'IPv6',
  177: 'FRF.15',
  193: 'ISIS_SPB',
  204: 'IPv4',
  207: 'PPP',
};
