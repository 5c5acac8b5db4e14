import { ToolError } from '../../error.ts';

/** A section of an object file. */
export interface Section {
  readonly name: string;
  readonly type: number;
  readonly bytes: Uint8Array;
  /** For relocations: the section that they are about. */
  readonly info: number;
}
export interface ElfSymbol {
  readonly name: string;
  /** The index of its section; 0: somebody else is to supply it. */
  readonly section: number;
  readonly value: number;
}
/** A place in a section that stands for a symbol. */
export interface Relocation {
  readonly offset: number;
  readonly symbol: ElfSymbol;
}
/** elf.h */
const MACHINE_BPF = 247;
const TYPE = { relocations: 9 } as const;
const SECTION_HEADER = 64;

/** A 64-bit little-endian object file for the BPF machine. */
export class Elf {
  readonly sections: readonly Section[];
  readonly symbols: readonly ElfSymbol[];

  constructor(bytes: Uint8Array) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.length < 64 || view.getUint32(0) !== 0x7f454c46 || view.getUint16(18, true) !== MACHINE_BPF)
      throw new ToolError('bad-object', 'the BPF programs of hooktap are damaged', 'npm run build:bpf');
    this.sections = sectionsOf(bytes, view);
    this.symbols = this.symbolsOf();
  }
  section(name: string): Section | undefined {
    return this.sections.find((section) => section.name === name);
  }
  relocations(section: number): Relocation[] {
    const table = this.sections.find(({ type, info }) => type === TYPE.relocations && info === section);
    if (table === undefined) return [];
    const view = viewOf(table.bytes);
    return Array.from({ length: view.byteLength / 16 }, (_, i) => ({
      offset: view.getUint32(i * 16, true),
      symbol: this.symbols[view.getUint32(i * 16 + 12, true)]!,
    }));
  }
  private symbolsOf(): ElfSymbol[] {
    const table = viewOf(this.section('.symtab')!.bytes);
    const names = this.section('.strtab')!.bytes;
    return Array.from({ length: table.byteLength / 24 }, (_, i) => ({
      name: textAt(names, table.getUint32(i * 24, true)),
      section: table.getUint16(i * 24 + 6, true),
      value: table.getUint32(i * 24 + 8, true),
    }));
  }
}
function sectionsOf(bytes: Uint8Array, view: DataView): Section[] {
  const start = view.getUint32(40, true);
  const headers = Array.from({ length: view.getUint16(60, true) }, (_, i) => start + i * SECTION_HEADER);
  const content = (at: number) => {
    const from = view.getUint32(at + 24, true);
    return bytes.subarray(from, from + view.getUint32(at + 32, true));
  };
  const names = content(headers[view.getUint16(62, true)]!);
  return headers.map((at) => ({
    name: textAt(names, view.getUint32(at, true)),
    type: view.getUint32(at + 4, true),
    bytes: content(at),
    info: view.getUint32(at + 44, true),
  }));
}
export const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
function textAt(bytes: Uint8Array, at: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1', at, bytes.indexOf(0, at));
}
