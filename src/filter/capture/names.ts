import { readFileSync } from 'node:fs';
import { ETHERTYPE, OSI, SAP } from './numbers.ts';
import { SERVICES } from './services.ts';

export interface PortName {
  readonly port: number;
  /** The only transport that has this name, if only one has. */
  readonly transport: 'tcp' | 'udp' | undefined;
}

/** What a text file of the system says, or nothing if it is not there. */
function system(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** The words of each line, comments left out. */
function lines(text: string): string[][] {
  return text
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '')
    .map((line) => line.split(/\s+/));
}

type Ports = Map<string, { tcp?: number; udp?: number }>;

let portTable: Ports | undefined;

/** The names of ports: those of /etc/services, and the usual ones where it lacks them. */
function ports(): Ports {
  if (portTable !== undefined) return portTable;
  const read = (text: string): Ports => {
    const table: Ports = new Map();
    for (const [name, where, ...aliases] of lines(text)) {
      const [number, transport] = (where ?? '').split('/');
      if (name === undefined || (transport !== 'tcp' && transport !== 'udp') || !/^[0-9]{1,5}$/.test(number!)) continue;
      for (const each of [name, ...aliases]) {
        const entry = table.get(each) ?? {};
        entry[transport] ??= Number(number);
        table.set(each, entry);
      }
    }
    return table;
  };
  portTable = new Map([...read(SERVICES), ...read(system('/etc/services'))]);
  return portTable;
}

export function portNames(): Iterable<string> {
  return ports().keys();
}

/** A port by name or number. */
export function portOf(name: string): PortName | undefined {
  if (/^[0-9]{1,9}$/.test(name)) return { port: Number(name), transport: undefined };
  const found = ports().get(name);
  if (found === undefined) return undefined;
  const { tcp, udp } = found;
  // Where the two differ, TCP's number is taken, as libpcap does.
  if (tcp !== undefined) return { port: tcp, transport: udp === undefined ? 'tcp' : udp === tcp ? undefined : 'tcp' };
  return { port: udp!, transport: 'udp' };
}

/** IP protocols by name, as in /etc/protocols of every system. */
const PROTOCOLS = `
ip 0 hopopt|icmp 1|igmp 2|ggp 3|ipencap 4|st 5|tcp 6|egp 8|igp 9|pup 12|udp 17|hmp 20|xns-idp 22|rdp 27|iso-tp4 29|dccp 33|
xtp 36|ddp 37|idpr-cmtp 38|ipv6 41|ipv6-route 43|ipv6-frag 44|idrp 45|rsvp 46|gre 47|esp 50|ah 51|skip 57|ipv6-icmp 58|
ipv6-nonxt 59|ipv6-opts 60|rspf 73|vmtp 81|eigrp 88|ospf 89|ax.25 93|ipip 94|etherip 97|encap 98|pim 103|ipcomp 108|vrrp 112|
l2tp 115|isis 124|sctp 132|fc 133|mobility-header 135|udplite 136|mpls-in-ip 137|manet 138|hip 139|shim6 140|wesp 141|rohc 142`;

let protocolTable: Map<string, number> | undefined;

function protocols(): Map<string, number> {
  if (protocolTable !== undefined) return protocolTable;
  protocolTable = new Map();
  for (const text of [PROTOCOLS.replaceAll('|', '\n'), system('/etc/protocols')]) {
    for (const [name, number, ...aliases] of lines(text)) {
      if (name === undefined || number === undefined || !/^[0-9]{1,3}$/.test(number)) continue;
      for (const each of [name, ...aliases]) protocolTable.set(each, Number(number));
    }
  }
  return protocolTable;
}

export function protocolNames(): Iterable<string> {
  return protocols().keys();
}

export function protocolOf(name: string): number | undefined {
  return protocols().get(name);
}

/** What the link layer may carry, by name. */
export const ETHER_NAMES: ReadonlyMap<string, number> = new Map<string, number>([
  ['aarp', ETHERTYPE.aarp],
  ['arp', ETHERTYPE.arp],
  ['atalk', ETHERTYPE.atalk],
  ['decnet', ETHERTYPE.decnet],
  ['ip', ETHERTYPE.ip],
  ['ip6', ETHERTYPE.ip6],
  ['lat', ETHERTYPE.lat],
  ['lldp', ETHERTYPE.lldp],
  ['loopback', ETHERTYPE.loopback],
  ['mopdl', ETHERTYPE.mopdl],
  ['moprc', ETHERTYPE.moprc],
  ['rarp', ETHERTYPE.rarp],
  ['sca', ETHERTYPE.sca],
  ['slow', ETHERTYPE.slow],
  ['iso', SAP.iso],
  ['stp', SAP.stp],
  ['ipx', SAP.ipx],
  ['netbeui', SAP.netbeui],
]);

export const OSI_NAMES: ReadonlyMap<string, number> = new Map(Object.entries(OSI));

/** The addresses that /etc/hosts has for a name. Nobody else is asked: a filter must not send packets to be understood. */
export function hostsFile(name: string): readonly string[] {
  const wanted = name.toLowerCase();
  const found = lines(system('/etc/hosts')).filter(([, ...names]) =>
    names.some((each) => each.toLowerCase() === wanted),
  );
  return [...new Set(found.map(([address]) => address!))];
}
