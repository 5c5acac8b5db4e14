import { describe, expect, test } from 'vitest';
import { protocols } from '../../dissectors/index.ts';
import { Registry } from '../../src/dissect/registry.ts';
import { completeFilter, judgeFilter } from '../../ui/model/filter-line.ts';
import { Prompt } from '../../ui/model/prompt.ts';

const registry = new Registry(protocols);
const shown = (prompt: Prompt, columns = 80): string =>
  prompt
    .show(columns)
    .line.map(({ text }) => text)
    .join('');
function prompt(history: string[] = [], done = (_text: string) => true): Prompt {
  return new Prompt({
    label: 'filter',
    history,
    judge: (text) => judgeFilter(text, registry),
    complete: (text, at) => completeFilter(text, at, registry),
    done,
  });
}
const type = (line: Prompt, text: string) => {
  for (const letter of text) line.key(letter, letter);
};

describe('the line that is typed', () => {
  test('letters, and what moves and deletes them', () => {
    const line = prompt();
    type(line, 'tcp udp');
    for (const key of ['C-w', 'home', 'delete', 'end', 'backspace']) line.key(key, undefined);
    expect(shown(line)).toMatch(/^filter: cp\s/);
    line.key('C-u', undefined);
    expect(shown(line)).toMatch(/^filter: {4}all packets/);
  });
  test('what was left with escape is in the history, once, and at most a hundred are', () => {
    const history: string[] = [];
    for (let i = 0; i < 120; i++) {
      const line = prompt(history);
      type(line, i === 119 ? 'tcp.port == 7' : `tcp.port == ${i}`);
      expect(line.key(i === 119 ? 'escape' : 'enter', undefined)).not.toBe('open');
    }
    expect(history.slice(0, 2)).toEqual(['tcp.port == 7', 'tcp.port == 118']);
    expect(history).toHaveLength(100);
    const next = prompt(history);
    next.key('up', undefined);
    expect(shown(next)).toContain('tcp.port == 7');
  });
  test('letters of two code units and of two columns are one to the keys', () => {
    const line = prompt();
    for (const letter of ['a', '😀', '語']) line.key(letter, letter);
    for (const key of ['left', 'backspace']) line.key(key, undefined);
    expect(shown(line)).toMatch(/^filter: a語/);
    expect(line.show(80).cursor).toBe('filter: a'.length);
    type(line, '語'.repeat(40));
    const { cursor } = line.show(40);
    expect(cursor).toBeLessThan(40);
    expect(shown(line, 40)).toMatch(/^filter: 語{15}/);
  });
  test('it tells at each key whether the filter holds', () => {
    const styles = [
      't',
      'tcp',
      'tcp.port',
      'tcp.port ==',
      'tcp.port == 80',
      'tcp.port == x',
      'nonsense == 1 && ip',
    ].map((text) => judgeFilter(text, registry).style);
    expect(styles).toEqual(['warning', 'good', 'good', 'warning', 'good', 'warning', 'bad']);
    expect(judgeFilter('tcp.prot == 80', registry).says).toContain('tcp.port');
  });
  test('tab completes names of fields, one after the other', () => {
    const line = prompt();
    type(line, 'ip && tcp.dst');
    line.key('tab', undefined);
    expect(shown(line)).toContain('ip && tcp.dstport');
    expect(shown(line).startsWith('filter: ip && tcp.dstport')).toBe(true);
    const several = prompt();
    type(several, 'vxlan.');
    several.key('tab', undefined);
    const first = shown(several).split('   ')[0];
    several.key('tab', undefined);
    expect(shown(several).split('   ')[0]).not.toBe(first);
    several.key('S-tab', undefined);
    expect(shown(several).split('   ')[0]).toBe(first);
  });
  test('behind a comparison it completes the names of values', () => {
    const { words } = completeFilter('arp.opcode == R', 15, registry);
    expect(words).toContain('"Request"');
    expect(words).toContain('"Reply"');
  });
  test('what was typed before comes back, and what is typed now after it', () => {
    const history = ['udp', 'tcp'];
    const line = prompt(history);
    type(line, 'ar');
    line.key('up', undefined);
    expect(shown(line)).toMatch(/^filter: udp/);
    line.key('up', undefined);
    line.key('up', undefined);
    expect(shown(line)).toMatch(/^filter: tcp/);
    line.key('down', undefined);
    line.key('down', undefined);
    expect(shown(line)).toMatch(/^filter: ar/);
    type(line, 'p');
    expect(line.key('enter', undefined)).toBe('done');
    expect(history).toEqual(['arp', 'udp', 'tcp']);
  });
  test('what is not taken stays to be mended', () => {
    const line = prompt([], () => false);
    type(line, 'tcp.');
    expect(line.key('enter', undefined)).toBe('open');
    expect(line.key('escape', undefined)).toBe('left');
  });
  test('a long line is scrolled so that the cursor is seen', () => {
    const line = prompt();
    type(line, `frame.number in {${'1, '.repeat(50)}`);
    const { cursor } = line.show(40);
    expect(cursor).toBeLessThan(40);
  });
});
