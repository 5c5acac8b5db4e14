import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ToolError } from '../../error.ts';
import type { FrameBatch } from '../../frame/batch.ts';
import type { Port } from '../../frame/port.ts';
import { type LinkType, linkTypeOf } from '../../linux/link-type.ts';
import type { Namespace } from '../../linux/namespace.ts';
import { tryPacketSocket } from '../../linux/packet-ring.ts';
import { openPipe } from '../../linux/pipe.ts';
import { Arrivals } from '../arrivals.ts';
import { builtFile } from '../built-file.ts';
import { openFile } from '../file.ts';
import type { LiveCounts, LiveSource } from '../live.ts';
import { Neighbourhood, qualified } from '../neighbourhood.ts';
import { MACHINE, portOf } from '../port-of.ts';
import { noDevice, type Selection } from '../selection.ts';
import type { Availability, CaptureSource, PortCounts, SourceKind } from '../source.ts';
import { type ChildOptions, PACKAGE, type Refusal, VERSION } from './told.ts';

export interface CapOptions extends Pick<Selection, 'expression' | 'snaplen'> {
  readonly device: string;
  readonly namespace: Namespace;
  /** Bytes that the kernel may hold. */
  readonly buffer?: number;
  readonly notice?: (text: string) => void;
}
/** A slot of it takes 64 KiB, however short the packet: room for a thousand. */
const USUAL_BUFFER = 64 << 20;
/** So long the next batch waits for whoever has the one before, whose room it could use. */
const PATIENCE_MS = 20;
const MILLISECONDS_TO_CLOSE = 1000;

/**
 * Captures with libpcap through the package cap, in a process of its own: another pair of eyes on a device. The package is
 * always promiscuous and tells neither losses, directions, nor lengths on the wire.
 */
export const cap: SourceKind<CapOptions, LiveSource> = {
  name: PACKAGE,
  async available(): Promise<Availability> {
    const missing = whatIsMissing();
    if (missing !== undefined) return { ok: false, ...missing };
    try {
      tryPacketSocket();
      return { ok: true };
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      return { ok: false, why: error.message, remedy: 'sudo hooktap capture --adapter cap …' };
    }
  },
  open: async (options) => {
    const missing = whatIsMissing();
    if (missing !== undefined) throw new ToolError('no-adapter', missing.why, missing.remedy);
    return Libpcap.open(options);
  },
};
/** Of the package: it is optional, as it has to be compiled. */
function whatIsMissing(): { why: string; remedy: string } | undefined {
  const tools = 'sudo apt-get install libpcap-dev g++ make python3';
  try {
    // Its main file is in a folder of its own.
    const root = join(dirname(createRequire(import.meta.url).resolve(PACKAGE)), '..');
    if (existsSync(join(root, 'build', 'Release', 'cap.node'))) return undefined;
    return { why: `the package ${PACKAGE} was not compiled`, remedy: `${tools} && npm rebuild ${PACKAGE}` };
  } catch {
    const remedy = `${tools} && npm install ${PACKAGE}@${VERSION}`;
    return { why: `the package ${PACKAGE} is not installed`, remedy };
  }
}

/** A child process that writes a pcap file, and what it says when it cannot. */
class Child {
  private said = '';
  private readonly ended: Promise<string>;

  private constructor(
    private readonly process: ChildProcess,
    /** Where to read what it writes. */
    readonly output: number,
  ) {
    process.stderr!.on('data', (part: Buffer) => (this.said += part.toString('utf8')));
    process.stdin!.on('error', () => {});
    this.ended = new Promise((resolve) => {
      process.once('close', (code, signal) => resolve(signal ?? `exit code ${code}`));
      process.once('error', (error) => resolve(error.message));
    });
  }
  static start(options: ChildOptions): Child {
    const { from, to } = openPipe();
    try {
      const args = [builtFile('cap-child.js'), JSON.stringify(options)];
      return new Child(spawn(process.execPath, args, { stdio: ['pipe', to, 'pipe'] }), from);
    } finally {
      closeSync(to);
    }
  }
  stop(): void {
    this.process.stdin!.end();
  }
  /** Why it ended, unless it was told to. */
  async failure(device: string): Promise<ToolError | undefined> {
    const how = await this.ended;
    if (how === 'exit code 0') return undefined;
    const line = this.said.split('\n').find((each) => each.startsWith('{'));
    if (line !== undefined) {
      const { code, message, hint } = JSON.parse(line) as Refusal;
      return new ToolError(code, message, hint ?? 'hooktap capture, without --adapter');
    }
    // What the package does when the device goes down, or away.
    const why = `capturing on "${device}" with the package ${PACKAGE} ended (${how}): did the device go down?`;
    return new ToolError('device-gone', why, 'hooktap capture, without --adapter');
  }
  async leave(): Promise<void> {
    this.stop();
    const late = setTimeout(() => this.process.kill('SIGKILL'), MILLISECONDS_TO_CLOSE);
    await this.ended;
    clearTimeout(late);
  }
}

