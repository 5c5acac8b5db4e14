import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { protocols } from '../../dissectors/index.ts';
import { openFile } from '../../src/capture/file.ts';
import type { CaptureSource } from '../../src/capture/source.ts';
import type { Frame } from '../../src/dissect/frame.ts';
import { Registry } from '../../src/dissect/registry.ts';
import { run } from '../../src/session.ts';
import { NEEDS, type Sink } from '../../src/sink/sink.ts';
import { allCaptures } from '../support/captures.ts';
import { project, whyNoCaptures } from '../support/project.ts';
import { Random } from '../support/random.ts';
import { StackGrower } from '../support/stack.ts';
import type { Packet } from './frame-mutations.ts';

/** So much of a file is enough to break its structure. */
const MOST_FILE = 1 << 13;
const MOST_PACKET = 2048;
/** Packets with the same layers that are worth keeping. */
const ALIKE = 12;

/** Our own captures, and those of others where they are at hand. */
export function capturePaths(): string[] {
  const fixtures = join(project, 'fixtures');
  const own = existsSync(fixtures) ? readdirSync(fixtures, { recursive: true, encoding: 'utf8' }) : [];
  const ours = own.filter((name) => /\.(pcap|pcapng|cap)(\.\w+)?$/.test(name)).map((name) => join(fixtures, name));
  return [...ours, ...(whyNoCaptures() === undefined ? allCaptures().map((c) => c.path) : [])];
}
/** The beginnings of capture files. */
export const fileSeeds = (paths: readonly string[]): Uint8Array[] =>
  paths.map((path) => Uint8Array.from(readFileSync(path).subarray(0, MOST_FILE))).filter((bytes) => bytes.length > 0);

/** Keeps a few packets of every combination of layers that it sees. */
export class PacketSeeds implements Sink {
  readonly needs = NEEDS.layers;
  readonly packets: Packet[] = [];
  private readonly seen = new Map<string, number>();
  private source!: CaptureSource;

  begin(source: CaptureSource): void {
    this.source = source;
  }
  frame(frame: Frame): void {
    const { bytes, start, end } = frame;
    const { linkType } = this.source.ports[frame.port]!;
    const key = `${linkType} ${frame.layer.subarray(0, frame.depth).join()}`;
    const count = this.seen.get(key) ?? 0;
    if (count >= ALIKE || frame.depth === 0) return;
    this.seen.set(key, count + 1);
    this.packets.push({
      linkType,
      bytes: bytes.slice(start, Math.min(end, start + MOST_PACKET)),
      wire: frame.wireLength,
    });
  }
  flush(): void {}
  end(): void {}
}
/** A packet of every combination of layers in the captures, and where a link type has none, made-up ones. */
export async function packetSeeds(paths: readonly string[]): Promise<Packet[]> {
  const registry = new Registry(protocols);
  const seeds = new PacketSeeds();
  for (const path of paths) {
    try {
      await using source = await openFile(path);
      await run({ source, registry, sinks: [seeds], count: 2000 });
    } catch {
      // Broken captures have their turn as files.
    }
  }
  const grower = new StackGrower(registry);
  for (const { name, on } of protocols)
    for (const linkType of [on.link ?? []].flat())
      for (let seed = 0; seed < 8; seed++) {
        const bytes = grower.grow(new Random(linkType * 8 + seed), registry.id(name), 400);
        seeds.packets.push({ linkType, bytes, wire: bytes.length });
      }
  return seeds.packets;
}
