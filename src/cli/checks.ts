import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { release } from 'node:os';
import { ToolError } from '../error.ts';
import { Btf } from '../linux/bpf/btf.ts';
import { type Capability, capabilities, lockdown } from '../linux/capabilities.ts';
import { Conntrack } from '../linux/conntrack.ts';
import { ffi } from '../linux/library.ts';
import { allNamespaces, inNamespace } from '../linux/namespace.ts';
import { NftTrace } from '../linux/nft-trace.ts';
import { Nftables } from '../linux/nftables.ts';
import { tryPacketSocket } from '../linux/packet-ring.ts';
import { dropReasons, Symbols } from '../linux/symbols.ts';
import { Hooks } from '../trace/hooks.ts';
import { Tracepoints } from '../trace/packets/tracepoints.ts';

/** What was found; `remedy`: the one command that mends it. */
export interface Result {
  readonly works: boolean;
  readonly found: string;
  readonly remedy?: string | undefined;
}
/** One part of the machine that something of hooktap needs. */
export interface Check {
  readonly name: string;
  /** What it is good for. */
  readonly shows: string;
  /** Throws what keeps it from working. */
  look(): Result | Promise<Result>;
}
const works = (found: string): Result => ({ works: true, found });
const broken = (found: string, remedy?: string): Result => ({ works: false, found, remedy });
const ROOT = 'sudo hooktap doctor';

export const CHECKS: readonly Check[] = [
  {
    name: 'kernel',
    shows: 'everything here',
    look: () => works(`Linux ${release()} on ${process.arch}`),
  },
  {
    name: 'koffi',
    shows: 'all that calls the system: capturing, tracing, network namespaces',
    look: () => works(`version ${ffi().version}`),
  },
  {
    name: 'capabilities',
    shows:
      'CAP_NET_RAW: capturing; CAP_NET_ADMIN: rules; CAP_SYS_ADMIN: other namespaces; CAP_BPF and CAP_PERFMON: tracing',
    look: missingCapabilities,
  },
  {
    name: 'packet rings',
    shows: 'hooktap capture',
    look() {
      tryPacketSocket();
      return works('packets can be captured');
    },
  },
  { name: 'namespaces', shows: '--netns, and journeys across namespaces', look: namespaces },
  {
    name: 'BTF',
    shows: "tracing with BPF: where this kernel keeps the packets' fields, and what it calls its reasons to drop them",
    look() {
      Btf.kernel();
      return works(`the kernel describes its types, and ${dropReasons().size} reasons to drop packets`);
    },
  },
  { name: 'BPF', shows: 'hooktap trace: every packet at every hook point', look: bpf },
  {
    name: 'trace without BPF',
    shows: 'hooktap trace where BPF is refused: journeys made from packets seen at devices',
    look: withoutBpf,
  },
  {
    name: 'netfilter hooks',
    shows: 'what NAT and rules change in a packet, step by step; needs Linux 6.4',
    look: netfilter,
  },
  {
    name: 'tracefs',
    shows: "hooktap trace where BPF is refused: the kernel's reasons to drop packets",
    look() {
      new Tracepoints().close();
      return works("the kernel's tracepoints tell why packets are dropped");
    },
  },
  {
    name: 'kernel symbols',
    shows: 'the function of the kernel that dropped or took a packet',
    look: async () =>
      (await Symbols.read()).known
        ? works('the addresses of functions are told')
        : broken(
            'the addresses of functions are hidden',
            hiddenFrom() === 'everybody' ? 'sudo sysctl kernel.kptr_restrict=1' : ROOT,
          ),
  },
  { name: 'lockdown', shows: 'what the kernel forbids even to root', look: locked },
  {
    name: 'libnftables',
    shows: 'the text of the rule that dropped a packet',
    look() {
      const nftables = Nftables.open();
      try {
        if (!capabilities().has('CAP_NET_ADMIN')) return broken('CAP_NET_ADMIN is missing', ROOT);
        nftables.run('list tables');
        return works('rules can be read');
      } finally {
        nftables.close();
      }
    },
  },
  {
    name: 'nft trace',
    shows: 'which rules a packet met',
    look() {
      NftTrace.open().close();
      if (!capabilities().has('CAP_NET_ADMIN')) return broken('CAP_NET_ADMIN is missing', ROOT);
      return works('nftables can tell');
    },
  },
  {
    name: 'conntrack',
    shows: 'which connection a packet belongs to, before and behind NAT',
    look: () =>
      existsSync('/proc/sys/net/netfilter')
        ? works('connections are tracked where a rule asks for it')
        : broken('the kernel does not track connections', 'sudo modprobe nf_conntrack'),
  },
];

