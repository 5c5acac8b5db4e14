import { closeSync } from 'node:fs';
import { ToolError } from '../../error.ts';
import { SystemError } from '../failure.ts';
import { BTF, Btf } from './btf.ts';
import { createMap, freezeMap, loadProgram, openTracepoint, PROGRAM, updateMap } from './call.ts';
import { viewOf } from './elf.ts';
import type { BpfObject, BpfProgram } from './object.ts';
import { Places, relocate } from './relocate.ts';
import { Splice } from './splice.ts';

/** linux/bpf.h: what the second register of an instruction says of its constant. */
const SOURCE = { mapDescriptor: 1, mapValue: 2, program: 1, kernel: 2 } as const;
const CALL = 0x85;
const TRACEPOINT = 'tp_btf/';
/** The tracepoint's arguments, as the kernel describes them. */
const ARGUMENTS = 'btf_trace_';
/** How a kernel says that a program is of a kind, or does something, that it does not know. */
const UNKNOWN_TO_KERNEL: ReadonlySet<string> = new Set(['EINVAL', 'EACCES', 'ENOENT', 'EOPNOTSUPP']);
const ZERO = new Uint8Array(4);

export interface LoadOptions {
  /** Functions that the programs call and do not have: their instructions. */
  readonly functions: Readonly<Record<string, Uint8Array>>;
  /** The kernel's own that they call: the types that these are of, or else the one instruction that does without. */
  readonly kernelFunctions?: Readonly<Record<string, number | Uint8Array>>;
  /** First values of the programs' variables, by the name of the section. */
  readonly variables: Readonly<Record<string, Uint8Array>>;
}

/** Programs and maps in the kernel. All of it goes with its descriptors: by {@link close}, or with the process. */
export class LoadedObject {
  readonly maps = new Map<string, number>();
  /** By section. */
  readonly programs = new Map<string, number>();
  /** Why the kernel took some programs not, by section: older ones know less. */
  readonly refused = new Map<string, SystemError>();
  private readonly links: number[] = [];
  private readonly places: Places;

