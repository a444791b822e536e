// `npm run package:cli`: out/mmlock-VERSION.tgz, the command line and the language server as an npm
// package that needs nothing but Node. `--out DIR` puts it elsewhere. Says its path and size.
import { spawnSync } from 'node:child_process';
import {
  copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { root, run } from './tally.mjs';

const { out } = parseArgs({ options: { out: { type: 'string', default: 'out' } } }).values;

/** What npm shows and needs; of the root's manifest, which is VS Code's, only what is common. */
function manifest() {
  const { name, version, license, keywords, engines, bin } =
    JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return {
    name, version, license, keywords,
    description: 'Finds the races in a locking protocol of Linux memory management: '
      + 'command line and language server',
    engines: { node: engines.node }, bin, files: ['dist'],
  };
}

const stage = mkdtempSync(join(tmpdir(), 'mmlock-package-'));
try {
  const build = [process.execPath, 'esbuild.mjs', '--minify', '--only', 'cli,checker', '--out',
    join(stage, 'dist')];
  if (!run(build)) throw new Error('the bundles could not be made');
  writeFileSync(join(stage, 'package.json'), `${JSON.stringify(manifest(), null, 2)}\n`);
  copyFileSync(join(root, 'LICENSE'), join(stage, 'LICENSE'));
  copyFileSync(join(root, 'docs/npm.md'), join(stage, 'README.md'));
  const target = resolve(root, out);
  mkdirSync(target, { recursive: true });
  const packed = spawnSync('npm', ['pack', '--json', '--pack-destination', target],
    { cwd: stage, encoding: 'utf8' });
  if (packed.status !== 0) throw new Error(packed.stderr);
  const [{ filename }] = JSON.parse(packed.stdout);
  const tarball = join(target, filename);
  console.log(`${tarball}: ${Math.ceil(statSync(tarball).size / 1024)} KiB`);
} finally {
  rmSync(stage, { recursive: true, force: true });
}
