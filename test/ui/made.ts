import { appendFileSync, writeFileSync } from 'node:fs';
import { protocols } from '../../dissectors/index.ts';
import { openFile } from '../../src/capture/file.ts';
import type { CaptureSource, Port } from '../../src/capture/source.ts';
import { Registry } from '../../src/dissect/registry.ts';
import { columns, type FrameBatch } from '../../src/frame/batch.ts';
import { Ingest, type Observer } from '../../ui/model/ingest.ts';
import { openStore } from '../../ui/model/open-store.ts';
import type { FillingStore, PacketStore } from '../../ui/model/store.ts';
import { type Packet, pcap } from '../format/build.ts';
import { packetOf } from '../format/reading.ts';

export const registry = new Registry(protocols);

/** A packet and what the file says beside it, as text: many are compared sooner so. */
function described(batch: FrameBatch, row: number): string {
  const { data, ...rest } = packetOf(batch, row);
  const options = JSON.stringify(batch.options?.(row), (_, value) => (typeof value === 'bigint' ? `${value}` : value));
  return `${Object.values(rest).join(' ')} ${options} ${Buffer.from(data).toString('latin1')}`;
}

/** All that a store has, taken one by one. */
export function allOf(store: PacketStore): string[] {
  const found: string[] = [];
  for (let i = store.first; i < store.count; i++) {
    const { batch, row } = store.batch(i)!;
    found.push(described(batch, row));
  }
  return found;
}
/** The same, as somebody gets it who goes through all of it. */
export function readThrough(store: PacketStore): string[] {
  const reader = store.reader();
  const found: string[] = [];
  for (let i = store.first; i < store.count; ) {
    const { batch, row } = reader.from(i)!;
    for (let r = row; r < batch.count; r++) found.push(described(batch, r));
    i += batch.count - row;
  }
  return found;
}
/** What the lists show of it. */
export const listed = (store: PacketStore) =>
  Array.from({ length: store.count - store.first }, (_, n) => {
    const i = store.first + n;
    const { seconds, nanos, wire, captured, port, direction } = store;
    return [seconds, nanos, wire, captured, port, direction].map((column) => column.call(store, i)).join(' ');
  });
/** All that a source has. */
export async function drained(source: CaptureSource): Promise<string[]> {
  const found: string[] = [];
  try {
    for await (const batch of source.batches()) {
      for (let i = 0; i < batch.count; i++) found.push(described(batch, i));
      batch.release();
    }
  } catch (error) {
    if ((error as Error).name !== 'ToolError') throw error;
  }
  return found;
}

/** A store with all that there is of a file. */
export async function filled(path: string, observers: readonly Observer[] = []) {
  const { source, store } = await openStore(path);
  const ingest = new Ingest(source, store, registry, observers);
  await ingest.done;
  return { store, ingest, [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() };
}
/** The same in a store made for it. */
export async function filledWith(path: string, make: (source: CaptureSource) => FillingStore) {
  const source = await openFile(path);
  const store = make(source);
  const ingest = new Ingest(source, store, registry, []);
  await ingest.done;
  return { store, ingest, [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() };
}

/** A live source without an end but the one that the test makes, whose packets the test appends. */
export class NoSource implements CaptureSource {
  readonly name = 'veth0';
  readonly format = 'live';
  readonly ports: readonly Port[] = [{ name: 'veth0', linkType: 1, snaplen: 0, nanos: true }];
  readonly size = undefined;
  readonly position = 0;
  counts = () => ({ captured: 0, dropped: 7 });
  async *batches(): AsyncGenerator<FrameBatch> {}
  async [Symbol.asyncDispose](): Promise<void> {}
}
/** So many packets of so many bytes, whose first four are their number from `first` on. */
export function numbered(first: number, count: number, length: number): FrameBatch {
  const made = columns(count);
  const bytes = new Uint8Array(count * length);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < count; i++) {
    view.setUint32(i * length, first + i);
    made.offset[i] = i * length;
    made.captured[i] = length;
    made.wire[i] = length + 1;
    made.seconds[i] = 1_700_000_000 + Math.floor((first + i) / 1000);
    made.nanos[i] = ((first + i) % 1000) * 1_000_000;
  }
  return { ...made, bytes, count, envelope: undefined, release() {} };
}
export const numberOf = ({ batch, row }: { batch: FrameBatch; row: number }): number =>
  new DataView(batch.bytes.buffer, batch.bytes.byteOffset).getUint32(batch.offset[row]!);

/** Writes a pcap file with these packets again and again. */
export function writeBig(path: string, packets: readonly Packet[], times: number): void {
  const file = pcap(packets);
  writeFileSync(path, file.subarray(0, 24));
  const piece = Buffer.concat(Array.from({ length: 100 }, () => file.subarray(24)));
  for (let n = 0; n < times / 100; n++) appendFileSync(path, piece);
}
/** Milliseconds of the processor that this process used. */
export function cpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
