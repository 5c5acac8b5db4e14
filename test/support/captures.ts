import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { captureFolder, oracleFolder } from './project.ts';

export interface Capture {
  /** Below the folder of captures, such as `tcpdump/pcap/arp.pcap`. */
  readonly name: string;
  readonly path: string;
  /** As the manifest calls it, such as `pcap-us-le.gz`. */
  readonly format: string;
  readonly packets: number;
}
export type Row = Readonly<Record<string, string>>;

/** A table with a header row and tabs between its cells. */
export function readTable(text: string): Row[] {
  const [head = '', ...lines] = text.split('\n');
  const columns = head.split('\t');
  return lines
    .filter((line) => line !== '')
    .map((line) => {
      const cells = line.split('\t');
      return Object.fromEntries(columns.map((column, i) => [column, cells[i] ?? '']));
    });
}
/** Every third-party capture that the manifest lists. */
export const allCaptures = (): Capture[] =>
  readTable(readFileSync(join(captureFolder, 'MANIFEST.tsv'), 'utf8')).map((row) => {
    const name = `${row.source}/${row.file}`;
    return { name, path: join(captureFolder, name), format: row.format!, packets: Number(row.packets) };
  });

/** The bytes of a capture as libpcap, which knows no compression, wants them. */
export function plainBytes(capture: Capture): Uint8Array {
  const bytes = readFileSync(capture.path);
  return capture.format.endsWith('.gz') ? gunzipSync(bytes) : bytes;
}

/** By packet number from 1: tshark's layers, outermost first. Undefined when tshark refused the file. */
export function layersOf(captureName: string): readonly (readonly string[])[] | undefined {
  const path = join(oracleFolder, `${captureName}.tsv.gz`);
  if (!existsSync(path)) return undefined;
  const [head = '', ...lines] = gunzipSync(readFileSync(path)).toString('utf8').split('\n');
  const columns = head.split('\t');
  const number = columns.indexOf('frame.number');
  const protocols = columns.indexOf('frame.protocols');
  const layers: string[][] = [];
  for (const line of lines) {
    const cells = line.split('\t');
    if (cells.length > protocols) layers[Number(cells[number])] = (cells[protocols] ?? '').split(':');
  }
  return layers;
}
/** Of some packets, in the format that every program reads, and not broken on purpose: to try many things on. */
export const smallCaptures = (): Capture[] =>
  allCaptures().filter(
    ({ format, packets, name }) =>
      format === 'pcap-us-le' && packets >= 4 && packets <= 120 && !/fuzz|crash|invalid|malform/i.test(name),
  );
