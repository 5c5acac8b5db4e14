import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { ToolError } from '../../error.ts';
import { SystemError } from '../failure.ts';
import { Mapping } from '../mapping.ts';

/** BTF_KIND_ numbers (linux/btf.h). */
export const BTF = {
  int: 1,
  pointer: 2,
  array: 3,
  struct: 4,
  union: 5,
  enumeration: 6,
  typedef: 8,
  volatile: 9,
  const: 10,
  restrict: 11,
  function: 12,
  variable: 14,
  section: 15,
  tag: 18,
  enumeration64: 19,
} as const;
/** In words of four bytes: what every type has. */
const LEAST_WORDS = 3;
/** Words behind those: so many, and so many for each of its members. */
const TAIL: Readonly<Record<number, readonly [fixed: number, each: number]>> = {
  1: [1, 0],
  3: [3, 0],
  4: [0, 3],
  5: [0, 3],
  6: [0, 2],
  13: [0, 2],
  14: [1, 0],
  15: [0, 3],
  17: [1, 0],
  19: [0, 3],
};
const [FIXED, EACH] = [0, 1].map((i) => Uint8Array.from({ length: 32 }, (_, kind) => TAIL[kind]?.[i] ?? 0)) as [
  Uint8Array,
  Uint8Array,
];
const MAGIC = 0xeb9f;
const KERNEL = '/sys/kernel/btf/vmlinux';

export interface Member {
  readonly name: string;
  readonly type: number;
  /** In bits, from the start of the structure. */
  readonly offset: number;
}
export interface BtfType {
  readonly kind: number;
  readonly name: string;
  /** How many members it has. */
  readonly count: number;
  /** Its size in bytes, or the type that it refers to, as the kind demands. */
  readonly sizeOrType: number;
}

let kernel: Btf | undefined;

/** Types as the kernel and compilers describe them: Documentation/bpf/btf.rst. */
export class Btf {
  private readonly words: Uint32Array;
  private readonly strings: Buffer;
  /** The types of a kind by their names, in one number each; made when one of the kind is looked for. */
  private readonly named = new Map<number, Map<number, number[]>>();
  /** Where each type begins, in words; how many there are. */
  private readonly places: Uint32Array;
  private readonly count: number;

