// `npm start`: builds, then opens examples/ with the extension: in the desktop's VS Code if there
// is one, else in VS Code for the Web on this machine, whose address it prints. PORT chooses the
// port.
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root, run } from './tally.mjs';
import { serveWeb } from './web.mjs';

const examples = join(root, 'examples');

function desktopCode() {
  const windows = process.platform === 'win32';
  const screen = process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY;
  if (process.platform === 'linux' && screen === undefined) return undefined;
  const found = spawnSync(windows ? 'where' : 'which', ['code'], { encoding: 'utf8' });
  return found.status === 0 ? found.stdout.split(/\r?\n/)[0] : undefined;
}

async function openInWeb() {
  const port = Number(process.env.PORT ?? 0);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new Error(`PORT is '${process.env.PORT}': it wants a number from 0 to 65535`);
  }
  const server = await serveWeb({ extension: root, folder: examples, port });
  console.log(`\n  VS Code for the Web with mmlock and examples/:  ${server.address}\n`);
  console.log('  What you change in it stays in the browser. Ctrl-C stops.');
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => {
      server.stop();
      process.exit(0);
    });
  }
}

if (!run([process.execPath, 'esbuild.mjs'])) {
  process.exitCode = 1;
} else {
  const code = desktopCode();
  if (code === undefined) {
    await openInWeb().catch((error) => {
      const taken = error.code === 'EADDRINUSE';
      console.error(`npm start: ${taken ? 'the port is taken' : error.message}`);
      process.exitCode = 1;
    });
  } else {
    console.log(`Opening examples/ in ${code}`);
    spawn(code, [`--extensionDevelopmentPath=${root}`, examples], {
      stdio: 'inherit', shell: process.platform === 'win32',
    }).on('exit', (status) => {
      process.exitCode = status ?? 1;
    });
  }
}
