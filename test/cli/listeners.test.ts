import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { obeySignals } from '../../src/cli/capture/report.ts';
import { runCommand } from '../../src/cli/command.ts';
import { Interruption } from '../../src/cli/interrupt.ts';
import { command as read } from '../../src/cli/read.ts';
import { folder } from '../format/reading.ts';
import { project } from '../support/project.ts';

const { path, remove } = folder();
afterAll(remove);
const capture = join(project, 'fixtures', 'protocols', 'http.pcap');

/** Who listens to what of this process. */
const listeners = (): string[] =>
  process.eventNames().map((name) => `${String(name)} ${process.listenerCount(name as string)}`);

describe('a command that is over listens to nothing any more', () => {
  test('when it is done, and when it failed', async () => {
    const before = listeners();
    expect(await runCommand(read, [capture, '-w', path('copy.pcap')])).toBe(0);
    await expect(runCommand(read, [capture, '-w', path('copy.pcap')])).rejects.toThrow('is there already');
    expect(listeners()).toEqual(before);
  });
  test.each([
    ['an interruption', () => new Interruption(), 'SIGINT'],
    ['a capture', () => obeySignals({ packets: 0 }), 'SIGUSR1'],
  ] as const)('%s', (_, listen, signal) => {
    const before = listeners();
    const count = process.listenerCount(signal);
    {
      using _listening = listen();
      expect(process.listenerCount(signal)).toBe(count + 1);
    }
    expect(listeners()).toEqual(before);
  });
  test('what was interrupted stays so', () => {
    const interruption = new Interruption();
    const stop = process.listeners('SIGTERM').at(-1) as () => void;
    expect(interruption.happened).toBe(false);
    stop();
    interruption[Symbol.dispose]();
    expect(interruption.happened).toBe(true);
    expect(interruption.signal.aborted).toBe(true);
  });
});
