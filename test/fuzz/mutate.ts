/**
 * Sends captures and broken copies of them through everything that `hooktap read` does, and looks for exceptions, endless
 * loops, slow packets and memory.
 *   node build.mjs test/fuzz/mutate.ts
 *   node --max-old-space-size=128 dist/scripts/test/fuzz/mutate.js --count 1000000 --out /tmp/crashes
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { protocols } from '../../dissectors/index.ts';
import { openFile } from '../../src/capture/file.ts';
import { Frame } from '../../src/dissect/frame.ts';
import { Registry } from '../../src/dissect/registry.ts';
import { ToolError } from '../../src/error.ts';
import { SequenceTable } from '../../src/flow/sequence.ts';
import { run } from '../../src/session.ts';
import { Random } from '../support/random.ts';
import { withFolder } from '../support/run.ts';
import { underLens } from '../support/stack.ts';
import { mutateFile } from './file-mutations.ts';
import { FrameMutator, type Packet } from './frame-mutations.ts';
import { Gauntlet, LIMIT_MS } from './gauntlet.ts';
import { capturePaths, fileSeeds, packetSeeds } from './seeds.ts';
import { watch } from './watchdog.ts';

const LIMIT_MIB = 256;
const HANG_MS = 20_000;
/** One input in so many is a whole file, the others are packets. */
const FILE_EVERY = 16;
/** Kinds of failures that are kept; all are counted. */
const MOST_KINDS = 50;

class Fuzzer {
  readonly failures = new Map<string, number>();
  errors = 0;
  private readonly registry = new Registry(protocols);
  readonly gauntlet = new Gauntlet(this.registry);
  private readonly frame = new Frame(this.registry);
  private readonly sequences = new SequenceTable(this.registry, true);
  private readonly mutator = new FrameMutator(this.registry);
  private replaying = false;
  private linkTypeOf: (port: number) => number = () => 0;

  constructor(
    private readonly folder: string,
    private readonly out: string | undefined,
  ) {
    this.gauntlet.slow = (frame) => this.replay(packetOf(frame, this.linkTypeOf(frame.port)));
  }

