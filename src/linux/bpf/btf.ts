import { readFileSync } from 'node:fs';
import { ToolError } from '../../error.ts';

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
/** Bytes behind the twelve that every type has: so many, and so many for each of its members. */
const TAIL: Readonly<Record<number, readonly [fixed: number, each: number]>> = {
  1: [4, 0],
  3: [12, 0],
  4: [0, 12],
  5: [0, 12],
  6: [0, 8],
  13: [0, 8],
  14: [4, 0],
  15: [0, 12],
  17: [4, 0],
  19: [0, 12],
};
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
  private readonly view: DataView;
  private readonly strings: Buffer;
  private readonly found = new Map<string, number | undefined>();
  /** Where each type begins. */
  private readonly places: number[] = [0];

  constructor(bytes: Uint8Array) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.length < 24 || view.getUint16(0, true) !== MAGIC)
      throw new ToolError('bad-btf', 'a description of types (BTF) does not begin as one');
    const at = view.getUint32(4, true);
    const word = (i: number) => view.getUint32(i, true);
    this.view = new DataView(bytes.buffer, bytes.byteOffset + at + word(8), word(12));
    this.strings = Buffer.from(bytes.buffer, bytes.byteOffset + at + word(16), word(20));
    for (let next = 0; next < this.view.byteLength; ) {
      this.places.push(next);
      const info = this.view.getUint32(next + 4, true);
      const [fixed, each] = TAIL[(info >>> 24) & 31] ?? [0, 0];
      next += 12 + fixed + each * (info & 0xffff);
    }
  }
  /** Of the running kernel, read once. */
  static kernel(): Btf {
    if (kernel !== undefined) return kernel;
    try {
      return (kernel = new Btf(readFileSync(KERNEL)));
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
    const info = this.view.getUint32(at + 4, true);
    return {
      kind: (info >>> 24) & 31,
      name: this.text(this.view.getUint32(at, true)),
      count: info & 0xffff,
      sizeOrType: this.view.getUint32(at + 8, true),
    };
  }
  find(kind: number, name: string): number | undefined {
    const key = `${kind} ${name}`;
    if (!this.found.has(key)) this.found.set(key, this.search(kind, name));
    return this.found.get(key);
  }
  /** The type of a kind with that name; strings are kept once, so that names compare by their place. */
  private search(kind: number, name: string): number | undefined {
    const place = this.strings.indexOf(`\0${name}\0`, 0, 'latin1') + 1;
    if (place === 0) return undefined;
    for (let id = 1; id < this.places.length; id++) {
      const at = this.places[id]!;
      if (this.view.getUint32(at, true) !== place) continue;
      if (((this.view.getUint32(at + 4, true) >>> 24) & 31) === kind) return id;
    }
    return undefined;
  }
  members(id: number): Member[] {
    const at = this.place(id);
    const info = this.view.getUint32(at + 4, true);
    // The upper bit says that an offset's upper byte is the width of a bit field.
    const mask = info >>> 31 === 1 ? 0xffffff : 0xffffffff;
    return Array.from({ length: info & 0xffff }, (_, i) => {
      const member = at + 12 + i * 12;
      const [name, type, offset] = [0, 4, 8].map((n) => this.view.getUint32(member + n, true));
      return { name: this.text(name!), type: type!, offset: (offset! & mask) >>> 0 };
    });
  }
  /** The names of an enumeration's values. */
  values(id: number): Map<number, string> {
    const at = this.place(id);
    const count = this.view.getUint32(at + 4, true) & 0xffff;
    const names = new Map<number, string>();
    for (let i = 0; i < count; i++) {
      const value = at + 12 + i * 8;
      names.set(this.view.getInt32(value + 4, true), this.text(this.view.getUint32(value, true)));
    }
    return names;
  }
  /** How many elements an array has, and what they are. */
  array(id: number): { type: number; length: number } {
    const at = this.place(id) + 12;
    return { type: this.view.getUint32(at, true), length: this.view.getUint32(at + 8, true) };
  }
  /** In bytes. */
  size(id: number): number {
    const { kind, sizeOrType } = this.type(this.resolve(id));
    return kind === BTF.pointer ? POINTER : sizeOrType;
  }
  /** The type behind names, `const` and `volatile`. */
  resolve(id: number): number {
    for (let now = id; ; ) {
      const { kind, sizeOrType } = this.type(now);
      if (!WRAPPERS.has(kind) || now === 0) return now;
      now = sizeOrType;
    }
  }
  text(place: number): string {
    return this.strings.toString('latin1', place, this.strings.indexOf(0, place));
  }
  private place(id: number): number {
    const at = this.places[id];
    if (at === undefined) throw new ToolError('bad-btf', `a description of types (BTF) has no type ${id}`);
    return at;
  }
}
const POINTER = 8;
const WRAPPERS: ReadonlySet<number> = new Set([BTF.typedef, BTF.volatile, BTF.const, BTF.restrict, BTF.tag]);
