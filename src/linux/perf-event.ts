import { closeSync, readFileSync } from 'node:fs';
import { ToolError } from '../error.ts';
import { checked } from './failure.ts';
import { libc } from './library.ts';
import { Mapping } from './mapping.ts';

const open = libc<
  (number: number, attributes: Uint8Array, pid: number, cpu: number, group: number, flags: number) => number | bigint
>('long syscall(long, const void *, long, long, long, unsigned long)');
const ioctl = libc<(fd: number, request: number, argument: number) => number>(
  'int ioctl(int, unsigned long, unsigned long)',
);
/** Of perf_event_open(2), by `process.arch`. */
const NUMBER: Readonly<Record<string, number>> = {
  x64: 298,
  arm64: 241,
  riscv64: 241,
  loong64: 241,
  s390x: 331,
  ppc64: 319,
};
/** struct perf_event_attr (linux/perf_event.h): where it keeps things; its size since Linux 4.1 is enough. */
const ATTRIBUTE = { type: 0, size: 4, config: 8, period: 16, sampled: 24, flags: 40, clock: 92 } as const;
const ATTRIBUTES = 112;
const TRACEPOINT = 2;
/** PERF_SAMPLE_TIME and PERF_SAMPLE_RAW: what each record has, in this order. */
const SAMPLED = (1 << 2) | (1 << 10);
const USE_CLOCK = 1n << 25n;
const MONOTONIC = 1;
const CLOSE_ON_EXEC = 8;
/** PERF_EVENT_IOC_SET_OUTPUT: into the ring of another event. */
const SET_OUTPUT = 0x2405;

/** The first page says how far the kernel has written, and how far we have read; it is followed by so many for records. */
const PAGE = 4096;
/** With the first page that is what one user may have for each CPU (kernel.perf_event_mlock_kb). */
const DATA = 128 * PAGE;
const HEAD = 1024 / 8;
const TAIL = 1032 / 8;
/** struct perf_event_header: type, misc, size. */
const HEADER = 8;
const KIND = { lost: 2, sample: 9 } as const;

/** What a tracepoint told: when, on the monotonic clock, in ns, and its record, which begins with the tracepoint's number. */
export type Told = (at: bigint, record: DataView) => void;

/**
 * What tracepoints tell on one CPU, through a ring that ends with the process. Needs CAP_PERFMON, or kernel.perf_event_paranoid
 * at -1.
 */
export class PerfRing {
  private readonly bytes: Uint8Array;
  private readonly counters: BigInt64Array;
  private readonly scratch = new Uint8Array(1 << 16);

  private constructor(
    private readonly fds: readonly number[],
    private readonly mapping: Mapping,
  ) {
    this.bytes = new Uint8Array(mapping.memory, PAGE, DATA);
    this.counters = new BigInt64Array(mapping.memory, 0, PAGE / 8);
  }
  /** `ids`: the numbers of the tracepoints. */
  static open(cpu: number, ids: readonly number[]): PerfRing {
    const fds: number[] = [];
    let mapping: Mapping | undefined;
    try {
      for (const id of ids) fds.push(tracepoint(id, cpu));
      mapping = new Mapping(fds[0]!, PAGE + DATA, `mapping the ring of CPU ${cpu}`);
      for (const fd of fds.slice(1)) checked(ioctl(fd, SET_OUTPUT, fds[0]!), 'sharing a ring between tracepoints');
      return new PerfRing(fds, mapping);
    } catch (error) {
      mapping?.close();
      for (const fd of fds) closeSync(fd);
      throw error;
    }
  }
  /** Hands over what was told since; each record is valid until the next. Returns how many had no room. */
  take(each: Told): number {
    const head = Number(Atomics.load(this.counters, HEAD));
    let at = Number(this.counters[TAIL]!);
    let lost = 0;
    while (at < head) {
      const record = this.recordAt(at);
      const kind = record.getUint32(0, true);
      if (kind === KIND.lost) lost += Number(record.getBigUint64(HEADER + 8, true));
      else if (kind === KIND.sample) sample(record, each);
      at += record.byteLength;
    }
    Atomics.store(this.counters, TAIL, BigInt(at));
    return lost;
  }
  /** A record may go on at the beginning of the ring. */
  private recordAt(place: number): DataView {
    const { bytes, scratch } = this;
    const from = place % DATA;
    // Records are aligned to eight bytes: the header is never cut.
    const size = bytes[from + 6]! | (bytes[from + 7]! << 8);
    const end = from + size;
    if (end <= DATA) return new DataView(bytes.buffer, bytes.byteOffset + from, size);
    scratch.set(bytes.subarray(from), 0);
    scratch.set(bytes.subarray(0, end - DATA), DATA - from);
    return new DataView(scratch.buffer, 0, size);
  }
  close(): void {
    this.mapping.close();
    for (const fd of this.fds) closeSync(fd);
  }
}
function sample(record: DataView, each: Told): void {
  const at = record.getBigUint64(HEADER, true);
  const length = record.getUint32(HEADER + 8, true);
  each(at, new DataView(record.buffer, record.byteOffset + HEADER + 12, length));
}
function tracepoint(id: number, cpu: number): number {
  const number = NUMBER[process.arch];
  if (number === undefined)
    throw new ToolError('no-perf', `perf_event_open on ${process.arch} is not known to hooktap`);
  const attributes = new DataView(new ArrayBuffer(ATTRIBUTES));
  attributes.setUint32(ATTRIBUTE.type, TRACEPOINT, true);
  attributes.setUint32(ATTRIBUTE.size, ATTRIBUTES, true);
  attributes.setBigUint64(ATTRIBUTE.config, BigInt(id), true);
  attributes.setBigUint64(ATTRIBUTE.period, 1n, true);
  attributes.setBigUint64(ATTRIBUTE.sampled, BigInt(SAMPLED), true);
  attributes.setBigUint64(ATTRIBUTE.flags, USE_CLOCK, true);
  attributes.setInt32(ATTRIBUTE.clock, MONOTONIC, true);
  const everyProcess = -1;
  const fd = open(number, new Uint8Array(attributes.buffer), everyProcess, cpu, -1, CLOSE_ON_EXEC);
  return checked(Number(fd), "opening the kernel's tracepoints");
}
/** The numbers of the CPUs that are there: `0-3,6`. */
export function onlineCpus(text: string = readFileSync('/sys/devices/system/cpu/online', 'latin1')): number[] {
  return text
    .trim()
    .split(',')
    .flatMap((range) => {
      const [first, last = first] = range.split('-').map(Number);
      return Array.from({ length: last! - first! + 1 }, (_, i) => first! + i);
    });
}
