import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { LINK_LAYERS } from '../../../src/filter/capture/link/table.ts';
import { captureFolder } from '../../support/project.ts';

export const folder: string = join(captureFolder, 'libpcap');

/** Filters that compile to one program, and its listings; `opt` is null where the optimiser finds that nothing can match. */
export interface Accepted {
  readonly name: string;
  readonly dlt: string;
  readonly exprs: readonly string[];
  readonly snaplen?: number;
  readonly netmask?: string;
  readonly opt: string | null;
  readonly unopt: string;
}
/** What a filter returns for each packet of a capture. */
export interface Applied {
  readonly name: string;
  readonly savefile: string;
  readonly expr: string;
  readonly netmask?: string;
  readonly results: readonly number[];
}
export interface Rejected {
  readonly name: string;
  readonly dlt?: string;
  readonly expr?: string;
  readonly errstr: string;
}

function rows<T>(name: string): T[] {
  const bytes = readFileSync(join(folder, name));
  const text = (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}

/** One row lists every instruction instead of a filter. */
export const accepted = (): Accepted[] =>
  rows<Accepted>('filter-accept.jsonl').filter((row) => row.name !== 'bpf_image');
export const applied = (): Applied[] => rows<Applied>('filter-apply.jsonl');
/** A few rows are about files, not filters. */
export const rejected = (): (Rejected & { expr: string })[] =>
  rows<Rejected>('filter-reject.jsonl.gz').filter((row): row is Rejected & { expr: string } => row.expr !== undefined);

const BY_NAME = new Map(LINK_LAYERS.map((link) => [link.name, link.types[0]!]));
/** A number that no link type has. */
const UNKNOWN = 65_535;

export function linkTypeOf(dlt: string | undefined): number {
  return BY_NAME.get(dlt ?? '') ?? UNKNOWN;
}

export function isKnown(dlt: string | undefined): boolean {
  return BY_NAME.has(dlt ?? '');
}

export function netmaskOf(text: string | undefined): number | undefined {
  return text?.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
}

/** Expectations made for a live capture on Linux: there address families and directions are those of this system. */
export function isLive(name: string): boolean {
  return /linuxext|_10_|_2LE_/.test(name);
}
