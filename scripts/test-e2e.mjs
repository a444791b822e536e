// `npm run test:e2e`: packages the extension, looks at what is in it, and drives it in a real VS
// Code in a real browser, once with the Node extension host and once in the web host. Wants
// Chromium, ripgrep and unzip.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { makePackage } from './package.mjs';
import { conclude, root, tests } from './tally.mjs';

const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

function prepared() {
  const chromium = process.env.CHROMIUM ?? BROWSERS.find((path) => existsSync(path));
  if (chromium === undefined) throw new Error('no Chromium: install it, or name it in CHROMIUM');
  const vsix = makePackage();
  if (vsix === undefined) throw new Error('the package could not be made');
  const script = join(root, 'scripts/get-vscode-server.sh');
  const stdio = ['ignore', 'pipe', 'inherit'];
  const server = execFileSync(script, { encoding: 'utf8', stdio }).trim();
  return { CHROMIUM: chromium, MMLOCK_VSIX: vsix, VSCODE_SERVER: server };
}

try {
  const env = prepared();
  const files = ['package', 'node', 'web'].map((name) => join(root, `tests/e2e/${name}.test.ts`));
  // One editor at a time: two would be slow enough to miss their waits.
  conclude('e2e', [tests('e2e tests', files, { env, flags: ['--test-concurrency=1'] })]);
} catch (error) {
  console.error(`npm run test:e2e: ${error.message}`);
  conclude('e2e', [{ passed: 0, failed: 1 }]);
}
