/** `-Y` of the read command and of the session below it. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { protocols } from '../../../dissectors/index.ts';
import { openFile } from '../../../src/capture/file.ts';
import { Registry } from '../../../src/dissect/registry.ts';
import { compileDisplayFilter } from '../../../src/filter/display/compile.ts';
import { run, type SessionOptions } from '../../../src/session.ts';
import { NEEDS, type Sink } from '../../../src/sink/sink.ts';
import { project } from '../../support/project.ts';
import { command } from '../../support/run.ts';

const FIRST = join(project, 'fixtures', 'first.pcap');
const registry = new Registry(protocols);

class Seen implements Sink {
  readonly needs = NEEDS.layers;
  readonly numbers: number[] = [];
  readonly runs: [from: number, to: number][] = [];
  begin(): void {}
  frame({ number }: { number: number }): void {
    this.numbers.push(number);
  }
  rows(_batch: unknown, from: number, to: number): number {
    if (from < to) this.runs.push([from, to]);
    return to;
  }
  flush(): void {}
  end(): void {}
}
async function seen(text: string, more: Partial<SessionOptions> = {}): Promise<Seen> {
  await using source = await openFile(FIRST);
  const { matches } = compileDisplayFilter(text, registry);
  const sink = new Seen();
  const { packets } = await run({
    source,
    registry,
    sinks: [sink],
    display: { matches, needs: NEEDS.streams },
    ...more,
  });
  expect(packets).toBe(sink.numbers.length);
  return sink;
}

describe('the session', () => {
  it('hands on what is displayed, with the numbers that all packets have', async () => {
    const { numbers, runs } = await seen('http or icmp');
    expect(numbers).toEqual([8, 9, 15, 16, 19]);
    expect(runs).toEqual([
      [7, 9],
      [14, 16],
      [18, 19],
    ]);
  });
  it('counts what is displayed', async () => {
    expect((await seen('tcp', { count: 2 })).numbers).toEqual([5, 6]);
  });
  it('applies a capture filter first, which packets do not outlive', async () => {
    const filter = () => (_: Uint8Array, __: number, captured: number) => Number(captured > 70);
    expect((await seen('http', { filter })).numbers).toEqual([5, 6]);
  });
  it('lets connections see what is hidden', async () => {
    expect((await seen('tcp.seq == 1 and tcp.len > 0')).numbers).toEqual([8, 9, 14]);
    expect((await seen('tcp.stream == 1')).numbers).toEqual([11, 12, 13, 14]);
  });
});

describe('hooktap read -Y', () => {
  it('finds what fragments carry together, and prints the lines of the fragments', async () => {
    const path = join(project, 'fixtures', 'protocols', 'ip-fragments.pcap');
    const all = (await command(path, ['-#'])).out.split('\n');
    const lines = (await command(path, ['-#', '-Y', 'udp or icmp'])).out.split('\n').slice(0, -1);
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.length).toBeLessThan(all.length - 1);
    expect(all).toEqual(expect.arrayContaining(lines));
  });
  it('prints only what matches, and relative numbers are those of the whole connection', async () => {
    const { out, code } = await command(FIRST, ['-Y', 'http.response', '-#']);
    expect(code).toBe(0);
    expect(out).toMatch(/^ {4}9 .* seq 1:119, ack 79, .*HTTP\/1\.1 200 OK\n$/);
  });
  it('counts', async () => {
    expect((await command(FIRST, ['--count', '-Y', 'tcp.flags.syn == 1', 'port', '443'])).out).toBe('2 packets\n');
  });
  it('says where a filter is wrong, and what was meant', async () => {
    const { err, code } = await command(FIRST, ['-Y', 'tcp.prot == 80']);
    expect(code).toBe(1);
    expect(err).toBe(
      'hooktap: display filter: "tcp.prot" is neither a field nor a protocol\n  tcp.prot == 80\n  ^\n  try: "tcp.port"\n',
    );
  });
});
