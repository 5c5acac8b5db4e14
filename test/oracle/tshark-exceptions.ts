import type { FieldDifference } from './tshark-fields.ts';

/** Where hooktap's fields differ from tshark's and shall go on doing so. Everything else that differs is a defect of ours. */
interface Exception {
  readonly right: 'hooktap' | 'tshark' | 'both' | 'neither';
  readonly reason: string;
  readonly when: (difference: FieldDifference) => boolean;
}
const inFile =
  (file: RegExp) =>
  (difference: FieldDifference): boolean =>
    file.test(difference.file);
/** The chain ends early for tshark, and its columns of what is above are empty. */
const above =
  (chain: RegExp) =>
  ({ layers, theirs, column }: FieldDifference): boolean =>
    chain.test(layers) && (column === 'frame.protocols' || theirs === '');

/** The chains part behind `below`: there tshark's goes on as `theirs`, ours as `ours`. */
const behind =
  (below: string, theirs: RegExp, ours: RegExp) =>
  (difference: FieldDifference): boolean => {
    const at = difference.theirs.indexOf(below) + below.length;
    const same = difference.theirs.includes(below) && difference.ours.slice(0, at) === difference.theirs.slice(0, at);
    return (
      difference.column === 'frame.protocols' &&
      same &&
      theirs.test(difference.theirs.slice(at)) &&
      ours.test(difference.ours.slice(at))
    );
  };

