import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { openFile } from '../../src/capture/file.ts';
import { type CaptureWriter, type FileFormat, type Origin, openWriter } from '../../src/format/writer.ts';
import { DIRECTION, FLAG } from '../../src/frame/batch.ts';
import type { Port } from '../../src/frame/port.ts';
import { Rows } from '../../src/frame/rows.ts';
import { Bytes, micros, type Packet, Pcapng, packet, pcap } from './build.ts';
import { folder, readFile } from './reading.ts';

const { path, remove } = folder();
afterAll(remove);

const ethernet: Port = { name: 'veth0', linkType: 1, snaplen: 262_144, nanos: true, description: 'the inner end' };
const cooked: Port = { name: undefined, linkType: 276, snaplen: 0, nanos: true };
const live = (...ports: Port[]): Origin => ({ name: 'veth0', format: 'live', ports });

/** Packets in a batch as a device would hand them out: no records around them. */
function batchOf(packets: readonly Packet[]): Rows {
  const rows = new Rows(packets.length);
  const bytes = Buffer.concat(packets.map((p) => p.data));
  rows.over(bytes, new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  let at = 0;
  for (const p of packets) {
    const i = rows.count++;
    rows.offset[i] = at;
    rows.captured[i] = p.data.length;
    rows.wire[i] = p.wire;
    rows.seconds[i] = p.seconds;
    rows.nanos[i] = p.nanos;
    rows.port[i] = p.port;
    rows.direction[i] = p.direction;
    rows.flags[i] = p.flags;
    at += p.data.length;
  }
  return rows;
}
async function write(format: FileFormat, origin: Origin, packets: readonly Packet[]): Promise<string> {
  const out = path(`out.${format}`);
  const writer = await openWriter(out, format, origin, 'hooktap test');
  const batch = batchOf(packets);
  writer.writeRows(batch, 0, batch.count);
  await writer.flush();
  await writer.end();
  expect(writer.packets).toBe(packets.length);
  expect(writer.size).toBe(readFileSync(out).length);
  return out;
}
/** Copies a file through source and writer; `keep` chooses packets by number. */
async function copy(from: string, to: string, format: FileFormat, keep?: (n: number) => boolean): Promise<void> {
  await using source = await openFile(from);
  const writer = await openWriter(to, format, source, 'hooktap test');
  let n = 0;
  try {
    for await (const batch of source.batches()) {
      writer.enter(batch);
      if (keep === undefined) writer.writeRows(batch, 0, batch.count);
      else for (let i = 0; i < batch.count; i++) if (keep(n++)) writer.write(batch, i);
      await writer.flush();
      batch.release();
    }
  } finally {
    await writer.end();
  }
}
const anyPacket: fc.Arbitrary<Packet> = fc
  .record({
    seconds: fc.oneof(fc.integer({ min: 1_600_000_000, max: 1_900_000_000 }), fc.nat(0xffff_ffff)),
    nanos: fc.nat(999_999_999),
    data: fc.oneof(fc.uint8Array({ maxLength: 150 }), fc.uint8Array({ minLength: 4080, maxLength: 4110 })),
    wire: fc.nat(100_000),
    direction: fc.constantFrom(...Object.values(DIRECTION)),
    flags: fc.constantFrom(0, FLAG.checksumNotReady, FLAG.checksumValid),
  })
  .map(packet);

describe('what is written reads back the same', () => {
  test.each(['pcap', 'nspcap', 'pcapng'] as const)('%s', async (format) => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyPacket, { maxLength: 12 }), async (packets) => {
        const back = await readFile(await write(format, live(ethernet), packets));
        expect(back.error).toBeUndefined();
        const plain = format === 'pcapng' ? {} : { direction: 0, flags: 0 };
        const round = (p: Packet) => ({
          ...p,
          ...plain,
          nanos: format === 'pcap' ? p.nanos - (p.nanos % 1000) : p.nanos,
        });
        expect(back.packets).toEqual(packets.map(round));
      }),
      { numRuns: 50 },
    );
  });
  test('ports of pcapng, with the resolution that their times have', async () => {
    const rough = { ...ethernet, nanos: false };
    const packets = [
      packet({ nanos: 1234, port: 0 }),
      packet({ nanos: 1234, port: 1 }),
      packet({ nanos: 1999, port: 2 }),
    ];
    const back = await readFile(await write('pcapng', live(ethernet, cooked, rough), packets));
    expect(back.ports).toMatchObject([ethernet, cooked, rough]);
    expect(back.packets.map((p) => p.nanos)).toEqual([1234, 1234, 1000]);
  });
  test('a port that turned up late', async () => {
    const ports = [ethernet];
    const writer = await openWriter(path('late'), 'pcapng', live(ethernet), 'hooktap test');
    await writer.end();
    const out = await openWriter(path('late'), 'pcapng', { name: 'x', format: 'live', ports }, 'hooktap test');
    out.writeRows(batchOf([packet()]), 0, 1);
    await out.flush();
    ports.push(cooked);
    out.writeRows(batchOf([packet({ port: 1 })]), 0, 1);
    await out.end();
    const back = await readFile(path('late'));
    expect(back.packets.map((p) => p.port)).toEqual([0, 1]);
    expect(back.ports[1]!.linkType).toBe(276);
  });
  test.each(['pcap', 'nspcap', 'pcapng'] as const)(
    '%s without packets has its header, and has it early',
    async (format) => {
      const writer = await openWriter(path('none'), format, live(ethernet), 'hooktap test');
      await writer.flush();
      const early = readFileSync(path('none'));
      expect(early.length).toBeGreaterThanOrEqual(24);
      await writer.end();
      expect(readFileSync(path('none'))).toEqual(early);
      expect((await readFile(path('none'))).error).toBeUndefined();
    },
  );
});