  constructor(
    private readonly object: BpfObject,
    private readonly options: LoadOptions,
    private readonly kernel: Btf = Btf.kernel(),
  ) {
    this.places = new Places(object.types, kernel);
    try {
      for (const map of object.maps) this.make(map);
      for (const program of object.programs) this.tryLoad(program);
      const [first] = this.refused.values();
      if (this.programs.size === 0 && first !== undefined) throw first;
    } catch (error) {
      this.close();
      throw error;
    }
  }
  private make({ name, shape, content }: BpfObject['maps'][number]): void {
    const fd = createMap(shape, name);
    this.maps.set(name, fd);
    const first = this.options.variables[name] ?? content;
    if (first === undefined) return;
    updateMap(fd, ZERO, first);
    if (name === '.rodata') freezeMap(fd);
  }
  private tryLoad(program: BpfProgram): void {
    try {
      this.load(program);
    } catch (error) {
      if (!(error instanceof SystemError) || !UNKNOWN_TO_KERNEL.has(error.errno)) throw error;
      this.refused.set(program.section, error);
    }
  }
  /** Leaves out tracepoints that the kernel does not have. */
  private load(program: BpfProgram): void {
    const { section } = program;
    const tracepoint = section.startsWith(TRACEPOINT) ? section.slice(TRACEPOINT.length) : undefined;
    const target = tracepoint === undefined ? 0 : this.kernel.find(BTF.typedef, ARGUMENTS + tracepoint);
    if (target === undefined) return;
    const kind = tracepoint === undefined ? PROGRAM.netfilter : PROGRAM.tracepoint;
    const { license } = this.object;
    const instructions = this.link(program);
    this.programs.set(section, loadProgram({ name: tracepoint ?? section, kind, license, instructions, target }));
  }
  /** The program's code with everything that was left open filled in, and the functions that it calls behind it. */
  private link({ code, symbols, fields }: BpfProgram): Uint8Array {
    const own = new Uint8Array(code);
    for (const request of fields) relocate(own, request, this.places);
    const spliced = new Splice(own);
    const calls: { offset: number; name: string; body: Uint8Array }[] = [];
    const view = viewOf(own);
    for (const { offset, symbol } of symbols) {
      if (view.getUint8(offset) !== CALL) {
        this.pointAtMap(view, offset, symbol);
        continue;
      }
      const ofKernel = this.options.kernelFunctions?.[symbol.name];
      if (ofKernel !== undefined) {
        callKernel(own, offset, ofKernel);
        continue;
      }
      const body = this.options.functions[symbol.name];
      if (body === undefined)
        throw new ToolError('bad-object', `a BPF program calls "${symbol.name}", which is nowhere`);
      if (!spliced.put(offset, body)) calls.push({ offset, name: symbol.name, body });
    }
    const whole = spliced.code;
    return Buffer.concat([whole, ...callAll(whole, calls)]);
  }
  private pointAtMap(view: DataView, at: number, symbol: { name: string; section: number; value: number }): void {
    const map = this.object.maps.find(
      ({ name, section, content }) => section === symbol.section && (content !== undefined || name === symbol.name),
    );
    const fd = map === undefined ? undefined : this.maps.get(map.name);
    if (map === undefined || fd === undefined)
      throw new ToolError('bad-object', `a BPF program uses "${symbol.name}", which is nowhere`, 'npm run build:bpf');
    const kind = map.content === undefined ? SOURCE.mapDescriptor : SOURCE.mapValue;
    view.setUint8(at + 1, (view.getUint8(at + 1) & 0x0f) | (kind << 4));
    if (map.content !== undefined) view.setInt32(at + 12, view.getInt32(at + 4, true) + symbol.value, true);
    view.setInt32(at + 4, fd, true);
  }
  /** Lets every program run at its tracepoint. */
  attach(): void {
    for (const [section, fd] of this.programs)
      if (section.startsWith(TRACEPOINT)) this.links.push(openTracepoint(fd, section.slice(TRACEPOINT.length)));
  }
  /** Something else that is to end with the programs. */
  keep(link: number): void {
    this.links.push(link);
  }
  get sections(): string[] {
    return this.object.programs.map(({ section }) => section);
  }
  /** How many elements a map has room for; bytes, where it is a ring buffer. */
  entries(name: string): number {
    return this.object.maps.find((map) => map.name === name)!.shape.entries;
  }
  map(name: string): number {
    return this.maps.get(name)!;
  }
  close(): void {
    for (const fd of [...this.links, ...this.programs.values(), ...this.maps.values()]) closeSync(fd);
    this.links.length = 0;
    this.programs.clear();
    this.maps.clear();
  }
}

/** Lets the calls find their functions behind the program; returns those, each once. */
function callAll(code: Uint8Array, calls: readonly { offset: number; name: string; body: Uint8Array }[]): Uint8Array[] {
  const view = viewOf(code);
  const starts = new Map<string, number>();
  const parts: Uint8Array[] = [];
  let end = code.length;
  for (const { offset, name, body } of calls) {
    if (!starts.has(name)) {
      starts.set(name, end);
      parts.push(body);
      end += body.length;
    }
    view.setUint8(offset + 1, SOURCE.program << 4);
    view.setInt32(offset + 4, (starts.get(name)! - offset) / 8 - 1, true);
  }
  return parts;
}
function callKernel(code: Uint8Array, at: number, called: number | Uint8Array): void {
  if (typeof called === 'number') {
    code[at + 1] = SOURCE.kernel << 4;
    viewOf(code).setInt32(at + 4, called, true);
  } else code.set(called, at);
}

/** The smallest program there is: returns 0. */
const NOTHING = Uint8Array.of(0xb7, 0, 0, 0, 0, 0, 0, 0, 0x95, 0, 0, 0, 0, 0, 0, 0);
const ANY_TRACEPOINT = 'btf_trace_kfree_skb';
/** May programs for tracepoints be loaded? Throws what keeps us from it. */
export function tryProgram(): void {
  const target = Btf.kernel().find(BTF.typedef, ANY_TRACEPOINT);
  if (target === undefined) throw new ToolError('no-tracepoint', 'the kernel has no tracepoint for dropped packets');
  closeSync(loadProgram({ name: 'nothing', kind: PROGRAM.tracepoint, license: 'GPL', instructions: NOTHING, target }));
}
