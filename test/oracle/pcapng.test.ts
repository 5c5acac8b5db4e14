/**
 * pcapng, whole: files that others made read as they say of themselves, options are tshark's, and what we write of them is
 * read by tshark, capinfos and tcpdump as the file itself is.
 */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { protocols } from '../../dissectors/index.ts';
import { openFile } from '../../src/capture/file.ts';
import { Registry } from '../../src/dissect/registry.ts';
import { BLOCK } from '../../src/format/blocks.ts';
import type { FrameBatch, PacketOptions } from '../../src/frame/batch.ts';
import { run } from '../../src/session.ts';
import { CopySink } from '../../src/sink/copy.ts';
import { captureFolder, project, requireAll, whyNoCaptures } from '../support/project.ts';
import { tcpdumpVersion, withFolder } from '../support/run.ts';

const missing = whyNoCaptures();
const registry = new Registry(protocols);
const inFolder = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.pcapng'))
        .sort()
        .map((name) => join(folder, name))
    : [];
const GENERATED = inFolder(join(captureFolder, 'pcapng-test-generator'));
const OWN = inFolder(join(project, 'fixtures', 'formats'));

/** The blocks of a file in the words of its description, without those that nobody keeps. */
const NAMES: Readonly<Record<number, string>> = {
  [BLOCK.packet]: 'EPB',
  [BLOCK.simplePacket]: 'SPB',
  [BLOCK.oldPacket]: 'PB',
  [BLOCK.interface]: 'IDB',
  [BLOCK.names]: 'NRB',
  [BLOCK.statistics]: 'ISB',
  [BLOCK.custom]: 'CB',
};
async function sequenceOf(path: string): Promise<string[]> {
  await using source = await openFile(path);
  const found: string[] = [];
  let header: Uint8Array | undefined;
  for await (const batch of source.batches()) {
    const { envelope } = batch;
    if (envelope?.format !== 'pcapng') throw new Error('no pcapng');
    if (envelope.header !== header) found.push('SHB');
    header = envelope.header;
    found.push(...blocksOf(batch, envelope));
    batch.release();
  }
  return found;
}
function blocksOf(batch: FrameBatch, { asides, start, littleEndian }: PcapngEnvelope): string[] {
  const found: string[] = [];
  const view = new DataView(batch.bytes.buffer, batch.bytes.byteOffset);
  for (let row = 0; row <= batch.count; row++) {
    for (const { bytes } of asides.filter((aside) => aside.row === row))
      found.push(NAMES[new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, littleEndian)]!);
    if (row < batch.count) found.push(NAMES[view.getUint32(start[row]!, littleEndian)]!);
  }
  return found;
}
type PcapngEnvelope = Extract<NonNullable<FrameBatch['envelope']>, { format: 'pcapng' }>;

test.skipIf(missing !== undefined && !requireAll)(
  `every conformance file reads as its description says${missing === undefined ? '' : ` (skipped: ${missing})`}`,
  async () => {
    expect(GENERATED.length).toBe(48);
    for (const path of GENERATED) {
      const told = /^Block sequence: (.*)$/m
        .exec(readFileSync(path.replace('.pcapng', '.txt'), 'utf8'))![1]!
        .split(', ');
      // DCB are custom blocks that a copy must not have.
      expect(await sequenceOf(path), path).toEqual(told.filter((block) => block !== 'DCB'));
    }
  },
);

const execute = promisify(execFile);
/** What a program prints; its exit code and its complaints too, for they are part of how it reads a file. */
async function printed(program: string, args: readonly string[], name: string): Promise<string> {
  const env = { ...process.env, TZ: 'UTC' };
  const done = await execute(program, args, { env, maxBuffer: 1 << 28 }).catch((error) => error);
  return `${done.stdout}${done.stderr}${done.code ?? 0}`.replaceAll(name, 'FILE');
}
const FIELDS = [
  'frame.time_epoch',
  'frame.len',
  'frame.cap_len',
  'frame.section_number',
  'frame.interface_id',
  'frame.interface_name',
  'frame.interface_description',
  'frame.interface_queue',
  'frame.packet_flags',
  'frame.comment',
  'frame.packet_id',
  'frame.verdict',
  'frame.drop_count',
  'frame.cb_pen',
  'frame.cb_copy',
  'frame.protocols',
] as const;
type Row = Readonly<Record<(typeof FIELDS)[number], string>>;
async function tshark(path: string): Promise<Row[]> {
  const args = ['-r', path, '-T', 'fields', ...FIELDS.flatMap((field) => ['-e', field])];
  const { stdout } = await execute('tshark', args, { env: { ...process.env, TZ: 'UTC' }, maxBuffer: 1 << 28 });
  const lines = stdout.split('\n').slice(0, -1);
  return lines.map((line) => {
    const cells = line.split('\t');
    return Object.fromEntries(FIELDS.map((field, i) => [field, cells[i] ?? ''])) as Row;
  });
}
/** tshark counts custom blocks as packets: those that must not be copied are not, and a filter of packets leaves the others. */
const kept = (row: Row, least: number): boolean =>
  row['frame.cb_pen'] === '' ? Number(row['frame.len']) >= least : row['frame.cb_copy'] === '1';

