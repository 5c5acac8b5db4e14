import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { protocols } from '../../../dissectors/index.ts';
import { header, text, u16 } from '../../../src/bytes/field.ts';
import { NONE, protocol } from '../../../src/dissect/protocol.ts';
import { Registry } from '../../../src/dissect/registry.ts';
import { compileDisplayFilter } from '../../../src/filter/display/compile.ts';
import { DisplayFilterError } from '../../../src/filter/display/error.ts';
import { project, requireAll } from '../../support/project.ts';
import { answers, everyFrame } from './apply.ts';
import { tsharkAnswers, tsharkHasLua } from './tshark.ts';

const registry = new Registry(protocols);
const FIRST = join(project, 'fixtures', 'first.pcap');
/** Filters, and the packets of the first fixture that tshark 4.0.17 finds with them. */
const rows = readFileSync(join(project, 'test', 'filter', 'display', 'first.tsv'), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => line.split('\t') as [filter: string, packets: string]);
const filters = rows.map(([filter]) => filter);
const ours = await answers(FIRST, filters, registry);
const shown = (answer: string | readonly number[]): string =>
  typeof answer === 'string' ? 'refused' : answer.join(' ');
async function packets(filter: string): Promise<string> {
  return shown((await answers(FIRST, [filter], registry))[0]!);
}
function mistake(filter: string): DisplayFilterError {
  try {
    compileDisplayFilter(filter, registry);
  } catch (error) {
    if (error instanceof DisplayFilterError) return error;
    throw error;
  }
  throw new Error(`accepted: ${filter}`);
}

describe('finds the packets that tshark finds', () => {
  it.each(rows.map(([filter, wanted], i) => [filter, wanted, i] as const))('%s', (_, wanted, i) => {
    expect(shown(ours[i]!)).toBe(wanted);
  });
  it.skipIf(!requireAll && !tsharkHasLua())('and tshark still does', () => {
    expect(tsharkAnswers(FIRST, filters)?.map(shown)).toEqual(rows.map(([, wanted]) => wanted));
  });
});

describe('takes more than tshark 4.0.17', () => {
  it.each([
    ['tcp xor http', '5 6 7 10 11 12 13 14'],
    ['tcp ^^ http ^^ tls', '5 6 7 10 11 12 13'],
    ['ip#2.src == 192.0.2.10', '19'],
    ['ip#[-1].src == 203.0.113.101', ''],
    ['@ip.src == c0:00:02:0a', '3 5 7 8 10 11 13 14 15 19'],
    ['@tcp.port == 00:50', '5 6 7 8 9 10'],
    ["frame.len > '\\n'", '1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19'],
  ])('%s', async (filter, wanted) => expect(await packets(filter)).toBe(wanted));
});

describe('a mistake', () => {
  it.each([
    ['tcp.prot == 80', 0, 'tcp.port'],
    ['ip and tcp.dstprot == 80', 7, 'tcp.dstport'],
    ['udp.port == 53 nad ip', 15, 'and'],
    ['uper(http.host) == "A"', 0, 'upper'],
    ['htttp', 0, 'http'],
  ])('%s: what was meant', (filter, at, near) => {
    const error = mistake(filter);
    expect(error.at).toBe(at);
    expect(error.near).toContain(near);
  });
  it.each([
    ['ip.src == 192.0.2', 10, /is not an IPv4 address/],
    ['tcp.port == 70000', 12, /whose most is 65535/],
    ['ip.proto == "Nothing"', 12, /no value of the field is called "Nothing"/],
    ['http.host matches "(a"', 18, /at its character 1: the "\)"/],
    ['tcp.port in {80', 15, /the filter ends where/],
    ['http.host == "a', 13, /the quote that ends this text is missing/],
    ['tcp.port[0] == 1', 8, /this is a number/],
    ['(ip', 3, /the filter ends where "\)" that closes what "\(" opened is expected/],
  ])('%s: where and why', (filter, at, why) => {
    const error = mistake(filter);
    expect(error.message).toMatch(why);
    expect(error.at).toBe(at);
  });
  it('is mended by quotes where a protocol has the name of a value', () => {
    expect(mistake('ip.proto == udp').hint).toBe('"udp" in quotes');
  });
  it("tells what there is in place of Wireshark's own columns and findings", () => {
    expect(mistake('_ws.col.length > 5').hint).toBe('frame.len');
    expect(mistake('ip and _ws.expert').hint).toMatch(/"marks"/);
  });
  it('is shown with a caret, and hostile text does not reach the terminal', () => {
    expect(mistake('ip ==\u001b[2J 1').message).toBe(
      'display filter: the character U+001b means nothing in a filter, except between quotes\n  ip == [2J 1\n       ^',
    );
  });
  it('is told in a filter of any depth and length', () => {
    expect(mistake('('.repeat(100_000)).message).toMatch(/levels/);
    expect(mistake('not '.repeat(100_000)).message).toMatch(/levels/);
    expect(mistake(`tcp.port == ${'1+'.repeat(100_000)}1`).message).toMatch(/in a row/);
    expect(mistake(`frame${'[0]'.repeat(100_000)}`).message).toMatch(/a part of a part/);
    const many = compileDisplayFilter(Array.from({ length: 50_000 }, () => 'ip').join(' or '), registry);
    expect(many.fields).toEqual(['ip']);
  });
});

describe('a filter', () => {
  it('tells what it asks for, and whether the packets before matter', () => {
    const { fields, flow } = compileDisplayFilter('ip.src == 10.0.0.1 and (udp or tcp.stream == 0)', registry);
    expect(fields).toEqual(['ip.src', 'udp', 'tcp.stream']);
    expect(flow).toBe(true);
    expect(compileDisplayFilter('tcp.port == 80', registry).flow).toBe(false);
  });
  it('speaks about a packet that is selected', async () => {
    const found: number[] = [];
    await everyFrame(FIRST, registry, (frame) => {
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the filter language has it, too
      const selected = compileDisplayFilter('frame.number <= ${frame.number} and ip.src == ${ip.src}', registry, {
        selected: frame,
      });
      if (selected.matches(frame)) found.push(frame.number);
    });
    expect(found.slice(0, 3)).toEqual([3, 4, 5]);
  });
  it('knows the fields of a plug-in', async () => {
    const head = header('mine', { kind: u16('Kind', { names: { 18245: 'Web' } }) }, { rest: text('Rest') });
    const mine = protocol(head, {
      title: 'Mine',
      source: 'this test',
      on: { 'tcp.port': 80 },
      step: () => NONE,
      expand: (frame, d, visit) => visit(head.rest, frame.from[d]! + 2, frame.limit(d)),
    });
    const more = new Registry([...protocols, mine]).decodeAs('tcp.port', 80, 'mine');
    const asked = ['mine', 'mine.kind == web', 'mine.kind == 0x4745 and mine.rest contains "www"', 'mine.kid'];
    expect((await answers(FIRST, asked, more)).map(shown)).toEqual(['8 9', '8', '8', 'refused']);
  });
});