export const EXCEPTIONS: readonly Exception[] = [
  {
    right: 'hooktap',
    reason: 'tshark names IGMP twice, once for each version of its code',
    when: ({ theirs, ours }) => theirs.replaceAll('igmp:igmp', 'igmp') === ours.replace(/igmp:data$/, 'igmp'),
  },
  {
    right: 'both',
    reason: 'the second version of the cooked header is sll2 here, and sll for tshark as the first is',
    when: ({ theirs, ours }) => theirs === ours.replace('sll2', 'sll'),
  },
  {
    right: 'hooktap',
    reason: 'tshark counts a custom block as a packet of 24 bytes, and all later packets get another number',
    when: inFile(/^pcapng-test-generator\/.*(test018|test102|test202)/),
  },
  {
    right: 'tshark',
    reason: 'a simple packet block holds no time: hooktap shows 1970, tshark nothing',
    when: ({ column, theirs, ours }) => column === 'frame.time_epoch' && theirs === '' && ours === '0.000000000',
  },
  {
    right: 'hooktap',
    reason: 'nanoseconds beyond a second, in a broken file: hooktap carries them into the seconds',
    when: ({ column, theirs }) => column === 'frame.time_epoch' && /\.\d{10}/.test(theirs),
  },
  {
    right: 'neither',
    reason: 'lengths in broken files: tshark counts with a sign, or pads what is not there',
    when: ({ column, file }) =>
      /^frame\.(len|cap_len)$/.test(column) && /fuzz|oobr|heapoverflow|asan|crash|broken|invalid|oss/.test(file),
  },
  {
    right: 'hooktap',
    reason: 'the port of VXLAN that Linux uses by default; tshark knows IANA’s',
    when: inFile(/vxlan_port_8472/),
  },
  {
    right: 'hooktap',
    reason: 'packets longer than the length fields can say (segmentation offload): tshark 4.0 stops there',
    when: inFile(/bigtcp/),
  },
  {
    right: 'tshark',
    reason: 'tshark looks for DNS on every port; hooktap goes by the port',
    when: ({ layers, theirs, ours, column }) =>
      /udp:dns$/.test(layers) &&
      ((column === 'frame.protocols' && ours === theirs.replace(/dns$/, 'data')) ||
        (column === 'dns.qry.name' && ours === '')),
  },
  {
    right: 'tshark',
    reason: 'DNS inside HTTP/2, which is not dissected yet',
    when: ({ layers, ours }) => /http2:dns/.test(layers) && ours === '',
  },
  {
    right: 'both',
    reason: 'names that cannot be read: each says so in its own way',
    when: ({ column, theirs, ours }) => column === 'dns.qry.name' && /<Name|\\000/.test(theirs + ours),
  },
  {
    right: 'both',
    reason: 'a proxy’s connection takes a number of its own in tshark; all later ones are one higher',
    when: ({ column, file }) => column === 'tcp.stream' && /tls_heur__/.test(file),
  },
  {
    right: 'both',
    reason: 'a header whose lengths contradict each other: hooktap shows what stands in it and marks it',
    when: above(/:ip$|ethertype:data$|null:data$|:ip:ipv6(:data)?$|ip:icmp:ip$/),
  },
  {
    right: 'tshark',
    reason:
      'a header of another version than its layer’s, in broken files: tshark reads on as data, or as that version',
    when: inFile(/mpls-6in6-broken|rewrite_dltuser|kday1|bad-ipv[46]-version|LINKTYPE_IPV4_invalid/),
  },
  {
    right: 'both',
    reason:
      'a request whose target has spaces, which RFC 9112 forbids: tshark ends it at the first, hooktap at the last',
    when: ({ column, theirs, ours }) => column === 'http.request.uri' && ours.startsWith(`${theirs} `),
  },
  {
    right: 'tshark',
    reason: 'compressed payloads (IPComp), which are not unpacked',
    when: ({ layers, ours }) => layers.includes(':ipcomp:') && !ours.includes(','),
  },
  {
    right: 'tshark',
    reason: 'more layers than hooktap follows',
    when: inFile(/ipv6_ext_headers|FuzzTarget-5757531338309632/),
  },
  {
    right: 'tshark',
    reason: 'QUIC is not decrypted: TLS in its first packets, DNS behind keys that the file holds',
    when: behind(':udp:quic', /^(:tls)+(:dns)?$|^:dns$/, /^$/),
  },
  {
    right: 'tshark',
    reason: 'a packet of SCTP with several messages: hooktap’s chain of layers has room for the first',
    when: behind(':sctp:', /^(data|http)(:data)+$/, /^(data|http)?$/),
  },
  {
    right: 'tshark',
    reason: 'a message in several chunks of SCTP, which are not put together',
    when: behind(':sctp', /^:http(:data)?$/, /^$/),
  },
  {
    right: 'hooktap',
    reason: 'tshark dissects EAP in these and leaves it out of its list; TLS in EAP is not dissected here',
    when: behind(':eapol', /^(:tls)?$/, /^:eap$/),
  },
  {
    right: 'both',
    reason:
      'what comes to the port of a protocol and is none of its messages: hooktap says by the port what it should be, as tcpdump does',
    when: behind(':udp', /^(:data|:wg|:nbns)?$/, /^:(sip|sip:sdp|kerberos|isakmp|snmp|udpencap|bfd_echo|gtp|dns)$/),
  },
  {
    right: 'hooktap',
    reason: 'a reply of NFS whose call is not in the file: tshark asks for the call, hooktap goes by the port',
    when: behind(':udp', /^:data$/, /^:rpc:nfs$/),
  },
  {
    right: 'hooktap',
    reason: 'no media reports, though their first byte fits: tshark reads on past the end of the packet',
    when: behind(':udp', /^:rtcp$/, /^:data$/),
  },
  {
    right: 'tshark',
    reason: 'messages inside attributes and options (STUN, GTP), decrypted DTLS and ISL, which are not dissected',
    when: (d) =>
      behind(':stun', /^:data$/, /^$/)(d) ||
      behind(':gtp', /^(:ipcp|:pap)+$/, /^$/)(d) ||
      behind(':dtls', /^:data$/, /^$/)(d) ||
      behind('eth:', /^eth:llc:dtp$/, /^llc:data$/)(d),
  },
  {
    right: 'both',
    reason: 'PIM version 1 and the quoted packet of an extended echo: tshark names a layer more',
    when: (d) => behind(':igmp', /^:pim$/, /^$/)(d) || behind(':icmpv6', /^:icmp$/, /^$/)(d),
  },
  {
    right: 'both',
    reason: 'an EtherType that is nobody’s, with nothing behind it that tshark would call data',
    when: ({ theirs, ours, column }) =>
      column === 'frame.protocols' && theirs === 'eth' && ours === 'eth:ethertype:data',
  },
];

export const excuseOf = (difference: FieldDifference): string | undefined => {
  const found = EXCEPTIONS.find(({ when }) => when(difference));
  return found === undefined ? undefined : `${found.right}: ${found.reason}`;
};
