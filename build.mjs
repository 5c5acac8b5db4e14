// Bundles what runs: one file for the command starts in two thirds of the time of a hundred modules.
// rolldown, because it keeps `const`: V8 takes a constant of a module for granted and folds the declared fields into the
// code that reads them, which makes lines a third faster than a bundle whose top level became `var`.
// `node build.mjs` builds the command and the library; `node build.mjs bench/run.ts` builds one script to dist/scripts/.
import { execFileSync } from 'node:child_process';
import { copyFileSync, readdirSync, rmSync } from 'node:fs';
import { build } from 'rolldown';
import { sleepers } from './sleepers.mjs';

/** Packages that stay beside the bundle: one is a shared library, the others look for files of their own. */
const EXTERNAL = /^(koffi|blessed|blessed-contrib\/.*)$/;
const common = {
  platform: 'node',
  external: [/^node:/, EXTERNAL],
  transform: { target: 'node20.19' },
  logLevel: 'warn',
  // What the dashboard needs at once, too, others still load late.
  checks: { ineffectiveDynamicImport: false },
};
/** commander can run subcommands as processes, and loads what that takes: a tenth of the time to start, for nothing. */
const isUnneeded = (id, importer) => id === 'node:child_process' && /\/commander\//.test(importer ?? '');
const withoutChildren = {
  name: 'without-children',
  resolveId: (id, importer) => (isUnneeded(id, importer) ? '\0nothing' : null),
  load: (id) => (id === '\0nothing' ? 'module.exports = {};' : null),
};
/** One letter beyond ASCII in a file makes V8 keep all of its text in two bytes a letter: read and compared twice as long. */
const inAscii = {
  name: 'in-ascii',
  generateBundle(_, bundle) {
    for (const chunk of Object.values(bundle))
      if (chunk.type === 'chunk')
        chunk.code = chunk.code.replace(/[^\0-\x7f]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
  },
};
const GETTER = /Object\.defineProperty\(\w+,"([\w$]+)",\{enumerable:true,get:function\(\)\{return ([\w$]+)\}\}\);?/g;
/** What a file of the bundle exports, as the properties of one literal: V8 folds those into code, and calls getters. */
const asLiteral = {
  name: 'as-literal',
  generateBundle(_, bundle) {
    for (const chunk of Object.values(bundle)) {
      const exported = [...chunk.code.matchAll(GETTER)].map(([, name, value]) => `${name}:${value}`);
      if (exported.length === 0) continue;
      const [, module, others] = /^\(function\(\w+,(\w+),(\w+)/.exec(chunk.code);
      chunk.code = chunk.code
        .replace(GETTER, '')
        .replace(/\}\);?\s*$/, `;${module}.exports={...${others},${exported}}})`);
    }
  },
};
const FROM_BASE = /const require_base = require\("\.\/[^"]+"\);\n/;
/**
 * What a file takes from that of all commands, as constants of its own: those V8 folds into code as they are, where a
 * property is looked up at each use until V8 has compiled it. Before names are made short, while this one is unmistakable.
 */
const asConstants = {
  name: 'as-constants',
  renderChunk(code) {
    if (!FROM_BASE.test(code)) return null;
    const used = new Set();
    const renamed = code.replace(/\brequire_base\.([\w$]+)/g, (_, name) => {
      used.add(name);
      return `base_${name}`;
    });
    const constants = [...used].map((name) => `${name}: base_${name}`);
    return renamed.replace(FROM_BASE, (line) => `${line}const { ${constants} } = require_base;\n`);
  },
};
const CORE = /\/(src\/(bytes|dissect|flow|sink)|dissectors)(\/|\.ts)/;
/** Packets as bytes: all that counting and copying need, and what every command needs; checksums, which tracing
 * verifies, and the text that journeys are written with, too. */
const BASE =
  /\/src\/(error|frame|format|bytes\/(checksum|digits|kind|put|text|utf8)|capture\/(bytes|file|growing|pipe|window)|sink\/(copy|count|rotation|sink)|filter\/(mistake|nearest)|session)(\/|\.ts)|\/usingCtx\b/;
/** What nearly every command starts with. */
const EVERY_COMMAND = /\/(src\/cli\/(command|expression|interrupt|package|printing)\.ts|commander\/)|\0rolldown/;
/** What other shapes than lines take, and what only those and the dashboard remember. */
const SHAPES = /\/(src\/(bytes|dissect|flow|sink)\/|src\/cli\/columns\.ts)/;
/** Every byte of it is read at every start. */
const SMALL = { compress: false, mangle: true, codegen: { removeWhitespace: true } };
// What runs for each packet stays in one file: constants are folded within a file only.
const IN_PARTS = {
  groups: [
    { name: 'base', test: BASE, priority: 1 },
    { name: 'core', test: CORE },
  ],
};
const script = process.argv[2];
if (script === undefined) {
  const { isCore, input, plugin } = await sleepers(common);
  const command = await build({
    ...common,
    external: (id, importer) => EXTERNAL.test(id) || (id.startsWith('node:') && !isUnneeded(id, importer)),
    plugins: [plugin, withoutChildren, asConstants, inAscii, asLiteral],
    input: { main: 'src/cli/main.ts', ...input },
    output: {
      dir: 'dist',
      format: 'cjs',
      minify: SMALL,
      entryFileNames: ({ name }) => (name === 'main' ? '[name].cjs' : 'chunks/[name].cjs'),
      chunkFileNames: 'chunks/[name]-[hash].cjs',
      banner: '(function(require,module,exports,__filename){',
      footer: '})',
      codeSplitting: {
        groups: [
          { name: 'base', test: BASE, priority: 1 },
          { name: 'command', test: EVERY_COMMAND },
          { name: 'core', test: isCore },
          { name: 'shapes', test: SHAPES },
        ],
      },
    },
  });
  const library = await build({
    ...common,
    input: { index: 'src/index.ts', dissectors: 'dissectors/index.ts', ui: 'ui/index.ts' },
    output: { dir: 'dist', format: 'esm', chunkFileNames: 'chunks/[name]-[hash].js', codeSplitting: IN_PARTS },
  });
  // A thread of its own, which shares no chunk: it starts sooner, and its constants are folded, too.
  await build({
    ...common,
    input: 'src/capture/ring-worker.ts',
    output: { file: 'dist/ring-worker.js', format: 'esm', codeSplitting: false },
  });
  await build({
    ...common,
    input: 'src/topology/worker.ts',
    output: { file: 'dist/topology-worker.js', format: 'esm', codeSplitting: false },
  });
  await build({
    ...common,
    input: 'ui/model/trace-worker.ts',
    output: { file: 'dist/trace-worker.js', format: 'esm', codeSplitting: false },
  });
  // A process of its own.
  await build({
    ...common,
    external: [/^node:/, 'koffi', 'cap'],
    input: 'src/capture/cap/child.ts',
    output: { file: 'dist/cap-child.js', format: 'esm', codeSplitting: false },
  });
  // What the demo runs in its network: starts without all the rest.
  await build({
    ...common,
    input: 'src/cli/demo/station.ts',
    output: { file: 'dist/demo-station.js', format: 'esm', codeSplitting: false },
  });
  copyFileSync('src/trace/bpf/hooks.bpf.o', 'dist/hooks.bpf.o');
  // Only now, so that a build that fails leaves what was there.
  const current = new Set([...command.output, ...library.output].map((chunk) => chunk.fileName));
  for (const name of readdirSync('dist/chunks')) if (!current.has(`chunks/${name}`)) rmSync(`dist/chunks/${name}`);
  rmSync('dist/main.cjs.cache', { force: true });
  await build({
    ...common,
    input: 'src/cli/start.ts',
    output: { file: 'dist/hooktap.cjs', format: 'cjs', codeSplitting: false },
  });
  // V8's compiled form is kept as the first command leaves it, and holds what that one ran: the main job's, then.
  execFileSync(process.execPath, ['dist/hooktap.cjs', 'read', 'fixtures/samples.pcap'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
} else {
  const file = `dist/scripts/${script.replace(/\.ts$/, '.js')}`;
  await build({ ...common, input: script, output: { file, format: 'esm', codeSplitting: false } });
}
