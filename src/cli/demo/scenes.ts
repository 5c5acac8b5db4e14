import type { Journey } from '../../trace/journey.ts';
import { ADDRESS, type DemoNetwork, FIREWALL, type Host, type Missing, NETWORK_NUMBER } from './network.ts';
import { connect, ping } from './traffic.ts';

/** What is done, as somebody would type it. */
export interface Command {
  readonly host: Host;
  /** `#`: by root. */
  readonly prompt: '#' | '$';
  readonly text: string;
  /** Ends early, with an error, when the signal says so. */
  run(network: DemoNetwork, signal?: AbortSignal): unknown;
}
/** Something that is done to the network, and what is to be seen of it. */
export interface Scene {
  readonly title: string;
  readonly needs?: Missing['part'];
  /** Done before anything is sent. */
  readonly change: readonly Command[];
  readonly traffic: Command;
  /** Which captured lines are shown, and of which devices of a host. */
  readonly packets: RegExp;
  readonly shown: readonly [host: Host, ...devices: string[]];
  /** The packet that it is about. */
  readonly about: (journey: Journey) => boolean;
  /** The packet that tells how it ends, where that is a later one. */
  readonly ends?: (journey: Journey) => boolean;
  /** Without journeys: what a captured line, or a counter of the kernel, gives away. `$1` is what the pattern caught. */
  readonly clues: readonly (readonly [clue: RegExp, means: string])[];
  /** What makes it work again, if it is not a rule to be deleted. */
  readonly mend?: Command;
}
const router = (text: string, run: Command['run']): Command => ({ host: 'router', prompt: '#', text, run });
const asClient = (text: string, run: Command['run']): Command => ({ host: 'client', prompt: '$', text, run });
const pinged = (address: string, more = '', options = {}): Command =>
  asClient(`ping -c 1${more} ${address}`, (network, signal) =>
    ping(network.namespace('client'), address, { ...options, signal }),
  );
const connected = (command: string, address: string, port: number): Command =>
  asClient(command, (network, signal) => connect(network.namespace('client'), address, port, signal));

const isEcho = ({ first }: Journey): boolean => (first.tunnel?.inner ?? first).icmp?.type === 8;
/** TCP takes what opens a connection itself; what comes then is read by a program. */
const isRequest = ({ first, deliveries }: Journey): boolean =>
  first.destinationPort === 80 && (first.tcp?.data ?? 0) > 0 && deliveries.length > 0;
const isSyn = ({ first }: Journey): boolean => first.tcp?.flags === 2;
/** An address that the router expects behind another device. */
const STRANGE = '10.77.2.99';
const SMALL_MTU = 1000;
const OTHER_NUMBER = 43;
const DATABASE = 5432;

