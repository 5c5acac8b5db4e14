import { BTF, type Btf } from './btf.ts';
import { viewOf } from './elf.ts';

/** What an instruction is to say about a type of the running kernel: enum bpf_core_relo_kind. */
const ASKED = { offset: 0, exists: 2, typeNumber: 7 } as const;
/** linux/bpf_common.h */
const CLASS_LOAD_X = 1;
/** A call of no function: whoever comes here is refused. libbpf does the same. */
const POISON = { code: 0x85, function: 195_896_080 } as const;

export interface FieldRequest {
  /** The byte of the section that the instruction begins at. */
  readonly instruction: number;
  /** Of the object's own types. */
  readonly type: number;
  /** `0:1:2`: the numbers of the members, one in the other. */
  readonly path: string;
  readonly asked: number;
}
/** Which fields of kernel structures the instructions of each section want: the third part of `.BTF.ext`. */
export function fieldRequests(extension: Uint8Array, types: Btf): Map<string, FieldRequest[]> {
  const view = viewOf(extension);
  const start = view.getUint32(4, true) + view.getUint32(24, true);
  const end = start + view.getUint32(28, true);
  const found = new Map<string, FieldRequest[]>();
  const size = view.getUint32(start, true);
  for (let at = start + 4; at < end; ) {
    const name = types.text(view.getUint32(at, true));
    const count = view.getUint32(at + 4, true);
    at += 8;
    const requests = Array.from({ length: count }, (_, i) => {
      const word = (n: number) => view.getUint32(at + i * size + n, true);
      return { instruction: word(0), type: word(4), path: types.text(word(8)), asked: word(12) };
    });
    found.set(name, requests);
    at += count * size;
  }
  return found;
}
/** Where the kernel keeps the fields that an object's programs ask for: each is looked for once. */
export class Places {
  private readonly known = new Map<string, number | undefined>();

  constructor(
    private readonly own: Btf,
    private readonly kernel: Btf,
  ) {}
  /** What the kernel counts a type as. */
  numberOf({ type }: FieldRequest): number | undefined {
    const { kind, name } = this.own.type(this.own.resolve(type));
    return this.kernel.find(kind, name);
  }
  of(request: FieldRequest): number | undefined {
    const key = `${request.type} ${request.path}`;
    if (!this.known.has(key)) this.known.set(key, placeOf(request, this.own, this.kernel));
    return this.known.get(key);
  }
}
/** Puts the place that the kernel keeps a field at into the instruction that reads it. */
export function relocate(code: Uint8Array, request: FieldRequest, places: Places): void {
  const view = viewOf(code);
  const at = request.instruction;
  if (request.asked === ASKED.typeNumber) {
    view.setInt32(at + 4, places.numberOf(request) ?? 0, true);
    return;
  }
  const offset = places.of(request);
  if (request.asked === ASKED.exists) view.setInt32(at + 4, offset === undefined ? 0 : 1, true);
  else if (request.asked !== ASKED.offset) throw new Error(`no relocation of kind ${request.asked} is understood`);
  else if (offset === undefined) poison(view, at);
  else if ((view.getUint8(at) & 7) === CLASS_LOAD_X) view.setInt16(at + 2, offset, true);
  else view.setInt32(at + 4, offset, true);
}
function poison(view: DataView, at: number): void {
  view.setUint8(at, POISON.code);
  view.setUint8(at + 1, 0);
  view.setInt16(at + 2, 0, true);
  view.setInt32(at + 4, POISON.function, true);
}
/** The distance from the start of the structure in bytes; undefined where the kernel has no such field. */
function placeOf({ type, path }: FieldRequest, own: Btf, kernel: Btf): number | undefined {
  const [first, ...numbers] = path.split(':').map(Number);
  const start = own.resolve(type);
  // `name___why` stands for `name`: two descriptions of one structure, for two kernels.
  const name = own.type(start).name.replace(/___.*$/, '');
  const theirs = kernel.find(own.type(start).kind, name);
  if (first !== 0 || theirs === undefined) return undefined;
  let [here, there, bits] = [start, theirs, 0];
  for (const number of numbers) {
    if (own.type(here).kind === BTF.array) {
      [here, there] = [own, kernel].map((types, i) => types.resolve(types.array([here, there][i]!).type)) as [
        number,
        number,
      ];
      bits += 8 * number * kernel.size(there);
      continue;
    }
    const member = own.members(here)[number]!;
    here = own.resolve(member.type);
    // What is in a union without a name is found through it.
    if (member.name === '') continue;
    const found = kernel.memberOf(there, member.name);
    if (found === undefined) return undefined;
    bits += found.offset;
    there = kernel.resolve(found.type);
  }
  return bits >>> 3;
}