  constructor(bytes: Uint8Array) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.length < 24 || view.getUint16(0, true) !== MAGIC)
      throw new ToolError('bad-btf', 'a description of types (BTF) does not begin as one');
    const at = view.getUint32(4, true);
    const word = (i: number) => view.getUint32(i, true);
    const types = bytes.subarray(at + word(8), at + word(8) + word(12));
    // Of a file of the kernel's it lies at a multiple of four, and is not copied; BPF objects are little-endian, as we are.
    const aligned = types.byteOffset % 4 === 0 ? types : new Uint8Array(types);
    this.words = new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength >>> 2);
    this.strings = Buffer.from(bytes.buffer, bytes.byteOffset + at + word(16), word(20));
    this.places = new Uint32Array(this.words.length / LEAST_WORDS + 1);
    this.count = this.findPlaces();
  }
  /** A hundred thousand types in a few milliseconds: nothing but where each of them begins. */
  private findPlaces(): number {
    const { words, places } = this;
    let count = 1;
    for (let next = 0; next + LEAST_WORDS <= words.length; ) {
      places[count++] = next;
      const info = words[next + 1]!;
      const kind = (info >>> 24) & 31;
      next += LEAST_WORDS + FIXED[kind]! + EACH[kind]! * (info & 0xffff);
    }
    return count;
  }
  /** Of the running kernel, read once. */
  static kernel(): Btf {
    if (kernel !== undefined) return kernel;
    try {
      return (kernel = new Btf(ofKernel()));
    } catch (error) {
      if (error instanceof ToolError) throw error;
      const why = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'the kernel was built without' : 'cannot read';
      throw new ToolError(
        'no-btf',
        `${why} a description of its types (${KERNEL})`,
        'a kernel with CONFIG_DEBUG_INFO_BTF=y',
      );
    }
  }
  type(id: number): BtfType {
    const at = this.place(id);
    const info = this.words[at + 1]!;
    return {
      kind: (info >>> 24) & 31,
      name: this.text(this.words[at]!),
      count: info & 0xffff,
      sizeOrType: this.words[at + 2]!,
    };
  }
  /** The first type of a kind that has a name. */
  find(kind: number, name: string): number | undefined {
    if (kind === BTF.function) return this.search(kind, name);
    let named = this.named.get(kind);
    if (named === undefined) this.named.set(kind, (named = this.index(kind)));
    const bytes = Buffer.from(`${name}\0`, 'latin1');
    return named.get(digest(bytes, 0))?.find((id) => this.isCalled(this.words[this.place(id)]!, bytes));
  }
  /** Of functions there are too many to go through all their names for one: strings are kept once, so names compare by place. */
  private search(kind: number, name: string): number | undefined {
    const { words, places } = this;
    const place = this.strings.indexOf(`\0${name}\0`, 0, 'latin1') + 1;
    if (place === 0) return undefined;
    for (let id = 1; id < this.count; id++)
      if (words[places[id]!] === place && ((words[places[id]! + 1]! >>> 24) & 31) === kind) return id;
    return undefined;
  }
  /** All of a kind: much sooner done than to look through all types for each name. */
  private index(kind: number): Map<number, number[]> {
    const { words, places, strings } = this;
    const named = new Map<number, number[]>();
    for (let id = 1; id < this.count; id++) {
      const at = places[id]!;
      if (((words[at + 1]! >>> 24) & 31) !== kind) continue;
      const key = digest(strings, words[at]!);
      const others = named.get(key);
      if (others === undefined) named.set(key, [id]);
      else others.push(id);
    }
    return named;
  }
  /** Are these the bytes there, with the zero behind them? */
  private isCalled(place: number, name: Uint8Array): boolean {
    const { strings } = this;
    for (let i = 0; i < name.length; i++) if (strings[place + i] !== name[i]) return false;
    return true;
  }
  members(id: number): Member[] {
    const count = this.words[this.place(id) + 1]! & 0xffff;
    return Array.from({ length: count }, (_, i) => this.member(id, i));
  }
  private member(id: number, i: number): Member {
    const at = this.place(id);
    // The upper bit says that an offset's upper byte is the width of a bit field.
    const mask = this.words[at + 1]! >>> 31 === 1 ? 0xffffff : 0xffffffff;
    const [name, type, offset] = this.words.subarray(at + LEAST_WORDS + 3 * i);
    return { name: this.text(name!), type: type!, offset: (offset! & mask) >>> 0 };
  }
  /** The member of a structure that has a name, also in structures and unions in it that have none. */
  memberOf(id: number, name: string): Member | undefined {
    const { words } = this;
    const at = this.place(id);
    const kind = (words[at + 1]! >>> 24) & 31;
    if (kind !== BTF.struct && kind !== BTF.union) return undefined;
    const [bytes, count] = [Buffer.from(`${name}\0`, 'latin1'), words[at + 1]! & 0xffff];
    for (let i = 0; i < count; i++) {
      const called = words[at + LEAST_WORDS + 3 * i]!;
      if (this.isCalled(called, bytes)) return this.member(id, i);
      if (this.strings[called] !== 0) continue;
      const unnamed = this.member(id, i);
      const inner = this.memberOf(this.resolve(unnamed.type), name);
      if (inner !== undefined) return { ...inner, offset: unnamed.offset + inner.offset };
    }
    return undefined;
  }
  /** The names of an enumeration's values. */
  values(id: number): Map<number, string> {
    const at = this.place(id);
    const count = this.words[at + 1]! & 0xffff;
    const names = new Map<number, string>();
    for (let i = 0; i < count; i++) {
      const value = at + LEAST_WORDS + i * 2;
      names.set(this.words[value + 1]! | 0, this.text(this.words[value]!));
    }
    return names;
  }
  /** How many elements an array has, and what they are. */
  array(id: number): { type: number; length: number } {
    const at = this.place(id) + LEAST_WORDS;
    return { type: this.words[at]!, length: this.words[at + 2]! };
  }
  /** In bytes. */
  size(id: number): number {
    const { kind, sizeOrType } = this.type(this.resolve(id));
    return kind === BTF.pointer ? POINTER : sizeOrType;
  }
  /** The type behind names, `const` and `volatile`. */
  resolve(id: number): number {
    for (let now = id; ; ) {
      if (now === 0) return 0;
      const at = this.place(now);
      if (!WRAPPERS.has((this.words[at + 1]! >>> 24) & 31)) return now;
      now = this.words[at + 2]!;
    }
  }
  text(place: number): string {
    return this.strings.toString('latin1', place, this.strings.indexOf(0, place));
  }
  private place(id: number): number {
    if (id >= this.count) throw new ToolError('bad-btf', `a description of types (BTF) has no type ${id}`);
    return this.places[id]!;
  }
}
const POINTER = 8;
const WRAPPERS: ReadonlySet<number> = new Set([BTF.typedef, BTF.volatile, BTF.const, BTF.restrict, BTF.tag]);

/** Five megabytes, which a read gives out by the page: since Linux 6.16 they can be mapped. It stays for as long as we run. */
function ofKernel(): Uint8Array {
  const fd = openSync(KERNEL, 'r');
  try {
    const { size } = fstatSync(fd);
    return new Uint8Array(
      new Mapping(fd, size, "mapping the kernel's types", { readOnly: true, shared: false }).memory,
      0,
      size,
    );
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    return readFileSync(fd);
  } finally {
    closeSync(fd);
  }
}
/** FNV-1a of the text that begins there. */
function digest(strings: Uint8Array, place: number): number {
  let value = 0x811c9dc5;
  for (let i = place; ; i++) {
    const byte = strings[i];
    if (byte === undefined || byte === 0) return value >>> 0;
    value = Math.imul(value ^ byte, 0x01000193);
  }
}