test('a pcap file has one link type', async () => {
  const writer = await openWriter(path('mixed'), 'pcap', live(ethernet, cooked), 'hooktap test');
  const batch = batchOf([packet(), packet({ port: 1 })]);
  writer.write(batch, 0);
  expect(() => writer.write(batch, 1)).toThrow(
    expect.objectContaining({ code: 'mixed-link-types', hint: '--format pcapng' }),
  );
  await writer.end();
  expect((await readFile(path('mixed'))).packets.length).toBe(1);
});
test('the snaplen in a pcap header holds for every port', async () => {
  const short = { ...ethernet, snaplen: 96 };
  const written = async (...ports: Port[]) =>
    (await readFile(await write('pcap', live(...ports), []))).ports[0]!.snaplen;
  expect(await written(short)).toBe(96);
  expect(await written(short, { ...short, snaplen: 1500 })).toBe(1500);
  expect(await written(short, { ...cooked, linkType: 1 })).toBe(262_144);
});

describe('copies', () => {
  const sent = Array.from({ length: 1000 }, (_, i) =>
    packet({ nanos: i * 1000, data: new Uint8Array(i % 70).fill(i), wire: i }),
  );

  test('of pcap are the same bytes', async () => {
    for (const [format, magic] of [
      ['pcap', 'micro'],
      ['nspcap', 'nano'],
    ] as const) {
      writeFileSync(path('a'), pcap(sent, { magic }));
      await copy(path('a'), path('b'), format);
      expect(readFileSync(path('b')).equals(readFileSync(path('a')))).toBe(true);
    }
  });
  test('of every other pcap are written anew', async () => {
    const plain = pcap(sent);
    const strange = [
      pcap(sent, { littleEndian: false }),
      pcap(sent, { magic: 'modified' }),
      pcap(sent, { magic: 'nano' }),
      pcap(sent, { version: [2, 2], swapped: true }),
    ];
    for (const bytes of strange) {
      writeFileSync(path('a'), bytes);
      await copy(path('a'), path('b'), 'pcap');
      expect(readFileSync(path('b')).equals(Buffer.from(plain))).toBe(true);
    }
  });
  test('keep the cut that a snaplen asks for', async () => {
    writeFileSync(path('a'), pcap([packet({ wire: 99 }), packet()], { snaplen: 3 }));
    await copy(path('a'), path('b'), 'pcap');
    const cut = { ...packet(), data: Uint8Array.of(1, 2, 3) };
    expect((await readFile(path('b'))).packets).toEqual([
      { ...cut, wire: 99 },
      { ...cut, wire: 5 },
    ]);
  });
  test('of some packets have just those', async () => {
    writeFileSync(path('a'), pcap(sent));
    const keep = (n: number) => n % 7 !== 3 && n > 2;
    for (const format of ['pcap', 'pcapng'] as const) {
      await copy(path('a'), path('b'), format, keep);
      expect((await readFile(path('b'))).packets).toEqual(sent.filter((_, n) => keep(n)));
      await copy(path('b'), path('c'), 'pcap');
      expect(readFileSync(path('c')).equals(pcap(sent.filter((_, n) => keep(n))))).toBe(true);
    }
  });
  test('of a cut file have every packet before the cut', async () => {
    writeFileSync(path('a'), pcap(sent).subarray(0, -1));
    await expect(copy(path('a'), path('b'), 'pcap')).rejects.toThrow('cut short');
    expect((await readFile(path('b'))).packets).toEqual(sent.slice(0, -1));
  });

  describe.each([true, false])('of pcapng, little-endian: %j', (littleEndian) => {
    const comment = (text: string) => new Bytes(littleEndian).option(1, Buffer.from(text)).option(0, []).done();
    const names = new Bytes(littleEndian).u16(1).u16(8).add([10, 0, 0, 1]).add(Buffer.from('one\0')).u32(0);
    const [a, b, c] = [packet({ data: Uint8Array.of(1) }), packet({ seconds: 2 }), packet({ seconds: 3 })] as const;
    const whole = () =>
      new Pcapng(littleEndian)
        .interface({ name: 'x', resolution: 6 })
        .block(4, names)
        .interface({ name: 'y', linkType: 276, resolution: 0x94, offset: 100n })
        .enhanced(0, micros(a), a, comment('first'))
        .block(10, new Bytes(littleEndian).u32(0x544c534b).u32(4).add([1, 2, 3, 4]))
        .enhanced(1, 5n << 20n, b)
        .simple(c)
        .block(5, new Bytes(littleEndian).u32(0).u32(0).u32(0));

    test('keep everything where it was', async () => {
      writeFileSync(path('a'), whole().done());
      await copy(path('a'), path('b'), 'pcapng');
      expect(readFileSync(path('b')).equals(readFileSync(path('a')))).toBe(true);
    });
    test('of several sections have those sections', async () => {
      const two = whole()
        .section(!littleEndian)
        .interface({ name: 'z', resolution: 9 })
        .block(4, new Bytes(!littleEndian).u32(0));
      writeFileSync(path('a'), two.enhanced(0, 7n, b).section(littleEndian).interface({ name: 'q' }).simple(c).done());
      await copy(path('a'), path('b'), 'pcapng');
      const [was, is] = [await readFile(path('a')), await readFile(path('b'))];
      expect(is.error).toBeUndefined();
      expect(is.packets).toEqual(was.packets);
      expect(is.ports).toEqual(was.ports);
      expect(readFileSync(path('b')).equals(readFileSync(path('a')))).toBe(true);
    });
    test('of nothing but the packets chosen still keep the names', async () => {
      writeFileSync(path('a'), whole().done());
      await copy(path('a'), path('b'), 'pcapng', (n) => n === 1);
      expect(blocks(readFileSync(path('b')), littleEndian).map(({ type }) => type)).toEqual([
        0x0a0d0d0a, 1, 4, 1, 10, 6, 5,
      ]);
      await copy(path('a'), path('b'), 'pcapng', () => false);
      expect(blocks(readFileSync(path('b')), littleEndian).map(({ type }) => type)).toEqual([
        0x0a0d0d0a, 1, 4, 1, 10, 5,
      ]);
    });
  });
});
/** The blocks of a file, whose sections all have this byte order. */
function blocks(bytes: Buffer, littleEndian: boolean): { type: number; hex: string }[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: { type: number; hex: string }[] = [];
  for (let at = 0; at < bytes.length; at += view.getUint32(at + 4, littleEndian)) {
    const length = view.getUint32(at + 4, littleEndian);
    found.push({ type: view.getUint32(at, littleEndian), hex: bytes.toString('hex', at, at + length) });
  }
  return found;
}

