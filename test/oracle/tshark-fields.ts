/**
 * Compares the fields of every packet of the third-party captures with what tshark said of them.
 *   node build.mjs test/oracle/tshark-fields.ts && node dist/scripts/test/oracle/tshark-fields.js [--file S] [--column C] [--diffs N]
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { protocols } from '../../dissectors/index.ts';
import { openFile } from '../../src/capture/file.ts';
import { Registry } from '../../src/dissect/registry.ts';
import { Output } from '../../src/format/output.ts';
import { run } from '../../src/session.ts';
import { FIELDS_DEFAULT, FieldsSink } from '../../src/sink/fields.ts';
import { allCaptures, type Capture } from '../support/captures.ts';
import { oracleFolder, whyNoCaptures } from '../support/project.ts';
import { uncompressed, withFolder } from '../support/run.ts';
import { textTable } from './tally.ts';
import { excuseOf } from './tshark-exceptions.ts';

/** Compared as they are. */
const COLUMNS = [
  'frame.time_epoch',
  'frame.len',
  'frame.cap_len',
  'frame.protocols',
  'ip.src',
  'ip.dst',
  'ipv6.src',
  'ipv6.dst',
  'tcp.srcport',
  'tcp.dstport',
  'udp.srcport',
  'udp.dstport',
  'vlan.id',
  'tcp.stream',
  'dns.qry.name',
  'tls.handshake.extensions_server_name',
  'http.host',
  'http.request.method',
  'http.request.uri',
  'http.response.code',
] as const;
type Column = (typeof COLUMNS)[number];
/** Told of the packet that completes a message, which tshark puts together from several segments. */
const OF_MESSAGES: ReadonlySet<Column> = new Set(COLUMNS.filter((name) => /^(tls|http)/.test(name)));
/** tshark's layers that are none of a protocol of its own. */
const PSEUDO = new Set(['ethertype', 'data']);
const registry = new Registry(protocols);
const known = new Set([...protocols.map(({ name }) => name), ...PSEUDO]);
if (known.has('sll2')) known.add('sll');

export interface FieldDifference {
  readonly file: string;
  readonly packet: number;
  readonly column: Column;
  readonly theirs: string;
  readonly ours: string;
  readonly layers: string;
}
interface Tally {
  compared: number;
  equal: number;
  excused: number;
}
export class FieldComparison {
  packets = 0;
  registered = 0;
  readonly columns = new Map<Column, Tally>(COLUMNS.map((name) => [name, { compared: 0, equal: 0, excused: 0 }]));
  readonly differences: FieldDifference[] = [];
  readonly reasons = new Map<string, number>();
  readonly notCompared = new Map<string, string>();

  compare(difference: FieldDifference): void {
    const { column, theirs, ours } = difference;
    const tally = this.columns.get(column)!;
    if (theirs === '' && ours === '') return;
    tally.compared++;
    if (theirs === ours) {
      tally.equal++;
      return;
    }
    const excuse = excuseOf(difference);
    if (excuse === undefined) this.differences.push(difference);
    else {
      tally.excused++;
      this.reasons.set(excuse, (this.reasons.get(excuse) ?? 0) + 1);
    }
  }
}

/** The layers up to TCP: what is above, tshark tells of whole messages. */
export function uptoTcp(chain: string): string {
  const names = chain.split(':');
  const tcp = names.indexOf('tcp');
  return (tcp < 0 ? names : names.slice(0, tcp + 1)).join(':');
}
const isRegistered = (chain: string): boolean => chain.split(':').every((name) => known.has(name));