export const SCENES: readonly Scene[] = [
  {
    title: 'A web server behind NAT',
    needs: 'nftables',
    change: [],
    traffic: connected(`curl http://${ADDRESS.lan}/`, ADDRESS.lan, 80),
    packets: /\.(80|8080)[ :]/,
    shown: ['router', 'lan', 'web0'],
    about: isSyn,
    ends: isRequest,
    clues: [
      [/^router web0 Out .* > (10\.77\.2\.10)\.(8080): Flags \[P/, 'the router handed it on to $1:$2, which answered'],
    ],
  },
  {
    title: 'A rule that somebody forgot',
    needs: 'nftables',
    change: [
      router(`nft add rule ${FIREWALL} tcp dport ${DATABASE} drop comment "audit"`, ({ rules }) =>
        rules!.run(`add rule ${FIREWALL} tcp dport ${DATABASE} drop comment "audit"`),
      ),
    ],
    traffic: connected(`psql -h ${ADDRESS.db}`, ADDRESS.db, DATABASE),
    packets: /\.5432[ :]/,
    shown: ['router', 'lan', 'db0'],
    about: isSyn,
    clues: [],
  },
  {
    title: 'A port that nobody listens on',
    change: [],
    traffic: connected(`curl http://${ADDRESS.web}:81/`, ADDRESS.web, 81),
    packets: /\.81[ :]/,
    shown: ['web', 'eth0'],
    about: isSyn,
    clues: [[/^web eth0 Out .*Flags \[R/, 'web answered with a reset: no program listens on this port']],
  },
  {
    title: 'A source address that came the wrong way',
    change: [
      router('sysctl net.ipv4.conf.lan.rp_filter=1', (network) =>
        network.set('router', 'net.ipv4.conf.lan.rp_filter', 1),
      ),
      {
        host: 'client',
        prompt: '#',
        text: `ip address add ${STRANGE}/32 dev lo`,
        run: (network) => network.wiring('client').address('lo', `${STRANGE}/32`),
      },
    ],
    traffic: pinged(ADDRESS.web, ` -I ${STRANGE}`, { from: STRANGE }),
    packets: /ICMP/,
    shown: ['router', 'lan', 'br0'],
    about: isEcho,
    clues: [[/^router (IPReversePathFilter)$/, 'dropped by router: it counted $1 (net.ipv4.conf.*.rp_filter)']],
    mend: router('sysctl net.ipv4.conf.lan.rp_filter=0', (network) => {
      network.set('router', 'net.ipv4.conf.lan.rp_filter', 0);
      // Whoever plays the scene again adds it again.
      network.wiring('client').withoutAddress('lo', `${STRANGE}/32`);
    }),
  },
  {
    title: 'A packet that is too big',
    change: [
      router(`ip link set br0 mtu ${SMALL_MTU}`, (network) => network.wiring('router').set('br0', { mtu: SMALL_MTU })),
    ],
    traffic: pinged(ADDRESS.db, ' -M do -s 1200', { size: 1200, fragment: false }),
    packets: /ICMP/,
    shown: ['router', 'lan', 'db0'],
    about: isEcho,
    clues: [
      [
        /^router lan Out .*need to frag \(mtu (\d+)\)/,
        'dropped by router: the next link takes $1 bytes, and it must not be cut',
      ],
    ],
    mend: router('ip link set br0 mtu 1500', (network) => network.wiring('router').set('br0', { mtu: 1500 })),
  },
  {
    title: 'Two ends of a tunnel that do not agree',
    change: [
      {
        host: 'db',
        prompt: '#',
        text: `ip link del vx0; ip link add vx0 type vxlan id ${OTHER_NUMBER} …`,
        run(network) {
          network.wiring('db').remove('vx0');
          network.tunnel('db', OTHER_NUMBER);
        },
      },
    ],
    traffic: {
      host: 'web',
      prompt: '$',
      text: `ping -c 1 ${ADDRESS.overlayDb}`,
      run: (network, signal) => ping(network.namespace('web'), ADDRESS.overlayDb, { signal }),
    },
    packets: /VXLAN/,
    shown: ['db', 'eth0', 'vx0'],
    about: isEcho,
    clues: [[/^db eth0 In .*vni (\d+)/, `it reached db with VNI $1, where the only VXLAN device has ${OTHER_NUMBER}`]],
    mend: {
      host: 'db',
      prompt: '#',
      text: `ip link del vx0; ip link add vx0 type vxlan id ${NETWORK_NUMBER} …`,
      run(network) {
        network.wiring('db').remove('vx0');
        network.tunnel('db', NETWORK_NUMBER);
      },
    },
  },
  {
    title: 'A virtual machine that hangs',
    needs: 'tap',
    change: [
      {
        host: 'router',
        prompt: '#',
        text: 'kill -STOP $(pidof vm)',
        async run(network, signal) {
          network.station('vm')!.kill('SIGSTOP');
          // Its queue has room for two.
          for (let i = 0; i < 3; i++) await ping(network.namespace('client'), ADDRESS.vm, { patience: 20, signal });
        },
      },
    ],
    traffic: pinged(ADDRESS.vm),
    packets: /ICMP/,
    shown: ['router', 'lan', 'tap0'],
    about: isEcho,
    clues: [[/^router (tap0) dropped$/, 'router counted a drop at $1: the program behind it does not read']],
    mend: router('kill -CONT $(pidof vm)', (network) => network.station('vm')!.kill('SIGCONT')),
  },
];
