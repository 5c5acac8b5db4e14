import { existsSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { runCommand } from '../../src/cli/command.ts';
import { Workload } from '../../src/cli/trace/workload.ts';
import { command } from '../../src/cli/trace.ts';
import { folder } from '../format/reading.ts';

const { path, remove } = folder();
afterAll(remove);

test('a file of journeys is read, or a command is run', async () => {
  const made = path('made');
  const error = await runCommand(command, ['-r', path('none.pcapng'), '--', 'touch', made]).catch((thrown) => thrown);
  expect(error).toMatchObject({ code: 'usage', hint: 'hooktap trace -r FILE, or hooktap trace -- COMMAND' });
  expect(error.message).toBe('-r shows the journeys of a file, and runs no command such as touch');
  expect(existsSync(made)).toBe(false);
});
test.each([
  ['exit 0', 0],
  ['exit 3', 3],
  ['kill -TERM $$', 128 + 15],
])('of the command "%s" the exit code is %i, as in a shell', async (script, code) => {
  const workload = Workload.start(['sh', '-c', script], new AbortController().signal)!;
  expect(workload.ended).toBe(false);
  expect(await workload.code).toBe(code);
  expect(workload.ended).toBe(true);
});
test('an interruption ends the command', async () => {
  const controller = new AbortController();
  const workload = Workload.start(['sleep', '1000'], controller.signal)!;
  controller.abort();
  expect(await workload.code).toBe(128 + 15);
});
test('no words, no command', () => {
  expect(Workload.start([], new AbortController().signal)).toBe(undefined);
});
