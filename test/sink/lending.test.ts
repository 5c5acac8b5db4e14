import { readFileSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { protocols } from '../../dissectors/index.ts';
import type { CaptureSource, Port } from '../../src/capture/source.ts';
import { Registry } from '../../src/dissect/registry.ts';
import { BLOCK } from '../../src/format/blocks.ts';
import { TcpdumpNames } from '../../src/format/file-names.ts';
import { packetBlock } from '../../src/format/packet-block.ts';
import type { FileLent, FileReturned } from '../../src/format/writer.ts';
import type { FrameBatch } from '../../src/frame/batch.ts';
import { Rows } from '../../src/frame/rows.ts';
import { run } from '../../src/session.ts';
import { CopySink } from '../../src/sink/copy.ts';
import { readFile } from '../format/reading.ts';
import { withFolder } from '../support/run.ts';

const registry = new Registry(protocols);
const portCalled = (name: string): Port => ({ name, linkType: 1, snaplen: 262_144, nanos: true });
const LENGTH = 60;

/** A source that writes packets itself while it has a file, and does between them what a test asks for. */
class Writing implements CaptureSource {
  readonly name = 'veth0';
  readonly format = 'live';
  readonly size = undefined;
  readonly position = 0;
  readonly ports: Port[] = [portCalled('veth0')];
  file: FileLent | undefined;
  /** How often it was lent a file. */
  lent = 0;
  private written = 0;
  private bytes = 0;
  private numbered = 0;
  private resolve: ((returned: FileReturned) => void) | undefined;

  constructor(private readonly steps: readonly ((source: Writing) => FrameBatch | undefined)[]) {}
  lend(file: FileLent): Promise<FileReturned> {
    this.file = file;
    this.lent++;
    this.written = 0;
    this.bytes = 0;
    return new Promise((resolve) => (this.resolve = resolve));
  }
  recall(): void {
    this.giveBack();
  }
  giveBack(failure?: FileReturned['failure']): void {
    this.file = undefined;
    this.resolve?.({ packets: this.written, bytes: this.bytes, failure });
    this.resolve = undefined;
  }
  private block(port: number): Uint8Array {
    const bytes = new Uint8Array(LENGTH).fill(this.numbered++);
    return packetBlock({ port, at: 5n, bytes, wire: LENGTH, comments: [], packetId: BigInt(this.numbered) });
  }
  /** Writes packets to the file on loan. */
  write(count: number, port = 0): undefined {
    for (let i = 0; i < count; i++) {
      this.bytes += writeSync(this.file!.descriptor, this.block(port));
      this.written++;
    }
  }
  /** The beginning of a block, and then the disk is full. */
  fill(): undefined {
    writeSync(this.file!.descriptor, this.block(0).subarray(0, 50));
    this.giveBack({ code: 'ENOSPC', message: 'no space left on device' });
  }
  /** Packets handed out, as ever. */
  handOut(count: number, port = 0): FrameBatch {
    const rows = new Rows(count);
    const bytes = new Uint8Array(LENGTH * count);
    rows.over(bytes, new DataView(bytes.buffer));
    for (let i = 0; i < count; i++) {
      bytes.fill(this.numbered++, i * LENGTH, (i + 1) * LENGTH);
      rows.offset[i] = i * LENGTH;
      rows.captured[i] = LENGTH;
      rows.wire[i] = LENGTH;
      rows.port[i] = port;
      rows.count++;
    }
    return rows;
  }
  async *batches(): AsyncGenerator<FrameBatch> {
    for (const step of this.steps) yield step(this) ?? new Rows(0);
    this.giveBack();
  }
  portCounts = () => this.ports.map((_, port) => ({ port, received: this.numbered, dropped: 0, together: false }));
  counts = () => ({ captured: 0, dropped: 0 });
  [Symbol.asyncDispose] = async () => {};
}
/** The types of a file's blocks in order, each once for as many as follow each other. */
function blocks(path: string): string[] {
  const bytes = readFileSync(path);
  const names: string[] = [];
  for (let at = 0; at < bytes.length; at += bytes.readUInt32LE(at + 4)) {
    const type = bytes.readUInt32LE(at);
    const name = Object.entries(BLOCK).find(([, number]) => number === type)![0];
    if (names.at(-1) !== name || name === 'statistics') names.push(name);
  }
  return names;
}
const numbers = async (path: string) => (await readFile(path)).packets.map(({ data }) => data[0]!);
const range = (count: number) => Array.from({ length: count }, (_, i) => i);
const capture = (path: string, source: CaptureSource, more = {}) =>
  run({ source, registry, sinks: [new CopySink({ path, format: 'pcapng', force: false, alone: true, ...more })] });

describe('a file that is lent to the source', () => {
  test('has its packets in order, whoever wrote them', async () => {
    await withFolder(async (folder) => {
      const path = join(folder, 't');
      const source = new Writing([
        (s) => s.write(3),
        (s) => s.giveBack() ?? s.handOut(2),
        (s) => s.write(4),
        (s) => s.write(1),
      ]);
      const { packets } = await capture(path, source);
      expect(await numbers(path)).toEqual(range(10));
      expect(blocks(path)).toEqual(['section', 'interface', 'packet', 'statistics']);
      // The session counts what it was handed.
      expect([packets, source.lent]).toEqual([2, 2]);
    });
  });
  test('describes a device before its first packet, and is lent with all that are known', async () => {
    await withFolder(async (folder) => {
      const path = join(folder, 't');
      const described: number[] = [];
      const source = new Writing([
        (s) => s.write(1),
        (s) => {
          s.ports.push(portCalled('veth1'));
          s.giveBack();
          return s.handOut(1, 1);
        },
        (s) => {
          described.push(s.file!.ports);
          s.ports.push(portCalled('veth2'));
          s.giveBack();
        },
        (s) => {
          described.push(s.file!.ports);
          s.write(1, 2);
        },
      ]);
      await capture(path, source);
      expect(described).toEqual([2, 3]);
      const { packets, ports } = await readFile(path);
      expect(packets.map(({ port }) => port)).toEqual([0, 1, 2]);
      expect(ports.map(({ name }) => name)).toEqual(['veth0', 'veth1', 'veth2']);
    });
  });
  test('comes back every ten seconds for the counters', async () => {
    await withFolder(async (folder) => {
      const path = join(folder, 't');
      let now = 1_800_000_000_000;
      const clock = vi.spyOn(Date, 'now').mockImplementation(() => now);
      const later = (seconds: number) => (s: Writing) => {
        now += seconds * 1000;
        return s.write(2);
      };
      try {
        await capture(path, new Writing([later(5), later(4), later(2), later(1), later(9.5)]));
      } finally {
        clock.mockRestore();
      }
      expect(blocks(path)).toEqual(
        ['section', 'interface'].concat(['packet', 'statistics', 'packet', 'statistics', 'statistics']),
      );
      expect(await numbers(path)).toEqual(range(10));
    });
  });
  test('comes back for the next file', async () => {
    await withFolder(async (folder) => {
      const path = join(folder, 't');
      const names = new TcpdumpNames(path, { numbered: false, force: false });
      const finished: string[] = [];
      const options = { rotation: { names, limits: {} }, finished: (each: string) => finished.push(each) };
      const sink = new CopySink({ path, format: 'pcapng', force: false, alone: true, ...options });
      const source = new Writing([(s) => s.write(3), () => void sink.rotate(), (s) => s.write(2)]);
      await run({ source, registry, sinks: [sink] });
      expect([await numbers(path), await numbers(`${path}.1`)]).toEqual([range(3), [3, 4]]);
      for (const each of [path, `${path}.1`])
        expect(blocks(each)).toEqual(['section', 'interface', 'packet', 'statistics']);
      expect(finished).toEqual([path, `${path}.1`]);
    });
  });
  test('on a full disk ends with the last whole packet, and the error is the usual one', async () => {
    await withFolder(async (folder) => {
      const path = join(folder, 't');
      const source = new Writing([(s) => s.write(3), (s) => s.fill(), (s) => s.handOut(2)]);
      await expect(capture(path, source)).rejects.toThrow('the disk is full; the packets written before are in it');
      expect(await numbers(path)).toEqual(range(3));
      expect((await readFile(path)).error).toBeUndefined();
      expect(blocks(path)).toEqual(['section', 'interface', 'packet']);
    });
  });
  test('is not lent where packets are counted, or of another format, or somebody else wants them', async () => {
    await withFolder(async (folder) => {
      const names = (path: string) => new TcpdumpNames(path, { numbered: true, force: false });
      const cases: object[] = [{ alone: false }, { format: 'pcap' }];
      const path = join(folder, 't');
      cases.push({ rotation: { names: names(path), limits: { bytes: 1000 } } });
      for (const more of cases) {
        const source = new Writing([(s) => s.handOut(2)]);
        await capture(path, source, { force: true, ...more });
        expect(source.lent).toBe(0);
        expect(statSync(path).size).toBeGreaterThan(2 * LENGTH);
      }
    });
  });
});
