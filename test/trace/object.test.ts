import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BpfObject } from '../../src/linux/bpf/object.ts';
import { whyNoClang } from '../support/bpf.ts';
import { project } from '../support/project.ts';
import { withFolder } from '../support/run.ts';

const folder = join(project, 'src', 'trace', 'bpf');
const committed = readFileSync(join(folder, 'hooks.bpf.o'));
const why = whyNoClang();
if (why !== undefined) console.warn(`whether the BPF programs are fresh is not tested: ${why}`);

describe('the BPF programs', () => {
  test.skipIf(why !== undefined)('are compiled from the sources beside them', async () => {
    await withFolder(async (place) => {
      const made = join(place, 'made.o');
      const { status, stderr } = spawnSync(join(folder, 'build.sh'), [made], { encoding: 'utf8' });
      expect(stderr).toBe('');
      expect(status).toBe(0);
      expect(readFileSync(made).equals(committed), 'run: npm run build:bpf').toBe(true);
    });
  });
  test('have their maps and sections', () => {
    const { programs, maps, license } = new BpfObject(committed);
    expect(license).toBe('Dual MIT/GPL');
    expect(programs.map(({ section }) => section)).toContain('tp_btf/kfree_skb');
    expect(programs.map(({ section }) => section)).toContain('netfilter');
    const shapes = new Map(maps.map(({ name, shape }) => [name, shape]));
    expect(shapes.get('events')).toEqual({ type: 27, keySize: 0, valueSize: 0, entries: 1 << 25, flags: 0 });
    expect(shapes.get('workplaces')).toEqual({ type: 6, keySize: 4, valueSize: 4264, entries: 1, flags: 0 });
    expect(shapes.get('.rodata')?.valueSize).toBe(16);
  });
  test('a damaged object is refused', () => {
    expect(() => new BpfObject(committed.subarray(0, 40))).toThrow('damaged');
    expect(() => new BpfObject(new Uint8Array(1000))).toThrow('damaged');
  });
});
