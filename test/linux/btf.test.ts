import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BTF, Btf } from '../../src/linux/bpf/btf.ts';
import { BpfObject } from '../../src/linux/bpf/object.ts';
import { project } from '../support/project.ts';

const { types } = new BpfObject(readFileSync(join(project, 'src', 'trace', 'bpf', 'hooks.bpf.o')));

describe('descriptions of types', () => {
  test('a type is found by its whole name and its kind', () => {
    const device = types.find(BTF.struct, 'net_device')!;
    expect(types.type(device)).toMatchObject({ kind: BTF.struct, name: 'net_device' });
    expect(types.find(BTF.struct, 'net_devic')).toBeUndefined();
    expect(types.find(BTF.struct, 'net_device2')).toBeUndefined();
    expect(types.find(BTF.union, 'net_device')).toBeUndefined();
    expect(types.find(BTF.typedef, 'u32')).toBeDefined();
  });
  test('a function is found, too', () => {
    const found = types.find(BTF.function, 'bpf_rdonly_cast')!;
    expect(types.type(found).name).toBe('bpf_rdonly_cast');
    expect(types.find(BTF.function, 'sk_buff')).toBeUndefined();
  });
  test('a member is found by its whole name, also in a union without one', () => {
    const packet = types.find(BTF.struct, 'sk_buff')!;
    const all = types.members(packet);
    expect(all.map(({ name }) => name)).toContain('network_header');
    expect(types.memberOf(packet, 'network_header')).toEqual(all.find(({ name }) => name === 'network_header'));
    expect(types.memberOf(packet, 'dev')?.offset).toBe(0);
    expect(types.memberOf(packet, 'network')).toBeUndefined();
    expect(types.memberOf(types.find(BTF.typedef, 'u32')!, 'dev')).toBeUndefined();
  });
  test('it lies where it lies', () => {
    // Not at a multiple of four.
    const part = readFileSync(join(project, 'src', 'trace', 'bpf', 'hooks.bpf.o'));
    const start = part.indexOf(Buffer.of(0x9f, 0xeb, 1, 0));
    const moved = Buffer.concat([Buffer.alloc(1), part.subarray(start)]).subarray(1);
    expect(new Btf(moved).find(BTF.struct, 'net_device')).toBe(types.find(BTF.struct, 'net_device'));
    expect(() => new Btf(moved.subarray(1))).toThrow('does not begin');
  });
});
