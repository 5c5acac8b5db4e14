/** Counting takes no dissectors and no registry; which packets count is the same as for what is printed. */
import { expect, test } from 'vitest';
import type { CaptureSource, Port } from '../../src/capture/source.ts';
import type { FrameBatch } from '../../src/frame/batch.ts';
import { Rows } from '../../src/frame/rows.ts';
import { run } from '../../src/session.ts';
import { CountSink } from '../../src/sink/count.ts';
import { NEEDS, type Sink } from '../../src/sink/sink.ts';

/** Batches of packets of one byte, each given as port and byte. */
function capture(...contents: (readonly (readonly [port: number, byte: number])[])[]): CaptureSource {
  const ports = ['veth0', 'veth1'].map((name, i) => ({ name, linkType: i, snaplen: 0, nanos: false }));
  async function* batches(): AsyncGenerator<FrameBatch> {
    for (const packets of contents) {
      const rows = new Rows(packets.length);
      const bytes = Uint8Array.from(packets, ([, byte]) => byte);
      rows.over(bytes, new DataView(bytes.buffer));
      for (const [i, [port]] of packets.entries()) {
        rows.offset[i] = i;
        rows.captured[i] = 1;
        rows.port[i] = port;
        rows.count++;
      }
      yield rows;
    }
  }
  const counts = () => ({ captured: 0, dropped: 0 });
  const rest = { name: 'two', format: 'live', size: undefined, position: 0 } as const;
  return { ...rest, ports, batches, counts, [Symbol.asyncDispose]: async () => {} };
}
class Told extends CountSink {
  told = 0;
  constructor() {
    super(-1);
  }
  override tally(packets: number): void {
    this.told += packets;
  }
  override end(): void {}
}
/** Wants the bytes that are at least 10 on the first port, and at least 20 on the second. */
const filter =
  ({ linkType }: Port) =>
  (bytes: Uint8Array, start: number): number =>
    bytes[start]! >= (linkType === 0 ? 10 : 20) ? 1 : 0;
const source = () =>
  capture(
    [
      [0, 9],
      [0, 10],
      [1, 10],
      [1, 20],
    ],
    [],
    [
      [1, 19],
      [0, 30],
    ],
  );

test('each packet is asked of the filter of its own port', async () => {
  const sink = new Told();
  expect((await run({ source: source(), sinks: [sink], filter })).packets).toBe(3);
  expect(sink.told).toBe(3);
});
test('without a filter all of them count', async () => {
  expect((await run({ source: source(), sinks: [new Told()] })).packets).toBe(6);
});
test('a limit ends the counting', async () => {
  const sink = new Told();
  expect((await run({ source: source(), sinks: [sink], filter, count: 2 })).packets).toBe(2);
  expect(sink.told).toBe(2);
});
test('beside a sink that takes rows the number is the same', async () => {
  const sink = new Told();
  const bytes: number[] = [];
  const rows: Sink = {
    needs: NEEDS.bytes,
    begin() {},
    rows(batch, from, to) {
      for (let i = from; i < to; i++) bytes.push(batch.bytes[batch.offset[i]!]!);
      return to;
    },
    flush() {},
    end() {},
  };
  await run({ source: source(), sinks: [sink, rows], filter });
  expect(bytes).toEqual([10, 20, 30]);
  expect(sink.told).toBe(3);
});
test('what takes frames is refused without a registry', async () => {
  const sink: Sink = { needs: NEEDS.layers, begin() {}, frame() {}, flush() {}, end() {} };
  await expect(run({ source: source(), sinks: [sink] })).rejects.toThrow('registry');
});
