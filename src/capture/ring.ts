import { writeSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { ToolError } from '../error.ts';
import type { WriteError } from '../format/output.ts';
import type { FileLent, FileReturned } from '../format/writer.ts';
import type { FrameBatch } from '../frame/batch.ts';
import type { LinkType } from '../linux/link-type.ts';
import { LEAST_ROOM, tryPacketSocket } from '../linux/packet-ring.ts';
import { RING_THE_BELL } from '../linux/poll.ts';
import { shareMemory } from '../linux/shared-memory.ts';
import { Arrivals } from './arrivals.ts';
import { builtFile } from './built-file.ts';
import { Crate } from './crate.ts';
import type { LiveCounts, LiveSource } from './live.ts';
import { Loan } from './loan.ts';
import { MACHINE } from './port-of.ts';
import { BLOCK } from './ring-size.ts';
import { COMMAND, Control, type Failure, type Found, type ThreadOptions, type Told } from './ring-thread.ts';
import type { Selection } from './selection.ts';
import type { Availability, Port, PortCounts, SourceKind } from './source.ts';

export interface RingOptions extends Selection {
  /** Bytes of the kernel's ring, for each socket; unless given, less for each the more there are. */
  readonly buffer?: number;
  /** How soon packets are handed on: the sooner, the more work for each. */
  readonly haste: keyof typeof TIMEOUT;
  /** Told what happens to devices meanwhile. */
  readonly notice?: (text: string) => void;
}
/** Milliseconds that a packet may wait for others: for programs that go on with it, for people who look on, for a file. */
const TIMEOUT = { immediate: 1, usual: 20, patient: 100 } as const;
/** Crates on their way: while one is printed, the others are filled. */
const CRATES = 4;
const MILLISECONDS_TO_CLOSE = 1000;

/** Packet sockets with rings: the usual way to capture. */
export const ring: SourceKind<RingOptions, LiveSource> = {
  name: 'ring',
  available,
  open: async (options) => {
    const source = new Ring(options);
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

class Ring implements LiveSource {
  readonly format = 'live';
  readonly machine = MACHINE;
  readonly size = undefined;
  readonly position = 0;
  readonly ports: Port[] = [];
  /** Done when the sockets are open. */
  readonly opened: Promise<void>;
  private found: Found = { name: '', linkType: undefined };
  private readonly worker: Worker;
  private readonly control: Control;
  private readonly loan: Loan;
  private whenReturned: ((failure: WriteError | undefined) => void) | undefined;
  private readonly crates: readonly Crate[];
  private readonly arrivals = new Arrivals();
  private whenRenounced: (() => void) | undefined;
  private bell = -1;
  private readonly countsOf = new Map<number, PortCounts>();
  private readonly gone: Promise<void>;

  constructor(private readonly options: RingOptions) {
    const capacity = Math.ceil(BLOCK.most / LEAST_ROOM);
    const memories = Array.from({ length: CRATES }, () => shareMemory(Crate.size(capacity, BLOCK.most)));
    const control = Control.memory(CRATES);
    this.control = new Control(control);
    const loan = Loan.memory();
    this.loan = new Loan(loan);
    this.crates = memories.map(({ memory }, i) => new Crate(memory, capacity, () => this.control.giveBack(i)));
    const crates = memories.map(({ shared }) => shared);
    const { haste, buffer, notice, ...selection } = options;
    const timeout = TIMEOUT[haste];
    const data: ThreadOptions = { selection, buffer, timeout, control, loan, crates, crateCapacity: capacity };
    this.worker = new Worker(builtFile('ring-worker.js'), { workerData: data });
    this.gone = new Promise((resolve) => this.worker.once('exit', () => resolve()));
    this.opened = this.listen();
  }
  get name(): string {
    return this.found.name;
  }
  get linkType(): LinkType | undefined {
    return this.found.linkType;
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
          this.found = told.found;
          resolve();
        } else if (told.type === 'end' && told.failure !== undefined) fail(errorOf(told.failure));
        else this.hear(told);
      });
    });
  }
  private hear(told: Told): void {
    if (told.type === 'port') this.ports.push(told.port);
    else if (told.type === 'counts') for (const counts of told.counts) this.countsOf.set(counts.port, counts);
    else if (told.type === 'renounced') this.whenRenounced?.();
    else if (told.type === 'returned') this.returned(told.failure);
    else if (told.type === 'notice') this.options.notice?.(told.text);
    else if (told.type === 'end') this.end();
    else if (told.type === 'batch') {
      const crate = this.crates[told.crate]!;
      crate.count = told.count;
      this.arrivals.push(crate);
    }
  }
  private end(failure?: Error): void {
    this.returned();
    this.arrivals.end(failure);
    this.whenRenounced?.();
  }
  counts(): LiveCounts {
    const { received, dropped } = this.control;
    return { captured: this.arrivals.captured, dropped, received, written: this.loan.packets };
  }
  portCounts(): readonly PortCounts[] {
    return [...this.countsOf.values()];
  }
  stop(): void {
    this.ask(COMMAND.finish);
  }
  nudge(): void {
    this.arrivals.nudge();
  }
  async renounce(): Promise<void> {
    const renounced = new Promise<void>((resolve) => (this.whenRenounced = resolve));
    this.ask(COMMAND.renounce);
    if (!this.arrivals.isEnded) await renounced;
  }
  private ask(command: number): void {
    this.control.ask(command);
    this.ringTheBell();
  }
  private ringTheBell(): void {
    if (this.bell >= 0 && !this.arrivals.isEnded) writeSync(this.bell, RING_THE_BELL);
  }

  lend(file: FileLent): Promise<FileReturned> {
    const { loan } = this;
    const before = loan.packets;
    loan.offer(file);
    const returned = new Promise<WriteError | undefined>((resolve) => (this.whenReturned = resolve));
    if (this.arrivals.isEnded) this.returned();
    return returned.then((failure) => ({ packets: loan.packets - before, bytes: loan.bytes, failure }));
  }
  recall(): void {
    if (this.loan.recall()) this.returned();
    else this.ringTheBell();
  }
  private returned(failure?: WriteError): void {
    this.whenReturned?.(failure);
    this.whenReturned = undefined;
    // Whoever lent it is to know that it is back.
    this.nudge();
  }

  batches(signal?: AbortSignal): AsyncGenerator<FrameBatch> {
    return this.arrivals.batches(signal, () => this.ask(COMMAND.leave));
  }
  async [Symbol.asyncDispose](): Promise<void> {
    this.ask(COMMAND.leave);
    const late = setTimeout(() => void this.worker.terminate(), MILLISECONDS_TO_CLOSE);
    await this.gone;
    clearTimeout(late);
  }
}
const errorOf = ({ code, message, hint }: Failure): ToolError => new ToolError(code, message, hint);