class Libpcap implements LiveSource {
  readonly format = 'live';
  readonly machine = MACHINE;
  readonly size = undefined;
  readonly position = 0;
  readonly ports: readonly Port[];
  private readonly arrivals = new Arrivals();
  private readonly controller = new AbortController();
  private readonly finished: Promise<void>;
  private received = 0;

  private constructor(
    readonly name: string,
    readonly linkType: LinkType | undefined,
    port: Port,
    private readonly file: CaptureSource,
    private readonly child: Child,
  ) {
    this.ports = [port];
    this.finished = this.pump();
  }
  static async open(options: CapOptions): Promise<Libpcap> {
    const { device, namespace, expression, snaplen, buffer = USUAL_BUFFER } = options;
    const described = describe(options);
    const child = Child.start({ device, namespace, expression, snaplen, buffer });
    try {
      const file = await openFile(`/proc/self/fd/${child.output}`);
      const { linkType } = file.ports[0]!;
      options.notice?.(`the package ${PACKAGE} tells neither losses nor directions; times are those of its process`);
      const known = described.linkType.number === linkType ? described.linkType : undefined;
      return new Libpcap(qualified(namespace, device), known, { ...described.port, linkType }, file, child);
    } catch (error) {
      child.stop();
      throw (await child.failure(device)) ?? error;
    } finally {
      closeSync(child.output);
    }
  }
  private async pump(): Promise<void> {
    try {
      for await (const batch of this.file.batches(this.controller.signal)) {
        this.received += batch.count;
        await Promise.race([this.handOn(batch), sleep(PATIENCE_MS)]);
        while (this.arrivals.backlog > 1 && !this.controller.signal.aborted) await sleep(PATIENCE_MS);
      }
      this.arrivals.end(this.controller.signal.aborted ? undefined : await this.child.failure(this.name));
    } catch (error) {
      this.arrivals.end((await this.child.failure(this.name)) ?? (error as Error));
    }
  }
  /** Resolves when it is given back. */
  private handOn(batch: FrameBatch): Promise<void> {
    return new Promise((resolve) => {
      const release = () => {
        batch.release();
        resolve();
      };
      this.arrivals.push(Object.create(batch, { release: { value: release } }) as FrameBatch);
    });
  }
  counts(): LiveCounts {
    return { captured: this.arrivals.captured, received: this.received, dropped: 0 };
  }
  /** The package does not tell them. */
  portCounts(): readonly PortCounts[] {
    return [];
  }
  stop(): void {
    this.child.stop();
  }
  nudge(): void {
    this.arrivals.nudge();
  }
  /** The child gave up its rights as soon as it had its socket. */
  async renounce(): Promise<void> {}
  batches(signal?: AbortSignal): AsyncGenerator<FrameBatch> {
    return this.arrivals.batches(signal, () => this.stop());
  }
  async [Symbol.asyncDispose](): Promise<void> {
    this.controller.abort();
    await this.child.leave();
    await this.finished;
    await this.file[Symbol.asyncDispose]();
  }
}
function describe({ device, namespace, expression, snaplen }: CapOptions): { port: Port; linkType: LinkType } {
  const neighbourhood = Neighbourhood.open(namespace);
  try {
    const link = neighbourhood.find(device);
    if (link === undefined) throw noDevice(device, [namespace]);
    const port = portOf(neighbourhood, link.index, link.hardware, { expression, snaplen, cooked: false });
    return { port, linkType: linkTypeOf(link.hardware) };
  } finally {
    neighbourhood.close();
  }
}
