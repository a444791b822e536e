// `npm run bench`: bundles the bench and its children as a release is bundled, into a folder of its
// own, and runs it. `npm run bench -- --full`, `npm run bench -- latency`: docs/performance.md.
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const ENTRIES = [
  ...['main', 'search-child', 'latency-child', 'felt-server']
    .map((name) => `tests/bench/${name}.ts`),
  'server/src/host/checkerNode.ts',
];
const folder = mkdtempSync(join(tmpdir(), 'mmlock-bench-'));

try {
  await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(ENTRIES.map((path) => [basename(path, '.ts'), path])),
    outdir: folder,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'es2022',
    mainFields: ['module', 'main'],
    define: { 'import.meta.url': 'bundleUrl' },
    banner: { js: "const bundleUrl = require('node:url').pathToFileURL(__filename).href;" },
    logLevel: 'warning',
  });
  const args = [join(folder, 'main.cjs'), root, ...process.argv.slice(2)];
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
