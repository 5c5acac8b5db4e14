import { readFileSync } from 'node:fs';
import { ToolError } from '../../error.ts';
import { checked, failedWith, SystemError, systemError } from '../failure.ts';
import { ffi, libc } from '../library.ts';

const syscall = libc<(number: number, command: number, attributes: Uint8Array, size: number) => number | bigint>(
  'long syscall(long, long, _Inout_ void *, long)',
);
/** Of bpf(2), by `process.arch`. */
const NUMBER: Readonly<Record<string, number>> = {
  x64: 321,
  arm64: 280,
  riscv64: 280,
  loong64: 280,
  s390x: 351,
  ppc64: 361,
};
/** enum bpf_cmd */
const COMMAND = {
  mapCreate: 0,
  lookup: 1,
  update: 2,
  delete: 3,
  load: 5,
  rawTracepoint: 17,
  freeze: 22,
  linkCreate: 28,
};
/** enum bpf_prog_type and enum bpf_attach_type: what hooktap's programs are. */
export const PROGRAM = {
  tracepoint: { type: 26, attach: 23 },
  netfilter: { type: 32, attach: 45 },
} as const;
const ATTRIBUTES = 128;
const LOG = 1 << 20;

/** Memory that stays where it is, for as long as a call takes. */
function withMemory<T>(content: Uint8Array, body: (address: bigint, memory: Uint8Array) => T): T {
  const memory = ffi().alloc('uint8_t', Math.max(1, content.length));
  try {
    const bytes = new Uint8Array(ffi().view(memory, Math.max(1, content.length)));
    bytes.set(content);
    return body(BigInt(ffi().address(memory)), bytes);
  } finally {
    ffi().free(memory);
  }
}
function call(command: number, fill: (attributes: DataView) => void): number {
  const attributes = new Uint8Array(ATTRIBUTES);
  fill(new DataView(attributes.buffer));
  const number = NUMBER[process.arch];
  if (number === undefined) throw new ToolError('no-bpf', `BPF on ${process.arch} is not known to hooktap`);
  return Number(syscall(number, command, attributes, ATTRIBUTES));
}
export interface MapShape {
  readonly type: number;
  readonly keySize: number;
  readonly valueSize: number;
  readonly entries: number;
  readonly flags: number;
}
export function createMap(shape: MapShape, name: string): number {
  const result = call(COMMAND.mapCreate, (view) => {
    const { type, keySize, valueSize, entries, flags } = shape;
    for (const [i, value] of [type, keySize, valueSize, entries, flags].entries()) view.setUint32(i * 4, value, true);
    setName(view, 28, name);
  });
  return checked(result, `making the BPF map "${name}"`);
}
/** Nobody in user space changes it from now on, so that its values are constants for the programs. */
export function freezeMap(fd: number): void {
  const result = call(COMMAND.freeze, (view) => view.setUint32(0, fd, true));
  checked(result, 'freezing a BPF map');
}
export function updateMap(fd: number, key: Uint8Array, value: Uint8Array): void {
  checked(withElement(COMMAND.update, fd, key, value), 'writing to a BPF map');
}
/** Fills `value`; false when there is no such key. */
export function lookupMap(fd: number, key: Uint8Array, value: Uint8Array): boolean {
  return withElement(COMMAND.lookup, fd, key, value) >= 0;
}
export function deleteFromMap(fd: number, key: Uint8Array): boolean {
  return withElement(COMMAND.delete, fd, key, new Uint8Array(0)) >= 0;
}
function withElement(command: number, fd: number, key: Uint8Array, value: Uint8Array): number {
  return withMemory(key, (keyAddress) =>
    withMemory(value, (valueAddress, memory) => {
      const result = call(command, (view) => {
        view.setUint32(0, fd, true);
        view.setBigUint64(8, keyAddress, true);
        view.setBigUint64(16, valueAddress, true);
      });
      if (command === COMMAND.lookup && result >= 0) value.set(memory.subarray(0, value.length));
      return result;
    }),
  );
}
/** `0-7` */
const POSSIBLE = '/sys/devices/system/cpu/possible';
let possibleCpus: number | undefined;
/** The one element of a map that has it once for each CPU. */
export function lookupMapOfEachCpu(fd: number, size: number): DataView[] {
  const cpus = (possibleCpus ??= 1 + Number(/\d+(?=\s*$)/.exec(readFileSync(POSSIBLE, 'latin1'))?.[0] ?? 0));
  const each = (size + 7) & ~7;
  const values = new Uint8Array(each * cpus);
  lookupMap(fd, new Uint8Array(4), values);
  return Array.from({ length: cpus }, (_, i) => new DataView(values.buffer, i * each, size));
}
export interface ProgramShape {
  readonly name: string;
  readonly kind: { readonly type: number; readonly attach: number };
  readonly license: string;
  readonly instructions: Uint8Array;
  /** The type of the kernel that describes what it is called with. */
  readonly target: number;
}
/** Hands a program to the kernel, which verifies it. */
export function loadProgram(shape: ProgramShape): number {
  let result = tryLoad(shape, undefined);
  // A signal makes the verifier stop.
  for (let again = 0; result < 0 && failedWith('EAGAIN') && again < RETRIES; again++)
    result = tryLoad(shape, undefined);
  if (result >= 0) return result;
  const error = systemError(`loading the BPF program "${shape.name}"`);
  // Asked a second time, it tells why; what it tells costs more than the loading itself.
  const log = withMemory(new Uint8Array(LOG), (address, memory) => {
    tryLoad(shape, address);
    return Buffer.from(memory.subarray(0, memory.indexOf(0))).toString('latin1');
  });
  const why = log.trimEnd().split('\n').slice(-LAST_LINES).join('\n');
  throw why === '' ? error : new SystemError(error.doing, error.errno, `refused\n${why}`);
}
const LAST_LINES = 12;
const RETRIES = 100;
function tryLoad({ name, kind, license, instructions, target }: ProgramShape, log: bigint | undefined): number {
  return withMemory(instructions, (code) =>
    withMemory(Buffer.from(`${license}\0`), (terms) =>
      call(COMMAND.load, (view) => {
        view.setUint32(0, kind.type, true);
        view.setUint32(4, instructions.length / 8, true);
        view.setBigUint64(8, code, true);
        view.setBigUint64(16, terms, true);
        if (log !== undefined) {
          view.setUint32(24, 1, true);
          view.setUint32(28, LOG, true);
          view.setBigUint64(32, log, true);
        }
        setName(view, 48, name);
        view.setUint32(68, kind.attach, true);
        view.setUint32(108, target, true);
      }),
    ),
  );
}
/** The program runs at its tracepoint until the descriptor is closed, or the process is gone. */
export function openTracepoint(program: number, name: string): number {
  const result = call(COMMAND.rawTracepoint, (view) => view.setUint32(8, program, true));
  return checked(result, `attaching to the tracepoint "${name}"`);
}
/** The program runs at a netfilter hook of the thread's network namespace, likewise. */
export function linkNetfilter(program: number, family: number, hook: number, priority: number): number {
  const result = call(COMMAND.linkCreate, (view) => {
    view.setUint32(0, program, true);
    view.setUint32(8, PROGRAM.netfilter.attach, true);
    view.setUint32(16, family, true);
    view.setUint32(20, hook, true);
    view.setInt32(24, priority, true);
  });
  return checked(result, 'attaching to a netfilter hook');
}
const LONGEST_NAME = 15;
/** The kernel takes letters, digits, `_` and `.`. */
function setName(view: DataView, at: number, name: string): void {
  const plain = name.replace(/[^\w.]/g, '_').slice(0, LONGEST_NAME);
  for (let i = 0; i < plain.length; i++) view.setUint8(at + i, plain.charCodeAt(i));
}