describe('where it goes', () => {
  const many = batchOf(Array.from({ length: 2000 }, (_, i) => packet({ data: new Uint8Array(1500).fill(i) })));
  const fill = async (writer: CaptureWriter, times: number) => {
    for (let i = 0; i < times; i++) {
      writer.writeRows(many, 0, many.count);
      await writer.flush();
    }
    await writer.end();
  };
  const mkfifo = (name: string) => {
    execFileSync('mkfifo', [path(name)]);
    return path(name);
  };
  test('a named pipe whose reader comes late and is slow', async () => {
    const pipe = mkfifo('slow');
    const reader = spawn('sh', ['-c', 'sleep 0.3; (sleep 0.3; cat) < "$0" > "$1"', pipe, path('read')]);
    const done = new Promise((resolve) => reader.on('close', resolve));
    await fill(await openWriter(pipe, 'pcapng', live(ethernet), 'hooktap test'), 4);
    await done;
    const back = await readFile(path('read'));
    expect(back.error).toBeUndefined();
    expect(back.packets.length).toBe(8000);
    expect(back.packets[7999]!.data[0]).toBe(1999 & 0xff);
  });
  test('a pipe whose reader goes away', async () => {
    const pipe = mkfifo('gone');
    spawn('sh', ['-c', 'head -c 100000 < "$0" > /dev/null', pipe]);
    const writer = await openWriter(pipe, 'pcap', live(ethernet), 'hooktap test');
    await expect(fill(writer, 4)).rejects.toMatchObject({ code: 'closed-pipe' });
    await writer.end();
  });
  test('a full disk', async () => {
    const writer = await openWriter('/dev/full', 'pcap', live(ethernet), 'hooktap test');
    await expect(fill(writer, 1)).rejects.toMatchObject({
      code: 'disk-full',
      message: '/dev/full: the disk is full; nothing was written',
    });
    await writer.end();
  });
  test('not into the file that is being read, whatever it is called', async () => {
    writeFileSync(path('self'), pcap([packet()]));
    execFileSync('ln', [path('self'), path('link')]);
    await using source = await openFile(path('self'));
    await expect(openWriter(path('link'), 'pcap', source, 'hooktap test')).rejects.toMatchObject({ code: 'same-file' });
    expect((await readFile(path('self'))).packets.length).toBe(1);
  });
  test('not into what is no file', async () => {
    const open = (to: string) => openWriter(to, 'pcap', live(ethernet), 'hooktap test');
    await expect(open(path('.'))).rejects.toMatchObject({ code: 'directory' });
    await expect(open(path('no/such/file'))).rejects.toMatchObject({
      code: 'no-such-file',
      hint: `mkdir -p ${path('no/such/')}`,
    });
  });
});
