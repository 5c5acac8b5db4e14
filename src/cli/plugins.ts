import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Field } from '../bytes/field.ts';
import type { Protocol } from '../dissect/protocol.ts';
import { Registry } from '../dissect/registry.ts';
import { ToolError } from '../error.ts';
import { displayed, quoted } from '../format/shell.ts';
import * as hooktap from '../index.ts';

/** What a plug-in is given, so that its file needs no import: everything that the library exports. */
export type Hooktap = typeof hooktap;

const GUIDE = 'docs/plugins.md shows a whole one';

/** The registry with the plug-ins' protocols behind the built-in ones: where both bind a key, the plug-in has it. */
export async function withPlugins(protocols: readonly Protocol[], paths: readonly string[]): Promise<Registry> {
  const all = [...protocols];
  for (const path of paths) {
    for (const protocol of await load(path)) {
      if (all.some(({ name }) => name === protocol.name))
        throw broken(path, `there is a protocol "${protocol.name}" already`, 'another name');
      all.push(protocol);
    }
    // At once, so that a mistake is told of the right file.
    fits(all, path);
  }
  return fits(all, paths.at(-1) ?? '');
}
function fits(all: readonly Protocol[], path: string): Registry {
  try {
    return new Registry(all);
  } catch (error) {
    throw broken(path, (error as Error).message, error instanceof ToolError ? error.hint : undefined);
  }
}
type Import = (url: string) => Promise<unknown>;
/** The one of start.ts, where that started the command. */
const importModule: Import =
  (globalThis as { [name: symbol]: Import | undefined })[Symbol.for('hooktap.import')] ?? ((url) => import(url));
async function load(path: string): Promise<Protocol[]> {
  const module = (await importModule(pathToFileURL(resolve(path)).href).catch((error: NodeJS.ErrnoException) => {
    throw whyNot(path, error);
  })) as { default?: unknown };
  if (typeof module.default !== 'function')
    throw broken(path, 'it has no function as its default export', 'export default (hooktap) => [ … ]');
  let made: unknown;
  try {
    made = (module.default as (api: Hooktap) => unknown)(hooktap);
  } catch (error) {
    throw broken(path, message(error), GUIDE);
  }
  if (!Array.isArray(made)) throw broken(path, 'its function returns no array of protocols', GUIDE);
  return made.map((one) => guarded(path, checked(path, one)));
}
function whyNot(path: string, error: NodeJS.ErrnoException): ToolError {
  if (error.code === 'ERR_UNKNOWN_FILE_EXTENSION' && path.endsWith('.ts'))
    return new ToolError(
      'plugin',
      `${displayed(path)}: Node ${process.version} cannot run TypeScript`,
      'Node 22.18 or newer, or compile it to .js',
    );
  if (error.code === 'ERR_MODULE_NOT_FOUND') return broken(path, message(error), `ls -l ${quoted(path)}`);
  return broken(path, message(error), `node --check ${quoted(path)}`);
}
function checked(path: string, one: unknown): Protocol {
  const { name, title, source, fields, size, step, on, opens } = (one ?? {}) as Partial<Protocol>;
  const called = typeof name === 'string' ? `protocol "${name}"` : 'a protocol';
  const wrong = (what: string): never => {
    throw broken(path, `${called}: ${what}`, GUIDE);
  };
  if (typeof name !== 'string' || !/^[a-z][\w.-]*$/.test(name)) wrong('its name is not a word of small letters');
  if (typeof title !== 'string' || typeof source !== 'string') wrong('it lacks a title or a source');
  if (!Array.isArray(fields) || !fields.every((field) => field instanceof Field))
    wrong('its fields were not made by hooktap.header');
  if (typeof size !== 'number' || typeof step !== 'function' || !Array.isArray(opens) || typeof on !== 'object')
    wrong('it was not made by hooktap.protocol');
  return one as Protocol;
}
/** What a plug-in's code throws becomes an error that names the plug-in. */
function guarded(path: string, protocol: Protocol): Protocol {
  const guard = <A extends unknown[], R>(what: string, work: (...args: A) => R): ((...args: A) => R) => {
    return (...args) => {
      try {
        return work(...args);
      } catch (error) {
        throw broken(path, `protocol "${protocol.name}", ${what}: ${message(error)}`, 'leave out --plugin, or mend it');
      }
    };
  };
  const { step, expand, expects, check, line, guess, computed } = protocol;
  return {
    ...protocol,
    step: guard('step', step),
    ...(expand === undefined ? {} : { expand: guard('expand', expand) }),
    ...(expects === undefined ? {} : { expects: guard('expects', expects) }),
    ...(check === undefined ? {} : { check: guard('check', check) }),
    ...(line === undefined ? {} : { line: guard('line', line) }),
    ...(guess === undefined ? {} : { guess: { ...guess, likes: guard('guess', guess.likes) } }),
    ...(computed === undefined
      ? {}
      : { computed: computed.map((field) => ({ ...field, value: guard(field.name, field.value) })) }),
  };
}
const message = (error: unknown): string => (error instanceof Error ? error.message : String(error));
const broken = (path: string, what: string, hint: string | undefined): ToolError =>
  new ToolError('plugin', `the plug-in ${displayed(path)}: ${what}`, hint);
