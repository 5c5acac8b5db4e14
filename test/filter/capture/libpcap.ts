import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Program } from '../../../src/filter/capture/bpf.ts';
import { readProgram } from '../../../src/filter/capture/read-program.ts';
import type { Packet } from './packets.ts';

/** What libpcap makes of a filter, or the words in which it refuses. */
export type Compiled = { readonly program: Program } | { readonly refusal: string };

/** libpcap's compiler, asked through tcpdump: files are of the link types that are asked about. */
export class Libpcap {
  private readonly folder = mkdtempSync(join(tmpdir(), 'hooktap-filter-'));
  private readonly files = new Map<number, string>();

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  compile(linkType: number, filter: string, optimise = true): Compiled {
    const options = optimise ? ['-ddd'] : ['-O', '-ddd'];
    const { status, stdout, stderr } = this.run(this.fileOf(linkType), [...options, '--', filter]);
    if (status !== 0) return { refusal: stderr.split('\n').find((line) => line.startsWith('tcpdump: ')) ?? stderr };
    return { program: readProgram(stdout) };
  }

  /** How many packets tcpdump itself lets through. */
  count(path: string, filter: string): number | undefined {
    const { stdout } = this.run(path, ['--count', '--', filter]);
    const found = /^(\d+) packets?$/m.exec(stdout);
    return found === null ? undefined : Number(found[1]);
  }

  private run(path: string, args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
    return spawnSync('tcpdump', ['-r', path, ...args], { encoding: 'latin1', maxBuffer: 1 << 26 });
  }

  private fileOf(linkType: number): string {
    const known = this.files.get(linkType);
    if (known !== undefined) return known;
    const path = this.write(`link-${linkType}`, linkType, []);
    this.files.set(linkType, path);
    return path;
  }

  /** A pcap file of these packets. */
  write(name: string, linkType: number, packets: readonly Packet[]): string {
    const path = join(this.folder, name);
    const header = Buffer.alloc(24);
    header.writeUInt32LE(0xa1b2c3d4, 0);
    header.writeUInt16LE(2, 4);
    header.writeUInt16LE(4, 6);
    header.writeUInt32LE(262_144, 16);
    header.writeUInt32LE(linkType, 20);
    const records = packets.flatMap(({ bytes, start, captured, wire }) => {
      const record = Buffer.alloc(16);
      record.writeUInt32LE(captured, 8);
      record.writeUInt32LE(wire, 12);
      return [record, bytes.subarray(start, start + captured)];
    });
    writeFileSync(path, Buffer.concat([header, ...records]));
    return path;
  }
}