/** With 1, whoever has CAP_SYSLOG is told; with 2 nobody is (Documentation/admin-guide/sysctl/kernel.rst). */
function hiddenFrom(): 'everybody' | 'users' {
  return readFileSync('/proc/sys/kernel/kptr_restrict', 'latin1').trim() === '2' ? 'everybody' : 'users';
}
function missingCapabilities(): Result {
  const have = capabilities();
  const wanted: Capability[] = ['CAP_NET_RAW', 'CAP_NET_ADMIN', 'CAP_SYS_ADMIN', 'CAP_BPF', 'CAP_PERFMON'];
  const missing = wanted.filter((name) => !have.has(name));
  return missing.length === 0 ? works(wanted.join(', ')) : broken(`missing: ${missing.join(', ')}`, ROOT);
}
function namespaces(): Result {
  const found = allNamespaces();
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).length;
  const other = found[1];
  if (other === undefined) return works(`only one is to be seen, by ${processes} processes`);
  inNamespace(other, () => undefined);
  return works(`${found.length} to be seen, and to be entered`);
}
/** Loads the programs, which attaches nothing. */
function loaded<T>(body: (hooks: Hooks) => T): T {
  using hooks = Hooks.load({ expression: '', window: 64, start: 0n });
  return body(hooks);
}
function bpf(): Result {
  return loaded(({ points: { found, missing } }) => {
    const lacking = missing.length === 0 ? '' : `; this kernel lacks ${missing.map(pointName).join(', ')}`;
    return works(`${found.length} of ${found.length + missing.length} hook points${lacking}`);
  });
}
/** With these chains, every hook is watched in front and behind. */
const EVERYWHERE = ['nat', 'filter'].map((type) => ({
  family: 'inet',
  table: '',
  name: '',
  type,
  hook: 'forward',
  devices: [],
}));
function netfilter(): Result {
  return loaded((hooks) => {
    if (hooks.points.missing.includes('netfilter')) return broken('this kernel has no BPF programs for netfilter');
    hooks.watch(0, EVERYWHERE);
    return works('IPv4 and IPv6, in front of all rules and behind them');
  });
}
/** What is left of tracing without BPF, in this namespace. */
function withoutBpf(): Result {
  tryPacketSocket();
  const parts: [what: string, open: () => { close(): void }, remedy: string][] = [
    ['rules of nftables', () => NftTrace.open(), 'sudo apt-get install libnftables1'],
    ['connections', () => Conntrack.open(), 'sudo modprobe nf_conntrack_netlink'],
  ];
  const missing = parts.filter(([, open]) => !opens(open));
  const found = parts.filter((part) => !missing.includes(part)).map(([what]) => what);
  const seen = ['packets at devices', ...found].join(', ');
  const [first] = missing;
  if (first === undefined) return works(seen);
  return broken(`${seen}, but no ${missing.map(([what]) => what).join(', no ')}`, first[2]);
}
function opens(open: () => { close(): void }): boolean {
  try {
    open().close();
    return true;
  } catch (error) {
    if (error instanceof ToolError) return false;
    throw error;
  }
}
const pointName = (section: string): string => section.replace(/^tp_btf\//, '');

function locked(): Result {
  const state = lockdown();
  if (state === undefined) return works('not told: /sys/kernel/security is not mounted, or not for you');
  if (state === 'none') return works('the kernel is not locked down');
  if (state === 'integrity') return works('integrity: kprobes and fentry are refused, which hooktap does without');
  return broken(`${state}: BPF may not read what the kernel has`, 'boot without lockdown=confidentiality');
}
