// The command's list of protocols: Ethernet and what its express lines are made of are in the core, all others are
// asleep (src/dissect/asleep.ts), each in a part of its own. Their outlines are taken from the protocols themselves.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'rolldown';

const LIST = resolve('dissectors/index.ts');
/** What lines are made with; all that these import is in the core. */
const LINES = ['dissectors/eth.ts', 'src/cli/printer.ts', 'src/flow/tables.ts', 'src/dissect/asleep.ts'];
const IMPORT = /^import \{([^}]*)\} from '(\.\/[^']+)\.ts';$/gm;
const ENTRY = /^ {2}(\w+),$/gm;

/** @returns which modules are in the core, the parts' entries by name, and the plug-in that puts the list in its place. */
export async function sleepers(common) {
  const text = readFileSync(LIST, 'utf8');
  /** By the name under which a protocol is exported: its file. */
  const files = new Map(
    [...text.matchAll(IMPORT)].flatMap(([, names, file]) => names.split(',').map((name) => [name.trim(), file])),
  );
  const order = [...text.slice(text.indexOf('export const')).matchAll(ENTRY)].map(([, name]) => name);
  const [all, core] = await Promise.all([evaluated(common), modulesOf(common, LINES)]);
  if (order.length !== all.protocols.length) throw new Error(`${LIST} is not a list of names, one a line`);
  const isAwake = (name) => core.has(join(resolve('dissectors'), `${files.get(name)}.ts`));
  const asleep = order.filter((name) => !isAwake(name));
  const awake = order.filter(isAwake);
  const entries = order.map((name, i) =>
    isAwake(name)
      ? name
      : `asleep(${JSON.stringify(all.outlineOf(all.protocols[i]))}, () => require('./${partOf(files.get(name))}.cjs').${name})`,
  );
  const code = [
    `import { asleep } from '../src/dissect/asleep.ts';`,
    ...awake.map((name) => `import { ${name} } from '${files.get(name)}.ts';`),
    `export const protocols = [${entries.join(',\n')}];`,
  ].join('\n');
  return {
    isCore: (id) => core.has(id),
    input: Object.fromEntries(asleep.map((name) => [partOf(files.get(name)), `dissectors/${files.get(name)}.ts`])),
    plugin: {
      name: 'sleepers',
      load: (id) => (id === LIST ? { code, moduleType: 'js' } : null),
      resolveId: (id) => (/^\.\/part-[^/]*\.cjs$/.test(id) ? { id, external: true } : null),
    },
  };
}
const partOf = (file) => `part-${file.slice(2)}`;
/** The list as it is written, and what makes outlines. */
async function evaluated(common) {
  const entry = '\0protocols';
  const { output } = await build({
    ...common,
    input: entry,
    write: false,
    output: { format: 'esm', codeSplitting: false },
    plugins: [
      {
        name: 'protocols',
        resolveId: (id) => (id === entry ? id : null),
        load: (id) =>
          id === entry
            ? `export { protocols } from ${JSON.stringify(LIST)};\nexport { outlineOf } from ${JSON.stringify(resolve('src/dissect/asleep.ts'))};`
            : null,
      },
    ],
  });
  return import(`data:text/javascript;base64,${Buffer.from(output[0].code).toString('base64')}`);
}
/** All that is imported from these, but for what is imported only when it is needed. */
async function modulesOf(common, input) {
  const found = new Set();
  const emptyList = { name: 'empty-list', load: (id) => (id === LIST ? 'export const protocols = [];' : null) };
  const { output } = await build({
    ...common,
    input,
    plugins: [emptyList],
    write: false,
    output: { format: 'esm' },
  });
  const chunks = new Map(output.map((chunk) => [chunk.fileName, chunk]));
  const add = (chunk) => {
    for (const id of chunk.moduleIds) found.add(id);
    for (const name of chunk.imports) if (chunks.has(name)) add(chunks.get(name));
  };
  for (const chunk of output) if (chunk.isEntry) add(chunk);
  return found;
}
