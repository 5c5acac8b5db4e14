import { ToolError } from '../error.ts';
import { bpf } from './hooks.ts';
import { PacketSource, packets } from './packets/source.ts';
import type { HookSource, SourceOptions } from './source.ts';

export interface SourceChoice extends SourceOptions {
  /** Do without BPF even where it is allowed? */
  readonly withoutBpf?: boolean | undefined;
  /** Is told what will be missing, and why. */
  readonly notice?: ((text: string) => void) | undefined;
}
/** What packets alone tell. */
const POORER = 'journeys are made from packets seen at devices';
/** With the kernel's tracepoints, and without. */
const REASONS = ", and reasons to drop them are those of the kernel's tracepoints";
const NO_REASONS = ': no reasons to drop them but rules of nftables, answers of ICMP and resets';

/** The best way to see packets that there is. */
export function openSource({ withoutBpf = false, notice, ...options }: SourceChoice): HookSource {
  const best = withoutBpf ? undefined : bpf.available();
  if (best?.ok === true) return bpf.open(options);
  const other = packets.available();
  const refused = best === undefined ? '' : `BPF is refused: ${best.why.split('\n')[0]}; `;
  if (!other.ok) {
    const needs =
      'tracing needs CAP_BPF, CAP_PERFMON, CAP_NET_ADMIN and CAP_SYS_ADMIN, or CAP_NET_RAW to see packets at devices';
    throw new ToolError('cannot-trace', `${needs}: ${other.why}`, 'sudo hooktap trace …, or: hooktap doctor');
  }
  const source = new PacketSource(options);
  notice?.(refused + POORER + (source.tellsDrops ? REASONS : NO_REASONS));
  return source;
}
