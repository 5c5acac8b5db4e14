import { execFileSync, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { openFile } from '../../src/capture/file.ts';
import { sourceContract } from '../contract/source.ts';
import { project } from '../support/project.ts';
import { Bytes, micros, type Packet, Pcapng, packet, pcap } from './build.ts';
import { folder, readFile } from './reading.ts';

const { path, remove } = folder();
afterAll(remove);

const sent: Packet[] = Array.from({ length: 20_000 }, (_, i) =>
  packet({
    seconds: 1_700_000_000 + i,
    nanos: (i % 1000) * 1_000_000,
    data: Uint8Array.of(i, i >> 8, i >> 16, 7),
    wire: 4 + (i % 9),
  }),
);
const packets = sent.map(({ seconds, nanos, wire, data }) => ({ seconds, nanos, wire, data }));
const file = (name: string, bytes: Uint8Array) => {
  writeFileSync(path(name), bytes);
  return path(name);
};
function pcapng(littleEndian: boolean): Uint8Array {
  const parts = [new Pcapng(littleEndian).interface().done()];
  for (const p of sent) {
    const body = new Bytes(littleEndian)
      .u32(6)
      .u32(36)
      .u32(0)
      .u32(Number(micros(p) >> 32n))
      .u32(Number(micros(p) & 0xffff_ffffn));
    parts.push(body.u32(4).u32(p.wire).add(p.data).u32(36).done());
  }
  return Buffer.concat(parts);
}
const contents = {
  pcap: pcap(sent),
  'big-endian pcap': pcap(sent, { littleEndian: false }),
  'pcap with nanoseconds': pcap(sent, { magic: 'nano' }),
  'pcap with the modified header': pcap(sent, { magic: 'modified' }),
  pcapng: pcapng(true),
  'big-endian pcapng': pcapng(false),
};
for (const [name, bytes] of Object.entries(contents)) {
  const made = file(name, bytes);
  sourceContract(`a file of ${name}`, { open: () => openFile(made), packets });
}
const cut = file('cut', contents.pcap.subarray(0, -1));
sourceContract('a cut file', { open: () => openFile(cut), packets: packets.slice(0, -1), ends: 'damaged-file' });
sourceContract('a file without packets', { open: () => openFile(file('none', pcap([]))), packets: [] });

/** A named pipe that a program of its own fills, as a shell's pipeline would. */
let pipes = 0;
function fed(command: string, ...args: string[]): string {
  const made = path(`pipe${pipes++}`);
  execFileSync('mkfifo', [made]);
  spawn('sh', ['-c', `${command} > "$0"`, made, ...args], { stdio: 'ignore' });
  return made;
}
sourceContract('a pipe', { open: () => openFile(fed('cat "$1"', path('pcap'))), packets });
sourceContract('a pipe of pcapng', { open: () => openFile(fed('cat "$1"', path('pcapng'))), packets });
sourceContract('a pipe of gzip', { open: () => openFile(fed('gzip -c "$1"', path('pcap'))), packets });
sourceContract('a pipe that is cut', {
  open: () => openFile(fed('cat "$1"', cut)),
  packets: packets.slice(0, -1),
  ends: 'damaged-file',
});
sourceContract('a pipe that stays open', {
  open: () => openFile(fed('(cat "$1"; sleep 5)', path('pcap'))),
  packets,
  endless: true,
});

describe('a live pipe', () => {
  test('hands out what is complete, however it is cut into pieces', async () => {
    const three = file('three', pcap(sent.slice(0, 3)));
    // The second packet comes in two pieces, the third at the end.
    const pieces = '(head -c 60 "$1"; sleep 0.3; tail -c +61 "$1" | head -c 6; sleep 0.3; tail -c +67 "$1")';
    await using source = await openFile(fed(pieces, three));
    const counts: number[] = [];
    for await (const batch of source.batches()) {
      counts.push(batch.count);
      batch.release();
    }
    expect(counts.reduce((a, b) => a + b)).toBe(3);
    expect(counts.length).toBeGreaterThan(1);
    expect(counts[0]).toBe(1);
  });
  test('that is compressed is read as it comes, and left at once on an abort', async () => {
    const begun = file('begun', gzipSync(pcap(sent.slice(0, 4)), { level: 0 }).subarray(0, -20));
    await using source = await openFile(fed('(cat "$1"; sleep 20)', begun));
    const controller = new AbortController();
    const stopped = setTimeout(300).then(() => controller.abort());
    const started = performance.now();
    let count = 0;
    for await (const batch of source.batches(controller.signal)) {
      count += batch.count;
      batch.release();
    }
    await stopped;
    expect(count).toBe(3);
    expect(performance.now() - started).toBeLessThan(15_000);
  });
  test('is left at once on an abort, though nothing comes', async () => {
    await using source = await openFile(fed('(cat "$1"; sleep 20)', file('one', pcap(sent.slice(0, 1)))));
    const controller = new AbortController();
    const started = performance.now();
    const stopped = setTimeout(200).then(() => controller.abort());
    let count = 0;
    for await (const batch of source.batches(controller.signal)) {
      count += batch.count;
      batch.release();
    }
    await stopped;
    expect(count).toBe(1);
    expect(performance.now() - started).toBeLessThan(15_000);
  });
});

test('a named pipe as standard input, whose writer is gone before we start', () => {
  const pipe = fed('cat "$1"', file('few', pcap(sent.slice(0, 3))));
  const script = 'exec < "$0"; sleep 0.3; exec timeout 60 ./hooktap read --count -';
  expect(execFileSync('sh', ['-c', script, pipe], { cwd: project, encoding: 'utf8' })).toContain('3 packets');
});

describe('what cannot be read, and what to do about it', () => {
  const refusal = async (at: string) => {
    const { error } = await readFile(at);
    return [error?.code, error?.message, error?.hint];
  };
  test('no such file, a directory', async () => {
    expect(await refusal(path('absent'))).toEqual([
      'no-such-file',
      `${path('absent')}: no such file`,
      `ls ${path('')}/`,
    ]);
    expect((await refusal(path('.')))[0]).toBe('directory');
  });
  test.each([
    ['empty', [], 'empty-file', ''],
    ['text', Buffer.from('Hello, this is no capture file at all'), 'unknown-format', 'file '],
    ['short', [0xd4], 'unknown-format', 'file '],
    ['headless', [0xd4, 0xc3, 0xb2, 0xa1, 2, 0], 'damaged-file', ''],
    ['line ends', Buffer.from('\n\r\r\nabcdefghijkl'), 'unknown-format', 'file '],
    ['x.bz2', Buffer.from('BZh91AY'), 'unknown-format', 'bzip2 -dc '],
    ['x.xz', [0xfd, ...Buffer.from('7zXZ')], 'unknown-format', 'xz -dc '],
    ['x.lz4', [2, 0x21, 0x4c, 0x18, 0], 'unknown-format', 'lz4 -dc '],
    ['x.btsnoop', Buffer.from('btsnoop\0\0\0\0\x01'), 'unknown-format', 'editcap '],
  ])('%s', async (name, bytes, code, remedy) => {
    const [found, message, hint] = await refusal(file(name, Uint8Array.from(bytes)));
    expect(found).toBe(code);
    expect(message).toContain(path(name));
    expect(hint).toContain(remedy);
  });
  test('names are quoted for the shell, and their control characters shown', async () => {
    const [, message, hint] = await refusal(file("it's\n.bz2", Buffer.from('BZh9')));
    expect(message).toContain("it's\\x0a.bz2");
    expect(hint).toContain(`'${path("it'\\''s\\x0a.bz2")}'`);
  });
});
