// Bundles what runs: one file for the command starts in two thirds of the time of a hundred modules.
// rolldown, because it keeps `const`: V8 takes a constant of a module for granted and folds the declared fields into the
// code that reads them, which makes lines a third faster than a bundle whose top level became `var`.
// `node build.mjs` builds the command and the library; `node build.mjs bench/run.ts` builds one script to dist/scripts/.
import { readdirSync, rmSync } from 'node:fs';
import { build } from 'rolldown';

const common = {
  platform: 'node',
  external: [/^node:/, 'koffi'],
  transform: { target: 'node20.19' },
  logLevel: 'warn',
};
const CORE =
  /\/(src\/(bytes|frame|dissect|flow|format|capture\/(bytes|file|pipe|window)|sink|session)|dissectors)(\/|\.ts)/;
const script = process.argv[2];
if (script === undefined) {
  const built = await build({
    ...common,
    input: {
      hooktap: 'src/cli/main.ts',
      index: 'src/index.ts',
      dissectors: 'dissectors/index.ts',
      'ring-worker': 'src/capture/ring-worker.ts',
    },
    output: {
      dir: 'dist',
      format: 'esm',
      // Every byte of it is read at every start.
      minify: { compress: false, mangle: true, codegen: { removeWhitespace: true } },
      entryFileNames: '[name].js',
      chunkFileNames: 'chunks/[name]-[hash].js',
      // What runs for each packet stays in one file: constants are folded within a module only.
      codeSplitting: { groups: [{ name: 'core', test: CORE }] },
    },
  });
  // A thread of its own, which shares no chunk: it starts sooner, and its constants are folded, too.
  await build({
    ...common,
    input: 'src/capture/ring-worker.ts',
    output: { file: 'dist/ring-worker.js', format: 'esm', codeSplitting: false },
  });
  // Only now, so that a build that fails leaves what was there.
  const current = new Set(built.output.map((chunk) => chunk.fileName));
  for (const name of readdirSync('dist/chunks')) if (!current.has(`chunks/${name}`)) rmSync(`dist/chunks/${name}`);
} else {
  const file = `dist/scripts/${script.replace(/\.ts$/, '.js')}`;
  await build({ ...common, input: script, output: { file, format: 'esm', codeSplitting: false } });
}
