// The command line as a process, as a script would call it.
import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ROOT } from './checking.ts';

export interface Ran {
  readonly status: number | null;
  readonly out: string;
  readonly error: string;
}

/** Runs `mmlock ARGS` from the sources in `folder`. */
export function mmlock(folder: string, ...args: readonly string[]): Promise<Ran> {
  const tsx = join(ROOT, 'node_modules/tsx/dist/esm/index.mjs');
  const child = spawn(process.execPath,
    ['--import', tsx, join(ROOT, 'server/src/host/cli.ts'), ...args], { cwd: folder });
  let out = '';
  let error = '';
  child.stdout.on('data', (chunk) => { out += String(chunk); });
  child.stderr.on('data', (chunk) => { error += String(chunk); });
  return new Promise((resolve) => {
    child.on('close', (status) => resolve({ status, out, error }));
  });
}

/** A folder of its own with these files; gone after the tests of the process. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'mmlock-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
