import { createRequire } from 'node:module';
import type koffi from 'koffi';
import { ToolError } from '../error.ts';

type Koffi = typeof koffi;
let loaded: Koffi | undefined;

/** The foreign function interface, loaded by the first who needs it: commands that only read files never do. */
export function ffi(): Koffi {
  return (loaded ??= load());
}
function load(): Koffi {
  try {
    return createRequire(import.meta.url)('koffi') as Koffi;
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new ToolError(
      'no-koffi',
      `the package koffi, which calls the system for us, does not load: ${why}`,
      'npm ci',
    );
  }
}

/** A function of a shared library, looked up when it is called first. Throws what koffi throws where there is no such library. */
export function foreign<Call extends (...args: never[]) => unknown>(file: string, prototype: string): Call {
  let found: Call | undefined;
  const find = (): Call => {
    let library = libraries.get(file);
    if (library === undefined) libraries.set(file, (library = ffi().load(file)));
    return library.func(prototype) as unknown as Call;
  };
  return ((...args: Parameters<Call>) => (found ??= find())(...args)) as Call;
}
const libraries = new Map<string, ReturnType<Koffi['load']>>();
/** A function of libc. Calls are synchronous: some hundred nanoseconds and what the call takes. */
export function libc<Call extends (...args: never[]) => unknown>(prototype: string): Call {
  return foreign('libc.so.6', prototype);
}
