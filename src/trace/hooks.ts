import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ToolError } from '../error.ts';
import { compileCaptureFilter } from '../filter/capture/compile.ts';
import { BTF, Btf } from '../linux/bpf/btf.ts';
import { linkNetfilter, lookupMapOfEachCpu } from '../linux/bpf/call.ts';
import { LoadedObject, tryProgram } from '../linux/bpf/load.ts';
import { BpfObject } from '../linux/bpf/object.ts';
import { RingBuffer } from '../linux/bpf/ring-buffer.ts';
import { SystemError } from '../linux/failure.ts';
import type { HookEvent } from './event.ts';
import { type Cast, everyPacket, kernelFilter } from './kernel-filter.ts';
import { type Clock, clockOf, DeviceNames, Record } from './record.ts';
import { type BaseChain, mayChangeInput } from './ruleset.ts';
import type { EventBatch, HookSource, HookSourceKind, SourceOptions } from './source.ts';
import { NETFILTER_HOOKS } from './step-name.ts';

const ETHERNET = 1;
const OBJECT = 'hooks.bpf.o';
/** Where struct workplace (hooks.bpf.c) counts. */
const COUNTERS = { events: 24, lost: 32 } as const;
const WORKPLACE = 4264;
/** Bytes: of one batch, and of all that wait to be read. What comes too fast waits there, and is lost only then. */
const [MOST_TOGETHER, MOST_WAITING] = [1 << 20, 1 << 28];

/** BPF programs in the kernel: the usual way, which sees everything. */
export const bpf: HookSourceKind = {
  name: 'BPF',
  available() {
    try {
      tryProgram();
      return { ok: true };
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      return { ok: false, why: error.message, remedy: 'sudo hooktap trace …' };
    }
  },
  open: (options) => Hooks.load(options),
};
/** What BPF programs at the kernel's tracepoints and netfilter hooks tell of the packets that match. */
export class Hooks implements HookSource {
  private readonly ring: RingBuffer;
  private readonly clock: Clock;
  private readonly names = new DeviceNames();
  private readonly batches: { bytes: Uint8Array; lost: number }[] = [];
  /** How many bytes those have. */
  private waiting = 0;

  private constructor(
    private readonly loaded: LoadedObject,
    start: bigint,
  ) {
    this.ring = new RingBuffer(loaded.map('events'), loaded.entries('events'));
    this.clock = clockOf(start);
  }
  /** Loads the programs. Nothing is seen until {@link attach}. `inPlace`: are packets read where they are, if the kernel can? */
  static load({ expression, window, start, stack = false }: Omit<SourceOptions, 'epoch'>, inPlace = true): Hooks {
    const cast = inPlace ? castOf(Btf.kernel()) : undefined;
    const loaded = new LoadedObject(new BpfObject(objectFile()), {
      functions: { matches: filterOf(expression, cast) },
      kernelFunctions: { bpf_rdonly_cast: cast?.function ?? SAME_ADDRESS },
      variables: { '.rodata': constants(window, stack, cast !== undefined) },
    });
    try {
      return new Hooks(loaded, start);
    } catch (error) {
      loaded.close();
      throw error;
    }
  }
  /** The hook points that this kernel has, and those that it lacks or refuses. */
  get points(): { found: string[]; missing: string[] } {
    const found = [...this.loaded.programs.keys()];
    return { found, missing: this.loaded.sections.filter((section) => !found.includes(section)) };
  }
  get gaps(): string[] {
    const { missing } = this.points;
    return missing.length === 0 ? [] : [`this kernel cannot be watched at ${missing.join(', ')}`];
  }
  attach(): void {
    this.loaded.attach();
  }
  /** Netfilter is only watched in namespaces that have rules: it costs each packet there something. */
  watch(_: number, chains: readonly BaseChain[] | undefined): void {
    if (chains !== undefined) this.attachNetfilter(chains);
  }
  /** Links end with their namespace. */
  leave(): void {}
  /** Watches the netfilter hooks of the thread's network namespace, too: before everything that is at them, and behind the last on the way in. */
  private attachNetfilter(chains: readonly BaseChain[]): void {
    for (const [section, priority] of Object.entries(PRIORITIES)) {
      const program = this.loaded.programs.get(section);
      if (program === undefined) continue;
      for (const [family, number] of Object.entries(FAMILIES) as [keyof typeof FAMILIES, number][])
        for (const [hook, name] of NETFILTER_HOOKS.entries())
          if (section !== BEHIND || (name === 'input' && mayChangeInput(chains, family)))
            this.loaded.keep(linkBeside(program, number, hook, priority));
    }
  }
  /** Takes what the kernel has to tell before its memory is full; it is read when there is time. */
  collect(): void {
    while (this.waiting < MOST_WAITING) {
      // One copy of all: events keep views of it.
      const bytes = this.ring.copy(MOST_TOGETHER);
      if (bytes.length === 0) return;
      this.waiting += bytes.length;
      this.batches.push({ bytes, lost: this.counts().lost });
    }
  }
  /** The next events that were collected, the oldest first; undefined when there are none. */
  next(): EventBatch | undefined {
    const batch = this.batches.shift();
    if (batch === undefined) return undefined;
    const { bytes, lost } = batch;
    this.waiting -= bytes.length;
    const places: number[] = [];
    this.ring.each(bytes, (place) => void places.push(place));
    return { each: (visit) => eachInOrder(new Record(bytes, this.clock, this.names), places, visit), lost };
  }
  /** Is there more that was collected? */
  get behind(): boolean {
    return this.batches.length > 0;
  }
  conclusions(): undefined {}
  /** How many events there were, and how many of them were lost. */
  counts(): { events: number; lost: number } {
    let [events, lost] = [0, 0];
    for (const view of lookupMapOfEachCpu(this.loaded.map('workplaces'), WORKPLACE)) {
      events += Number(view.getBigUint64(COUNTERS.events, true));
      lost += Number(view.getBigUint64(COUNTERS.lost, true));
    }
    return { events, lost };
  }
  [Symbol.dispose](): void {
    this.ring.close();
    this.loaded.close();
  }
}
/** Two processors may tell in another order than they saw. */
export function eachInOrder(record: Record, places: number[], visit: (event: HookEvent) => void): void {
  let [last, sorted] = [0, true];
  for (const place of places) {
    const at = record.timeAt(place);
    sorted &&= at >= last;
    last = at;
  }
  if (!sorted) places.sort((a, b) => record.timeAt(a) - record.timeAt(b));
  for (const place of places) {
    record.moveTo(place);
    visit(record);
  }
}
/** AF_INET and AF_INET6: the kernel has links for no other. */
const FAMILIES = { ip: 2, ip6: 10 } as const;
const BEHIND = 'netfilter/behind';
/** By the programs' sections. The kernel keeps the two extremes for itself. */
const PRIORITIES = { netfilter: -0x7fff_ffff, [BEHIND]: 0x7fff_fffe };