async function copy(from: string, to: string, least: number): Promise<void> {
  await using source = await openFile(from);
  const filter = () => (_bytes: Uint8Array, _start: number, captured: number, wire: number) =>
    wire >= least ? Math.max(1, captured) : 0;
  const sinks = [new CopySink({ path: to, format: 'pcapng', force: true })];
  await run({ source, registry, sinks, ...(least > 0 ? { filter } : {}) });
}
/** What capinfos says, without what is of the file and not of the capture. */
async function capinfos(path: string): Promise<string> {
  const all = await printed('capinfos', [path], path);
  return all.replace(/^(File (name|size)|SHA256|RIPEMD160|SHA1):.*\n/gm, '');
}
const tcpdump = (path: string, args: string[] = []): Promise<string> =>
  printed('tcpdump', ['-nn', '-r', path, ...args], path);
const seen = (path: string): Promise<string>[] => [capinfos(path), tcpdump(path)];
const noPrograms = tcpdumpVersion() === undefined ? 'no tcpdump here' : missing;
const skipped = noPrograms !== undefined && !requireAll;
const LEAST = 200;

test.skipIf(skipped)(
  `what is written of every pcapng file is read as the file${skipped ? ` (skipped: ${noPrograms})` : ''}`,
  async () => {
    let identical = 0;
    await withFolder(async (folder) => {
      for (const path of [...GENERATED, ...OWN]) {
        const whole = join(folder, 'whole.pcapng');
        await copy(path, whole, 0);
        // The same bytes are read the same.
        if (/basic/.test(path) && readFileSync(whole).equals(readFileSync(path)) && ++identical > 0) continue;
        const [rows, again, ...others] = await Promise.all([
          tshark(path),
          tshark(whole),
          ...seen(path),
          ...seen(whole),
        ]);
        expect(again, path).toEqual(rows.filter((row) => kept(row, 0)));
        expect(others.slice(2), path).toEqual(others.slice(0, 2));
        const some = join(folder, 'some.pcapng');
        await copy(path, some, LEAST);
        const filter = [`greater ${LEAST}`];
        const [theirs, lines, same] = await Promise.all([tshark(some), tcpdump(some, filter), tcpdump(path, filter)]);
        expect(theirs, path).toEqual(rows.filter((row) => kept(row, LEAST)));
        expect(lines, path).toBe(same);
      }
    });
    expect(identical).toBeGreaterThan(30);
  },
  300_000,
);

const escaped = (text: string): string => text.replaceAll('\r', '\\r').replaceAll('\n', '\\n');
/** In tshark's words. */
const optionsRow = (options: PacketOptions | undefined): Partial<Row> => ({
  'frame.comment': escaped(options?.comments.join(',') ?? ''),
  'frame.packet_id': options?.packetId === undefined ? '' : String(options.packetId),
  'frame.drop_count': options?.dropCount === undefined ? '' : String(options.dropCount),
  'frame.interface_queue': options?.queue === undefined ? '' : String(options.queue),
  'frame.packet_flags': options?.flags === undefined ? '' : `0x${options.flags.toString(16).padStart(8, '0')}`,
});
test.skipIf(skipped)(
  'options of packets are those that tshark reads',
  async () => {
    let told = 0;
    for (const path of [...GENERATED.filter((name) => /test(009|101|202)/.test(name)), ...OWN]) {
      const rows = (await tshark(path)).filter((row) => row['frame.cb_pen'] === '');
      await using source = await openFile(path);
      let n = 0;
      for await (const batch of source.batches()) {
        for (let i = 0; i < batch.count; i++, n++) {
          const { id, section, name } = source.ports[batch.port[i]!]!;
          const row = optionsRow(batch.options?.(i));
          const place = { 'frame.interface_id': String(id), 'frame.section_number': String(section) };
          expect(rows[n], `${path} ${n + 1}`).toMatchObject({ ...row, ...place });
          // tshark looks for names in the first section, whatever section the packet is of.
          if (name !== undefined && section === 1) expect(rows[n]!['frame.interface_name']).toBe(escaped(name));
          if (Object.values(row).some((value) => value !== '')) told++;
        }
        batch.release();
      }
      expect(n).toBe(rows.length);
    }
    expect(told).toBeGreaterThan(5);
  },
  120_000,
);