  /** A whole capture file: ends with its packets or with a ToolError. */
  async file(path: string, count: number, input: string): Promise<void> {
    try {
      await using source = await openFile(path);
      const { ports } = source;
      this.linkTypeOf = (port) => ports[port]?.linkType ?? 0;
      await run({ source, registry: this.registry, sinks: [this.gauntlet], quoted: true, count });
    } catch (error) {
      if (error instanceof ToolError) this.errors++;
      else this.fail(error as Error, input, 'bin', readFileSync(path));
    }
  }
  packet(packet: Packet, input: string): void {
    try {
      this.through(packet);
    } catch (error) {
      if (error instanceof ToolError) this.errors++;
      else this.fail(error as Error, input, 'pcap', pcapOf(packet));
    }
  }
  mutatedPacket(seed: number, packets: readonly Packet[]): void {
    const random = new Random(seed);
    this.packet(this.mutator.mutate(random, random.of(packets)), `--from ${seed} --count 1`);
  }
  async mutatedFile(seed: number, files: readonly Uint8Array[]): Promise<void> {
    const random = new Random(seed);
    const path = join(this.folder, 'mutant');
    writeFileSync(path, mutateFile(random, random.of(files)));
    await this.file(path, 200, `--from ${seed} --count 1`);
  }
  private through(packet: Packet): void {
    const { frame, gauntlet } = this;
    gauntlet.start();
    underLens(frame, packet.bytes, 0, packet.bytes.length, packet.wire);
    frame.dissect(this.registry.linkLayer(packet.linkType));
    this.linkTypeOf = () => packet.linkType;
    if (frame.depth === 0) return;
    this.sequences.see(frame);
    gauntlet.frame(frame);
  }
  /** A packet that took long counts only if it does so each of three more times, by the CPU's clock. */
  private replay(packet: Packet): number {
    if (this.replaying) return 0;
    this.replaying = true;
    const { linkTypeOf } = this;
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < 3; i++) {
      const before = process.cpuUsage();
      this.packet(packet, 'slow packet');
      const { user, system } = process.cpuUsage(before);
      least = Math.min(least, (user + system) / 1000);
    }
    this.replaying = false;
    this.linkTypeOf = linkTypeOf;
    if (least > LIMIT_MS) this.fail(new Error(`a packet takes ${least.toFixed(0)} ms`), 'slow', 'pcap', pcapOf(packet));
    return least;
  }
  private fail(error: Error, input: string, suffix: string, bytes: Uint8Array): void {
    const kind = `${error.message.replaceAll(/\d+/g, 'N')}\n${(error.stack ?? '').split('\n').slice(1, 4).join('\n')}`;
    const count = this.failures.get(kind) ?? 0;
    if (count === 0 && this.failures.size >= MOST_KINDS) return;
    this.failures.set(kind, count + 1);
    if (count > 0) return;
    console.error(`FAIL (${input}): ${error.stack?.split('\n').slice(0, 6).join('\n')}`);
    if (this.out === undefined) return;
    mkdirSync(this.out, { recursive: true });
    const name = join(this.out, `crash-${String(this.failures.size).padStart(3, '0')}`);
    writeFileSync(`${name}.${suffix}`, bytes);
    writeFileSync(`${name}.txt`, `${input}\n${error.stack}\n`);
  }
}
const packetOf = (frame: Frame, linkType: number): Packet => ({
  linkType,
  bytes: frame.bytes.slice(frame.start, frame.end),
  wire: frame.wireLength,
});
/** The packet as a file, to look at it with other tools. */
function pcapOf({ linkType, bytes, wire }: Packet): Uint8Array {
  const file = Buffer.alloc(40 + bytes.length);
  [0xa1b2c3d4, 0x0004_0002, 0, 0, 262_144, linkType, 0, 0, bytes.length, wire >>> 0].forEach((word, i) => {
    file.writeUInt32LE(word, i * 4);
  });
  file.set(bytes, 40);
  return file;
}
/** The most memory that this process ever had, in MiB. */
const peakMiB = (): number => Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      count: { type: 'string', default: '20000' },
      from: { type: 'string', default: '0' },
      originals: { type: 'string', default: '1000000' },
      out: { type: 'string' },
    },
  });
  const count = Number(values.count);
  const from = Number(values.from);
  await withFolder(async (folder) => {
    const fuzzer = new Fuzzer(folder, values.out);
    const watchdog = watch(HANG_MS);
    const paths = capturePaths();
    const originals = Number(values.originals);
    const cpu = process.cpuUsage();
    if (originals > 0)
      for (const [i, path] of paths.entries()) {
        watchdog.at(-1 - i);
        await fuzzer.file(path, originals, path);
      }
    const whole = fuzzer.gauntlet.packets;
    const files = fileSeeds(paths);
    const packets = await packetSeeds(paths);
    for (let seed = from; seed < from + count; seed++) {
      watchdog.at(seed);
      if (seed % FILE_EVERY === 0 && files.length > 0) await fuzzer.mutatedFile(seed, files);
      else fuzzer.mutatedPacket(seed, packets);
      if (fuzzer.gauntlet.full) await fuzzer.gauntlet.flush();
    }
    await watchdog.stop();
    const { user, system } = process.cpuUsage(cpu);
    const peak = peakMiB();
    console.log(
      [
        `${paths.length} captures with ${whole} packets as they are`,
        `${count} broken ones from ${packets.length} packets and ${files.length} files: ${fuzzer.gauntlet.packets - whole} packets`,
        `${fuzzer.errors} ended with an error for the user, ${fuzzer.failures.size} kinds of failures`,
        `${((user + system) / 1e6).toFixed(1)} s of CPU, slowest packet ${fuzzer.gauntlet.worst.toFixed(1)} ms, peak memory ${peak.toFixed(0)} MiB`,
      ].join('\n'),
    );
    for (const [kind, times] of fuzzer.failures) console.log(`FAILURE ${times} times: ${kind}`);
    if (peak > LIMIT_MIB) console.log(`FAILURE: ${peak.toFixed(0)} MiB is more than ${LIMIT_MIB}`);
    if (fuzzer.failures.size > 0 || peak > LIMIT_MIB) process.exitCode = 1;
  });
}
if (process.argv[1]?.endsWith('mutate.js')) await main();
