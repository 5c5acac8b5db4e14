import { expect, test } from 'vitest';
import { protocols } from '../dissectors/index.ts';
import type { CaptureSource } from '../src/capture/source.ts';
import { Registry } from '../src/dissect/registry.ts';
import type { FrameBatch } from '../src/frame/batch.ts';
import { Rows } from '../src/frame/rows.ts';
import { run } from '../src/session.ts';
import { NEEDS, type Sink } from '../src/sink/sink.ts';

const ETHERNET = 1;
/** So many batches of one packet each. */
function capture(count: number, immediate: boolean): CaptureSource {
  async function* batches(): AsyncGenerator<FrameBatch> {
    for (let n = 0; n < count; n++) {
      const rows = new Rows(1);
      const bytes = new Uint8Array(60);
      rows.over(bytes, new DataView(bytes.buffer));
      rows.captured[0] = 60;
      rows.wire[0] = 60;
      rows.count = 1;
      yield rows;
    }
  }
  return {
    name: 'some',
    format: 'live',
    size: undefined,
    position: 0,
    immediate,
    ports: [{ name: 'veth0', linkType: ETHERNET, snaplen: 0, nanos: false }],
    batches,
    counts: () => ({ captured: 0, dropped: 0 }),
    [Symbol.asyncDispose]: async () => {},
  };
}
/** After how many packets it was flushed. */
async function flushes(source: CaptureSource, copies: boolean): Promise<number[]> {
  const after: number[] = [];
  let packets = 0;
  const sink: Sink = {
    needs: NEEDS.layers,
    copies,
    begin() {},
    frame() {
      packets++;
    },
    flush() {
      after.push(packets);
    },
    end() {
      expect(packets).toBe(20);
    },
  };
  await run({ source, registry: new Registry(protocols), sinks: [sink] });
  return after;
}
const EVERY = Array.from({ length: 20 }, (_, i) => i + 1);

test('what may have to be waited for is handed on at once', async () => {
  expect(await flushes(capture(20, false), true)).toEqual(EVERY);
});
test('a sink that reads the bytes of a batch later gets them before the next one', async () => {
  expect(await flushes(capture(20, true), false)).toEqual(EVERY);
});
test('what is all there is handed on now and then', async () => {
  expect(await flushes(capture(20, true), true)).toEqual([8, 16]);
});
