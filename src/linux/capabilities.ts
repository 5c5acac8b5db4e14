import { readFileSync } from 'node:fs';

/** linux/capability.h: those that hooktap has a use for. */
const CAPABILITIES = {
  CAP_NET_ADMIN: 12,
  CAP_NET_RAW: 13,
  CAP_SYS_ADMIN: 21,
  CAP_PERFMON: 38,
  CAP_BPF: 39,
} as const;
export type Capability = keyof typeof CAPABILITIES;

/** The capabilities that the process has and can use. */
export function capabilities(): Set<Capability> {
  const status = readFileSync('/proc/self/status', 'latin1');
  const bits = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)/m.exec(status)?.[1] ?? '0'}`);
  const names = Object.keys(CAPABILITIES) as Capability[];
  return new Set(names.filter((name) => (bits >> BigInt(CAPABILITIES[name])) & 1n));
}
/** `none`, `integrity` or `confidentiality`; undefined where the kernel does not tell. */
export function lockdown(): string | undefined {
  try {
    return /\[(\w+)\]/.exec(readFileSync('/sys/kernel/security/lockdown', 'latin1'))?.[1];
  } catch {
    return undefined;
  }
}
