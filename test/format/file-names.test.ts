import { describe, expect, test } from 'vitest';
import { DumpcapNames, TcpdumpNames, type Turn } from '../../src/format/file-names.ts';
import { strftime } from '../../src/linux/calendar.ts';

const utc = (pattern: string, seconds: number) => {
  const time = new Date(seconds * 1000).toISOString();
  return pattern.replace('%Y%m%d%H%M%S', time.slice(0, 19).replace(/\D/g, '')).replace('%H', time.slice(11, 13));
};
const HOUR = 3600;

describe('names of files, one after the other', () => {
  const plain = { numbered: false, force: false };
  test.each<[string, ConstructorParameters<typeof TcpdumpNames>, Turn[], string[]]>([
    ['-C', ['t', { ...plain, numbered: true }], ['first', 'size', 'size'], ['t', 't1', 't2']],
    ['-C -W 2', ['t', { ...plain, numbered: true, files: 2 }], ['first', 'size', 'size'], ['t0', 't1', 't0!']],
    ['-C -W 1', ['t', { ...plain, numbered: true, files: 1 }], ['first', 'size', 'size'], ['t', 't!', 't!']],
    ['-G', ['t%H', { ...plain, pattern: utc }], ['first', 'time', 'time'], ['t00', 't01', 't02']],
    [
      '-C -G',
      ['t%H-', { ...plain, pattern: utc, numbered: true }],
      ['first', 'size', 'time', 'size'],
      ['t00-', 't01-1', 't02-', 't03-1'],
    ],
    ['nothing, when asked', ['t', plain], ['first', 'asked'], ['t', 't']],
    ['--force and -G', ['t', { ...plain, pattern: utc, force: true }], ['first', 'time'], ['t!', 't!']],
  ])('%s', (_what, [path, options], turns, names) => {
    const series = new TcpdumpNames(path, options);
    const found = turns
      .map((turn, i) => series.next(turn, i * HOUR))
      .map((next) => next.path + (next.replace ? '!' : ''));
    expect(found).toEqual(names);
  });
  test('as many digits as the last number has', () => {
    for (const [files, width] of [
      [2, 1],
      [10, 1],
      [11, 2],
      [100, 2],
      [101, 3],
    ] as const) {
      const first = new TcpdumpNames('t', { numbered: true, files, force: false }).next('first', 0);
      expect(first.path).toBe(`t${'0'.repeat(width)}`);
    }
  });
  test('as of dumpcap: the number and the time go before the suffix, and the oldest file goes', () => {
    const series = new DumpcapNames('a.b/trace.x.pcapng', utc, 2, false);
    const names = [0, 1, 2].map((hour) => series.next('size', hour * HOUR).path);
    expect(names[1]).toBe('a.b/trace.x_00002_19700101010000.pcapng');
    expect(names.map((name) => series.outlived(name))).toEqual([undefined, undefined, names[0]]);
    expect(new DumpcapNames('a.b/trace', utc, 2, false).next('first', 0).path).toBe('a.b/trace_00001_19700101000000');
  });
  test('patterns of time are those of the C library', () => {
    const was = process.env.TZ;
    process.env.TZ = 'UTC';
    try {
      expect(strftime('é-%Y%m%d-%H:%M:%S-%j-%%', 1_700_000_000)).toBe('é-20231114-22:13:20-318-%');
    } finally {
      process.env.TZ = was;
    }
  });
});
