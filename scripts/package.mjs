// `npm run package`: out/mmlock.vsix, with what .vscodeignore lets in. Says its size.
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root, run } from './tally.mjs';

const VSIX = join(root, 'out/mmlock.vsix');

/** The path of the package, or undefined if it could not be made. */
export function makePackage() {
  mkdirSync(join(root, 'out'), { recursive: true });
  const vsce = join(root, 'node_modules/@vscode/vsce/vsce');
  const made = run([
    process.execPath, vsce, 'package', '--no-dependencies', '--allow-missing-repository',
    '--no-rewrite-relative-links', '--out', VSIX,
  ]);
  if (!made) return undefined;
  console.log(`${VSIX}: ${Math.ceil(statSync(VSIX).size / 1024)} KiB`);
  return VSIX;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exitCode = makePackage() === undefined ? 1 : 0;
}
