// Builds dist/: the extension for both hosts, the language server for both, the checker, the
// command line, the pages of the panels, the two wasm files and the licences of what is bundled.
// `--minify` for a release; `--only NAME,...` not all of it, `--out DIR` elsewhere.
import { build } from 'esbuild';
import { chmodSync, copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bundleLibrary } from './scripts/bundle-library.mjs';
import { noticesOf } from './scripts/notices.mjs';

const root = dirname(fileURLToPath(import.meta.url));
const { minify, only, out } = parseArgs({
  options: {
    minify: { type: 'boolean', default: false }, only: { type: 'string' },
    out: { type: 'string', default: 'dist' },
  },
}).values;
const dist = resolve(root, out);

const common = {
  absWorkingDir: root,
  bundle: true,
  minify,
  sourcemap: minify ? false : 'linked',
  target: 'es2022',
  logLevel: 'warning',
  legalComments: 'none',
  metafile: true,
  outdir: dist,
};

// import.meta.url is empty in CommonJS output: the bundle's own address stands for it.
const node = {
  ...common,
  platform: 'node',
  format: 'cjs',
  external: ['vscode'],
  mainFields: ['module', 'main'],
  define: { 'import.meta.url': 'bundleUrl' },
  banner: { js: "const bundleUrl = require('node:url').pathToFileURL(__filename).href;" },
};
const cli = { ...node, banner: { js: `#!/usr/bin/env node\n${node.banner.js}` } };

// One script for both hosts: Node runs it as it is, a browser's server starts what it leaves in
// `mmlockChecker`. Where there is no Node, its modules have nothing in them.
const checker = {
  ...node,
  format: 'iife',
  globalName: 'exported',
  banner: { js: 'var mmlockChecker = ((require, bundleUrl) => {' },
  footer: { js: `return exported;
})(...(typeof require === 'function'
  ? [require, require('node:url').pathToFileURL(__filename).href]
  : [() => ({ parentPort: null })]));` },
};

// VS Code loads the browser's extension as one CommonJS file.
const browser = { ...common, platform: 'browser', format: 'cjs', external: ['vscode'] };

// A worker's location is a blob, which is no base for an address; nothing is loaded by address.
const worker = {
  ...common,
  platform: 'browser',
  format: 'iife',
  external: ['fs/promises', 'module'],
  define: { 'import.meta.url': '"https://worker.invalid/"' },
};

const page = { ...common, platform: 'browser', format: 'iife', sourcemap: false };

const bundles = [
  [node, 'extension', 'client/src/extension.ts'],
  [browser, 'browserExtension', 'client/src/browserExtension.ts'],
  [page, 'runPanel', 'client/src/trace/view.ts'],
  [page, 'runPanel', 'client/src/trace/view.css'],
  [page, 'lockState', 'client/src/lock-state/page.ts'],
  [page, 'lockState', 'client/src/lock-state/page.css'],
  [node, 'server', 'server/src/host/node.ts'],
  [checker, 'checker', 'server/src/host/checker.ts'],
  [cli, 'cli', 'server/src/host/cli.ts'],
  [worker, 'browserServer', 'server/src/host/browser.ts'],
];

const copies = [
  ['node_modules/web-tree-sitter/web-tree-sitter.wasm', 'web-tree-sitter.wasm'],
  ['grammars/mmlock.wasm', 'mmlock.wasm'],
];

bundleLibrary({ write: true });
rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
// The package is "type": "module", what VS Code loads is not.
writeFileSync(join(dist, 'package.json'), '{ "type": "commonjs" }\n');

const names = only?.split(',');
const bundled = copies.map(([from]) => from);
for (const [options, name, entry] of bundles) {
  if (names !== undefined && !names.includes(name)) continue;
  const { metafile } = await build({ ...options, entryPoints: { [name]: entry } });
  bundled.push(...Object.keys(metafile.inputs));
}
for (const [from, to] of copies) copyFileSync(join(root, from), join(dist, to));
writeFileSync(join(dist, 'THIRD-PARTY-NOTICES.txt'), noticesOf(root, bundled));
if (names?.includes('cli') ?? true) chmodSync(join(dist, 'cli.js'), 0o755);
