import { describe, expect, test } from 'vitest';
import type { CaptureSource } from '../../src/capture/source.ts';
import type { FrameBatch } from '../../src/frame/batch.ts';

/** What an adapter has to hand out: enough to tell packets apart. */
export interface Expected {
  readonly seconds: number;
  readonly nanos: number;
  readonly wire: number;
  readonly data: Uint8Array;
}
/** One adapter in one state. Each test opens its own source. */
export interface SourceCase {
  /** The times are those of the capture: only their order is known. */
  readonly live?: boolean;
  readonly open: () => Promise<CaptureSource>;
  readonly packets: readonly Expected[];
  /** What the source throws behind its last packet: a ToolError's code. */
  readonly ends?: string;
  /** The source does not end by itself; the packets come, and then nothing. */
  readonly endless?: boolean;
}

/** What session.ts and its sinks rely on, whatever the packets come from. */
export function sourceContract(name: string, given: SourceCase): void {
  describe(`${name} keeps the contract of sources`, () => {
    const { open, ends, endless = false } = given;
    const packets = given.live === true ? given.packets.map(timeless) : given.packets;
    const comparable = given.live === true ? timeless : (packet: Expected) => packet;

    test('every packet once, in order, with its bytes', async () => {
      await using source = await open();
      const seen: Expected[] = [];
      const thrown = await walk(source, (batch) => {
        for (let i = 0; i < batch.count; i++) seen.push(comparable(copy(batch, i)));
        return !endless || seen.length < packets.length;
      });
      expectSame(seen, packets);
      if (!endless) expect(thrown).toBe(ends);
      expect(source.counts().captured).toBe(packets.length);
    });
    test('columns are sound, and each packet is of a known port', async () => {
      await using source = await open();
      let count = 0;
      await walk(source, (batch) => {
        expect(wrongRow(source, batch)).toBeUndefined();
        count += batch.count;
        return !endless || count < packets.length;
      });
      for (const port of source.ports) {
        expect(port.linkType).toBeGreaterThanOrEqual(0);
        expect(port.snaplen).toBeGreaterThanOrEqual(0);
      }
    });
    test('a batch stays as it is until it is released', async () => {
      await using source = await open();
      const held: { batch: FrameBatch; was: Expected[] }[] = [];
      let count = 0;
      await walk(
        source,
        (batch) => {
          held.push({ batch, was: all(batch) });
          count += batch.count;
          return !endless || count < packets.length;
        },
        false,
      );
      for (const { batch, was } of held) expectSame(all(batch), was);
      expectSame(
        held.flatMap(({ was }) => was.map(comparable)),
        packets,
      );
      for (const { batch } of held) batch.release();
    });
    test('an abort ends it quietly, at once or later', async () => {
      for (const when of ['before', 'between'] as const) {
        await using source = await open();
        const controller = new AbortController();
        if (when === 'before') controller.abort();
        let batches = 0;
        for await (const batch of source.batches(controller.signal)) {
          batches++;
          batch.release();
          controller.abort();
        }
        expect(batches).toBeLessThanOrEqual(when === 'before' ? 0 : 1);
      }
    });
    test('it may be left in the middle, and closed twice', async () => {
      const source = await open();
      for await (const batch of source.batches()) {
        batch.release();
        break;
      }
      await source[Symbol.asyncDispose]();
      await source[Symbol.asyncDispose]();
    });
    test('its position never goes back, nor beyond its size', async () => {
      await using source = await open();
      let position = source.position;
      let count = 0;
      await walk(source, (batch) => {
        expect(source.position).toBeGreaterThanOrEqual(position);
        position = source.position;
        if (source.size !== undefined) expect(position).toBeLessThanOrEqual(source.size);
        count += batch.count;
        return !endless || count < packets.length;
      });
    });
  });
}

/** Reads until the end, or until `each` has enough; gives the code of the ToolError that ended it. */
async function walk(
  source: CaptureSource,
  each: (batch: FrameBatch) => boolean,
  release = true,
): Promise<string | undefined> {
  try {
    for await (const batch of source.batches()) {
      const more = each(batch);
      if (release) batch.release();
      if (!more) break;
    }
  } catch (error) {
    const { name, code } = error as { name: string; code: string };
    if (name !== 'ToolError') throw error;
    return code;
  }
  return undefined;
}
/** Compares text, for a thousand times as many packets as `toEqual` is comfortable with; it still tells the first difference. */
function expectSame(found: readonly Expected[], wanted: readonly Expected[]): void {
  const line = (p: Expected) => `${p.seconds} ${p.nanos} ${p.wire} ${Buffer.from(p.data).toString('hex')}`;
  expect(found.length).toBe(wanted.length);
  const at = found.findIndex((p, i) => line(p) !== line(wanted[i]!));
  if (at >= 0) expect(`packet ${at}: ${line(found[at]!)}`).toBe(`packet ${at}: ${line(wanted[at]!)}`);
}
/** The first row whose columns cannot be right. */
function wrongRow(source: CaptureSource, batch: FrameBatch): number | undefined {
  for (let i = 0; i < batch.count; i++) {
    const inside = batch.offset[i]! + batch.captured[i]! <= batch.bytes.length;
    const time = batch.nanos[i]! < 1_000_000_000 && Number.isInteger(batch.seconds[i]);
    if (!inside || !time || batch.port[i]! >= source.ports.length || batch.direction[i]! > 2) return i;
  }
  return undefined;
}
const timeless = (packet: Expected): Expected => ({ ...packet, seconds: 0, nanos: 0 });
const all = (batch: FrameBatch): Expected[] => Array.from({ length: batch.count }, (_, i) => copy(batch, i));
const copy = (batch: FrameBatch, i: number): Expected => ({
  seconds: batch.seconds[i]!,
  nanos: batch.nanos[i]!,
  wire: batch.wire[i]!,
  data: batch.bytes.slice(batch.offset[i]!, batch.offset[i]! + batch.captured[i]!),
});
