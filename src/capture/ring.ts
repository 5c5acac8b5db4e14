import { existsSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { ToolError } from '../error.ts';
import type { FrameBatch } from '../frame/batch.ts';
import type { LinkType } from '../linux/link-type.ts';
import { LEAST_ROOM, tryPacketSocket } from '../linux/packet-ring.ts';
import { RING_THE_BELL } from '../linux/poll.ts';
import { Crate } from './crate.ts';
import { type Selected, type Selection, select } from './devices.ts';
import { COMMAND, Control, type Failure, type ThreadOptions, type Told } from './ring-thread.ts';
import type { Availability, CaptureSource, Port, SourceCounts, SourceKind } from './source.ts';

export interface RingOptions extends Selection {
  /** Bytes of the kernel's ring, for each socket; unless given, less for each the more there are. */
  readonly buffer?: number;
  /** Packets are handed on as soon as can be, at the price of more work for each. */
  readonly immediate: boolean;
  /** Told what happens to devices meanwhile. */
  readonly notice?: (text: string) => void;
}
export interface RingCounts extends SourceCounts {
  /** Packets that matched the filter, those included that were dropped. */
  readonly received: number;
}
/** A capture on devices. */
export interface RingSource extends CaptureSource {
  /** Of the packets, if it is the same for all. */
  readonly linkType: LinkType | undefined;
  counts(): RingCounts;
  /** Takes no more packets; those taken until now still come, and then the batches end. */
  stop(): void;
}

/** Milliseconds that a packet may wait for others. */
const TIMEOUT = { usual: 20, immediate: 1 } as const;
/**
 * A block is in use from its first packet until it was copied, however few packets it has: a ring needs several. It holds
 * the longest packet, and is small enough to be in the processor's cache when it is copied.
 */
const BLOCK = { least: 1 << 17, most: 1 << 20 } as const;
const LEAST_BLOCKS = 16;
/** Crates on their way: while one is printed, the others are filled. */
const CRATES = 8;
/** Half a second of a gigabit link fits. */
const usualBuffer = (lanes: number): number => Math.max(2 << 20, (64 << 20) / Math.max(2, lanes));
const MILLISECONDS_TO_CLOSE = 1000;

/** Packet sockets with rings: the usual way to capture. */
export const ring: SourceKind<RingOptions, RingSource> = {
  name: 'ring',
  available,
  open: async (options) => {
    const selected = select(options);
    const source = new Ring(selected, options);
    await source.opened;
    return source;
  },
};
async function available(): Promise<Availability> {
  try {
    tryPacketSocket();
    return { ok: true };
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    return { ok: false, ...refusal(error) };
  }
}
function refusal({ code, message, hint }: ToolError): { why: string; remedy: string } {
  switch (code) {
    case 'EPERM':
    case 'EACCES':
      return { why: 'capturing needs CAP_NET_RAW, which this process does not have', remedy: 'sudo hooktap capture …' };
    case 'EAFNOSUPPORT':
      return { why: 'this kernel has no packet sockets', remedy: 'sudo modprobe af_packet' };
    default:
      return { why: message, remedy: hint ?? 'hooktap capture -D' };
  }
}

class Ring implements RingSource {
  readonly format = 'live';
  readonly size = undefined;
  readonly position = 0;
  readonly name: string;
  readonly linkType: LinkType | undefined;
  readonly ports: Port[];
  /** Done when the sockets are open. */
  readonly opened: Promise<void>;
  private readonly worker: Worker;
  private readonly control: Control;
  private readonly crates: readonly Crate[];
  private readonly arrived: Crate[] = [];
  private wake: (() => void) | undefined;
  private bell = -1;
  private captured = 0;
  private ended = false;
  private failure: Error | undefined;
  private readonly gone: Promise<void>;

  constructor(
    selected: Selected,
    private readonly options: RingOptions,
  ) {
    this.name = selected.name;
    this.linkType = selected.linkType;
    this.ports = [...selected.ports];
    const buffer = options.buffer ?? usualBuffer(selected.lanes.length);
    const blockSize = buffer / LEAST_BLOCKS < BLOCK.most ? BLOCK.least : BLOCK.most;
    const blocks = Math.max(2, Math.ceil(buffer / blockSize));
    const capacity = Math.ceil(blockSize / LEAST_ROOM);
    const crates = Array.from({ length: CRATES }, () => Crate.memory(capacity, blockSize));
    const control = Control.memory(CRATES);
    this.control = new Control(control);
    this.crates = crates.map((memory, i) => new Crate(memory, capacity, () => this.control.giveBack(i)));
    const { snaplen, cooked, immediate } = options;
    const timeout = immediate ? TIMEOUT.immediate : TIMEOUT.usual;
    const memories = { control, crates, crateCapacity: capacity };
    const { lanes } = selected;
    const data: ThreadOptions = { lanes, snaplen, cooked, blockSize, blocks, timeout, ...memories };
    this.worker = new Worker(threadFile(), { workerData: data });
    this.gone = new Promise((resolve) => this.worker.once('exit', () => resolve()));
    this.opened = this.listen();
  }
  private listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = (error: Error) => {
        this.end(error);
        reject(error);
      };
      this.worker.on('error', fail);
      this.worker.on('message', (told: Told) => {
        if (told.type === 'ready') {
          this.bell = told.bell;
          resolve();
        } else if (told.type === 'end' && told.failure !== undefined) fail(errorOf(told.failure));
        else this.hear(told);
      });
    });
  }
  private hear(told: Told): void {
    if (told.type === 'port') this.ports.push(told.port);
    else if (told.type === 'notice') this.options.notice?.(told.text);
    else if (told.type === 'end') this.end();
    else if (told.type === 'batch') {
      const crate = this.crates[told.crate]!;
      crate.count = told.count;
      this.arrived.push(crate);
      this.wake?.();
    }
  }
  private end(failure?: Error): void {
    this.ended = true;
    this.failure ??= failure;
    this.wake?.();
  }
  counts(): RingCounts {
    const { received, dropped } = this.control;
    return { captured: this.captured, dropped, received };
  }
  stop(): void {
    this.ask(COMMAND.finish);
  }
  private ask(command: number): void {
    this.control.ask(command);
    if (this.bell >= 0 && !this.ended) writeSync(this.bell, RING_THE_BELL);
  }

  async *batches(signal?: AbortSignal): AsyncGenerator<FrameBatch> {
    const stop = () => {
      this.ask(COMMAND.leave);
      this.wake?.();
    };
    signal?.addEventListener('abort', stop);
    try {
      while (!signal?.aborted) {
        const crate = this.arrived.shift();
        if (crate !== undefined) {
          this.captured += crate.count;
          yield crate;
        } else if (this.failure !== undefined) throw this.failure;
        else if (this.ended) return;
        else await this.more();
      }
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }
  private more(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = () => {
        this.wake = undefined;
        resolve();
      };
    });
  }
  async [Symbol.asyncDispose](): Promise<void> {
    this.ask(COMMAND.leave);
    const late = setTimeout(() => void this.worker.terminate(), MILLISECONDS_TO_CLOSE);
    await this.gone;
    clearTimeout(late);
  }
}
const errorOf = ({ code, message, hint }: Failure): ToolError => new ToolError(code, message, hint);

/** Built for a checkout and for an installed package alike. */
function threadFile(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) && folder !== '/') folder = dirname(folder);
  const file = join(folder, 'dist', 'ring-worker.js');
  if (existsSync(file)) return file;
  throw new ToolError('not-built', 'the thread that captures is not built', 'npm run build');
}