/** Another tracer may have the place, or one that ended just now: then the next one further in. */
function linkBeside(program: number, family: number, hook: number, outer: number): number {
  for (let step = 0; ; step++) {
    try {
      return linkNetfilter(program, family, hook, outer - Math.sign(outer) * step);
    } catch (error) {
      if (!(error instanceof SystemError && error.errno === 'EBUSY') || step === MOST_TRACERS) throw error;
    }
  }
}
const MOST_TRACERS = 32;

function filterOf(expression: string, cast: Cast | undefined): Uint8Array {
  if (expression === '') return everyPacket();
  return kernelFilter(compileCaptureFilter(expression, { linkType: ETHERNET, target: 'kernel' }).program, cast);
}
/** Undefined before Linux 6.2. */
function castOf(kernel: Btf): Cast | undefined {
  const [cast, bytes] = [kernel.find(BTF.function, 'bpf_rdonly_cast'), kernel.find(BTF.struct, 'in6_addr')];
  return cast === undefined || bytes === undefined ? undefined : { function: cast, type: bytes };
}
/** `r0 = r1`: what that function does. */
const SAME_ADDRESS = Uint8Array.of(0xbf, 0x10, 0, 0, 0, 0, 0, 0);
/** Arguments of the tracepoint in front of the socket: the tracer's own, packet, code, reason. */
const DROP_ARGUMENTS = 4;
/** The programs' constants, in the order of hooks.bpf.c. */
function constants(window: number, stack: boolean, readsInPlace: boolean): Uint8Array {
  const kernel = Btf.kernel();
  const drop = kernel.find(BTF.typedef, 'btf_trace_kfree_skb');
  const prototype = drop === undefined ? 0 : kernel.resolve(kernel.type(kernel.resolve(drop)).sizeOrType);
  const tellsSocket = kernel.type(prototype).count > DROP_ARGUMENTS;
  return new Uint8Array(Uint32Array.of(window, Number(tellsSocket), Number(stack), Number(readsInPlace)).buffer);
}
/** Beside the sources, and beside what was built of them. */
function objectFile(): Uint8Array {
  const here = dirname(fileURLToPath(import.meta.url));
  for (const folder of [here, join(here, 'bpf'), join(here, '..'), join(here, '..', '..')]) {
    try {
      return readFileSync(join(folder, OBJECT));
    } catch {
      // It is in one of the others.
    }
  }
  throw new ToolError('no-object', `the BPF programs of hooktap (${OBJECT}) are missing`, 'npm run build');
}
