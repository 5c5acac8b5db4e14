import { protocols } from '../../dissectors/index.ts';

/** Where hooktap's lines differ from tcpdump's and shall go on doing so. Everything else that differs is a defect of ours. */
export interface Exception {
  /** Below the folder of captures; a regular expression for several files; absent: any. */
  readonly file?: string | RegExp;
  /** Numbers from 1; absent: every packet that `when` matches. */
  readonly packets?: readonly number[];
  readonly when?: (tcpdump: string, hooktap: string) => boolean;
  readonly right: 'hooktap' | 'tcpdump' | 'neither';
  readonly reason: string;
}

/**
 * tcpdump goes by ports, tshark also by looks and by whole messages. So tcpdump has text for payloads in which tshark sees
 * nothing more than TCP or UDP, and by tshark's account the packet has known protocols only. Void once the protocol is registered.
 */
const unknownTo = (protocol: string, text: RegExp, what = protocol): Exception[] =>
  protocols.some((p) => p.name === protocol)
    ? []
    : [
        {
          when: (tcpdump, hooktap) => {
            const at = tcpdump.search(text);
            return at >= 0 && hooktap.startsWith(tcpdump.slice(0, at));
          },
          right: 'tcpdump',
          reason: `${what} is not dissected yet, and tshark does not see it in this packet`,
        },
      ];

export const exceptions: readonly Exception[] = [
  {
    when: (tcpdump, hooktap) => tcpdump.replace(/ \S+ +(?=(In|Out|B|M|P) )/, ' ?     ') === hooktap,
    right: 'hooktap',
    reason:
      'tcpdump prints the names that interface numbers have on the machine that reads; only the file could know them',
  },
  {
    when: (tcpdump) => / bad-len 0$/m.test(tcpdump),
    right: 'hooktap',
    reason:
      'a total length of 0 is a packet of more than 65,535 bytes from segmentation offload; tcpdump learned that after 4.99.3',
  },
  {
    file: 'tcpdump/pcap/LINKTYPE_IPV4_invalid.pcap',
    right: 'tcpdump',
    reason:
      'an IPv6 packet under the link type of IPv4: tcpdump goes by the packet, hooktap as tshark by the link type',
  },
  {
    file: 'libpcap/filter/ipv6_ext_headers.pcap',
    right: 'tcpdump',
    reason: 'more extension headers than hooktap follows',
  },
  {
    file: /^tcpdump\/pcap\/isoclns-heapoverflow/,
    right: 'neither',
    reason: 'an EtherType that is nobody’s: tcpdump reads it as Cisco’s number of the ISO network layer',
  },
  {
    file: 'tcpdump/pcap/ppp_error_hexdump.pcap',
    right: 'tcpdump',
    reason: 'PPP with an unknown protocol number, whose bytes are negotiation after all',
  },
  {
    file: 'tcpdump/pcap/nfs_large_credentials_length.pcap',
    right: 'tcpdump',
    reason: 'with -x, behind credentials longer than memory: tcpdump shows the header of the link layer, too',
  },
  {
    file: 'tcpdump/pcap/atm-oam-loopback-print-overrun.pcap',
    right: 'tcpdump',
    reason: 'the link type of SunATM, which is not read',
  },
  {
    file: 'tcpdump/pcap/ieee802.11_htc.pcap',
    right: 'hooktap',
    reason: 'tcpdump does not know the HT control field, and reads it as the beginning of the logical link',
  },
  {
    file: 'tcpdump/pcap/timestamp_invalid_nano.pcap',
    right: 'hooktap',
    reason: 'nanoseconds beyond a second, in a broken file: hooktap carries them into the seconds',
  },
  ...unknownTo('ahcp', /AHCP/),
  ...unknownTo('babel', /babel \d/),
  ...unknownTo('calm', /CALM FAST/),
  ...unknownTo('gnw', /GeoNet/),
  ...unknownTo('hncp', /hncp/),
  ...unknownTo('lspping', / \[\|lspping\]/),
  ...unknownTo('olsr', /OLSR/),
  ...unknownTo('openflow', /: OpenFlow/),
  ...unknownTo('pgm', /\S+ > \S+: PGM/),
  ...unknownTo('rpkirtr', /(, |\n\t)RPKI-RTR/),
  ...unknownTo('rx', / {2}rx type /),
  ...unknownTo('someip', /SOMEIP/),
  ...unknownTo('wb', /\* wb-| wb-\d+! /),
];

export const exceptionFor = (file: string, packet: number, tcpdump: string, hooktap: string): Exception | undefined =>
  exceptions.find(
    (e) =>
      (e.file === undefined || (typeof e.file === 'string' ? e.file === file : e.file.test(file))) &&
      (e.packets?.includes(packet) ?? true) &&
      (e.when?.(tcpdump, hooktap) ?? true),
  );
