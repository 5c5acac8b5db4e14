/** Every protocol that hooktap knows: one line each, in no order that matters. */
import type { Protocol } from '../src/dissect/protocol.ts';
import { arp } from './arp.ts';
import { bootstrap } from './dhcp.ts';
import { dns, dnsOverTcp, llmnr, mdns } from './dns.ts';
import { ethernet } from './eth.ts';
import { fileTransfer } from './ftp.ts';
import { gre } from './gre.ts';
import { hypertext } from './http.ts';
import { icmp } from './icmp.ts';
import { icmpv6 } from './icmpv6.ts';
import { igmp } from './igmp.ts';
import { ipv4 } from './ip.ts';
import { ipv6 } from './ipv6.ts';
import { fragmentHeader } from './ipv6-fragment.ts';
import { destinationOptions, hopByHopOptions } from './ipv6-options.ts';
import { routingHeader } from './ipv6-routing.ts';
import { logicalLink } from './llc.ts';
import { lwres } from './lwres.ts';
import { mobilityHeader } from './mipv6.ts';
import { bsdLoopback } from './null.ts';
import { raw, rawVersion } from './raw.ts';
import { redis } from './resp.ts';
import { streaming } from './rtsp.ts';
import { sll, sll2 } from './sll.ts';
import { mailTransfer } from './smtp.ts';
import { secureShell } from './ssh.ts';
import { spanningTree } from './stp.ts';
import { tcp } from './tcp.ts';
import { terminal } from './telnet.ts';
import { transportSecurity } from './tls.ts';
import { udp } from './udp.ts';
import { ieee8021ad, vlan } from './vlan.ts';
import { vxlan } from './vxlan.ts';
import { nickname } from './whois.ts';

export const protocols: readonly Protocol[] = [
  ethernet,
  vlan,
  ieee8021ad,
  ipv4,
  ipv6,
  hopByHopOptions,
  destinationOptions,
  routingHeader,
  fragmentHeader,
  mobilityHeader,
  icmpv6,
  tcp,
  udp,
  logicalLink,
  spanningTree,
  arp,
  gre,
  icmp,
  igmp,
  bsdLoopback,
  raw,
  rawVersion,
  sll,
  sll2,
  vxlan,
  dns,
  dnsOverTcp,
  mdns,
  llmnr,
  lwres,
  bootstrap,
  hypertext,
  transportSecurity,
  mailTransfer,
  fileTransfer,
  nickname,
  streaming,
  secureShell,
  terminal,
  redis,
];
