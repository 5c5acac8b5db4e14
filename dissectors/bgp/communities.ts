/** tcpdump's text of extended communities (RFC 4360, and IANA's registry of them). */
import type { Line } from '../../src/dissect/line.ts';
import { ENCAPSULATIONS } from '../names/l2vpn.ts';
import { dotted, flagNames, hex, megabits, nameOf, say } from '../say.ts';
import type { AttributeText } from './attributes.ts';

type Text = (w: Line, at: number) => void;
const FLAGS = [
  [0x8000, 'vendor-specific'],
  [0x4000, 'non-transitive'],
] as const;
const OSPF_ROUTES: Readonly<Record<number, string>> = {
  1: 'Router',
  2: 'Network',
  3: 'Summary',
  5: 'External',
  7: 'NSSA External',
  129: 'MPLS-VPN Sham',
};
/** RFC 5512 and its successors. */
const TUNNELS: Readonly<Record<number, string>> = {
  1: 'L2TPv3 over IP',
  2: 'GRE',
  3: 'Transmit Tunnel',
  4: 'IPsec',
  5: 'IP in IP with IPsec',
  6: 'MPLS in IP with IPsec',
  7: 'IP in IP',
  8: 'VXLAN',
  9: 'NVGRE',
  10: 'MPLS',
  11: 'MPLS in GRE',
  12: 'VXLAN GPE',
  13: 'MPLS in UDP',
  14: 'IPv6',
  15: 'SR TE',
  16: 'Bare',
  17: 'SR',
};
const system2: Text = (w, at) => say(w, w.u16(at + 2), ':', w.u32(at + 4), ' (= ', dotted(w, at + 4), ')');
const address: Text = (w, at) => say(w, dotted(w, at + 2), ':', w.u16(at + 6));
const system4: Text = (w, at) => say(w, w.u32(at + 2), ':', w.u16(at + 6));
const router: Text = (w, at) => say(w, dotted(w, at + 2));
const routeType: Text = (w, at) => {
  const type = w.u8(at + 6);
  say(w, 'area:', dotted(w, at + 2), ', router-type:', OSPF_ROUTES[type] ?? `unknown (0x${hex(type, 2)})`);
  say(w, ', metric-type:', (w.u8(at + 7) & 1) !== 0 ? 'E2' : '', type === 5 || type === 7 ? 'E1' : '');
};
const bytes: Text = (w, at) => w.hexAt(at + 2, 6);
const KINDS: Readonly<Record<number, readonly [name: string, text: Text]>> = {
  2: ['target', system2],
  258: ['target', address],
  514: ['target', system4],
  3: ['origin', system2],
  259: ['origin', address],
  515: ['origin', system4],
  16388: ['link-BW', (w, at) => say(w, 'bandwidth: ', megabits(w, at + 4))],
  5: ['ospf-domain', router],
  261: ['ospf-domain', router],
  517: ['ospf-domain', router],
  32773: ['ospf-domain', router],
  774: ['ospf-route-type', routeType],
  32768: ['ospf-route-type', routeType],
  780: ['encapsulation', (w, at) => say(w, 'Tunnel type: ', nameOf(TUNNELS, w.u16(at + 6), 'unknown encaps'))],
  263: ['ospf-router-id', router],
  32769: ['ospf-router-id', router],
  32778: [
    'layer2-info',
    (w, at) => {
      say(w, nameOf(ENCAPSULATIONS, w.u8(at + 2), 'unknown encaps'), ' Control Flags [0x', hex(w.u8(at + 3), 2));
      say(w, ']:MTU ', w.u16(at + 4));
    },
  ],
  34816: ['eigrp-general-route (flag, tag)', bytes],
  34817: ['eigrp-route-metric (AS, delay)', bytes],
  34818: ['eigrp-route-metric (reliability, nexthop, bandwidth)', bytes],
  34819: ['eigrp-route-metric (load, MTU)', bytes],
  34820: ['eigrp-external-route (remote-AS, remote-ID)', bytes],
  34821: ['eigrp-external-route (remote-proto, remote-metric)', bytes],
  9: ['source-AS', (w, at) => say(w, 'AS ', w.u16(at + 2))],
  267: ['vrf-route-import', address],
  10: ['l2vpn-id', system2],
  61706: ['l2vpn-id', address],
};
export const extendedText: AttributeText = (w, from, length) => {
  if (length % 8 !== 0) {
    w.str('invalid len');
    return true;
  }
  for (let at = from; at < from + length && !w.cut; at += 8) {
    if (!w.has(at, 2)) return false;
    const kind = w.u16(at);
    const [name, text] = KINDS[kind] ?? ['unknown extd community typecode', bytes];
    say(w, '\n\t    ', name, ' (0x', hex(kind, 4), '), Flags [', flagNames(FLAGS, kind, 'none'), ']');
    if (!w.has(at, 8)) return false;
    w.str(': ');
    text(w, at);
  }
  return true;
};