type Rows = Map<number, Readonly<Record<string, string>>>;
function oracleRows(capture: Capture): Rows | undefined {
  const path = join(oracleFolder, `${capture.name}.tsv.gz`);
  if (!existsSync(path)) return undefined;
  const [head = '', ...lines] = gunzipSync(readFileSync(path)).toString('utf8').split('\n');
  const names = head.split('\t');
  const rows: Rows = new Map();
  for (const line of lines) {
    if (line === '') continue;
    const cells = line.split('\t');
    rows.set(Number(cells[0]), Object.fromEntries(names.map((name, i) => [name, cells[i] ?? ''])));
  }
  return rows;
}
/** What hooktap tells, by packet from 1. */
async function ourRows(path: string): Promise<string[][]> {
  const parts: Buffer[] = [];
  const memory = new Output({
    waits: false,
    write: (some) => {
      for (const part of some) parts.push(Buffer.from(part));
    },
    close: () => {},
  });
  await using source = await openFile(path);
  const sink = new FieldsSink(memory, COLUMNS, registry, FIELDS_DEFAULT);
  // Damage ends a file; what came before it is compared.
  await run({ source, registry, sinks: [sink] }).catch(() => {});
  const lines = Buffer.concat(parts).toString('utf8').split('\n');
  return [[], ...lines.slice(0, -1).map((line) => line.split('\t'))];
}
async function compareFile(capture: Capture, folder: string, comparison: FieldComparison): Promise<void> {
  const theirs = oracleRows(capture);
  if (theirs === undefined) {
    comparison.notCompared.set(capture.name, 'tshark refuses it');
    return;
  }
  const ours = await ourRows(uncompressed(capture, folder)).catch((error: Error) => error.message);
  comparison.packets += theirs.size;
  if (typeof ours === 'string') {
    comparison.notCompared.set(capture.name, ours);
    return;
  }
  for (const [packet, row] of theirs) {
    const layers = row['frame.protocols']!;
    const cells = ours[packet];
    if (!isRegistered(uptoTcp(layers))) continue;
    comparison.registered++;
    if (cells === undefined) continue;
    COLUMNS.forEach((column, i) => {
      const [there, here] = [row[column] ?? '', cells[i] ?? ''];
      // A message that spans segments is told of another packet, or of none.
      const spans = OF_MESSAGES.has(column) || (column === 'dns.qry.name' && layers.includes(':tcp'));
      if (spans && (there === '' || here === '') && !layers.includes('http2')) return;
      const cut = column === 'frame.protocols' ? uptoTcp : (text: string) => text;
      comparison.compare({ file: capture.name, packet, column, theirs: cut(there), ours: cut(here), layers });
    });
  }
}
export async function compareFields(file: string, every = 1): Promise<FieldComparison> {
  const comparison = new FieldComparison();
  await withFolder(async (folder) => {
    for (const [i, capture] of allCaptures().entries())
      if (i % every === 0 && capture.name.includes(file)) await compareFile(capture, folder, comparison);
  });
  return comparison;
}

export function fieldReport({ packets, registered, columns, differences, reasons }: FieldComparison): string {
  const percent = (part: number, whole: number) => (whole === 0 ? '' : `${((100 * part) / whole).toFixed(3)} %`);
  const rows = [...columns].map(([name, { compared, equal, excused }]) => [
    name,
    String(compared),
    String(compared - equal - excused),
    percent(equal, compared),
    percent(equal, compared - excused),
  ]);
  const files = new Map<string, number>();
  for (const d of differences) files.set(`${d.column} ${d.file}`, (files.get(`${d.column} ${d.file}`) ?? 0) + 1);
  const worst = [...files].toSorted((a, b) => b[1] - a[1]).slice(0, 40);
  return [
    textTable(['column', 'compared', 'different', 'equal', 'without exceptions'], rows),
    ...[...reasons].toSorted((a, b) => b[1] - a[1]).map(([reason, count]) => `${count}  ${reason}`),
    ...worst.map(([name, count]) => `${count}  ${name}`),
    `${registered} of ${packets} packets are registered`,
  ].join('\n');
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      file: { type: 'string', default: '' },
      column: { type: 'string', default: '' },
      diffs: { type: 'string', default: '0' },
    },
  });
  const missing = whyNoCaptures();
  if (missing !== undefined) {
    console.log(missing);
    process.exitCode = 1;
    return;
  }
  const comparison = await compareFields(values.file);
  const wanted = comparison.differences.filter(({ column }) => column.includes(values.column));
  const seen = new Map<string, number>();
  for (const d of wanted) {
    const nth = (seen.get(d.file) ?? 0) + 1;
    seen.set(d.file, nth);
    if (nth <= Number(values.diffs))
      console.log(`${d.file} ${d.packet} ${d.column}\n  tshark  ${d.theirs}\n  hooktap ${d.ours}\n  ${d.layers}`);
  }
  console.log(fieldReport(comparison));
}
if (process.argv[1]?.endsWith('tshark-fields.js')) await main();
