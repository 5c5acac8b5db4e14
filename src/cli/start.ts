#!/usr/bin/env node
/**
 * Where the command starts: loads the bundle's files, and keeps V8's compiled form of each beside it (`*.cache`), which
 * halves the time until the first packet. A form that another version of Node left is refused by V8 and made anew,
 * where the folder may be written to. Node 22's own `module.enableCompileCache` comes to the same.
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { constants, Script } from 'node:vm';

type Exports = Record<string, unknown>;
type Body = (require: (name: string) => unknown, module: { exports: Exports }, exports: Exports, file: string) => void;

/** Node's own, for what is not bundled. */
declare const require: NodeJS.Require;
const modules = new Map<string, { exports: Exports }>();
const unkept: (readonly [file: string, script: Script])[] = [];

/** As Node's own `require` of a file, but for the compiled form; the build has put the function around it already. */
function load(file: string): Exports {
  const known = modules.get(file);
  if (known !== undefined) return known.exports;
  const module = { exports: {} };
  modules.set(file, module);
  const kept = compiledForm(file);
  const script = new Script(readFileSync(file, 'latin1'), {
    filename: file,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    ...(kept === undefined ? {} : { cachedData: kept }),
  });
  if (kept === undefined || script.cachedDataRejected === true) unkept.push([file, script]);
  const here = (name: string) => (name.startsWith('.') ? load(join(dirname(file), name)) : require(name));
  (script.runInThisContext() as Body)(here, module, module.exports, file);
  return module.exports;
}
function compiledForm(file: string): Buffer | undefined {
  try {
    return readFileSync(`${file}.cache`);
  } catch {
    return undefined;
  }
}
/** At the end, when everything that was needed is compiled. Whoever may not write there starts slower, and that is all. */
function keep(): void {
  for (const [file, script] of unkept) {
    const unfinished = `${file}.${process.pid}`;
    try {
      writeFileSync(unfinished, script.createCachedData());
      renameSync(unfinished, `${file}.cache`);
    } catch {
      rmSync(unfinished, { force: true });
    }
  }
}
// What is run from its kept form cannot import modules: V8 has forgotten who asks. This file is run as Node runs files.
Object.assign(globalThis, { [Symbol.for('hooktap.import')]: (url: string) => import(url) });
process.on('exit', keep);
load(join(import.meta.dirname, 'main.cjs'));
