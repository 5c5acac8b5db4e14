/** Every protocol that hooktap knows: one line each, in no order that matters. */
import type { Protocol } from '../src/dissect/protocol.ts';
import { authenticationHeader } from './ah.ts';
import { arp } from './arp.ts';
import { atm } from './atm.ts';
import { forwardingDetection, forwardingEcho } from './bfd.ts';
import { borderGateway } from './bgp.ts';
import { can, canCooked, canFlexible } from './can.ts';
import { ciscoDiscovery } from './cdp.ts';
import { characterGenerator } from './chargen.ts';
import { ciscoHdlc } from './chdlc.ts';
import { firstStun } from './classicstun.ts';
import { connectionlessNetwork } from './clnp.ts';
import { dropboxDiscovery } from './db-lsp.ts';
import { dccp } from './dccp.ts';
import { bootstrap } from './dhcp.ts';
import { configuration6 } from './dhcpv6.ts';
import { dns, dnsOverTcp, llmnr, mdns } from './dns.ts';
import { datagramSecurity } from './dtls.ts';
import { dynamicTrunking } from './dtp.ts';
import { extensibleAuthentication } from './eap.ts';
import { eapOverLan } from './eapol.ts';
import { enhancedGateway } from './eigrp.ts';
import { erspan } from './erspan.ts';
import { endSystemRouting } from './esis.ts';
import { securityPayload } from './esp.ts';
import { ethernet } from './eth.ts';
import { fileTransfer } from './ftp.ts';
import { fileData } from './ftp-data.ts';
import { geneve } from './geneve.ts';
import { gre, greInUdp } from './gre.ts';
import { gprsTunnel } from './gtp.ts';
import { gtpControl, gtpOfVersion2, gtpv2 } from './gtpv2.ts';
import { hotStandby } from './hsrp.ts';
import { hypertext } from './http.ts';
import { icmp } from './icmp.ts';
import { icmpv6 } from './icmpv6.ts';
import { igmp } from './igmp.ts';
import { messageAccess } from './imap.ts';
import { ipv4 } from './ip.ts';
import { compressedPayload } from './ipcomp.ts';
import { ipv6 } from './ipv6.ts';
import { fragmentHeader } from './ipv6-fragment.ts';
import { destinationOptions, hopByHopOptions } from './ipv6-options.ts';
import { routingHeader } from './ipv6-routing.ts';
import { keyExchange } from './isakmp.ts';
import { intermediateSystems, isisComplete, isisHello, isisLinkState, isisPartial } from './isis.ts';
import { kerberosMessages } from './kerberos.ts';
import { layerTwoTunnel, layerTwoTunnelOnIp } from './l2tp.ts';
import { labelDistribution } from './ldp.ts';
import { logicalLink } from './llc.ts';
import { linkDiscovery } from './lldp.ts';
import { lwres } from './lwres.ts';
import { mobilityHeader } from './mipv6.ts';
import { labelStack } from './mpls.ts';
import { messageQueue } from './mqtt.ts';
import { datagramService } from './nbdgm.ts';
import { nameService } from './nbns.ts';
import { sessionService } from './nbss.ts';
import { netlink } from './netlink.ts';
import { netfilterNetlink } from './netlink-netfilter.ts';
import { routeNetlink } from './netlink-route.ts';
import { netfilterLog } from './nflog.ts';
import { networkFiles } from './nfs.ts';
import { networkService } from './nsh.ts';
import { networkTime } from './ntp.ts';
import { bsdLoopback } from './null.ts';
import { isoNetwork } from './osi.ts';
import { openShortestPath } from './ospf.ts';
import { multicastRouting } from './pim.ts';
import { postOffice } from './pop.ts';
import { pointToPoint, serialPointToPoint } from './ppp.ts';
import {
  challengeHandshake,
  compressionControl,
  ipControl,
  ipv6Control,
  linkControl,
  passwordAuthentication,
} from './ppp-control.ts';
import { pppoeDiscovery, pppoeSession } from './pppoe.ts';
import { avs, prism } from './prism.ts';
import { pseudowire, pseudowireGuess } from './pseudowire.ts';
import { precisionTime } from './ptp.ts';
import { quicTransport } from './quic.ts';
import { radioInformation, radiotap } from './radiotap.ts';
import { remoteAuthentication } from './radius.ts';
import { raw } from './raw.ts';
import { redis } from './resp.ts';
import { routingInformation } from './rip.ts';
import { routingInformation6 } from './ripng.ts';
import { remoteCall } from './rpc.ts';
import { realTimeControl } from './rtcp.ts';
import { realTime } from './rtp.ts';
import { streaming } from './rtsp.ts';
import { sctp } from './sctp.ts';
import { sessionDescription } from './sdp.ts';
import { sessionInitiation } from './sip.ts';
import { serialLineArp } from './slarp.ts';
import { sll, sll2 } from './sll.ts';
import { aggregationMarker, linkAggregation, linkMaintenance, slowProtocols } from './slow.ts';
import { mailTransfer } from './smtp.ts';
import { networkManagement } from './snmp.ts';
import { serviceDiscovery } from './ssdp.ts';
import { secureShell } from './ssh.ts';
import { spanningTree } from './stp.ts';
import { natTraversal } from './stun.ts';
import { systemLog } from './syslog.ts';
import { tcp } from './tcp.ts';
import { terminal } from './telnet.ts';
import { trivialTransfer } from './tftp.ts';
import { transportSecurity } from './tls.ts';
import { isoTransport } from './tpkt.ts';
import { unidirectionalLink } from './udld.ts';
import { udp } from './udp.ts';
import { encapsulatedIpsec } from './udpencap.ts';
import { udpLite } from './udplite.ts';
import { ieee8021ad, vlan } from './vlan.ts';
import { routerRedundancy } from './vrrp.ts';
import { vxlan } from './vxlan.ts';
import { vxlanGpe } from './vxlan-gpe.ts';
import { nickname } from './whois.ts';
import { wireGuard } from './wireguard.ts';
import { wirelessLan } from './wlan.ts';

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
  sctp,
  securityPayload,
  authenticationHeader,
  compressedPayload,
  logicalLink,
  spanningTree,
  arp,
  gre,
  greInUdp,
  dccp,
  labelStack,
  pseudowireGuess,
  pseudowire,
  pointToPoint,
  serialPointToPoint,
  linkControl,
  ipControl,
  ipv6Control,
  compressionControl,
  passwordAuthentication,
  challengeHandshake,
  pppoeDiscovery,
  pppoeSession,
  ciscoHdlc,
  serialLineArp,
  icmp,
  igmp,
  bsdLoopback,
  raw,
  can,
  canCooked,
  canFlexible,
  netlink,
  routeNetlink,
  netfilterNetlink,
  netfilterLog,
  eapOverLan,
  extensibleAuthentication,
  prism,
  avs,
  radiotap,
  radioInformation,
  wirelessLan,
  sll,
  sll2,
  vxlan,
  vxlanGpe,
  geneve,
  networkService,
  erspan,
  gprsTunnel,
  gtpControl,
  gtpOfVersion2,
  gtpv2,
  layerTwoTunnel,
  layerTwoTunnelOnIp,
  wireGuard,
  udpLite,
  dns,
  dnsOverTcp,
  mdns,
  llmnr,
  lwres,
  keyExchange,
  encapsulatedIpsec,
  kerberosMessages,
  remoteCall,
  networkFiles,
  bootstrap,
  hypertext,
  transportSecurity,
  datagramSecurity,
  mailTransfer,
  fileTransfer,
  nickname,
  streaming,
  secureShell,
  terminal,
  redis,
  hotStandby,
  routerRedundancy,
  precisionTime,
  multicastRouting,
  networkTime,
  forwardingDetection,
  forwardingEcho,
  routingInformation,
  routingInformation6,
  enhancedGateway,
  openShortestPath,
  linkDiscovery,
  aggregationMarker,
  linkAggregation,
  linkMaintenance,
  slowProtocols,
  ciscoDiscovery,
  unidirectionalLink,
  dynamicTrunking,
  borderGateway,
  isoNetwork,
  connectionlessNetwork,
  endSystemRouting,
  intermediateSystems,
  isisHello,
  isisLinkState,
  isisComplete,
  isisPartial,
  labelDistribution,
  networkManagement,
  characterGenerator,
  configuration6,
  dropboxDiscovery,
  fileData,
  messageAccess,
  messageQueue,
  datagramService,
  nameService,
  sessionService,
  postOffice,
  quicTransport,
  remoteAuthentication,
  atm,
  sessionInitiation,
  sessionDescription,
  serviceDiscovery,
  natTraversal,
  realTime,
  realTimeControl,
  firstStun,
  systemLog,
  trivialTransfer,
  isoTransport,
];
