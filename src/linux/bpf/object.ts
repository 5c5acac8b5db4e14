import { ToolError } from '../../error.ts';
import { BTF, Btf } from './btf.ts';
import type { MapShape } from './call.ts';
import { Elf, type Relocation } from './elf.ts';
import { type FieldRequest, fieldRequests } from './relocate.ts';

/** One program of an object file. */
export interface BpfProgram {
  /** `tp_btf/kfree_skb`: how it is run, and where. */
  readonly section: string;
  readonly code: Uint8Array;
  readonly symbols: readonly Relocation[];
  readonly fields: readonly FieldRequest[];
}
export interface BpfMap {
  readonly name: string;
  readonly shape: MapShape;
  /** For variables: what they are to begin with. */
  readonly content: Uint8Array | undefined;
  /** Where the object's code names it: a symbol of its own, or the section of variables. */
  readonly section: number;
}
/** Variables are in maps of one element. */
const ARRAY = 2;
const READ_ONLY_FOR_PROGRAMS = 1 << 7;
const PROGRAM = /^(tp_btf\/.+|netfilter(\/.+)?)$/;

/** BPF programs as clang compiled them, and the maps that they use. Nothing is in the kernel yet. */
export class BpfObject {
  readonly types: Btf;
  readonly license: string;
  readonly maps: readonly BpfMap[];
  readonly programs: readonly BpfProgram[];

  constructor(bytes: Uint8Array) {
    const elf = new Elf(bytes);
    const part = (name: string) => {
      const section = elf.section(name);
      if (section !== undefined) return section.bytes;
      throw new ToolError('bad-object', `the BPF programs of hooktap have no part "${name}"`, 'npm run build:bpf');
    };
    this.types = new Btf(part('.BTF'));
    this.license = Buffer.from(part('license')).toString('latin1').replace(/\0.*$/s, '');
    this.maps = [...declaredMaps(elf, this.types), ...variables(elf)];
    const fields = fieldRequests(part('.BTF.ext'), this.types);
    this.programs = elf.sections.flatMap(({ name, bytes: code }, i) =>
      PROGRAM.test(name) ? [{ section: name, code, symbols: elf.relocations(i), fields: fields.get(name) ?? [] }] : [],
    );
  }
}
/** Maps that are declared in the section `.maps`: their shape is told by types, as `__uint` and `__type` write them. */
function declaredMaps(elf: Elf, types: Btf): BpfMap[] {
  const section = elf.sections.findIndex(({ name }) => name === '.maps');
  const symbols = elf.symbols.filter((symbol) => symbol.section === section && symbol.name !== '');
  return symbols.map(({ name }) => {
    const variable = types.find(BTF.variable, name);
    if (variable === undefined) throw new ToolError('bad-object', `the map "${name}" has no type`, 'npm run build:bpf');
    const members = types.members(types.resolve(types.type(variable).sizeOrType));
    const behind = (member: string) => {
      const found = members.find((m) => m.name === member);
      return found === undefined ? undefined : types.type(found.type).sizeOrType;
    };
    const number = (member: string) => {
      const pointed = behind(member);
      return pointed === undefined ? 0 : types.array(pointed).length;
    };
    const size = (member: string) => {
      const pointed = behind(member);
      return pointed === undefined ? 0 : types.type(types.resolve(pointed)).sizeOrType;
    };
    const shape = {
      type: number('type'),
      keySize: size('key'),
      valueSize: size('value'),
      entries: number('max_entries'),
      flags: number('map_flags'),
    };
    return { name, shape, content: undefined, section };
  });
}
function variables(elf: Elf): BpfMap[] {
  return elf.sections.flatMap(({ name, bytes }, section) => {
    if (name !== '.rodata' && name !== '.data') return [];
    const flags = name === '.rodata' ? READ_ONLY_FOR_PROGRAMS : 0;
    const shape = { type: ARRAY, keySize: 4, valueSize: bytes.length, entries: 1, flags };
    return [{ name, shape, content: bytes, section }];
  });
}
