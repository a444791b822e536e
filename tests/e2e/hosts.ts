// The two editors the packaged extension is driven in: a VS Code server with its Node extension
// host, and VS Code for the Web, where everything runs in the browser.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, serveWeb } from '../../scripts/web.mjs';

export interface Host {
  /** Opens a copy of the workspace. */
  readonly address: string;
  stop(): Promise<void>;
}

const WORKSPACE = join(dirname(fileURLToPath(import.meta.url)), 'workspace');
const EXAMPLE = join(WORKSPACE, '../../../examples/munmap/two_phases.mmlock');
const START_MS = 30_000;
const SETTINGS = {
  'workbench.startupEditor': 'none',
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'workbench.enableExperiments': false,
  'workbench.tips.enabled': false,
  'update.mode': 'none',
  'git.enabled': false,
};

export function required(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: run this by npm run test:e2e`);
  return value;
}

/** A copy, so that what a test types is in nobody's way. */
function scratch(): { readonly folder: string; readonly workspace: string } {
  const folder = mkdtempSync(join(tmpdir(), 'mmlock-e2e-'));
  const workspace = join(folder, 'workspace');
  cpSync(WORKSPACE, workspace, { recursive: true });
  cpSync(EXAMPLE, join(workspace, basename(EXAMPLE)));
  return { folder, workspace };
}

export async function startNodeHost(): Promise<Host> {
  const server = required('VSCODE_SERVER');
  const { folder, workspace } = scratch();
  const user = join(folder, 'user');
  mkdirSync(join(user, 'User'), { recursive: true });
  writeFileSync(join(user, 'User/settings.json'), JSON.stringify(SETTINGS));
  const common = [
    server, '--accept-server-license-terms', '--user-data-dir', user,
    '--extensions-dir', join(folder, 'extensions'), '--server-data-dir', join(folder, 'server'),
  ];
  execFileSync(process.execPath,
    [...common, '--install-extension', required('MMLOCK_VSIX'), '--force'], { stdio: 'ignore' });
  const port = await freePort();
  const child = spawn(process.execPath, [
    ...common, '--host', '127.0.0.1', '--port', String(port), '--without-connection-token',
    '--telemetry-level', 'off',
  ], { stdio: 'ignore' });
  const base = `http://127.0.0.1:${port}`;
  await answering(`${base}/version`, child);
  return {
    address: `${base}/?folder=${encodeURIComponent(workspace)}`,
    stop: async () => {
      await ended(child);
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** With what the package holds, not with the folder it was made from. */
export async function startWebHost(): Promise<Host> {
  const { folder, workspace } = scratch();
  execFileSync('unzip', ['-q', required('MMLOCK_VSIX'), '-d', folder]);
  const extension = join(folder, 'extension');
  const server = await serveWeb({ extension, folder: workspace });
  return {
    address: server.address,
    stop: async () => {
      server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function answering(address: string, child: ChildProcess): Promise<void> {
  const end = Date.now() + START_MS;
  while (Date.now() < end) {
    if (child.exitCode !== null) throw new Error(`VS Code ended with ${child.exitCode}`);
    const answer = await fetch(address).catch(() => undefined);
    if (answer?.ok === true) return;
    await sleep(100);
  }
  throw new Error(`VS Code did not answer within ${START_MS} ms`);
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const killer = setTimeout(() => child.kill('SIGKILL'), 5000);
  await exit;
  clearTimeout(killer);
}
