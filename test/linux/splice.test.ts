import { describe, expect, test } from 'vitest';
import { Emitter } from '../../src/linux/bpf/emitter.ts';
import { Splice } from '../../src/linux/bpf/splice.ts';

const CODE = { set: 0xb7, copy: 0xbf, add: 0x07, addRegister: 0x0f, load: 0x79, store: 0x7b, exit: 0x95 } as const;
const CALL = 0x85;
const JUMP = { always: 0x05, equal: 0x15 } as const;
const STACK = 10;
/** Where the stack ends in the memory of the machine below. */
const TOP = 10_000;

/** Runs a program, with calls of the one function that there is besides; what is in register 0 at the end. */
function run(
  code: Uint8Array,
  called: Uint8Array,
  registers: bigint[] = [],
  depth = 0,
  memory = new Map<bigint, bigint>(),
) {
  const view = new DataView(code.buffer, code.byteOffset, code.byteLength);
  const r = Array.from({ length: 11 }, (_, i) => registers[i] ?? 0xdeadn);
  r[STACK] = BigInt(TOP - 512 * depth);
  for (let at = 0, steps = 0; ; at += 8) {
    if (++steps > 1000) throw new Error('it goes on for ever');
    if (at < 0 || at >= code.length) throw new Error('it leaves the program');
    const [operation, two] = [code[at]!, code[at + 1]!];
    const [to, from] = [two & 15, two >> 4];
    const offset = view.getInt16(at + 2, true);
    const constant = BigInt(view.getInt32(at + 4, true));
    if (operation === CODE.exit) return r[0]!;
    if (operation === CODE.set) r[to] = constant;
    else if (operation === CODE.copy) r[to] = r[from]!;
    else if (operation === CODE.add) r[to]! += constant;
    else if (operation === CODE.addRegister) r[to]! += r[from]!;
    else if (operation === CODE.load) {
      const found = memory.get(r[from]! + BigInt(offset));
      if (found === undefined) throw new Error('it reads what nobody wrote');
      r[to] = found;
    } else if (operation === CODE.store) memory.set(r[to]! + BigInt(offset), r[from]!);
    else if (operation === JUMP.always) at += 8 * offset;
    else if (operation === JUMP.equal) at += r[to] === constant ? 8 * offset : 0;
    else if (operation === CALL) r[0] = run(called, called, r, depth + 1, memory);
    else throw new Error(`no such instruction: ${operation}`);
  }
}
/** Keeps its argument on the stack and in registers that belong to who calls; returns 1 for 7, else ten times as much. */
function body(): Uint8Array {
  const code = new Emitter();
  code.add(CODE.store, STACK, 1, -8);
  code.add(CODE.copy, 6, 1);
  code.add(CODE.set, 9, 0, 0, 99);
  const seven = code.add(JUMP.equal, 6, 0, 0, 7);
  code.add(CODE.set, 0, 0, 0, 0);
  for (let i = 0; i < 10; i++) code.add(CODE.addRegister, 0, 6);
  code.add(CODE.exit);
  const one = code.add(CODE.load, 2, STACK, -8);
  code.add(CODE.set, 0, 0, 0, -6);
  code.add(CODE.addRegister, 0, 2);
  code.add(CODE.exit);
  code.aim(seven, one);
  return code.bytes();
}
/** Calls twice, with 7 and 3, and adds up what comes back and what it kept itself. */
function program(deepest = -16): { code: Uint8Array; calls: number[] } {
  const code = new Emitter();
  const calls: number[] = [];
  code.add(CODE.set, 6, 0, 0, 1000);
  code.add(CODE.set, 7, 0, 0, 20_000);
  code.add(CODE.set, 9, 0, 0, 300_000);
  code.add(CODE.store, STACK, 9, -8);
  // An address on the stack, as it is handed to helpers.
  code.add(CODE.copy, 8, STACK);
  code.add(CODE.add, 8, 0, 0, deepest);
  code.add(CODE.store, 8, 7, 0);
  for (const argument of [7, 3]) {
    code.add(CODE.set, 1, 0, 0, argument);
    calls.push(8 * code.add(CALL, 0, 1));
    code.add(CODE.addRegister, 6, 0);
  }
  code.add(CODE.load, 1, STACK, -8);
  code.add(CODE.load, 2, 8, 0);
  code.add(CODE.copy, 0, 6);
  for (const register of [7, 9, 1, 2]) code.add(CODE.addRegister, 0, register);
  code.add(CODE.exit);
  return { code: code.bytes(), calls };
}
const SUM = 1000n + 1n + 30n + 2n * 320_000n;

describe('a function in place of its calls', () => {
  test('does what it does when it is called', () => {
    const { code, calls } = program();
    expect(run(code, body())).toBe(SUM);
    const spliced = new Splice(code);
    for (const at of calls) expect(spliced.put(at, body())).toBe(true);
    const whole = spliced.code;
    expect([...whole].filter((byte, i) => i % 8 === 0 && byte === CALL)).toEqual([]);
    expect(run(whole, new Uint8Array(0))).toBe(SUM);
  });
  test('is called where the stack has no room for it', () => {
    const { code, calls } = program(-504);
    const spliced = new Splice(code);
    const before = Buffer.from(code);
    expect(spliced.put(calls[0]!, body())).toBe(false);
    expect(before.equals(spliced.code)).toBe(true);
    expect(run(code, body())).toBe(SUM);
  });
  test('is called when it is long', () => {
    const { code, calls } = program();
    const long = new Emitter();
    for (let i = 0; i < 256; i++) long.add(CODE.set, 0, 0, 0, 1);
    long.add(CODE.exit);
    const spliced = new Splice(code);
    expect(spliced.put(calls[0]!, long.bytes())).toBe(false);
    expect(spliced.put(calls[1]!, body())).toBe(true);
  });
});
